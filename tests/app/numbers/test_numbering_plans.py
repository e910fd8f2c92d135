"""The compiled plans of the regions, against libphonenumber itself."""

import re

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata, PhoneNumberFormat

from app.numbers.numbering_plans import REGIONS, country, region, split_country_code
from app.numbers.plan_metadata import SEVERAL_PREFIXES
from app.numbers.region_plan import EMERGENCY_ANYWHERE

NEWER_THAN_THE_FORMS = {"+4916412345", "+260630123456"}
"""Of no known form, so libphonenumber prints them bare; they are dialled behind the
trunk prefix like all others there.
"""


def examples(code: str) -> list[phonenumbers.PhoneNumber]:
    found = (
        phonenumbers.example_number_for_type(code, kind)
        for kind in phonenumbers.PhoneNumberType.values()
    )
    return [number for number in found if number]


@pytest.mark.parametrize("code", sorted(REGIONS))
def test_a_regions_numbers_are_dialled_as_libphonenumber_says(code: str) -> None:
    for number in examples(code):
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        calling_code, rest = split_country_code(e164[1:])
        significant = country(calling_code).without_trunk(rest)
        assert str(number.country_code) == calling_code
        assert phonenumbers.national_significant_number(number) == significant
        assert country(calling_code).is_possible(significant) or region(code).is_possible(
            significant
        )
        expected = re.sub(
            r"\D", "", phonenumbers.format_out_of_country_calling_number(number, code)
        )
        if e164 not in NEWER_THAN_THE_FORMS:
            assert expected == country(calling_code).national(significant)


@pytest.mark.parametrize(
    "code", ["DE", "US", "GB", "FR", "CZ", "IT", "AT", "HU", "AU", "JP", "PL", "SE", "NZ"]
)
def test_the_trunk_prefix_is_found_again(code: str) -> None:
    for number in examples(code):
        significant = phonenumbers.national_significant_number(number)
        assert significant == region(code).without_trunk(region(code).national(significant))


def test_a_plan_can_name_no_region_that_libphonenumber_does_not_know() -> None:
    assert set() == REGIONS - phonenumbers.SUPPORTED_REGIONS


@pytest.mark.parametrize("code", sorted(REGIONS))
def test_every_region_has_an_international_prefix_that_it_answers_to(code: str) -> None:
    prefix = region(code).international
    assert prefix.isdigit()
    assert "33142685300" == region(code).behind_prefix(prefix + "33142685300") or "~" in (
        PhoneMetadata.metadata_for_region(code).preferred_international_prefix or ""
    )


def test_the_regions_with_several_prefixes_are_listed() -> None:
    several = set()
    for code in REGIONS:
        found = PhoneMetadata.metadata_for_region(code)
        if not found.preferred_international_prefix and not found.international_prefix.isdigit():
            several.add(code)
    assert several == set(SEVERAL_PREFIXES)


def test_calling_codes_are_split_off() -> None:
    assert ("49", "895550109") == split_country_code("49895550109")
    assert ("1", "2125550107") == split_country_code("12125550107")
    assert ("420", "777123456") == split_country_code("420777123456")
    assert ("800", "12345678") == split_country_code("80012345678")
    assert ("", "999123456") == split_country_code("999123456")
    assert ("", "0123") == split_country_code("0123")
    assert ("", "") == split_country_code("")
    assert ("", "*97") == split_country_code("*97")


@pytest.mark.parametrize(
    "code, digits",
    [("DE", "110"), ("GB", "999"), ("FR", "15"), ("CZ", "158"), ("IT", "113"), ("AU", "000")],
)
def test_emergency_numbers(code: str, digits: str) -> None:
    assert region(code).is_emergency(digits)
    assert not region(code).is_emergency("5550109")
    assert all(map(region(code).is_emergency, EMERGENCY_ANYWHERE))


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(KeyError, match="XX"):
        region("XX")

"""Which country a person means."""

import pytest

from app.cli.init.countries import country_name, find_region, likely_region
from app.cli.init.dialogue import WrongAnswer
from app.numbers.numbering_plans import REGIONS
from connectors.contact import Contact, NumberKind, PhoneNumber


@pytest.mark.parametrize(
    "answer, region",
    [
        ("DE", "DE"),
        ("de", "DE"),
        (" Germany ", "DE"),
        ("GERMANY", "DE"),
        ("Deutschland", "DE"),
        ("+49", "DE"),
        ("49", "DE"),
        ("0049", "DE"),
        ("+ 49", "DE"),
        ("Österreich", "AT"),
        ("österreich", "AT"),
        ("UK", "GB"),
        ("uk", "GB"),
        ("England", "GB"),
        ("+44", "GB"),
        ("+1", "US"),
        ("USA", "US"),
        ("united states", "US"),
        ("Côte d'Ivoire", "CI"),
        ("Cote d’Ivoire", "CI"),
        ("Antigua and Barbuda", "AG"),
        ("Türkiye", "TR"),
        ("Czechia", "CZ"),
        ("+420", "CZ"),
        ("+39", "IT"),
        ("+7", "RU"),
        ("none", ""),
        ("NONE", ""),
    ],
)
def test_a_country_by_code_name_or_number(answer: str, region: str) -> None:
    assert region == find_region(answer)


@pytest.mark.parametrize(
    "answer, message",
    [
        ("", "not known"),
        ("Absurdistan", "not known here. Write its two letters"),
        ("Germny", "Do you mean Germany (DE)?"),
        ("+999", "No country has the code +999."),
        ("+800", "No country has the code +800."),
        ("ZZ", "not known"),
        ("日本", "not known"),
        ("DE\n", ""),
    ],
)
def test_an_unknown_country_is_told_with_what_to_write(answer: str, message: str) -> None:
    if not message:
        assert "DE" == find_region(answer)
        return
    with pytest.raises(WrongAnswer) as error:
        find_region(answer)
    assert message in str(error.value)


def test_every_region_has_a_name_that_finds_it() -> None:
    lost = {region for region in REGIONS if find_region(region) != region}
    assert set() == lost
    unnamed = {region for region in REGIONS if country_name(region) == region}
    # Ascension, Kosovo and Tristan da Cunha are no countries of ISO 3166.
    assert {"AC", "TA", "XK"} == unnamed
    assert set() == {
        region for region in REGIONS - unnamed if find_region(country_name(region)) != region
    }


def contact(*numbers: str) -> Contact:
    return Contact(
        id="1",
        name="Ada Byron",
        numbers=tuple(PhoneNumber(number, NumberKind.WORK) for number in numbers),
    )


@pytest.mark.parametrize(
    "numbers, region",
    [
        (("+49 89 1", "+49 (30) 2", "+33 1", "0123", "112"), "DE"),
        (("+49 89 1", "+33 1"), ""),
        (("089 1", "0049 89 2"), ""),
        ((), ""),
        (("+999 1",), ""),
        (("+", "+ext"), ""),
        (("+800 1234 5678",), ""),
        (("+1 212 5550001",), "US"),
        (("+44 20 79460123", "030 1234567", "089 555123"), ""),
        (("+49 89 555123", "+49 89 555124", "030 1234567", "21", "22"), "DE"),
    ],
)
def test_numbers_suggest_a_country_if_most_of_them_name_it(
    numbers: tuple[str, ...], region: str
) -> None:
    assert region == likely_region([contact(*numbers)])

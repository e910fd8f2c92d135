"""Exchanges look up callers whose numbers belong to the same place as a contact's."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from app.numbers.dial_plan import DialPlan
from app.numbers.lookup_keys import key
from app.numbers.lookup_numbers import lookup_candidates, lookup_numbers
from tests.support.offline_gateway import rows
from tests.support.servers.web_side import WebSide

LOCAL, WHOLE = "Anton Lokal", "Duder Stadt"


@dataclass(frozen=True, slots=True)
class Place:
    """A site and its directory, with a contact that has a local number.

    Another contact may have a whole number with the same digits.
    """

    numbers: str
    rows: tuple[tuple[str, str], ...]
    calls: tuple[tuple[str, str], ...]


SAME_DIGITS = ((LOCAL, "55271234"), (WHOLE, "+49 5527 1234"))
ALONE = ((LOCAL, "55271234"),)
FROM_ELSEWHERE = ("+4955271234", "055271234", "004955271234", "+49 5527 1234")
PLACES = {
    "DE": Place(
        'region = "DE"',
        SAME_DIGITS,
        (*((call, WHOLE) for call in FROM_ELSEWHERE), ("55271234", LOCAL), ("5527-1234", LOCAL)),
    ),
    "DE alone": Place(
        'region = "DE"',
        ALONE,
        (*((call, "") for call in FROM_ELSEWHERE), ("55271234", LOCAL), ("1234", "")),
    ),
    "DE line 0": Place(
        'region = "DE"\noutside_line = "0"',
        SAME_DIGITS,
        (
            *((call, WHOLE) for call in (*FROM_ELSEWHERE, "0055271234", "0004955271234")),
            ("55271234", LOCAL),
        ),
    ),
    "DE line 0 alone": Place(
        'region = "DE"\noutside_line = "0"',
        ALONE,
        (*((call, "") for call in (*FROM_ELSEWHERE, "0055271234")), ("55271234", LOCAL)),
    ),
    "DE line 9 alone": Place(
        'region = "DE"\noutside_line = "9"',
        ALONE,
        (*((call, "") for call in FROM_ELSEWHERE), ("55271234", LOCAL)),
    ),
    "DE line 0 and a shorter number": Place(
        'region = "DE"\noutside_line = "0"',
        ((LOCAL, "8912345"), ("Ost Friese", "+49 4941 211234")),
        (
            ("08912345", ""),
            ("8912345", LOCAL),
            ("+498912345", ""),
            ("04941211234", "Ost Friese"),
            ("+4941211234", ""),
            ("004941211234", ""),
        ),
    ),
    "DE whose area is known": Place(
        'region = "DE"\noutside_line = "0"\nown_prefixes = ["+4989555"]',
        ((LOCAL, "44271234"), (WHOLE, "+49 4427 1234"), ("In the House", "+49 89 555-123")),
        (
            ("44271234", LOCAL),
            ("+498944271234", LOCAL),
            ("08944271234", LOCAL),
            ("008944271234", LOCAL),
            ("+494427 1234", WHOLE),
            ("044271234", WHOLE),
            ("123", "In the House"),
            ("+4989555123", "In the House"),
        ),
    ),
    "AT": Place(
        'region = "AT"',
        ((LOCAL, "5550123"),),
        (("+435550123", ""), ("05550123", ""), ("00435550123", ""), ("5550123", LOCAL)),
    ),
    "FI": Place(
        'region = "FI"\noutside_line = "0"',
        ((LOCAL, "1355012"), (WHOLE, "+358 13 55012")),
        (
            ("+3581355012", WHOLE),
            ("01355012", WHOLE),
            ("003581355012", WHOLE),
            ("1355012", LOCAL),
            ("+1355012", ""),
        ),
    ),
    "IT": Place(
        'region = "IT"\noutside_line = "0"',
        (("Mobile", "335 123 4567"), ("Roma", "06 6981 2345")),
        (
            ("03351234567", "Mobile"),
            ("3351234567", "Mobile"),
            ("+3903351234567", ""),
            ("0669812345", "Roma"),
            ("00669812345", "Roma"),
            ("+39669812345", "Roma"),
        ),
    ),
    "RU": Place(
        'region = "RU"\noutside_line = "9"',
        (("Moskva", "+8 (495) 123-45-67"), ("Hanoi", "+84 24 3825 1234")),
        (
            ("+74951234567", "Moskva"),
            ("84951234567", "Moskva"),
            ("984951234567", "Moskva"),
            ("+84951234567", ""),
            ("+842438251234", "Hanoi"),
            ("810842438251234", "Hanoi"),
        ),
    ),
    "code without +": Place(
        'region = "DE"\noutside_line = "0"',
        (("Stuttgart", "49 711 123456"), ("Leer", "491 1234567"), ("New York", "+1 212 555 0107")),
        (
            ("+49711123456", "Stuttgart"),
            ("0711123456", "Stuttgart"),
            ("49711123456", "Stuttgart"),
            ("+4949711123456", ""),
            ("+494911234567", "Leer"),
            ("12125550107", "New York"),
            ("012125550107", ""),
        ),
    ),
    "a stranger whose country and number are the local digits": Place(
        'region = "DE"',
        ((LOCAL, "49301234"),),
        (("+49301234", ""), ("0301234", ""), ("0049301234", ""), ("49301234", LOCAL)),
    ),
    "US": Place(
        'region = "US"\noutside_line = "9"',
        ((LOCAL, "555-0123"), ("Capital City", "+1 202 555 0123")),
        (
            ("5550123", LOCAL),
            ("95550123", LOCAL),
            ("+12125550123", ""),
            ("912125550123", ""),
            ("2025550123", "Capital City"),
            ("912025550123", "Capital City"),
        ),
    ),
    "a company": Place(
        'region = "DE"',
        (("", "555200-0"),),
        (
            ("+4955520012", ""),
            ("055520012", ""),
            ("55520012", "Acme GmbH"),
            ("5552000", "Acme GmbH"),
        ),
    ),
    "no region": Place(
        "", ALONE, (("+4955271234", ""), ("55271234", LOCAL), ("+55271234", ""), ("0055271234", ""))
    ),
}


@pytest.fixture(params=PLACES, ids=str)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[WebSide, Place]]:
    site = PLACES[request.param]
    with (tmp_path / "c.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ("Name", "Company", "Work"),
                *((name, "" if name else "Acme GmbH", number) for name, number in site.rows),
            ]
        )
    config = (
        f'title = "T"\n[numbers]\n{site.numbers}\n[sources.v]\nconnector = "csv"\npath = "c.csv"\n'
    )
    with WebSide(tmp_path, config) as gateway:
        assert len(site.rows) == len(rows(gateway.settings, "v"))
        yield gateway, site


def test_a_local_number_is_known_by_its_own_digits_alone(place: tuple[WebSide, Place]) -> None:
    gateway, site = place
    assert dict(site.calls) == {
        number: gateway.text(f"/lookup?number={quote(number)}") for number, _ in site.calls
    }


def test_a_local_number_of_another_site_is_not_that_of_this_one(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(f"Name,Work\n{LOCAL},5550123\n", encoding="utf-8")
    config = (
        '[numbers]\nregion = "AT"\n[profiles.us.numbers]\nregion = "US"\n[sources.v]\nconnector ='
        ' "csv"\npath = "c.csv"\n'
    )
    with WebSide(tmp_path, config) as gateway:
        assert 1 == len(rows(gateway.settings, "v"))
        assert (LOCAL, "") == (
            gateway.text("/lookup?number=5550123"),
            gateway.text("/lookup?number=5550123&profile=us"),
        )


@pytest.mark.parametrize(
    ("prefixes", "whole"),
    [
        (("+4989555",), "+498944271234"),
        (("+4989",), "+498944271234"),
        (("+4989555", "+4989777"), "+498944271234"),
        (("+4989555", "+4930777"), "~4944271234"),  # two places
        (("+498",), "~4944271234"),  # no whole area code
        (("+43155",), "~4944271234"),  # another country
        ((), "~4944271234"),
    ],
)
def test_the_area_code_of_a_place(prefixes: tuple[str, ...], whole: str) -> None:
    plan = DialPlan(region="DE", outside_line="0", own_prefixes=prefixes)
    assert (whole,) == lookup_numbers("44271234", "044271234", plan)
    assert whole in lookup_candidates("44271234", plan).sure


@pytest.mark.parametrize(
    ("region", "prefix", "number", "whole"),
    [
        ("GB", "+442079460", "79460123", "+442079460123"),
        ("US", "+1212555", "5550123", "+12125550123"),
        ("FI", "+3589555", "5550123", "+35895550123"),
        ("IN", "+911123", "23456789", "+911123456789"),
        ("AT", "+431555", "5550123", "+4315550123"),
    ],
)
def test_the_area_code_of_a_place_in_other_countries(
    region: str, prefix: str, number: str, whole: str
) -> None:
    assert (whole,) == lookup_numbers(
        number, number, DialPlan(region=region, own_prefixes=(prefix,))
    )


def test_keys_of_a_local_number_an_extension_and_a_whole_number_differ() -> None:
    assert 3 == len({key("+49301234"), key("~49301234"), key("49301234")})

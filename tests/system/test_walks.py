"""Phones walk the whole tree and reach every contact once per number.

No page breaks a limit.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app as commands
from tests.support import contacts
from tests.support.offline_gateway import rows
from tests.support.phone.strict import CP_7821, EACH_CHARSET_AND_LAYOUT, MODELS, Phone, walk
from tests.support.servers.gateway import Gateway, eventually
from tests.support.servers.web_side import WebSide

SIZES = (0, 1, 32, 33, 1_024, 1_025)


def expected(count: int) -> Counter[str]:
    return Counter(
        number for row in range(count) for number in contacts.numbers_of(row, second=row % 3 == 0)
    )


def reached(rows: tuple[tuple[str, str], ...]) -> Counter[str]:
    return Counter(number for _, number in rows)


@pytest.mark.parametrize("count", SIZES)
def test_every_number_is_reached_once(tmp_path: Path, count: int) -> None:
    # A book that has never held anything is not believed to be empty at once, so the empty one
    # holds a person without a number.
    people = [contacts.person(row, second=row % 3 == 0) for row in range(count)] or [
        ("Ann", "Nonumber", *[""] * 6)
    ]
    contacts.write(tmp_path / "contacts.csv", people)
    with WebSide(tmp_path, contacts.CONFIG) as gateway:
        assert sum(expected(count).values()) == len(rows(gateway.settings))
        for model in EACH_CHARSET_AND_LAYOUT:
            with Phone(model, keep_alive=True) as phone:
                found = walk(phone, f"{gateway.base}/menu.xml")
            assert expected(count) == reached(found.rows)
            assert (("Call helpdesk", "1001"),) == found.dials


@pytest.fixture(scope="module")
def fifty_thousand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("fifty_thousand")
    contacts.write(folder / "contacts.csv", (contacts.person(row) for row in range(50_000)))
    with Gateway(folder, contacts.CONFIG) as gateway:
        eventually(
            lambda: gateway.status()["profiles"]["default"]["books"]["staff"]["rows"] == 50_000,
            "it is served",
        )
        yield gateway


def test_fifty_thousand_contacts_in_both_charsets_and_layouts(fifty_thousand: Gateway) -> None:
    for model in EACH_CHARSET_AND_LAYOUT:
        with Phone(model, keep_alive=True) as phone:
            found = walk(phone, f"{fifty_thousand.base}/menu.xml")
        assert 50_000 == len(found.rows)
        assert Counter(
            number for row in range(50_000) for number in contacts.numbers_of(row)
        ) == reached(found.rows)
        assert found.deepest <= 5


def test_the_command_finds_no_breach_among_fifty_thousand(fifty_thousand: Gateway) -> None:
    result = CliRunner().invoke(commands, ["phone", f"{fifty_thousand.base}/menu.xml"])
    assert 0 == result.exit_code
    assert result.stdout.endswith("with 50000 numbers, read as a CP-7821 (utf-8): no breach.\n")


@pytest.mark.parametrize("softkeys", [True, False])
def test_every_model_reaches_everybody(tmp_path: Path, softkeys: bool) -> None:
    contacts.write(
        tmp_path / "contacts.csv", (contacts.person(row, second=True) for row in range(100))
    )
    config = (
        contacts.CONFIG + f"[profiles.default]\nsoftkeys = {str(softkeys).lower()}\ncomfort = 3\n"
    )
    with WebSide(tmp_path, config) as gateway:
        assert 200 == len(rows(gateway.settings))
        for model in MODELS:
            with Phone(model, softkeys=softkeys) as phone:
                found = walk(phone, f"{gateway.base}/menu.xml")
            assert Counter(
                number for row in range(100) for number in contacts.numbers_of(row, second=True)
            ) == reached(found.rows)


def test_a_reader_on_the_old_version_sees_every_name_once(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", (contacts.person(row) for row in range(500)))
    with Gateway(tmp_path, contacts.CONFIG, "--workers", "2") as gateway:
        eventually(
            lambda: gateway.status()["profiles"]["default"]["books"]["staff"]["rows"] == 500,
            "it is served",
        )
        with Phone(CP_7821) as phone:
            menu = phone.press_directories(f"{gateway.base}/menu.xml")
            book = phone.choose(menu.items[0])
            page = phone.choose(book.items[0])
            seen = list(page.entries)
            for turn in range(2, 1_000):
                if turn in (3, 9):
                    size = 300 if turn == 3 else 700
                    contacts.write(
                        tmp_path / "contacts.csv", (contacts.person(row + 7) for row in range(size))
                    )
                    eventually(
                        lambda size=size: (
                            gateway.status()["profiles"]["default"]["books"]["staff"]["rows"]
                            == size
                        ),
                        "it is replaced",
                    )
                if not any(key.name == "Next" for key in page.softkeys):
                    break
                page = phone.softkey("Next")
                seen += page.entries
    assert Counter(number for row in range(500) for number in contacts.numbers_of(row)) == Counter(
        row.number for row in seen
    )
    assert 500 == len({row.name for row in seen})

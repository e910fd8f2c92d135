"""The demo directory shows every kind of name correctly, and can call nobody."""

import re
import tomllib
import unicodedata
from pathlib import Path

import app.demo
from connectors.base import Full
from connectors.csv.connector import CsvConnector
from tests.support.servers.web_side import demo_side

FOLDER = Path(app.demo.__file__).parent
FICTIONAL = re.compile(
    r"\+44 20 7946 0\d{3}|\+44 7700 900\d{3}|\+1 \d{3} 555 01\d{2}|\+49 30 23125\d{3}|\+49 171"
    r" 39200\d{2}"
    r"|\+33 1 99 00 \d{2} \d{2}|10[0-5]\d"
)
ODD = "+44 20 7946 0050 ask for Joe"


def demo() -> Full:
    keys = tomllib.loads((FOLDER / "gateway.toml").read_text("utf-8"))["sources"]["contacts"]
    result = CsvConnector.model_validate({"path": keys["path"]}, context={"base": FOLDER}).fetch(
        None
    )
    assert isinstance(result, Full)
    return result


def test_it_shows_one_skipped_row_and_one_odd_number(tmp_path: Path) -> None:
    with demo_side(tmp_path) as gateway:
        overview, people = gateway.text("/"), gateway.text("/-/people")
    assert "Skipped: 1<" in overview and "1 no name, no organisation and no number" in overview
    assert "Odd numbers to look at: 1<" in people


def test_it_reads_without_another_flaw() -> None:
    result = demo()
    assert ["contacts.csv line 200"] == [item.where for item in result.skipped]
    assert 180 <= len(result.contacts) <= 220
    assert [contact for contact in result.contacts if not contact.name and contact.organization]
    assert [contact for contact in result.contacts if contact.phonetic_family_name]
    assert [contact for contact in result.contacts if len(contact.numbers) >= 3]


def test_its_numbers_are_set_aside_for_fiction() -> None:
    numbers = [number.value for contact in demo().contacts for number in contact.numbers]
    assert [ODD] == [value for value in numbers if not FICTIONAL.fullmatch(value)]
    assert FICTIONAL.match(ODD)
    assert len(numbers) == len(set(numbers))


def test_it_shows_many_scripts() -> None:
    letters = {char for contact in demo().contacts for char in contact.name if char.isalpha()}
    scripts = {unicodedata.name(char).split()[0] for char in letters}
    others = {
        "GREEK",
        "CYRILLIC",
        "HEBREW",
        "ARABIC",
        "DEVANAGARI",
        "THAI",
        "HANGUL",
        "GEORGIAN",
        "ARMENIAN",
    }
    expected = {"LATIN", "CJK", "HIRAGANA", *others}
    assert expected <= scripts
    assert set("ßřňłżşğđæøåñç") <= {char.lower() for char in letters}


def test_every_book_has_contacts() -> None:
    keys = tomllib.loads((FOLDER / "gateway.toml").read_text("utf-8"))
    contacts = demo().contacts
    for book in keys["books"].values():
        assert [
            contact
            for contact in contacts
            if set(book["groups"]) & set(contact.groups) and contact.numbers
        ]
    assert {group for book in keys["books"].values() for group in book["groups"]} == {
        group for contact in contacts for group in contact.groups
    } - {"myContacts"}

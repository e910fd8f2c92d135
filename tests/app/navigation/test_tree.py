"""Tests of the menus and pages of a book."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from app.languages.catalogue import LANGUAGES
from app.model.screens import Menu, Page
from app.navigation.tree import Tree, parse_path
from app.phones.registry import FORMATS
from tests.support.offline_gateway import Person, built, open_generation, write_people

CONFIG = '[sources.staff]\nconnector = "csv"\npath = "staff.csv"\n'
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÉŁŞŻ"


def labels(folder: Path, people: list[Person]) -> list[str]:
    write_people(folder / "staff.csv", people)
    settings = built(folder, CONFIG)
    with closing(open_generation(settings)) as generation:
        menu = Tree(settings.profiles[0], FORMATS["cisco"].LIMITS, generation).screen(
            parse_path("staff.xml")
        )
    assert isinstance(menu, Menu)
    return [item.name for item in menu.items]


def person(given: str, family: str, number: int) -> Person:
    phones = {
        "Work Phone": f"1{number:04d}",
        "Mobile Phone": f"2{number:04d}",
        "Home Phone": f"3{number:04d}",
    }
    return {"First Name": given, "Last Name": family, **phones}


@pytest.mark.parametrize(
    "families, expected",
    [
        (LETTERS, ["Ab - Ib", "Ib - Rb", "Rb - Żb"]),
        ("S" * 31, ["Sb - Sbendroth, I", "Sbendroth, I - Sbendroth, R", "Sbendroth, R - Sb"]),
        (
            "A" + "S" * 29 + "Z",
            ["Ab - Sbendroth, I", "Sbendroth, I - Sbendroth, R", "Sbendroth, R - Zb"],
        ),
    ],
)
def test_labels_where_people_span_pages(tmp_path: Path, families: str, expected: list[str]) -> None:
    """Thirty-one people with three numbers each fill three pages.

    Two of the people are on two pages.
    """
    people = [
        person(f"{first}nna-Maria", f"{last}bendroth", number)
        for number, (first, last) in enumerate(zip(LETTERS, families, strict=True))
    ]
    assert expected == labels(tmp_path, people)


@pytest.mark.parametrize(
    "rows, prompt, items",
    [
        ("1", "1-31 of 93", 0),
        ("31", "1-31 of 93", 0),
        ("32", "32-62 of 93", 0),
        ("94", "63-93 of 93", 0),
        ("32-62", "32-62 of 93", 0),
        ("32-93", "32-93 of 93", 2),
        ("1-999", "93 entries", 3),
        ("0", "93 entries", 3),
        ("0-31", "93 entries", 3),
        ("93-1", "63-93 of 93", 0),
    ],
)
def test_a_link_names_rows(tmp_path: Path, rows: str, prompt: str, items: int) -> None:
    people = [person(f"{letter}nna", "Smith", number) for number, letter in enumerate(LETTERS)]
    write_people(tmp_path / "staff.csv", people)
    settings = built(tmp_path, CONFIG)
    with closing(open_generation(settings)) as generation:
        tree = Tree(settings.profiles[0], FORMATS["cisco"].LIMITS, generation)
        screen = tree.screen(parse_path(f"staff/{generation.version}/{rows}.xml"))
    assert isinstance(screen, Menu if items else Page)
    assert prompt == screen.prompt
    assert items == (len(screen.items) if isinstance(screen, Menu) else 0)


def test_a_note_on_old_data_stands_in_each_language(tmp_path: Path) -> None:
    people = [person(f"{letter}nna", "Smith", number) for number, letter in enumerate(LETTERS)]
    write_people(tmp_path / "staff.csv", people)
    settings = built(tmp_path, CONFIG)
    notes = (("staff", datetime(2025, 11, 18, 9, 12)),)
    prompts = {}
    with closing(open_generation(settings)) as generation:
        for language in LANGUAGES:
            limits = FORMATS["cisco"].LIMITS
            tree = Tree(settings.profiles[0], limits, generation, notes, language)
            page = tree.screen(parse_path(f"staff/{generation.version}/93.xml"))
            assert isinstance(page, Page)
            assert len(page.prompt) <= limits.title
            assert "18" in page.prompt and "09:12" in page.prompt
            prompts[language] = page.prompt
    assert "63-93 of 93, as of 18 Nov 09:12" == prompts["en"]
    assert "63-93 sur 93, au 18 nov. 09:12" == prompts["fr"]
    assert "63-93 von 93, Stand 18.11. 09:12" == prompts["de"]
    assert "63-93 / 93, tilanne 18.11. 09:12" == prompts["fi"]
    # The note stands alone if both do not fit.
    assert "állapot: nov. 18. 09:12" == prompts["hu"]

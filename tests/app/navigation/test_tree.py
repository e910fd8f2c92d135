"""The menu of a book: what stands on its lines."""

from contextlib import closing
from pathlib import Path

import pytest

from app.model.screens import Menu
from app.navigation.tree import Tree, parse_path
from app.phones.registry import FORMATS
from tests.support.offline_gateway import Person, built, open_generation, write_people

CONFIG = '[sources.staff]\nconnector = "csv"\npath = "staff.csv"\n'


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
    "families, told",
    [
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZÄÉŁŞŻ", ["Ab - Ib", "Ib - Rb", "Rb - Żb"]),
        ("S" * 31, ["Sb - Sbendroth, I", "Sbendroth, I - Sbendroth, R", "Sbendroth, R - Sb"]),
        (
            "A" + "S" * 29 + "Z",
            ["Ab - Sbendroth, I", "Sbendroth, I - Sbendroth, R", "Sbendroth, R - Zb"],
        ),
    ],
)
def test_labels_where_people_span_pages(tmp_path: Path, families: str, told: list[str]) -> None:
    """Thirty-one people with three numbers each fill three pages.

    Two of the people are on two pages.
    """
    given = "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÉŁŞŻ"
    people = [
        person(f"{first}nna-Maria", f"{last}bendroth", number)
        for number, (first, last) in enumerate(zip(given, families, strict=True))
    ]
    assert told == labels(tmp_path, people)

"""Lists made by hand: titles above the headers, and headers in two lines."""

from pathlib import Path

import pytest

from connectors.base import Full, SourceUnavailable
from connectors.contact import NumberKind
from connectors.csv.connector import CsvConnector
from tests.connectors.csv.lists import read, table

PEOPLE = ("Muster;Anna;101;0171 5550101", "Probe;Bert;102;0171 5550102")
HEADERS = "Name;Vorname;Tel. intern;Mobil"
KINDS = [NumberKind.INTERNAL, NumberKind.MOBILE]
TITLES = {
    "one title": ("Telefonliste Nord;;;",),
    "a title alone in its line": ("Telefonliste Nord",),
    "a title, a date and a blank line": ("Telefonliste;;;", "Stand:;01.03.2024;;", ";;;"),
    "a title in quotation marks over two lines": ('"Telefonliste\nNord";;;',),
    "a title behind a blank line": (";;;", "Telefonliste;;;"),
    "a title with commas": ("Nord, Süd, West",),
    "a version and a count": ("Version;3;;", "Einträge;250;;"),
    "a sep line": ("sep=;", "Telefonliste;;;"),
}


def people(result: Full) -> list[tuple[str, list[str], list[NumberKind]]]:
    return [
        (
            contact.name,
            [number.value for number in contact.numbers],
            [number.kind for number in contact.numbers],
        )
        for contact in result.contacts
    ]


BOTH = [
    ("Anna Muster", ["101", "0171 5550101"], KINDS),
    ("Bert Probe", ["102", "0171 5550102"], KINDS),
]


@pytest.mark.parametrize("titles", TITLES.values(), ids=TITLES.keys())
@pytest.mark.parametrize("keys", [{}, {"delimiter": ";"}], ids=["found", "set"])
def test_titles_above_the_headers_are_passed_over_and_told(
    tmp_path: Path, titles: tuple[str, ...], keys: dict[str, object]
) -> None:
    path = table(tmp_path / "a.csv", *titles, HEADERS, *PEOPLE)
    result = read(path, **keys)
    assert BOTH == people(result)
    filled = [title for title in titles if title.strip(";") and not title.startswith("sep=")]
    lines = "1 line" if len(filled) == 1 else f"{len(filled)} lines"
    assert (
        f"a.csv: {lines} above the headers passed over: nothing was read from there.",
    ) == result.notes
    places = CsvConnector.model_validate({"path": str(path)}).locations()
    first = len("".join(f"{title}\n" for title in titles).splitlines()) + 2
    assert [f"a.csv line {first}", f"a.csv line {first + 1}"] == list(places.values())


@pytest.mark.parametrize(
    "columns",
    [
        {"name": "Wer", "internal": "Ruf"},
        {"recognise": True, "name": "Wer", "internal": "Ruf"},
    ],
)
def test_headers_of_the_configuration_are_found_below_titles(
    tmp_path: Path, columns: dict[str, object]
) -> None:
    path = table(
        tmp_path / "a.csv", "Telefonliste;;", ";;", "Wer;Ruf;Zimmer", "Anna Muster;101;A 1"
    )
    assert [("Anna Muster", ["101"], [NumberKind.INTERNAL])] == people(read(path, columns=columns))


@pytest.mark.parametrize(
    "above", ["Anna Eins;;;030 5550101", "Zentrale;030 5550100;;", "Notdienst;+49 30 5550100;;"]
)
def test_a_line_with_a_telephone_number_is_no_title(tmp_path: Path, above: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        read(table(tmp_path / "a.csv", above, HEADERS, *PEOPLE))
    assert "line 1 does not name the columns" in str(caught.value)
    assert "5550" not in str(caught.value)


TWO = {
    "groups": (
        "Name;;Telefon;;",
        "Vorname;Nachname;Büro;Mobil;Privat",
        "Anna;Muster;030 5550101;0171 5550101;030 5550201",
    ),
    "groups of two kinds": (
        "Person;;Telefon;;Fax",
        "Vorname;Nachname;Büro;Mobil;Büro",
        "Anna;Muster;030 5550101;0171 5550101;030 5550190",
    ),
    "a merged cell from above to below": (
        "Name;Telefon;",
        ";Büro;Mobil",
        "Anna Muster;030 5550101;0171 5550101",
    ),
    "a title above": (
        "Liste;;",
        ";;",
        "Name;Telefon;",
        ";dienstlich;mobil",
        "Anna Muster;030 5550101;0171 5550101",
    ),
}


@pytest.mark.parametrize("rows", TWO.values(), ids=TWO.keys())
def test_headers_in_two_lines_are_read_together(tmp_path: Path, rows: tuple[str, ...]) -> None:
    result = read(table(tmp_path / "a.csv", *rows))
    (contact,) = result.contacts
    assert "Anna Muster" == contact.name
    kinds = [number.kind for number in contact.numbers]
    assert [NumberKind.WORK, NumberKind.MOBILE] == kinds[:2]
    assert kinds[2:] in ([], [NumberKind.HOME], [NumberKind.FAX])
    assert () == result.skipped


@pytest.mark.parametrize(
    "first", ["Anna;;030 5550101", "Anna;Muster;030 5550101", ";Muster;030 5550101"]
)
def test_blank_headers_alone_make_no_second_line(tmp_path: Path, first: str) -> None:
    result = read(table(tmp_path / "a.csv", "Name;;Telefon", first, "Bert;;030 5550102"))
    assert ["030 5550101", "030 5550102"] == [
        number.value for contact in result.contacts for number in contact.numbers
    ]

"""What would be lost or misread without a word: it is read, or else reported."""

from pathlib import Path

import pytest

from connectors.base import Full, SourceUnavailable
from connectors.csv.rows import OTHER_DELIMITER
from connectors.csv.unused_columns import AREA_CODE
from tests.connectors.csv.lists import meanings, read, table, write


def people(result: Full) -> list[tuple[str, str, str, list[str]]]:
    return [
        (one.name, one.given_name, one.family_name, [number.value for number in one.numbers])
        for one in result.contacts
    ]


@pytest.mark.parametrize(
    "headers",
    [
        "Name;Last name;Work phone",
        "Name;Surname;Work phone",
        "Name;Nachname;Telefon",
        "Nombre;Primer apellido;Teléfono",
        "Nom;Nom de famille;Téléphone",
        "Имя;Surname;Телефон",
    ],
)
def test_a_column_of_names_beside_family_names_may_hold_given_names(
    tmp_path: Path, headers: str
) -> None:
    rows = ("Ann;Abbott;030 5550101", "Bob Brown;Brown;030 5550102", "Cleo;;030 5550103")
    assert [
        ("Ann Abbott", "Ann", "Abbott", ["030 5550101"]),
        ("Bob Brown", "", "Brown", ["030 5550102"]),
        ("Cleo", "", "", ["030 5550103"]),
    ] == people(read(table(tmp_path / "a.csv", headers, *rows)))


@pytest.mark.parametrize("headers", ["Name;First name;Phone", "Nome;Given Name;Telefono"])
def test_a_column_of_names_beside_given_names_may_hold_family_names(
    tmp_path: Path, headers: str
) -> None:
    rows = ("Abbott;Ann;030 5550101", "Bob Brown;Bob;030 5550102")
    assert [
        ("Ann Abbott", "Ann", "Abbott", ["030 5550101"]),
        ("Bob Brown", "Bob", "", ["030 5550102"]),
    ] == people(read(table(tmp_path / "a.csv", headers, *rows)))


def test_a_display_name_stays_as_it_is(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "Display Name;Last name;Phone", "Annie M.;Abbott;030 5550101")
    assert [("Annie M.", "", "Abbott", ["030 5550101"])] == people(read(path))


@pytest.mark.parametrize("columns", [{"name": "Name", "family_name": "Surname", "other": "Phone"}])
def test_a_configured_name_is_the_whole_name(tmp_path: Path, columns: dict[str, str]) -> None:
    path = table(tmp_path / "a.csv", "Name;Surname;Phone", "Ann;Abbott;030 5550101")
    for more in ({}, {"recognise": True}):
        assert [("Ann", "", "Abbott", ["030 5550101"])] == people(
            read(path, columns=columns | more)
        )


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        ("Name;Phone", "Ann,030 5550101"),
        ("Name,Phone", "Ann;030 5550101"),
        ("Name;Company;Phone", "Ann\tAcme\t101"),
        ("Name\tPhone", "Abbott, Ann|+49 30 5550101"),
    ],
)
def test_rows_with_another_delimiter_than_the_headers_are_reported(
    tmp_path: Path, headers: str, row: str
) -> None:
    delimiter = next(char for char in ";,\t" if char in headers)
    good = delimiter.join(("Bob", *([""] * headers.count(delimiter))))[:-1] + f"{delimiter}5550102"
    good = good if headers.count(delimiter) == 1 else f"Bob{delimiter}{delimiter}5550102"
    result = read(table(tmp_path / "a.csv", headers, good, row))
    assert ["Bob"] == [one.name for one in result.contacts]
    assert [(OTHER_DELIMITER, "a.csv line 3")] == [
        (item.reason, item.where) for item in result.skipped
    ]
    with pytest.raises(
        SourceUnavailable, match=f"none of its 1 rows can be read.*{OTHER_DELIMITER}"
    ):
        read(table(tmp_path / "b.csv", headers, row))


@pytest.mark.parametrize("name", ["Abbott, Ann", "Sales; Berlin", "Room 5, 2nd floor", "24/7, yes"])
def test_other_delimiters_in_a_name_are_part_of_it(tmp_path: Path, name: str) -> None:
    path = table(tmp_path / "a.csv", "Name|Company|Phone", name, "Bob||030 5550102")
    assert [name, "Bob"] == [one.name for one in read(path).contacts]
    assert () == read(path).skipped


def test_quotation_marks_may_stand_behind_a_blank(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", 'Name, "Phone, private", Company\nAnn, "030 5550101", "Acme, Inc."\n'
    )
    (one,) = read(path).contacts
    assert ("Ann", "Acme, Inc.", ["030 5550101"]) == (
        one.name,
        one.organization,
        [number.value for number in one.numbers],
    )


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Vorwahl", ("030", "089")),
        ("Country Code", ("+49", "+44")),
        ("country_code", ("49", "")),
        ("Area code (phone)", ("(020)", "")),
        ("Indicatif", ("+33", "33")),
        ("市外局番", ("03", "06")),
        ("Prefix", ("0171", "0172")),
    ],
)
def test_a_column_of_area_codes_is_reported(
    tmp_path: Path, header: str, cells: tuple[str, str]
) -> None:
    rows = (f"Person {cell};{cell};5550101" for cell in cells)
    result = read(table(tmp_path / "a.csv", f"Name;{header};Phone", *rows))
    assert [(AREA_CODE, f'a.csv column "{header}"')] == [
        (item.reason, item.where) for item in result.skipped
    ]
    left_out = read(tmp_path / "a.csv", columns={"recognise": True, "ignore": header})
    assert () == left_out.skipped


@pytest.mark.parametrize(
    ("header", "cell"), [("Country Code", "DE"), ("Prefix", "Dr."), ("Zip code", "10115")]
)
def test_other_codes_are_no_area_codes(tmp_path: Path, header: str, cell: str) -> None:
    result = read(table(tmp_path / "a.csv", f"Name;{header};Phone", f"Ann;{cell};030 5550101"))
    assert () == result.skipped


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("M\ufffdller", 'line 3 holds a "\ufffd" in place of a letter'),
        ("Müller".encode().decode("cp1252"), "line 3 holds letters that were encoded twice"),
        ("Groß".encode().decode("cp1252"), "line 3 holds letters that were encoded twice"),
        ("Škoda".encode().decode("latin-1"), ""),
        ("João SÃO", ""),
    ],
)
def test_letters_that_were_lost_before_are_noted(tmp_path: Path, name: str, words: str) -> None:
    result = read(table(tmp_path / "a.csv", "Name;Phone", "Ann;030 5550101", f"{name};030 5550102"))
    assert [name] == [one.name for one in result.contacts[1:]]
    assert bool(words) == bool(result.notes)
    assert words in "".join(result.notes)


@pytest.mark.parametrize("header", ["Apparat", "Hausapparat", "Apparat-Nr.", "Hausruf"])
def test_further_words_for_an_extension(header: str) -> None:
    assert ["internal"] == meanings([header])

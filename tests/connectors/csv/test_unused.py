"""Columns with values that are not read are reported with the line that reads them."""

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.base import Full, Skipped, SourceUnavailable
from connectors.contact import NumberKind
from connectors.csv.connector import CsvConnector
from connectors.csv.unused_columns import LIKE_NAMES, LIKE_NUMBERS, NO_NAMES
from tests.connectors.csv.lists import not_read, read, table, write

PHONE = "030 5550199"


def advised(result: Full, *, leave_out: bool = False) -> dict[str, object]:
    """The `columns` that a report advises: to read what it found, or to leave it out."""
    (advice,) = [note for note in result.notes if note.startswith("to read them: ")]
    take, _, leave = advice.removeprefix("to read them: ").partition(
        "; to leave them out without a warning: "
    )
    columns: dict[str, object] = tomllib.loads(leave if leave_out else take)["columns"]
    return columns


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("Rückruf bei", [PHONE, "030 5550198"], NumberKind.OTHER),
        ("X", ["+49 30 5550199", "+493055501"], NumberKind.OTHER),
        ("Tel. Lager", ["101", "102"], NumberKind.OTHER),
        ("Telefon Werkstatt geschäftlich", ["5550199", ""], NumberKind.WORK),
        ("Zweite Nummer", [PHONE, ""], NumberKind.OTHER),
        ("Handy Ersatzgerät", ["0172 5550199", "n/a"], NumberKind.MOBILE),
        ("Poste", ["204", "205"], NumberKind.INTERNAL),
        ("Emergency phone", [PHONE, ""], NumberKind.OTHER),
        ("\ufeff ", [PHONE, PHONE], None),
        ("Büro", [PHONE, ""], NumberKind.WORK),
        ("Info", [PHONE, ""], NumberKind.OTHER),
        ("+", [PHONE, ""], None),
    ],
)
def test_a_column_of_numbers_that_is_not_read_is_reported_with_the_line_that_takes_it(
    tmp_path: Path, header: str, cells: list[str], kind: NumberKind | None
) -> None:
    rows = (f"Person {index};0172 555010{index};{cell}" for index, cell in enumerate(cells))
    path = table(tmp_path / "a.csv", f"Name;Mobil;{header}", *rows)
    result = read(path)
    if kind is None:
        # A column whose header says nothing cannot be named in the configuration.
        assert ((Skipped(LIKE_NUMBERS, "a.csv column 3"),), "column 3.") == (
            result.skipped,
            not_read(result),
        )
        assert 1 == len(result.notes)
        return
    assert (Skipped(LIKE_NUMBERS, f'a.csv column "{header}"'),) == result.skipped
    assert f'"{header}".' == not_read(result)
    assert not any(cell in "".join(result.notes) for cell in cells if cell)
    assert {"recognise": True, kind.value: header} == advised(result)
    taken = read(path, columns=advised(result))
    assert ("0172 5550100", cells[0], kind) == (
        taken.contacts[0].numbers[0].value,
        taken.contacts[0].numbers[1].value,
        taken.contacts[0].numbers[1].kind,
    )
    assert LIKE_NUMBERS not in [item.reason for item in taken.skipped]
    left = read(path, columns=advised(result, leave_out=True))
    assert ((), ()) == (left.skipped, left.notes)
    assert result.contacts == left.contacts


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Record ID", ["501234567890", "501234567891"]),
        ("PLZ", ["10115", "20095"]),
        ("Postal Code", ["0101150", "0200950"]),
        ("Angelegt", ["2026-01-31", "31.01.2026"]),
        ("Breite", ["52.520008", "13.404954"]),
        ("Personal-Nr.", ["10004711", "10004712"]),
        ("Mitglied Nr.", ["10004711", "10004712"]),
        ("Umsatz", ["1234567", "7654321"]),
        ("Raum", ["2.14", "3.15"]),
        ("Web", ["https://example.com", "https://example.org"]),
        ("Projekt", ["Neubau", "Umbau"]),
        ("Recovery Phone", ["+447700900199", ""]),
        ("Stadt Nr 2", ["", "x"]),
        ("Steuernummer", ["12/345/67890", "12/345/67891"]),
        ("Notes", ["Ann Abbott", "Bob Brown"]),
    ],
)
def test_what_looks_like_no_telephone_number_is_named_and_no_more(
    tmp_path: Path, header: str, cells: list[str]
) -> None:
    result = read(
        table(
            tmp_path / "a.csv",
            f"Name;Mobil;{header}",
            *(f"P{index};0172 555010{index};{cell}" for index, cell in enumerate(cells)),
        )
    )
    assert ((), f'"{header}".') == (result.skipped, not_read(result))
    assert 1 == len(result.notes)


def test_a_list_of_companies_without_names_is_reported_and_so_is_the_column_that_looks_like_names(
    tmp_path: Path,
) -> None:
    path = table(
        tmp_path / "a.csv",
        "Firma;Wer;Ort;Telefon",
        "Acme Ltd;Ann Abbott;Berlin;1",
        "Acme Ltd;Bob Brown;Berlin;2",
        "Acme Ltd;Zoë;Bonn;3",
    )
    result = read(path)
    assert (Skipped(LIKE_NAMES, 'a.csv column "Wer"'), Skipped(NO_NAMES, "a.csv")) == result.skipped
    assert '"Wer", "Ort".' == not_read(result)
    taken = read(path, columns=advised(result))
    assert ["Ann Abbott", "Bob Brown", "Zoë"] == [contact.name for contact in taken.contacts]
    assert () == taken.skipped
    meant = read(
        path, columns={"recognise": True, "organization": "Firma", "ignore": ["Wer", "Ort"]}
    )
    assert (((), ()), ["", "", ""]) == (
        (meant.skipped, meant.notes),
        [contact.name for contact in meant.contacts],
    )


@pytest.mark.parametrize(
    ("header", "row", "field"),
    [
        ("Vorname;Sippe;Telefon", "Ann;Abbott;1", "family_name"),
        ("Rufzeichen;Nachname;Telefon", "Ann;Abbott;1", "given_name"),
        ("Firma;Name;Wer;Telefon", "Acme Ltd;;Ann Abbott;1", "name"),
    ],
)
def test_the_part_of_a_name_that_is_missing_is_asked_for(
    tmp_path: Path, header: str, row: str, field: str
) -> None:
    path = table(tmp_path / "a.csv", header, row)
    columns = advised(read(path))
    assert [field] == [key for key in columns if key != "recognise"]
    assert ["Ann Abbott"] == [contact.name for contact in read(path, columns=columns).contacts]


def test_a_column_beside_names_is_no_name(tmp_path: Path) -> None:
    result = read(
        table(
            tmp_path / "a.csv",
            "Name;Telefon;Betreuer",
            "Ann Abbott;1;Olive Owner",
            "Bob Brown;2;Oscar Owner",
        )
    )
    assert ((), '"Betreuer".') == (result.skipped, not_read(result))


def test_own_columns_are_told_of_too_and_keep_what_they_name(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "Wer;Tel A;Tel B;Notiz", f"Ann;1001;{PHONE};x")
    columns: dict[str, object] = {"name": "Wer", "other": ["Tel A"]}
    result = read(path, columns=columns)
    assert (Skipped(LIKE_NUMBERS, 'a.csv column "Tel B"'),) == result.skipped
    assert '"Tel B", "Notiz".' == not_read(result)
    assert {"name": "Wer", "other": ["Tel A", "Tel B"]} == advised(result)
    assert ["1001", PHONE] == [
        number.value for number in read(path, columns=advised(result)).contacts[0].numbers
    ]
    assert () == read(path, columns=advised(result, leave_out=True)).skipped


def test_headers_that_might_be_somebodys_number_or_address_are_not_shown(tmp_path: Path) -> None:
    result = read(table(tmp_path / "a.csv", f"name,phone,{PHONE},x@example.com,", "Ann,1001,x,y,z"))
    assert "column 3, column 4, column 5." == not_read(result)


def test_a_column_that_is_blank_is_not_told_of_and_one_cell_is_enough(tmp_path: Path) -> None:
    rows = [f"P{index},{1000 + index}, ,{'x' if index == 3500 else ''}" for index in range(3501)]
    assert '"Late".' == not_read(read(table(tmp_path / "a.csv", "name,phone,Blank,Late", *rows)))


def test_many_blank_columns_of_a_long_file_are_looked_at_now_and_then(tmp_path: Path) -> None:
    head = ",".join(f"X{index}" for index in range(40))
    rows = [
        f"P{index},{1000 + index}{',' * 40}{'x' if 2500 < index < 2530 else ''}"
        for index in range(3000)
    ]
    assert '"X39".' == not_read(read(table(tmp_path / "a.csv", f"name,phone,{head}", *rows)))


def test_it_is_told_once_a_file_and_the_line_is_one_for_all(tmp_path: Path) -> None:
    table(
        tmp_path / "a.csv",
        "Name;Mobil;Lagerruf",
        f"Ann;0172 5550101;{PHONE}",
        f"Bob;0172 5550102;{PHONE}",
    )
    table(tmp_path / "b.csv", "Name;Mobil;Hofruf", f"Cid;0172 5550103;{PHONE}")
    result = read(tmp_path / "*.csv")
    assert ['a.csv column "Lagerruf"', 'b.csv column "Hofruf"'] == [
        item.where for item in result.skipped
    ]
    assert {"recognise": True, "other": ["Lagerruf", "Hofruf"]} == advised(result)
    # Each of the two headers is in one file only: it must be in one of them.
    taken = read(tmp_path / "*.csv", columns=advised(result))
    assert [2, 2, 2] == [len(contact.numbers) for contact in taken.contacts]
    with pytest.raises(SourceUnavailable) as caught:
        read(tmp_path / "*.csv", columns={"recognise": True, "other": ["Lagerruf", "Dachruf"]})
    assert 'columns.other names the column "Dachruf", which is in none of the files' in str(
        caught.value
    )


def test_a_header_in_quotation_marks_is_advised_as_toml_writes_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f'Name;Mobil;"Ruf ""A\\B"""\nAnn;1;{PHONE}\n')
    assert {"recognise": True, "other": 'Ruf "A\\B"'} == advised(read(path))


@pytest.mark.parametrize(
    ("columns", "right"),
    [
        ({"recognise": True}, True),
        ({"recognise": True, "work": "A"}, True),
        ({"recognise": True, "name": "A"}, True),
        ({"recognise": False, "work": "A"}, False),
        ({"ignore": "A"}, False),
        ({"recognise": "yes", "work": "A"}, False),
    ],
)
def test_recognise_completes_what_columns_lacks(columns: dict[str, object], right: bool) -> None:
    try:
        CsvConnector.model_validate({"path": "a.csv", "columns": columns})
    except ValidationError:
        assert not right
    else:
        assert right


def test_what_columns_name_goes_before_what_is_recognised(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        "Name;Rufname lang;Phone 1 - Label;Phone 1 - Value;Tel",
        f"Abbott;Ann Abbott;Mobile;0172 5550101;{PHONE}",
    )
    (contact,) = read(
        path, columns={"recognise": True, "name": "Rufname lang", "work": "Tel"}
    ).contacts
    assert ("Ann Abbott", [("mobile", "0172 5550101"), ("work", PHONE)]) == (
        contact.name,
        [(number.kind, number.value) for number in contact.numbers],
    )

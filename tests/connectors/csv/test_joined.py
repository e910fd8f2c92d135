"""Several columns of one field, and lines that are no rows.

Exports were joined, or a program writes lines before the headers.
"""

from pathlib import Path

import pytest

from connectors.base import Skipped, SourceUnavailable
from connectors.csv.connector import CsvConnector
from tests.connectors.csv.lists import not_read, read, table, write


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("Name;Telefon;Telefon", "Ann;1;2", ("Ann", "", ["1", "2"])),
        ("Name;Name;Telefon", "Ann;Abbott;1", ("Ann Abbott", "", ["1"])),
        ("Name;Name;Telefon", "Ann;Ann;1", ("Ann", "", ["1"])),
        ("Name;Telefon;Name", ";1;Ann", ("Ann", "", ["1"])),
        ("Company;Name;Company;Phone", "Acme Ltd;Ann;Sales;1", ("Ann", "Acme Ltd Sales", ["1"])),
        ("Full Name;Display Name;Phone", ";Ann Abbott;1", ("Ann Abbott", "", ["1"])),
        ("Company;Account Name;Name;Phone", ";Acme Ltd;Ann;1", ("Ann", "Acme Ltd", ["1"])),
    ],
)
def test_two_columns_of_one_field_are_both_read(
    tmp_path: Path, header: str, row: str, expected: tuple[str, str, list[str]]
) -> None:
    result = read(table(tmp_path / "a.csv", header, row))
    (contact,) = result.contacts
    assert expected == (
        contact.name,
        contact.organization,
        [number.value for number in contact.numbers],
    )
    assert ((), ()) == (result.skipped, result.notes)


def test_a_second_column_of_one_field_that_says_something_else_is_named(tmp_path: Path) -> None:
    result = read(
        table(tmp_path / "a.csv", "Full Name;Display Name;Phone", "Ann;ann;1", "Bob;Robert;2")
    )
    assert (["Ann", "Bob"], '"Display Name".') == (
        [contact.name for contact in result.contacts],
        not_read(result),
    )


@pytest.mark.parametrize(
    "start",
    [
        "#TYPE Selected.System.Management.Automation.PSCustomObject\r\n",
        "\ufeff#TYPE System.Data.DataRow\n",
        '"#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser";;\n',
        "#TYPE Deserialized.X;;\r\n",
        "sep=;\r\n#TYPE X\r\n",
        "#TYPE X\nsep=;\n",
        "# exported on 31 January\r\n",
    ],
)
def test_powershells_own_first_line_is_no_line_of_headers(tmp_path: Path, start: str) -> None:
    result = read(
        write(
            tmp_path / "a.csv", f"{start}Name;OfficePhone;Enabled\nAnn;1001;True\nBob;#REF!;True\n"
        )
    )
    assert ["Ann", "Bob"] == [contact.name for contact in result.contacts]
    assert f"a.csv line {start.count(chr(10)) + 3} column OfficePhone" == result.skipped[0].where


@pytest.mark.parametrize(
    "again",
    [
        "Name;Telefon 1;Abteilung",
        "NAME;TELEFON 1;ABTEILUNG",
        "name;telefon 1;abteilung",
        '"Name";"Telefon 1";"Abteilung"',
    ],
)
def test_a_second_line_of_headers_is_nobody_and_told(tmp_path: Path, again: str) -> None:
    path = table(
        tmp_path / "a.csv",
        "Name;Telefon 1;Abteilung",
        "Ann;1001;Sales",
        again,
        "Bob;1002;IT",
        again,
    )
    result = read(path)
    assert ["Ann", "Bob"] == [contact.name for contact in result.contacts]
    assert (
        Skipped("a second line of headers", "a.csv line 3"),
        Skipped("a second line of headers", "a.csv line 5"),
    ) == result.skipped
    connector = CsvConnector.model_validate({"path": str(path)})
    assert {"a.csv line 2", "a.csv line 4"} == set(connector.locations().values())


@pytest.mark.parametrize("begin", ["\ufeff", "#TYPE System.X\n", "\ufeff#TYPE System.X\n", ""])
@pytest.mark.parametrize("quote", ["", '"'])
def test_two_exports_one_behind_the_other(tmp_path: Path, begin: str, quote: str) -> None:
    export = f"{begin}{quote}Name{quote};{quote}Telefon 1{quote};Privat\n"
    result = read(write(tmp_path / "a.csv", f"{export}Ann;1001;\n{export}Bob;1002;\n"))
    assert ["Ann", "Bob"] == [contact.name for contact in result.contacts]
    assert {"a second line of headers"} == {item.reason for item in result.skipped}


@pytest.mark.parametrize(
    "again", ["Telefon;Name;Abteilung", "Vorname;Nachname;Mobil", "Firma;Telefon;Name"]
)
def test_other_headers_within_a_file_refuse_it(tmp_path: Path, again: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        read(
            table(
                tmp_path / "a.csv", "Name;Telefon;Abteilung", "Ann;1001;Sales", again, "1002;Bob;IT"
            )
        )
    assert "a.csv line 3 holds other headers than the first" in str(caught.value)
    assert "Ann" not in str(caught.value)


@pytest.mark.parametrize(
    "row", ["Name;1001;Sales", "Mobil;;", "Zentrale;1000;Abteilung", "Kontakt;;Lagerleitung"]
)
def test_a_person_or_place_that_is_called_like_a_header_is_a_row(tmp_path: Path, row: str) -> None:
    result = read(table(tmp_path / "a.csv", "Name;Telefon;Abteilung", "Ann;1001;Sales", row))
    assert ["Ann", row.partition(";")[0]] == [contact.name for contact in result.contacts]
    assert () == result.skipped

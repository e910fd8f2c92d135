"""What a person who sets up a CSV file is told and asked."""

from pathlib import Path

import pytest

from connectors.base import SourceError
from connectors.csv.survey import survey


def columns(folder: Path, text: str, encoding: str = "utf-8") -> tuple[list[str], list[str]]:
    """Return the known columns and the unknown ones of a file, each as "header: field"."""
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    found = survey(path)
    return (
        [f"{name}: {field}" for name, field in found.known],
        [f"{column.name}: {column.field}" for column in found.unknown],
    )


@pytest.mark.parametrize(
    "text, known, unknown",
    [
        ("Name,Mobile\nAda Byron,0895550001\n", ['"Name": name', '"Mobile": mobile'], []),
        ("Ada Byron;0895550001\nMary J;0895550002\n", ["column 1: name", "column 2: other"], []),
        (
            "Name;Telefon;Zweitapparat;Zimmer\nAda;0895550001;0895550101;12\n",
            ['"Name": name', '"Telefon": other'],
            ['"Zweitapparat": other'],
        ),
        (
            "Nimike;Puhelu;Muuta\nAda Byron;0895550001;x1\nMary Jackson;0895550002;x2\n",
            [],
            ['"Nimike": name', '"Puhelu": other', '"Muuta": '],
        ),
        (
            "Nimike;Telefon\nAda Byron;0895550001\nMary Jackson;0895550002\n",
            ['"Telefon": other'],
            ['"Nimike": name'],
        ),
        ("Name,Phone\n", ['"Name": name', '"Phone": other'], []),
        ("Title of it\nName,Phone\nAda,0895550001\n", ['"Name": name', '"Phone": other'], []),
    ],
)
def test_known_and_unknown_columns(
    tmp_path: Path, text: str, known: list[str], unknown: list[str]
) -> None:
    assert (known, unknown) == columns(tmp_path, text)


def test_layout_and_encoding_are_found(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Name;Telefon\nJörg Müller;0895550001\n".encode("cp1252"))
    found = survey(path)
    assert ("cp1252", ";", True) == (found.encoding, found.delimiter, found.is_usable)


def test_examples_are_shown_to_the_person_and_to_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name;Tel;Second\nAda;0895550001;0895550101\nMary;0895550002;0895550101\n")
    (column,) = survey(path).unknown
    assert ("0895550101",) == column.examples
    assert "0895550101" not in repr(column)


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"PK\x03\x04", b"a,b\nc,d\n", b"12,0895550001\n13,0895550002,1\n"]
)
def test_what_is_no_list_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"list\.csv"):
        survey(path)

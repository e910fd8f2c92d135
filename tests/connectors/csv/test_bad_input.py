"""Bad files are never taken for contacts or for an empty list, and are reported."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.base import Skipped, SourceUnavailable
from connectors.csv.connector import CsvConnector
from connectors.csv.number_cells import damage_reason
from tests.connectors.csv.lists import read, write
from tests.support.patience import PATIENCE

PRIVATE = ("Ann", "Smith", "1001", "ann@example.com")


def refused(path: Path, **keys: object) -> str:
    """The error of a file, which tells of nobody in it."""
    with pytest.raises(SourceUnavailable) as caught:
        CsvConnector.model_validate({"path": str(path), **keys}).fetch(None)
    message = str(caught.value).replace(str(path.parent), "")
    assert not [word for word in PRIVATE if word in message]
    return message


FILES: list[tuple[str, bytes, dict[str, object], str]] = [
    ("empty", b"", {}, "a.csv is empty"),
    ("a mark alone", b"\xef\xbb\xbf", {}, "a.csv is empty"),
    ("blank lines", b"\r\n \r\n\r\n", {}, "a.csv is empty"),
    ("blank cells", b",,\n,,\n", {}, "blank lines"),
    ("headers of nothing", b"A,B\n", {}, "a.csv line 1 does not name the columns"),
    (
        "rows that say nothing",
        b"name,phone,note\n,,x\n",
        {},
        "none of its 1 rows can be read. The first: no name, no organisation",
    ),
    ("a spreadsheet", b"PK\x03\x04\x14\x00\x06\x00", {}, "a.csv is a spreadsheet"),
    ("an old spreadsheet", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", {}, "an old spreadsheet"),
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", {}, "a.csv line"),
    (
        "zeros at its end",
        b"name,phone\nAnn,1001\nBob,\0\0\0\0\0\0\n",
        {},
        "a.csv line 3 holds zero bytes",
    ),
    (
        "not the encoding given",
        "name,phone\nJürgen,1\n".encode("cp1252"),
        {"encoding": "utf-8"},
        "a.csv line 2 cannot be read as utf-8",
    ),
    (
        "an encoding and another mark",
        "\ufeffname,phone\nAnn,1\n".encode(),
        {"encoding": "cp1252"},
        "mark of UTF-8",
    ),
    (
        "half of a UTF-16 character",
        "\ufeffname,phone\nAnn,1\n".encode("utf-16-le")[:-1],
        {},
        "a.csv line",
    ),
    ("half characters", b"name,phone\n+2AA-,1001\n", {"encoding": "utf-7"}, "a.csv"),
    (
        "cut within a character",
        "name,phone\nAnn,1001\nZoë".encode()[:-1],
        {},
        "a.csv line 3 ends in the middle of a character",
    ),
    (
        "one bad byte in UTF-8",
        ("name,phone\n" + "Zoë,1\n" * 20).encode() + b"\xff,1\n",
        {},
        "a.csv line 22 holds a byte that is not UTF-8",
    ),
    (
        "cut within quotes",
        b'name,phone\nAnn,1001\n"Smi',
        {},
        "a.csv line 3: a quotation mark opens there and none closes it",
    ),
    (
        "cut within a row",
        b"name,company,phone\nAnn,x,1001\nBob,Exa",
        {},
        "a.csv line 3: the file ends within a row",
    ),
    (
        "cut within the first cell of a row",
        b"name,phone\nAnn,1001\nBo",
        {},
        "a.csv line 3: the file ends within a row",
    ),
    (
        "a missing quote",
        b'name,phone\n"Ann,1001\nBob,1\n"Cid, Jr",2\n',
        {},
        "a.csv line 2: this row runs on to line 4",
    ),
    (
        "a cell without end",
        b'name,phone\n"Ann' + b"x" * (1 << 21),
        {},
        "a.csv line 2: a cell has no end",
    ),
    (
        "no headers",
        b"Ann;Sales;1001\nSmith;Sales;1002\n",
        {},
        "a.csv line 1 does not name the columns",
    ),
    (
        "no headers, with mail",
        b"Ann,ann@example.com\nSmith,x@example.com\n",
        {},
        "a.csv line 1 does not name the columns",
    ),
    ("words alone", b"Ann,Smith\nSmith,Ann\n", {}, "a.csv line 1 does not name the columns"),
    (
        "no known column",
        b"Wer,Wo\nAnn,02079460001\n",
        {},
        'names or numbers was recognised. The columns are: "Wer", "Wo"',
    ),
    (
        "no column of numbers",
        b"Name,Wo\nAnn,02079460001\n",
        {},
        'no column of numbers was recognised. The columns are: "Name", "Wo"',
    ),
    (
        "no column of names",
        b"Wer,Phone\nAnn,02079460001\n",
        {},
        'no column of names was recognised. The columns are: "Wer", "Phone"',
    ),
    (
        "columns not there",
        b"Wer,Wo\nAnn,02079460001\n",
        {"columns": {"name": "Wer", "work": "Tel"}},
        'columns.work names the column "Tel"',
    ),
    (
        "columns and no headers",
        b"Ann,1001\nBob,1002\n",
        {"columns": {"name": "Wer", "work": "Tel"}},
        "columns.work names",
    ),
    (
        "another delimiter",
        b"name,phone\nAnn,02079460001\n",
        {"delimiter": ";"},
        'a.csv line 1 holds no ";"',
    ),
]


@pytest.mark.parametrize(
    ("data", "keys", "message"), [pytest.param(*case, id=name) for name, *case in FILES]
)
def test_a_bad_file_is_refused_as_a_whole(
    tmp_path: Path, data: bytes, keys: dict[str, object], message: str
) -> None:
    assert message in refused(write(tmp_path / "a.csv", data), **keys)


def test_one_bad_file_refuses_all(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "name,phone\nAnn,1001\n")
    write(tmp_path / "b.csv", "")
    assert "b.csv is empty" in refused(tmp_path / "*.csv")


@pytest.mark.parametrize(
    "data", ["name,phone\n", "name,phone", "name,phone\r\n\r\n", "name,phone\n,\n , \n"]
)
def test_good_headers_without_rows_are_nobody_and_that_is_said(tmp_path: Path, data: str) -> None:
    write(tmp_path / "a.csv", data)
    result = read(tmp_path / "a.csv")
    assert ((), (Skipped("headers, but no rows", "a.csv"),)) == (result.contacts, result.skipped)
    write(tmp_path / "b.csv", "name,phone\nAnn,1001\n")
    assert ["Ann"] == [contact.name for contact in read(tmp_path / "*.csv").contacts]


def test_a_file_of_private_people_alone_is_nobody_for_the_phones(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", "name,phone,private\nAnn,1001,True\n"))
    assert ((), ["a.csv line 2"]) == (result.contacts, [item.where for item in result.skipped])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "is not there"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.mkdir(), '/a.csv/*.csv"'),
        (lambda path: path.symlink_to(path), "cannot be read"),
        (lambda path: os.mkfifo(path), "not a regular file"),
    ],
)
def test_what_is_no_file(tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    make(tmp_path / "a.csv")
    assert message in refused(tmp_path / "a.csv")


def test_a_glob_without_a_match(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert "no file matches /*.csv" in refused(tmp_path / "*.csv")


def test_a_file_that_is_being_written_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,phone\nAnn,1001\n")
    connector = CsvConnector.model_validate({"path": str(path)})
    stop, pause = threading.Event(), 0.002

    def grow() -> None:
        with path.open("a") as file:
            while not stop.wait(pause):
                file.write("Smith,1001\n")
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    message = ""
    deadline = time.monotonic() + PATIENCE
    try:
        # On a busy machine the writer itself may pause so long that the file rests: then it is
        # rightly read.
        while not message and time.monotonic() < deadline:
            try:
                connector.fetch(None)
            except SourceUnavailable as error:
                message = str(error)
    finally:
        stop.set()
        writer.join()
    assert "is being written at this moment" in message
    assert read(path).contacts


def test_a_file_that_was_just_written_is_read_when_it_rests(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,phone\nAnn,1001\n")
    assert 1 == len(read(path).contacts)


def test_what_cannot_be_read_is_reported_with_its_line(tmp_path: Path) -> None:
    text = (
        "Name,Note,Mobile,Work\r\n"  # line 1
        'Ann,"two\r\nlines",4.9123E+11,1001\r\n'  # lines 2 and 3
        "\r\n"  # a blank line
        ",,,\r\n"  # a blank row
        ",only a note,,\r\n"  # line 6
        "Bob,,'0123,#VALUE!\r\n"  # line 7
        "Cid,,1,2,3\r\n"  # line 8
        "Dee,,,n/a\r\n"  # line 9
        "Eve,,-,4930123456.0,,\r\n"  # line 10
        'Fay,,="0012",\r\n'  # line 11
        "Gil\r\n"  # line 12: Excel leaves empty cells at the end out
    )
    result = read(write(tmp_path / "a.csv", text))
    assert [
        ("Ann", ["1001"]),
        ("Bob", []),
        ("Dee", []),
        ("Eve", []),
        ("Fay", ["0012"]),
        ("Gil", []),
    ] == [
        (contact.name, [number.value for number in contact.numbers]) for contact in result.contacts
    ]
    assert (
        Skipped("a number rounded by a spreadsheet (like 4.9E+11)", "a.csv line 2 column Mobile"),
        Skipped("no name, no organisation and no number", "a.csv line 6"),
        Skipped(
            "a number with a leading apostrophe from a spreadsheet", "a.csv line 7 column Mobile"
        ),
        Skipped(
            "an error of a spreadsheet (like #VALUE!) instead of a number",
            "a.csv line 7 column Work",
        ),
        Skipped("more cells than there are headers", "a.csv line 8"),
        Skipped("text instead of a number", "a.csv line 9 column Work"),
        Skipped(
            "a number with a decimal point added by a spreadsheet", "a.csv line 10 column Work"
        ),
    ) == result.skipped


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_they_stand(tmp_path: Path, end: str) -> None:
    rows = ["", "name,phone", "Ann,1", f'"Bob{end}{end}Jones",2', "", "Cid,#REF!"]
    (skipped,) = read(write(tmp_path / "a.csv", end.join(rows) + end)).skipped
    assert "a.csv line 8 column phone" == skipped.where


@pytest.mark.parametrize(
    ("value", "damaged"),
    [
        ("4.9123E+11", True),
        ("4,9123E+11", True),
        ("49E9", True),
        ("'0123", True),
        ("’0123", True),
        ("#VALUE!", True),
        ("#WERT!", True),
        ("#####", True),
        ("493012345.0", True),
        ("unknown", True),
        ("+49 (0)89 555-0109", False),
        ("01.23.45.67.89", False),
        ("#31#0123", False),
        ("*97", False),
        ("0800-FLOWERS", False),
        ("+49 30 1 ext. 5", False),
        ("٠٣٠١٢٣", False),
        ("1001", False),
        ("0", False),
    ],
)
def test_a_number_that_a_spreadsheet_damaged_is_known(value: str, damaged: bool) -> None:
    assert damaged is (damage_reason(value) is not None)


NAMES = [
    "Ann\x07Bell",
    "A\x1f\x01",
    "e\u0301\u0323\u0302",
    "👩‍👩‍👧‍👦 Family",
    "\u202eevil\u202c",
    "دانا",
    "A & < > \" ' ]]>",
    "x" * 68,
    "ü" * 5000,
    "line\u2028separator\x0b\x0c\x85",
    "=1+1",
    "a;b,c\td|e",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_arrives_as_it_is_written(tmp_path: Path, name: str) -> None:
    quoted = name.replace('"', '""')
    (contact,) = read(write(tmp_path / "a.csv", f'name,phone\n"{quoted}",1001\n')).contacts
    assert name == contact.name

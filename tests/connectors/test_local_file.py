"""`max_size`: large, endless and growing files of CSV and vCard sources."""

import contextlib
import os
import threading
import tracemalloc
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.base import (
    MEGABYTE,
    Connector,
    SourceError,
    SourceRefused,
    SourceUnavailable,
    parse_size,
)
from connectors.csv.charset_detection import detect_charset
from connectors.csv.connector import CsvConnector
from connectors.local_file import read_file
from connectors.vcard.connector import VcardConnector
from tests.connectors.contract import everything
from tests.connectors.csv.lists import read, write
from tests.connectors.vcard.cards import card

KINDS = [(CsvConnector, "a.csv", 64), (VcardConnector, "a.vcf", 512)]
CONTENT = {
    CsvConnector: b"name,phone\nAnn,1001\n",
    VcardConnector: card("FN:Ann", "TEL:1001").encode(),
}


def error_of(connector: type[Connector], path: Path, **keys: object) -> SourceError:
    with pytest.raises(SourceError) as caught:
        connector.model_validate({"path": str(path), **keys}).fetch(None)
    return caught.value


def sparse(path: Path, size: int, start: bytes = b"") -> Path:
    path.write_bytes(start)
    os.truncate(path, size)
    return path


@pytest.mark.parametrize(("connector", "name", "limit"), KINDS)
@pytest.mark.parametrize("size", [20_000 * MEGABYTE, None])
def test_a_giant_is_refused_unread(
    tmp_path: Path, connector: type[Connector], name: str, limit: int, size: int | None
) -> None:
    path = sparse(tmp_path / name, size or limit * MEGABYTE + 1, CONTENT[connector])
    tracemalloc.start()
    error = error_of(connector, path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MEGABYTE
    assert isinstance(error, SourceRefused)
    has = "20,000" if size else str(limit + 1)
    assert f"{path} is larger than {limit} MB: it has {has} MB" in str(error)
    assert "max_size" in str(error)


@pytest.mark.parametrize(("connector", "name", "limit"), KINDS)
def test_the_key_sets_the_size(
    tmp_path: Path, connector: type[Connector], name: str, limit: int
) -> None:
    path = sparse(tmp_path / name, 3 * MEGABYTE + 1, CONTENT[connector])
    assert "larger than 3 MB: it has 4 MB" in str(error_of(connector, path, max_size="3MB"))
    write(path, CONTENT[connector] + b"\r\n" * (3 * MEGABYTE // 2 + 1))
    for keys in ({"max_size": "4MB"}, {}):
        assert ["Ann"] == [
            contact.name
            for contact in everything(
                connector.model_validate({"path": str(path), **keys})
            ).contacts
        ]


def test_a_file_of_exactly_the_size_is_read(tmp_path: Path) -> None:
    row = b"Bob,1002," + b"x" * 1013 + b"\r\n"
    head = b"name,phone,note\r\nAnn,1001,"
    data = head + b"x" * (2 * MEGABYTE - 2 - len(head) - 1024 * len(row)) + b"\r\n" + row * 1024
    path = write(tmp_path / "a.csv", data)
    assert 2 * MEGABYTE == len(data)
    assert 1025 == len(read(path, max_size="2MB").contacts)
    assert "larger" in str(error_of(CsvConnector, write(path, data + b"\n"), max_size="2MB"))


def test_one_giant_of_several_files_refuses_all(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "name,phone\nAnn,1001\n")
    sparse(tmp_path / "b.csv", 65 * MEGABYTE)
    assert "b.csv is larger than 64 MB" in str(error_of(CsvConnector, tmp_path / "*.csv"))


@pytest.mark.parametrize(("connector", "name", "limit"), KINDS)
@pytest.mark.parametrize("make", ["fifo", "zero", "folder"])
def test_what_has_no_end_is_not_opened(
    tmp_path: Path, connector: type[Connector], name: str, limit: int, make: str
) -> None:
    path = tmp_path / name
    if make == "fifo":
        os.mkfifo(path)
    elif make == "zero":
        path.symlink_to("/dev/zero")
    else:
        path = tmp_path / "folder" / name
        (tmp_path / "folder").mkdir()
        path.mkdir()
    assert isinstance(error_of(connector, path), SourceUnavailable)


def test_a_pipe_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.vcf")
    assert "a.vcf is not a regular file" in str(error_of(VcardConnector, tmp_path / "a.vcf"))


def test_of_a_file_that_grows_no_more_is_read_than_it_had(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 1000)
    ended = threading.Event()

    def grow() -> None:
        with path.open("ab") as file:
            while not ended.is_set():
                file.write(b"x" * 4096)
                file.flush()
                if file.tell() > 8 * MEGABYTE:
                    file.truncate(1000)
                    file.seek(0, os.SEEK_END)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        for _ in range(200):
            with contextlib.suppress(SourceRefused):
                assert len(read_file(path, MEGABYTE)) <= MEGABYTE
    finally:
        ended.set()
        writer.join()


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("64MB", 64 << 20),
        ("1 gb", 1 << 30),
        (" 2048K ", 2 << 20),
        ("3M", 3 << 20),
        (1 << 20, 1 << 20),
        ("1048576", 1 << 20),
    ],
)
def test_a_size_is_written_with_a_unit_or_in_bytes(written: object, size: int) -> None:
    assert size == parse_size(written)
    assert size == CsvConnector.model_validate({"path": "a.csv", "max_size": written}).max_size


@pytest.mark.parametrize(
    "written",
    ["", "64", 64, "0MB", "-1MB", "64 MBit", "1.5GB", True, None, 1.5, ["64MB"], "9" * 5000],
)
@pytest.mark.parametrize("connector", [CsvConnector, VcardConnector])
def test_what_is_no_size_is_refused(connector: type[Connector], written: object) -> None:
    with pytest.raises(ValidationError, match=r"not a size|too small"):
        connector.model_validate({"path": "a", "max_size": written})


def test_another_limit_is_no_other_content(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "name,phone\nAnn,1001\n")
    assert read(path).checkpoint == read(path, max_size="3MB").checkpoint


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_line_of_millions_of_columns_is_no_list(tmp_path: Path, delimiter: str) -> None:
    head = delimiter.join(["name", "phone", *("x" for _ in range(1_000_000))])
    message = str(
        error_of(CsvConnector, write(tmp_path / "a.csv", f"{head}\nAnn{delimiter}1001\n"))
    )
    assert "a.csv line 1 has more than 16,384 columns" in message
    message = str(
        error_of(
            CsvConnector,
            write(
                tmp_path / "a.csv",
                f"name{delimiter}phone\nAnn{delimiter}1001{delimiter * 1_000_000}\n",
            ),
        )
    )
    assert "a.csv line 2 has more than 16,384 columns" in message


def test_as_many_columns_as_a_sheet_has_are_read(tmp_path: Path) -> None:
    head = ",".join(["name", "phone", *("" for _ in range(16_382))])
    result = read(write(tmp_path / "a.csv", f"{head}\nAnn,1001\nBob,1002\n"))
    assert ["Ann", "Bob"] == [contact.name for contact in result.contacts]


class Counted(bytes):
    """Bytes that count how many of them are taken out in pieces."""

    taken = 0

    def __getitem__(self, key: object) -> object:
        found = super().__getitem__(key)  # type: ignore[call-overload]
        type(self).taken += len(found) if isinstance(found, bytes) else 1
        return found


@pytest.mark.parametrize("word", ["Kovačević", "╔═╗║ Größe", "Żółć"])
def test_a_guess_looks_at_a_sample_of_a_large_file(word: str) -> None:
    encoding = "cp437" if "╔" in word else "cp1250"
    row = f"{word} %d;1001\n".encode(encoding)
    small = Counted(b"name;phone\n" + b"".join(row % number for number in range(20_000)))
    large = Counted(b"name;phone\n" + b"".join(row % number for number in range(200_000)))
    taken = []
    for data in (small, large):
        Counted.taken = 0
        detect_charset(data)
        taken.append(Counted.taken)
    assert taken[0] == taken[1]


def test_a_word_without_an_end_is_sampled_in_pieces() -> None:
    assert isinstance(detect_charset(b"\xe6" * (4 * MEGABYTE)), str)

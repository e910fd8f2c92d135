"""The CSV connector: files that somebody exports, copies or edits, read whole and checked before they are believed.

Law of this file: it knows the configuration of a CSV source and the way from files to contacts. How files are found and
read is `csv_files`, encodings `csv_text`, delimiter and headers `csv_header`, columns `csv_columns` and `csv_layouts`,
rows `csv_rows`.

1. Every file that the configuration names is read, or none: a file that is missing, empty, cut, being written or
   without rows is SourceUnavailable. It is never an empty list.
2. The checkpoint is a digest of all contents, names and of all that changes their reading; the same digest means
   unchanged.
3. A row with more cells than there are headers has shifted columns, so it is not dialled from, but reported. One with
   fewer has empty cells at its end (Excel leaves trailing delimiters out; Microsoft knowledge base 77295), unless it is
   the last and its line does not end: then the file is cut.
4. A record that never ends, and one with too many cells over several lines, have a quotation mark too many or too few:
   people are lost within it, so the file is refused as a whole, with the line where the record begins.
"""

import csv
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator

from connectors.base import Connector, Delta, Full, LocalPath, Progress, Skipped, SourceUnavailable
from connectors.contact import Contact
from connectors.csv_columns import Columns
from connectors.csv_files import find, folders, read
from connectors.csv_header import find_header
from connectors.csv_rows import RowReader
from connectors.csv_text import encoding_of, lines_of

_READER = "csv 1"
"""Goes into the checkpoint: to be changed with anything that reads the same file differently."""

_FIELD_LIMIT = 1 << 20
_PROGRESS = 1000
_END_OF_FILE = "\x1a"
"""What DOS programs write behind the last line (Ctrl-Z)."""

_TOO_WIDE = "more cells than there are headers"
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str | Path) else value


def _check_encoding(value: object) -> str:
    try:
        if not isinstance(value, str):
            raise LookupError
        "".encode(value)
    except (LookupError, UnicodeError):
        raise ValueError('not a known encoding: write "utf-8", "cp1252", "utf-16" or another name that Python knows') from None
    return value


def _check_delimiter(value: object) -> str:
    mark = _DELIMITERS.get(value, value) if isinstance(value, str) else ""
    if len(mark) != 1 or mark in '"\r\n\0 ':
        raise ValueError('not a delimiter: write one character, such as ",", ";" or "\\t", or leave it out')
    return mark


class CsvConnector(Connector):
    """Contacts from one or more CSV files. The keys are explained in docs/connectors/csv.md."""

    path: Annotated[tuple[LocalPath, ...], BeforeValidator(_as_list), Field(min_length=1)]
    encoding: Annotated[str, PlainValidator(_check_encoding)] | None = None
    delimiter: Annotated[str, PlainValidator(_check_delimiter)] | None = None
    columns: Columns | None = None

    def watched(self) -> tuple[Path, ...]:
        """Return the folders in which the files lie; of a glob, its part without wildcards."""
        return folders(self.path)

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Read all files: an empty Delta when nothing changed since the checkpoint, else everything.

        Raises SourceUnavailable, with the file and where it can be known the line and column, when any file cannot be believed.
        """
        files = [(path, read(path)) for path in find(self.path)]
        checkpoint = self._checkpoint(files)
        if since == checkpoint:
            return Delta(checkpoint=checkpoint)
        # Decided by the configuration, not by how many files there are today: a second file must not change all ids.
        several = len(self.path) > 1 or files[0][0] != self.path[0]
        contacts: list[Contact] = []
        skipped: list[Skipped] = []
        ids: dict[str, int] = {}
        done = 0
        files.reverse()
        while files:
            path, data = files.pop()
            before, reported = len(contacts), len(skipped)
            rows = 0
            for contact in self._contacts(path.name, data, f"{path.stem}/" if several else "", ids, skipped):
                rows += 1
                if contact is not None:
                    contacts.append(contact)
                if progress is not None and (done + rows) % _PROGRESS == 0:
                    progress(done + rows, None)
            done += rows
            if rows == 0:
                raise SourceUnavailable(f"{path.name} holds headers, but no rows. Export it again; the old data stays.")
            if len(contacts) == before:
                raise SourceUnavailable(_nothing_read(path.name, rows, skipped[reported:]))
        if progress is not None:
            progress(done, done)
        return Full(tuple(contacts), checkpoint, tuple(skipped))

    def _checkpoint(self, files: list[tuple[Path, bytes]]) -> str:
        digest = sha256(f"{_READER}\0{self.model_dump_json(exclude={'timeout'})}".encode())
        for path, data in files:
            digest.update(f"\0{path}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
            digest.update(data)
        return digest.hexdigest()

    def _contacts(
        self, name: str, data: bytes, prefix: str, ids: dict[str, int], skipped: list[Skipped]
    ) -> Iterator[Contact | None]:
        """Yield a contact, or None, for every row that is not blank."""
        encoding = encoding_of(data, self.encoding, name)
        csv.field_size_limit(_FIELD_LIMIT)
        header = find_header(lines_of(data, encoding), self.delimiter, self.columns, name)
        lines = _Lines(islice(lines_of(data, encoding), header.skip, None))
        rows = csv.reader(lines, delimiter=header.delimiter)
        reader = RowReader(header.layout, name, prefix, ids, skipped)
        width = header.width
        line = header.skip + 1
        try:
            for row in rows:
                if lines.ended:
                    raise SourceUnavailable(
                        f"{name} line {line}: a quotation mark opens there and none closes it. "
                        "The file is cut or damaged: export it again."
                    )
                if len(row) < width:
                    if not lines.last.endswith(("\n", "\r")) and any(cell.strip() for cell in row):
                        raise SourceUnavailable(
                            f"{name} line {line}: the file ends within a row: it is cut. Export it again, or end its last line."
                        )
                    if not row:
                        line = header.skip + rows.line_num + 1
                        continue
                    row.extend([""] * (width - len(row)))
                elif len(row) > width and any(row[width:]):
                    if (last := rows.line_num + header.skip) > line:
                        raise SourceUnavailable(
                            f"{name} line {line}: this row runs on to line {last} and has too many cells. "
                            "A quotation mark is missing or one too many: mend that line, or export the file again."
                        )
                    skipped.append(Skipped(_TOO_WIDE, f"{name} line {line}"))
                    yield None
                    line = header.skip + rows.line_num + 1
                    continue
                yield reader.contact(row, line)
                line = header.skip + rows.line_num + 1
        except csv.Error as error:
            raise SourceUnavailable(
                f"{name} line {line}: a cell has no end ({_FIELD_LIMIT:,} characters were read). A quotation mark is missing: "
                "mend that line, or export the file again."
            ) from error


class _Lines:
    """The lines of a file, and whether its end was reached: a row that comes only then was open within quotation marks."""

    __slots__ = ("_lines", "ended", "last")

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.ended = False
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            if line == _END_OF_FILE:
                break
            self.last = line
            yield line
        self.ended = True


def _nothing_read(name: str, rows: int, skipped: list[Skipped]) -> str:
    first = f" The first: {skipped[0].reason} ({skipped[0].where})." if skipped else ""
    return f"{name}: none of its {rows} rows can be read.{first} Check delimiter and columns, or export it again."

"""The CSV connector: files that somebody exports, copies or edits, read whole and checked before they are believed.

Law of this file: it knows the configuration of a CSV source and the way from files to contacts. How files are found and
read is `csv_files`, encodings `csv_text`, delimiter and headers `csv_header`, columns `csv_columns` and `csv_layouts`,
records `csv_records`, contacts `csv_rows`.

1. Every file that the configuration names is read, or none: a file that is missing, cut, being written, or of no byte or no
   usable column is SourceUnavailable. It is never an empty list. One with good headers and no rows below them holds nobody;
   that is said in a report, and whether it is believed is not this file's business.
2. The checkpoint is a digest of all contents, names and of all that changes their reading; the same digest means
   unchanged.
3. A row with more cells than there are headers has shifted columns, so it is not dialled from, but reported.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator, Strict

from connectors.base import Connector, Delta, Full, LocalPath, Progress, Skipped, SourceUnavailable
from connectors.contact import Contact
from connectors.csv_columns import Columns
from connectors.csv_files import find, folders, marks, read
from connectors.csv_header import find_header
from connectors.csv_records import records
from connectors.csv_rows import NOTHING, RowReader
from connectors.csv_text import encoding_of, lines_of

_READER = "csv 3"
"""Goes into the checkpoint: to be changed with anything that reads the same file differently."""

_PROGRESS = 1000
_NO_ROWS = "headers, but no rows"
_TOO_WIDE = "more cells than there are headers"
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}


def _as_list(value: object) -> object:
    if not isinstance(value, str | Path | list | tuple):
        raise ValueError('must be text or a list: write "contacts.csv"')
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
    include_private: Annotated[bool, Strict()] = False

    def watched(self) -> tuple[Path, ...]:
        """Return the folders in which the files lie; of a glob, its part without wildcards."""
        return folders(self.path)

    def marks(self) -> str:
        """Return the files' names, sizes and times."""
        return marks(self.path)

    def places(self) -> dict[str, str]:
        """Return the file and line of each contact."""
        ids: dict[str, int] = {}
        return {
            contact.id: f"{_readable(path.name)} line {line}"
            for path in find(self.path)
            for contact, line in self._rows(_readable(path.name), read(path), ids, [], [])
            if contact is not None
        }

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Read all files: an empty Delta when nothing changed since the checkpoint, else everything.

        Raises SourceUnavailable, with the file and where it can be known the line and column, when any file cannot be believed.
        """
        files = [(path, read(path)) for path in find(self.path)]
        checkpoint = self._checkpoint(files)
        if since == checkpoint:
            return Delta(checkpoint=checkpoint)
        contacts: list[Contact] = []
        skipped: list[Skipped] = []
        notes: list[str] = []
        ids: dict[str, int] = {}
        done = 0
        files.reverse()
        while files:
            path, data = files.pop()
            before, reported = len(contacts), len(skipped)
            name = _readable(path.name)
            for contact, _ in self._rows(name, data, ids, skipped, notes):
                done += 1
                if contact is not None:
                    contacts.append(contact)
                if progress is not None and done % _PROGRESS == 0:
                    progress(done, None)
            lost = [item for item in skipped[reported:] if item.reason in (NOTHING, _TOO_WIDE)]
            if len(contacts) == before and lost:
                raise SourceUnavailable(
                    f"{name}: none of its {len(lost)} rows can be read. The first: {lost[0].reason} ({lost[0].where}). "
                    "Check delimiter and columns, or export it again."
                )
            if len(skipped) == reported and len(contacts) == before:
                skipped.append(Skipped(_NO_ROWS, name))
        if progress is not None:
            progress(done, done)
        return Full(tuple(contacts), checkpoint, tuple(skipped), tuple(notes))

    def _checkpoint(self, files: list[tuple[Path, bytes]]) -> str:
        digest = sha256(f"{_READER}\0{self.model_dump_json(exclude={'timeout'})}".encode())
        for path, data in files:
            digest.update(f"\0{path}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
            digest.update(data)
        return digest.hexdigest()

    def _rows(
        self, name: str, data: bytes, ids: dict[str, int], skipped: list[Skipped], notes: list[str]
    ) -> Iterator[tuple[Contact | None, int]]:
        """Yield a contact, or None, for every row that is not blank, each with the line where its row begins."""
        encoding = encoding_of(data, self.encoding, name)
        if self.encoding is None and not encoding.startswith("utf"):
            notes.append(f"{name} is read as {encoding}: that is a guess. Where names are garbled, set encoding, or save it as UTF-8.")
        header = find_header(lines_of(data, encoding), self.delimiter, self.columns, name)
        reader = RowReader(header.layout, name, ids, skipped, include_private=self.include_private)
        for row, line in records(lines_of(data, encoding), header, name):
            if len(row) > header.width:
                skipped.append(Skipped(_TOO_WIDE, f"{name} line {line}"))
                yield None, line
            else:
                yield reader.contact(row, line), line


def _readable(name: str) -> str:
    """A file's name without the bytes that are no text: ids and reports must be storable."""
    return name.encode("utf-8", "replace").decode("utf-8")

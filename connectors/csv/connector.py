"""CSV connector, which reads exported, copied or edited files completely.

Either every configured file is read, or none. A file that is missing, cut, being
written or without a usable column is SourceUnavailable, never an empty list. The
checkpoint is a digest of all contents, names and settings that change their meaning.
The same digest means unchanged.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator, Strict

from connectors.base import (
    MEGABYTE,
    Connector,
    Delta,
    Full,
    Progress,
    Size,
    Skipped,
    SourceUnavailable,
)
from connectors.contact import Contact
from connectors.csv.charset_detection import is_odd, rival
from connectors.csv.columns import Columns, positions
from connectors.csv.decoding import choose_encoding, decode_lines, head_of
from connectors.csv.files import file_state, find, read_stable, watched_folders
from connectors.csv.header import Header, SecondHeader, find_header
from connectors.csv.records import records
from connectors.csv.rows import AGAIN, NOTHING, OTHER_DELIMITER, RowReader
from connectors.csv.unused_columns import AREA_CODE, NO_NAMES, Unused, UnusedColumns, advice, place
from connectors.fields import LocalPath
from connectors.garbled_text import garbled_text

_READER_VERSION = "csv 6"
"""Part of the checkpoint; change it with any change in how files are read."""

_PROGRESS = 1000
_FEW, _LOOKED_AT, _EVERY = 12, 2000, 10
"""Limits on examining unused columns, which could otherwise cost as much as the fetch.

More than `_FEW` columns are examined in the first `_LOOKED_AT` lines, then in every
tenth.
"""

# A file with good headers and no rows holds nobody. That is reported, and the brake decides
# whether the empty list is accepted.
_NO_ROWS = "headers, but no rows"
# Such a row has shifted columns, so its numbers may be somebody else's. It is only reported.
_TOO_WIDE = "more cells than there are headers"
_UNREADABLE = (NOTHING, OTHER_DELIMITER, _TOO_WIDE)
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
        raise ValueError(
            'not a known encoding: write "utf-8", "cp1252", "utf-16" or another name that Python'
            " knows"
        ) from None
    return value


def _check_delimiter(value: object) -> str:
    mark = _DELIMITERS.get(value, value) if isinstance(value, str) else ""
    if len(mark) != 1 or mark in '"\r\n\0 ':
        raise ValueError(
            'not a delimiter: write one character, such as ",", ";" or "\\t", or leave it out'
        )
    return mark


@dataclass(slots=True)
class _Report:
    """Everything that is reported of a source besides its contacts."""

    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    absent: dict[tuple[str, str], int] = field(default_factory=dict)

    def add_columns(
        self, name: str, read: "_Read", columns: Columns | None, *, named: bool
    ) -> None:
        """Report the filled columns of a file that are not used.

        `named` means that some contact of the file has a name.
        """
        found = read.unused.worth_reading(named=named)
        self.unused += found
        self.skipped += [item.report(name) for item in found]
        layout = read.header.layout
        if (
            layout.organization
            and not layout.names_somebody
            and not (columns is not None and columns.organization)
        ):
            self.skipped.append(Skipped(NO_NAMES, name))
        self.skipped += [
            Skipped(AREA_CODE, place(name, column)) for column in read.unused.area_codes()
        ]
        if names := read.unused.names(read.rows.conflicts):
            self.notes.append(
                f"{name}: columns that hold something and are not read: {', '.join(names)}."
            )
        for missing in read.header.absent:
            key = (missing.key, missing.header)
            self.absent[key] = self.absent.get(key, 0) + 1


@dataclass(frozen=True, slots=True)
class _Read:
    """An opened file: its headers, its row reader and its unused columns."""

    header: Header
    encoding: str
    again: SecondHeader
    rows: RowReader
    unused: UnusedColumns


class CsvConnector(Connector):
    """Contacts from one or more CSV files; docs/connectors/csv.md explains the keys."""

    path: Annotated[tuple[LocalPath, ...], BeforeValidator(_as_list), Field(min_length=1)]
    encoding: Annotated[str, PlainValidator(_check_encoding)] | None = None
    delimiter: Annotated[str, PlainValidator(_check_delimiter)] | None = None
    columns: Columns | None = None
    include_private: Annotated[bool, Strict()] = False
    max_size: Size = 64 * MEGABYTE
    """Bytes of one file; the maximum of two million contacts needs less.

    A larger file would fill the memory.
    """

    def watched_folders(self) -> tuple[Path, ...]:
        """Return the folders of the files; for a glob, its part without wildcards."""
        return watched_folders(self.path)

    def file_state(self) -> str:
        """Return the files' names, sizes and times."""
        return file_state(self.path)

    def places(self) -> dict[str, str]:
        """Return the file and line of each contact."""
        ids: dict[str, int] = {}
        found: dict[str, str] = {}
        for path in find(self.path):
            name = _printable_name(path.name)
            data = read_stable(path, self.max_size)
            opened = self._opened(name, data, ids, _Report())
            rows = self._rows(name, data, opened, [])
            found |= {
                contact.id: f"{name} line {line}" for contact, line in rows if contact is not None
            }
        return found

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Return all contacts, or an empty Delta if the checkpoint still matches.

        Raises SourceUnavailable if any file is not trustworthy, with the file and if
        possible line and column. Raises SourceRefused if a file is larger than
        `max_size`.
        """
        files = [(path, read_stable(path, self.max_size)) for path in find(self.path)]
        checkpoint = self._checkpoint(files)
        if since == checkpoint:
            return Delta(checkpoint=checkpoint)
        contacts: list[Contact] = []
        report = _Report()
        skipped = report.skipped
        ids: dict[str, int] = {}
        done, count = 0, len(files)
        files.reverse()
        while files:
            path, data = files.pop()
            before, reported = len(contacts), len(skipped)
            name = _printable_name(path.name)
            opened = self._opened(name, data, ids, report)
            for contact, _ in self._rows(name, data, opened, skipped):
                done += 1
                if contact is not None:
                    contacts.append(contact)
                if progress is not None and done % _PROGRESS == 0:
                    progress(done, None)
            lost = [item for item in skipped[reported:] if item.reason in _UNREADABLE]
            if len(contacts) == before and lost:
                raise SourceUnavailable(
                    f"{name}: none of its {len(lost)} rows can be read. The first: {lost[0].reason}"
                    f" ({lost[0].where}). Check delimiter and columns, or export it again."
                )
            if len(skipped) == reported and len(contacts) == before:
                skipped.append(Skipped(_NO_ROWS, name))
            report.add_columns(
                name,
                opened,
                self.columns,
                named=any(contact.name for contact in islice(contacts, before, None)),
            )
        for (key, header), missing in report.absent.items():
            if missing == count:
                raise SourceUnavailable(
                    f'{key} names the column "{header}", which is in none of the files. Correct'
                    f" {key}."
                )
        if told := advice(report.unused, self.columns):
            report.notes.append(told)
        if progress is not None:
            progress(done, done)
        return Full(tuple(contacts), checkpoint, tuple(skipped), tuple(report.notes))

    def _checkpoint(self, files: list[tuple[Path, bytes]]) -> str:
        digest = sha256(
            f"{_READER_VERSION}\0{self.model_dump_json(exclude={'timeout', 'max_size'})}".encode()
        )
        for path, data in files:
            digest.update(f"\0{path}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
            digest.update(data)
        return digest.hexdigest()

    def _opened(self, name: str, data: bytes, ids: dict[str, int], report: _Report) -> _Read:
        """Return how to read a file; `ids` are those of the previous files."""
        encoding = choose_encoding(data, self.encoding, name)
        if self.encoding is None and not encoding.startswith("utf"):
            other = rival(data, encoding)
            doubt = (
                f', and encoding = "{other}" is nearly as probable'
                if other
                else ", and fits no language well"
                if is_odd(data)
                else ""
            )
            report.notes.append(
                f"{name} is read as {encoding}: that is a guess{doubt}. Where names are garbled,"
                " set encoding, or save it as UTF-8."
            )
        if encoding.startswith("utf-8"):
            report.notes += (f"{name} {wrong}." for wrong in garbled_text(data))
        header = find_header(head_of(data, encoding, name), self.delimiter, self.columns, name)
        if header.titles:
            lines = "1 line" if header.titles == 1 else f"{header.titles} lines"
            report.notes.append(
                f"{name}: {lines} above the headers passed over: nothing was read from there."
            )
        again = SecondHeader(header, name)
        rows = RowReader(
            header, again, name, ids, report.skipped, include_private=self.include_private
        )
        ignored = {
            at
            for word in (self.columns.ignore if self.columns else ())
            for at in positions(header.names, word)
        }
        return _Read(
            header, encoding, again, rows, UnusedColumns(header.names, header.layout, ignored)
        )

    def _rows(
        self, name: str, data: bytes, opened: _Read, skipped: list[Skipped]
    ) -> Iterator[tuple[Contact | None, int]]:
        """Yield a contact or None for every row that is not blank.

        Each comes with the number of the row's first line.
        """
        header, reader, unused = opened.header, opened.rows, opened.unused
        words, named = opened.again.words, opened.again.looked_at
        watched = len(unused.watched)
        for row, line in records(decode_lines(data, opened.encoding), header, name):
            if len(row) > header.width:
                skipped.append(Skipped(_TOO_WIDE, f"{name} line {line}"))
                yield None, line
            elif row[named] in words and opened.again.is_met(row, line):
                skipped.append(Skipped(AGAIN, f"{name} line {line}"))
                yield None, line
            else:
                if watched and (watched <= _FEW or line < _LOOKED_AT or not line % _EVERY):
                    unused.see(row)
                    watched = len(unused.watched)
                yield reader.contact(row, line), line


def _printable_name(name: str) -> str:
    """Return a file's name without undecodable bytes.

    Ids and reports must be storable.
    """
    return name.encode("utf-8", "replace").decode("utf-8")

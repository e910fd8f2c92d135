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
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator, Strict

from connectors.base import MEGABYTE, Connector, Delta, Full, Progress, Size, Skipped, SourceUnavailable
from connectors.contact import Contact
from connectors.csv.charset_detection import is_odd, rival
from connectors.csv.columns import Columns, positions
from connectors.csv.decoding import choose_encoding, decode_lines, head_of
from connectors.csv.files import file_state, find, read_stable, watched_folders
from connectors.csv.header import Header, SecondHeader, find_header
from connectors.csv.records import records
from connectors.csv.rows import AGAIN, NOTHING, RowReader
from connectors.csv.unused_columns import NO_NAMES, Unused, UnusedColumns, advice
from connectors.fields import LocalPath

_READER_VERSION = "csv 5"
"""Goes into the checkpoint: to be changed with anything that reads the same file differently."""

_PROGRESS = 1000
_FEW, _LOOKED_AT, _EVERY = 12, 2000, 10
"""More than a few unused columns are looked at in the first lines, then in every tenth: else that would cost as much as reading."""

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


@dataclass(slots=True)
class _Report:
    """What is told of a source beside its contacts."""

    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    absent: dict[tuple[str, str], int] = field(default_factory=dict)

    def add_columns(self, name: str, read: "_Read", columns: Columns | None, *, named: bool) -> None:
        """Report the filled columns of a file that are not used. `named`: some contact of the file has a name."""
        found = read.unused.worth_reading(named=named)
        self.unused += found
        self.skipped += [item.report(name) for item in found]
        layout = read.header.layout
        if layout.organization and not layout.names_somebody and not (columns is not None and columns.organization):
            self.skipped.append(Skipped(NO_NAMES, name))
        if names := read.unused.names(read.rows.conflicts):
            self.notes.append(f"{name}: columns that hold something and are not read: {', '.join(names)}.")
        for missing in read.header.absent:
            key = (missing.key, missing.header)
            self.absent[key] = self.absent.get(key, 0) + 1


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: its headers, its reader, and its columns that are not used."""

    header: Header
    encoding: str
    again: SecondHeader
    rows: RowReader
    unused: UnusedColumns


class CsvConnector(Connector):
    """Contacts from one or more CSV files. The keys are explained in docs/connectors/csv.md."""

    path: Annotated[tuple[LocalPath, ...], BeforeValidator(_as_list), Field(min_length=1)]
    encoding: Annotated[str, PlainValidator(_check_encoding)] | None = None
    delimiter: Annotated[str, PlainValidator(_check_delimiter)] | None = None
    columns: Columns | None = None
    include_private: Annotated[bool, Strict()] = False
    max_size: Size = 64 * MEGABYTE
    """Bytes of one file."""

    def watched(self) -> tuple[Path, ...]:
        """Return the folders in which the files lie; of a glob, its part without wildcards."""
        return watched_folders(self.path)

    def marks(self) -> str:
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
            found |= {contact.id: f"{name} line {line}" for contact, line in rows if contact is not None}
        return found

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Read all files: an empty Delta when nothing changed since the checkpoint, else everything.

        Raises SourceUnavailable, with the file and where it can be known the line and column, when any file cannot be believed,
        SourceRefused when one is larger than `max_size`.
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
            lost = [item for item in skipped[reported:] if item.reason in (NOTHING, _TOO_WIDE)]
            if len(contacts) == before and lost:
                raise SourceUnavailable(
                    f"{name}: none of its {len(lost)} rows can be read. The first: {lost[0].reason} ({lost[0].where}). "
                    "Check delimiter and columns, or export it again."
                )
            if len(skipped) == reported and len(contacts) == before:
                skipped.append(Skipped(_NO_ROWS, name))
            report.add_columns(name, opened, self.columns, named=any(contact.name for contact in islice(contacts, before, None)))
        for (key, header), missing in report.absent.items():
            if missing == count:
                raise SourceUnavailable(f'{key} names the column "{header}", which is in none of the files. Correct {key}.')
        if told := advice(report.unused, self.columns):
            report.notes.append(told)
        if progress is not None:
            progress(done, done)
        return Full(tuple(contacts), checkpoint, tuple(skipped), tuple(report.notes))

    def _checkpoint(self, files: list[tuple[Path, bytes]]) -> str:
        digest = sha256(f"{_READER_VERSION}\0{self.model_dump_json(exclude={'timeout', 'max_size'})}".encode())
        for path, data in files:
            digest.update(f"\0{path}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
            digest.update(data)
        return digest.hexdigest()

    def _opened(self, name: str, data: bytes, ids: dict[str, int], report: _Report) -> _Read:
        """Return how a file is to be read. `ids` are those of the files before it."""
        encoding = choose_encoding(data, self.encoding, name)
        if self.encoding is None and not encoding.startswith("utf"):
            other = rival(data, encoding)
            doubt = f', and encoding = "{other}" is nearly as probable' if other else ", and fits no language well" if is_odd(data) else ""
            report.notes.append(
                f"{name} is read as {encoding}: that is a guess{doubt}. Where names are garbled, set encoding, or save it as UTF-8."
            )
        header = find_header(head_of(data, encoding, name), self.delimiter, self.columns, name)
        if header.titles:
            lines = "1 line" if header.titles == 1 else f"{header.titles} lines"
            report.notes.append(f"{name}: {lines} above the headers passed over: nothing was read from there.")
        again = SecondHeader(header, name)
        rows = RowReader(header.layout, again, name, ids, report.skipped, include_private=self.include_private)
        ignored = {at for word in (self.columns.ignore if self.columns else ()) for at in positions(header.names, word)}
        return _Read(header, encoding, again, rows, UnusedColumns(header.names, header.layout, ignored))

    def _rows(self, name: str, data: bytes, opened: _Read, skipped: list[Skipped]) -> Iterator[tuple[Contact | None, int]]:
        """Yield a contact, or None, for every row that is not blank, each with the line where its row begins."""
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
    """A file's name without the bytes that are no text: ids and reports must be storable."""
    return name.encode("utf-8", "replace").decode("utf-8")

"""Detect how a CSV file is laid out: delimiter, header line and columns.

Errors tell the administrator what to do if the first rows are not enough. They may
quote a header, but never a row of a person. Headers are quoted only if the rows below
hold numbers and the first row does not.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from connectors.base import SourceUnavailable
from connectors.csv.columns import ColumnMissing, Columns, Layout, fold_header, resolve_columns
from connectors.csv.header_meaning import field_of, phrases
from connectors.csv.header_words import beside, fields, numbers
from connectors.csv.layouts import complemented, detect_layout, headerless_layout, looks_like_number
from connectors.csv.titles import header_row, stands_twice

_DELIMITERS = (",", ";", "\t", "|")
_SEP = re.compile(r'"?sep=(.)"?\r?\n?\Z', re.IGNORECASE)
# Export-Csv of Windows PowerShell begins with "#TYPE" and the type of the objects. Other tools
# begin with a remark of their own.
_REMARK = re.compile(r'"?#[^,;\t|"#]{2,}"?[,;\t|]*\r?\n?\Z')
_SAMPLE_CHARS = 1 << 16
_SAMPLE_ROWS = 30
_NOTHING = ' \t\r\n,;|"'

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Header:
    """Layout of a file, from its first rows.

    `skip` lines precede the first row of data, and every row has `width` columns.
    `names` are the headers, empty if the file has none. `absent` are configured headers
    that the file lacks. `titles` counts the filled rows above the headers.
    """

    delimiter: str
    layout: Layout
    width: int
    skip: int
    names: tuple[str, ...] = ()
    absent: tuple[ColumnMissing, ...] = ()
    titles: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The sample, read with one delimiter.

    `before` counts the lines that are no rows, `ends` all lines to the end of each row.
    `titles` counts the rows that were omitted because the headers stand below them.
    """

    delimiter: str
    rows: tuple[tuple[str, ...], ...]
    before: int
    ends: tuple[int, ...]
    titles: int = 0

    @property
    def skip(self) -> int:
        return self.ends[0]

    @property
    def alike(self) -> int:
        return sum(len(row) == len(self.rows[0]) for row in self.rows)


def find_header(
    lines: Iterator[str], delimiter: str | None, columns: Columns | None, name: str
) -> Header:
    """Return how the file that begins with `lines` is laid out.

    `name` is the file's, for errors. Raises SourceUnavailable if a required column is
    not found.
    """
    first, before, excel = next(lines, ""), 0, ""
    while (mark := _SEP.match(first)) or _REMARK.match(first):
        first, before, excel = next(lines, ""), before + 1, mark[1] if mark else excel
    sample = _sample(lines, first)
    tried = (delimiter,) if delimiter is not None else (excel,) if excel else _DELIMITERS
    readings = [reading for mark in tried if (reading := _read(sample, mark, before)).rows]
    if not readings:
        raise SourceUnavailable(
            f"{name} holds nothing but blank lines. Export it again; its first line must name the"
            " columns."
        )
    best = max(
        (_below_titles(reading, columns) for reading in readings),
        key=lambda reading: _score(reading, columns),
    )
    row = best.rows[0]
    absent: list[ColumnMissing] = []
    if columns is None or columns.recognise:
        layout = detect_layout(row) if columns is None else complemented(row, columns, absent)
        if not layout.usable:
            if delimiter is not None and len(row) == 1:
                raise SourceUnavailable(
                    f'{name} line {best.skip} holds no "{delimiter}". Correct delimiter, or leave'
                    " it out to have it found."
                )
            return _headerless(readings, name)
    else:
        layout = _mapped(best, columns, name)
    if twice := stands_twice(row, layout):
        raise SourceUnavailable(
            f'{name} line {best.skip}: "{twice}" stands twice, with numbers beside each: these are'
            " lists side by side. Put one below the other."
        )
    return Header(best.delimiter, layout, len(row), best.skip, row, tuple(absent), best.titles)


class SecondHeader:
    """Detects a second header line within the rows, where two files were joined.

    A row is checked only if its cell in the column `looked_at` is among the `words`,
    which costs next to nothing.
    """

    def __init__(self, header: Header, name: str) -> None:
        self._name = name
        self._folded = [fold_header(word) for word in header.names]
        layout = header.layout
        named = layout.name or layout.given_name or layout.family_name or layout.organization
        self.looked_at = (*named, 0)[0]
        words = {
            word for cell in header.names if fold_header(cell) for word in (cell, cell.strip())
        }
        styles = {
            spelling
            for word in words
            for spelling in (word, word.lower(), word.upper(), word.title())
        }
        # The second file may begin with a byte order mark too.
        self.words = frozenset(
            (
                *styles,
                *(
                    f"{start}{word}{end}"
                    for start, end in (("\ufeff", ""), ('\ufeff"', '"'))
                    for word in styles
                ),
            )
        )

    def is_likely(self, row: Sequence[str]) -> bool:
        """Return whether a row without a number may be a header line."""
        word = fold_header(row[self.looked_at])
        return word in fields() or word in numbers() or word in beside()

    def is_met(self, row: Sequence[str], line: int) -> bool:
        """Return whether a row repeats the file's header line.

        Raises SourceUnavailable if it is a line of other headers.
        """
        cells = [cell for cell in row if cell.strip()]
        present = frozenset(phrase for cell in cells for phrase in phrases(cell))
        if (
            len(cells) < 2
            or not _is_header(cells)
            or not all(
                fold_header(cell) in self._folded or field_of(cell, present) for cell in cells
            )
        ):
            return False
        if [fold_header(cell) for cell in row] == self._folded:
            return True
        raise SourceUnavailable(
            f"{self._name} line {line} holds other headers than the first: two files were joined"
            " that have different columns. Keep them apart: path takes a list of files."
        )


def _sample(lines: Iterator[str], first: str) -> str:
    taken = [first]
    size = len(first)
    for line in lines:
        taken.append(line)
        size += len(line)
        if size > _SAMPLE_CHARS:
            break
    return "".join(taken)


def _read(sample: str, delimiter: str, before: int) -> _Candidate:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[tuple[str, ...]] = []
    ends: list[int] = []
    try:
        for row in islice(reader, _SAMPLE_ROWS):
            if any(cell.strip(_NOTHING) for cell in row):
                ends.append(before + reader.line_num)
                rows.append(tuple(row))
    except csv.Error:
        # An endless field: the delimiter or a quotation mark is wrong. The rows before it count.
        pass
    return _Candidate(delimiter, tuple(rows), before, tuple(ends))


def _layout(row: Sequence[str], columns: Columns | None) -> Layout | None:
    """Return the layout of a header line; None if it lacks a configured header."""
    try:
        if columns is None:
            return detect_layout(row)
        return (
            complemented(row, columns, []) if columns.recognise else resolve_columns(row, columns)
        )
    except ColumnMissing:
        return None


def _below_titles(reading: _Candidate, columns: Columns | None) -> _Candidate:
    """Return a candidate without the titles above its headers."""

    def usable(row: Sequence[str]) -> bool:
        layout = _layout(row, columns)
        return layout is not None and layout.usable and _is_header(row)

    found = header_row(reading.rows, usable)
    if found is None:
        return reading
    rows, ends = (found.names, *reading.rows[found.at + 1 :]), reading.ends[found.at :]
    return replace(reading, rows=rows, ends=ends, titles=found.titles)


def _score(reading: _Candidate, columns: Columns | None) -> tuple[int, int, int]:
    row = reading.rows[0]
    layout = _layout(row, columns)
    known = layout.size if layout is not None else 0
    return known, reading.alike if len(row) > 1 else 0, len(row)


def _is_header(row: Sequence[str]) -> bool:
    return not any(looks_like_number(cell) or "@" in cell for cell in row)


def _headerless(readings: Sequence[_Candidate], name: str) -> Header:
    for reading in readings:
        layout = headerless_layout(reading.rows)
        if layout is not None:
            # All of the sample fits. A later row that does not is reported by its line.
            return Header(reading.delimiter, layout, 2, reading.before)
    best = max(readings, key=lambda reading: _score(reading, None))
    where = f"{name} line {best.skip}"
    if not _safe_to_show(best.rows):
        raise SourceUnavailable(
            f"{where} does not name the columns. Make the first line one of headers, for example:"
            ' name,number. Other headers are explained by columns = { name = "...", work ='
            ' "..." }.'
        )
    raise SourceUnavailable(
        f"{where}: no column {_missing(detect_layout(best.rows[0]))} was recognised. The columns"
        f' are: {_shown(best.rows[0])}. Say which is which with columns = {{ name = "...", work ='
        ' "..." }, or set delimiter if they are not split rightly.'
    )


def _mapped(reading: _Candidate, columns: Columns, name: str) -> Layout:
    try:
        return resolve_columns(reading.rows[0], columns)
    except ColumnMissing as error:
        there = (
            f"The columns are: {_shown(reading.rows[0])}. " if _safe_to_show(reading.rows) else ""
        )
        raise SourceUnavailable(
            f'{name} line {reading.skip}: {error.key} names the column "{error.header}", which is'
            f" not there. {there}Correct {error.key}, or set delimiter if the columns are not split"
            " rightly."
        ) from error


def _missing(layout: Layout) -> str:
    return "of names" if layout.numbers else "of numbers" if layout.size else "of names or numbers"


def _safe_to_show(rows: Rows) -> bool:
    return _is_header(rows[0]) and any(looks_like_number(cell) for row in rows[1:] for cell in row)


def _shown(row: Sequence[str]) -> str:
    shown = [f'"{cell.strip()[:40]}"' for cell in row[:60] if cell.strip()]
    return ", ".join(shown) + (", ..." if len(row) > 60 else "")

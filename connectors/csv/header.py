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
from connectors.csv.columns import ColumnMissing, Columns, Layout, resolve_columns
from connectors.csv.layouts import (
    complete_layout,
    detect_layout,
    headerless_layout,
    looks_like_number,
)
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


class UnknownColumns(SourceUnavailable):
    """No column of names or none of numbers was recognised by its header.

    `header` is how the file is laid out as far as it is known.
    """

    def __init__(self, message: str, header: Header) -> None:
        super().__init__(message)
        self.header = header


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
    while (separator := _SEP.match(first)) or _REMARK.match(first):
        first, before, excel = next(lines, ""), before + 1, separator[1] if separator else excel
    sample = _sample(lines, first)
    tried = (delimiter,) if delimiter is not None else (excel,) if excel else _DELIMITERS
    candidates = [
        candidate for char in tried if (candidate := _read_sample(sample, char, before)).rows
    ]
    if not candidates:
        raise SourceUnavailable(
            f"{name} holds nothing but blank lines. Export it again; its first line must name the"
            " columns."
        )
    best = max(
        (_below_titles(candidate, columns) for candidate in candidates),
        key=lambda candidate: _score(candidate, columns),
    )
    row = best.rows[0]
    absent: list[ColumnMissing] = []
    if columns is None or columns.recognise:
        layout = detect_layout(row) if columns is None else complete_layout(row, columns, absent)
        if not layout.usable:
            if delimiter is not None and len(row) == 1:
                raise SourceUnavailable(
                    f'{name} line {best.skip} holds no "{delimiter}". Correct delimiter, or leave'
                    " it out to have it found."
                )
            return _headerless_header(candidates, name)
    else:
        layout = _resolve(best, columns, name)
    if twice := stands_twice(row, layout):
        raise SourceUnavailable(
            f'{name} line {best.skip}: "{twice}" stands twice, with numbers beside each: these are'
            " lists side by side. Put one below the other."
        )
    return Header(best.delimiter, layout, len(row), best.skip, row, tuple(absent), best.titles)


def _sample(lines: Iterator[str], first: str) -> str:
    taken = [first]
    size = len(first)
    for line in lines:
        taken.append(line)
        size += len(line)
        if size > _SAMPLE_CHARS:
            break
    return "".join(taken)


def _read_sample(sample: str, delimiter: str, before: int) -> _Candidate:
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


def _layout_of(row: Sequence[str], columns: Columns | None) -> Layout | None:
    """Return the layout of a header line; None if it lacks a configured header."""
    try:
        if columns is None:
            return detect_layout(row)
        return (
            complete_layout(row, columns, [])
            if columns.recognise
            else resolve_columns(row, columns)
        )
    except ColumnMissing:
        return None


def _below_titles(candidate: _Candidate, columns: Columns | None) -> _Candidate:
    """Return a candidate without the titles above its headers."""

    def usable(row: Sequence[str]) -> bool:
        layout = _layout_of(row, columns)
        return layout is not None and layout.usable and is_header(row)

    found = header_row(candidate.rows, usable)
    if found is None:
        return candidate
    rows, ends = (found.names, *candidate.rows[found.at + 1 :]), candidate.ends[found.at :]
    return replace(candidate, rows=rows, ends=ends, titles=found.titles)


def _score(candidate: _Candidate, columns: Columns | None) -> tuple[int, int, int]:
    row = candidate.rows[0]
    layout = _layout_of(row, columns)
    known = layout.size if layout is not None else 0
    return known, candidate.alike if len(row) > 1 else 0, len(row)


def is_header(row: Sequence[str]) -> bool:
    """Return whether a row may be a header line: without numbers and addresses."""
    return not any(looks_like_number(cell) or "@" in cell for cell in row)


def _headerless_header(candidates: Sequence[_Candidate], name: str) -> Header:
    for candidate in candidates:
        layout = headerless_layout(candidate.rows)
        if layout is not None:
            # All of the sample fits. A later row that does not is reported by its line.
            return Header(candidate.delimiter, layout, 2, candidate.before)
    best = max(candidates, key=lambda candidate: _score(candidate, None))
    where = f"{name} line {best.skip}"
    if not _safe_to_show(best.rows):
        raise SourceUnavailable(
            f"{where} does not name the columns. Make the first line one of headers, for example:"
            ' name,number. Other headers are explained by columns = { name = "...", work ='
            ' "..." }.'
        )
    row = best.rows[0]
    layout = detect_layout(row)
    raise UnknownColumns(
        f"{where}: no column {_missing_column(layout)} was recognised. The columns are:"
        f' {_quoted_headers(row)}. Say which is which with columns = {{ name = "...",'
        ' work = "..." }, or set delimiter if they are not split rightly.',
        Header(best.delimiter, layout, len(row), best.skip, row, (), best.titles),
    )


def _resolve(candidate: _Candidate, columns: Columns, name: str) -> Layout:
    try:
        return resolve_columns(candidate.rows[0], columns)
    except ColumnMissing as error:
        there = (
            f"The columns are: {_quoted_headers(candidate.rows[0])}. "
            if _safe_to_show(candidate.rows)
            else ""
        )
        raise SourceUnavailable(
            f'{name} line {candidate.skip}: {error.key} names the column "{error.header}", which is'
            f" not there. {there}Correct {error.key}, or set delimiter if the columns are not split"
            " rightly."
        ) from error


def _missing_column(layout: Layout) -> str:
    return "of names" if layout.numbers else "of numbers" if layout.size else "of names or numbers"


def _safe_to_show(rows: Rows) -> bool:
    return is_header(rows[0]) and any(looks_like_number(cell) for row in rows[1:] for cell in row)


def _quoted_headers(row: Sequence[str]) -> str:
    shown = [f'"{cell.strip()[:40]}"' for cell in row[:60] if cell.strip()]
    return ", ".join(shown) + (", ..." if len(row) > 60 else "")

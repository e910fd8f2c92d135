"""Find filled columns of a file that are not read, and what they look like.

Each such column is named once a file. If its cells look like telephone numbers or
names, it is reported as skipped, with the configuration line that includes it. Reports
hold headers, never cells.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from operator import itemgetter

from connectors.base import Skipped
from connectors.contact import NumberKind
from connectors.csv.columns import Columns, Layout, fold_header
from connectors.csv.header_hints import (
    counts_something,
    hints_at_number,
    is_area_code,
    kind_hint,
    may_name,
    may_number,
)

LIKE_NUMBERS = "a column that looks like telephone numbers, but is not read"
LIKE_NAMES = "a column that looks like names, but is not read"
AREA_CODE = "a column of area codes, which are not put before the numbers"
NO_NAMES = "no column of names, only one of organisations: every entry bears an organisation's name"

_MAX_CELLS = 50
_EXAMPLES = 2
_PHONE = re.compile(r"(?:tel:)?[+(]*[0-9][0-9 ()/.\u00a0\u2010-\u2015\-]*\Z")
_DATE = re.compile(
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{2}|[0-9]{4})\Z"
)
_AREA_CODE = re.compile(r"[+(]*[0-9]{1,6}\)?\Z")
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,2})\.[0-9]+\Z")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[’'.\-])*(?:,? [^\W\d_](?:[^\W\d_]|[’'.\-])*){0,4}\Z")
_MIN_DIGITS, _MAX_DIGITS = 7, 15


@dataclass(frozen=True, slots=True)
class Unused:
    """A column that looks worth reading, with our field for it and its header.

    `examples` are some of its cells, for nobody but the person who is asked about it.
    """

    field: str
    header: str
    name: str
    examples: tuple[str, ...] = dataclass_field(default=(), compare=False, repr=False)

    def report(self, name: str) -> Skipped:
        """Return the report of the column; `name` is the file's."""
        reason = LIKE_NUMBERS if self.field in frozenset(NumberKind) else LIKE_NAMES
        return Skipped(reason, column_place(name, self.name))


class UnusedColumns:
    """Examines the rows of one file for filled columns that its layout does not use.

    A column is `watched` until enough of its cells were seen.
    """

    def __init__(self, headers: Sequence[str], layout: Layout, ignored: Iterable[int] = ()) -> None:
        self._headers = headers
        self._layout = layout
        left = sorted(set(range(len(headers))) - layout.used - set(ignored))
        self._cells: dict[int, list[str]] = {index: [] for index in left}
        self._watch(left)

    def see(self, row: Sequence[str]) -> None:
        """Record the watched columns of a row, which has as many cells as headers."""
        # Most of these cells are blank in most rows, so one test covers all of them.
        if not any(self._pick(row)):
            return
        for index in self.watched:
            if cell := row[index].strip():
                self._cells[index].append(cell)
        if any(len(self._cells[index]) >= _MAX_CELLS for index in self.watched):
            self._watch([index for index in self.watched if len(self._cells[index]) < _MAX_CELLS])

    def worth_reading(self, *, named: bool, every: bool = False) -> list[Unused]:
        """Return the columns that look like names or numbers, in the file's order.

        `named` means that some row of the file has a name. `every` returns the other
        filled columns too, with "" for the field.
        """
        found = (
            (self._field(index, cells, named=named), index)
            for index, cells in self._cells.items()
            if cells
        )
        return [
            Unused(
                meaning,
                self._headers[index].strip(),
                column_name(self._headers[index], index),
                tuple(dict.fromkeys(self._cells[index]))[:_EXAMPLES],
            )
            for meaning, index in found
            if meaning or every
        ]

    def names(self, partly: Iterable[int] = ()) -> list[str]:
        """Return a name for each column that holds something.

        `partly` are columns that are read for some rows only.
        """
        filled = [index for index, cells in self._cells.items() if cells]
        return [column_name(self._headers[index], index) for index in sorted({*filled, *partly})]

    def area_codes(self) -> list[str]:
        """Return a name for each column without which the numbers are not complete."""
        return [
            column_name(self._headers[index], index)
            for index, cells in self._cells.items()
            if cells
            and is_area_code(self._headers[index])
            and _mostly(cells, lambda cell: _AREA_CODE.match(cell) is not None)
        ]

    def _watch(self, columns: Sequence[int]) -> None:
        self.watched = tuple(columns)
        # itemgetter returns a tuple for several keys only.
        self._pick: Callable[[Sequence[str]], Sequence[str]] = (
            itemgetter(*columns, columns[0]) if columns else tuple
        )

    def _field(self, index: int, cells: list[str], *, named: bool) -> str:
        header = self._headers[index]
        hint = hints_at_number(header)
        min_digits, written = (2 if hint else _MIN_DIGITS), counts_something(header)
        if may_number(header) and _mostly(
            cells, lambda cell: is_number(cell, min_digits, written=written)
        ):
            return kind_hint(header)
        missing = self._missing_name(named=named)
        # Names of people differ. A few words that repeat are something else.
        several = len(set(cells)) * 2 > len(cells)
        return (
            missing
            if several and not hint and may_name(header) and _mostly(cells, _is_name)
            else ""
        )

    def _missing_name(self, *, named: bool) -> str:
        """Return the part of a name that the layout lacks, or ""."""
        layout = self._layout
        if not named or layout.name or bool(layout.given_name) == bool(layout.family_name):
            return "" if named else "name"
        return "family_name" if layout.given_name else "given_name"


def advice(found: Sequence[Unused], columns: Columns | None) -> str:
    """Return configuration lines that include the given columns or ignore them.

    Columns that `columns` already names are kept.
    """
    named = [item for item in dict.fromkeys(found) if not item.name.startswith("column ")]
    if not named:
        return ""
    fields = {
        item.field: [other.header for other in named if other.field == item.field] for item in named
    }
    ignored = {"ignore": list(dict.fromkeys(item.header for item in named))}
    return (
        f"to read them: {_line(columns, fields)}; to leave them out without a warning:"
        f" {_line(columns, ignored)}"
    )


def quoted(header: str) -> str:
    """Return a header in quotation marks, as TOML and JSON write them."""
    return json.dumps(header, ensure_ascii=False)


def column_name(header: str, index: int) -> str:
    """Return a column's name for a report.

    It is the header, or its position if that is blank or might be somebody's number.
    """
    header = header.strip()
    return (
        f"column {index + 1}"
        if not fold_header(header) or "@" in header or is_number(header, 4)
        else quoted(header)
    )


def column_place(name: str, column: str) -> str:
    """Return where a column is, for a report.

    It is the file's name and what `shown` returned.
    """
    return f"{name} {column}" if column.startswith("column ") else f"{name} column {column}"


def _line(columns: Columns | None, added: dict[str, list[str]]) -> str:
    old = columns.model_dump(exclude_defaults=True) if columns is not None else {}
    keys: dict[str, object] = (
        {} if columns is not None and not columns.recognise else {"recognise": True}
    )
    for key in (
        key
        for key in Columns.model_fields
        if key != "recognise" and (old.get(key) or added.get(key))
    ):
        headers = [
            *old.get(key, ()),
            *(header for header in added.get(key, ()) if header not in old.get(key, ())),
        ]
        keys[key] = headers[0] if len(headers) == 1 else headers
    pairs = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items())
    return f"columns = {{ {', '.join(pairs)} }}"


def _mostly(cells: list[str], fits: Callable[[str], bool]) -> bool:
    return sum(fits(cell) for cell in cells) * 2 >= len(cells)


def is_number(cell: str, min_digits: int, *, written: bool = False) -> bool:
    """Return whether a cell may be a telephone number and no date.

    `written` accepts only one with a +, a leading 0 or separators.
    """
    if (
        not _PHONE.match(cell)
        or _DATE.match(cell)
        or _DECIMAL.match(cell)
        or (written and cell.isdigit() and cell[0] != "0")
    ):
        return False
    digits = sum(char.isdigit() for char in cell)
    return (min_digits if cell[0] != "+" else 4) <= digits <= _MAX_DIGITS


def _is_name(cell: str) -> bool:
    return (
        len(cell) <= 60
        and _NAME.match(cell) is not None
        and (cell[0].isupper() or not cell[0].islower())
    )

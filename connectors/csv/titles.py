"""Find the header row of a table, and detect two tables side by side.

Headers may stand below titles and take two lines.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from connectors.contact import NumberKind
from connectors.csv.columns import Layout, fold_header
from connectors.csv.header_hints import hints_at_number
from connectors.csv.header_meaning import field_of, phrases
from connectors.csv.unused_columns import is_number

_MAX_TITLES = 10
_MIN_DIGITS = 6
_KINDS = frozenset(kind.value for kind in NumberKind)

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """The headers of a table, and the index of their last line among the rows.

    `titles` counts the rows above that are titles.
    """

    names: tuple[str, ...]
    at: int
    titles: int


def header_row(rows: Rows, usable: Callable[[Sequence[str]], bool]) -> HeaderRow | None:
    """Return the first headers that are `usable`.

    Returns None if there are none among the first rows or a telephone number stands
    above.
    """
    for at, row in enumerate(rows[:_MAX_TITLES]):
        if usable(row) and all(cell.strip() for cell in row):
            return HeaderRow(tuple(row), at, at)
        if any(is_number(cell.strip(), _MIN_DIGITS) for cell in row):
            return None
        names = _together(row, rows[at + 1]) if at + 1 < len(rows) else ()
        if names and usable(names):
            return HeaderRow(names, at + 1, at)
        if usable(row):
            return HeaderRow(tuple(row), at, at)
    return None


def stands_twice(names: Sequence[str], layout: Layout) -> str:
    """Return a name header that stands twice with numbers beside each, or "".

    Such a file holds two lists side by side. Both have the same column of numbers.
    """
    spelled = [fold_header(header) for header in names]
    columns = {(spelled[column.index], column.index) for column in layout.numbers}
    for field in (layout.name, layout.given_name, layout.family_name):
        positions = sorted({*field, *(item.column for item in layout.merged if item.into in field)})
        for first, second in pairwise(positions):
            between = {header for header, at in columns if first < at < second}
            around = {header for header, at in columns if at < first or at > second}
            if spelled[first] == spelled[second] and between & around:
                return names[first].strip()
    return ""


def _together(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Return the combined headers of two lines; () if the lower line has no headers.

    A header of the upper line stands over several columns.
    """
    width = max(len(upper), len(lower))
    above = [cell.strip() for cell in (*upper, *[""] * (width - len(upper)))]
    below = [cell.strip() for cell in (*lower, *[""] * (width - len(lower)))]
    present = frozenset(phrase for cell in (*above, *below) for phrase in phrases(cell))
    is_known = any(field_of(cell, present) or hints_at_number(cell) for cell in above if cell)
    if not is_known or not any(low and not high for high, low in zip(above, below, strict=True)):
        return ()
    names: list[str] = []
    group = ""
    for high, low in zip(above, below, strict=True):
        group = high or group
        if not low:
            names.append(high)
            continue
        both = field_of(f"{group} {low}", present)
        if both not in _KINDS and not field_of(low, present):
            return ()
        names.append(f"{group} {low}" if both in _KINDS else low)
    return tuple(names)

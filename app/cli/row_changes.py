"""Compare the rows that phones show before and after, as (name, number)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import msgspec

Row = tuple[str, str]


class Kind(StrEnum):
    """What happens to a row."""

    ADDED = "added"
    GONE = "gone"
    RENAMED = "renamed"
    NUMBER = "number"


class RowChange(msgspec.Struct, frozen=True):
    """A changed row.

    A row that is gone has its former name and number alone, one that is added its new
    ones. The others have both.
    """

    kind: Kind
    name: str
    number: str
    former_name: str
    former_number: str


@dataclass(frozen=True, slots=True)
class _Lost:
    """The rows that are no longer there, to be taken one by one."""

    rows: Counter[Row]
    by_part: tuple[defaultdict[str, list[Row]], defaultdict[str, list[Row]]]

    def take(self, part: int, row: Row) -> Row | None:
        """Take the first row with the same name (part 0) or number (part 1), or None."""
        candidates = self.by_part[part][row[part]]
        while candidates:
            found = candidates.pop()
            if self.rows[found]:
                self.rows[found] -= 1
                return found
        return None


def compare_rows(before: Iterable[Row], after: Iterable[Row]) -> Iterator[RowChange]:
    """Yield how rows differ, those that are gone last.

    A row with the number of one that is gone is renamed. Else one with its name has
    another number. Only rows that differ are kept in memory, besides those before.
    """
    gone = Counter(before)
    new = [row for row in after if not _is_among(gone, row)]
    lost = _Lost(gone, (defaultdict(list), defaultdict(list)))
    for row in reversed(list(gone.elements())):
        for part in (0, 1):
            lost.by_part[part][row[part]].append(row)
    renamed = [lost.take(1, row) for row in new]
    for row, former in zip(new, renamed, strict=True):
        if former is not None:
            yield RowChange(Kind.RENAMED, *row, *former)
            continue
        former = lost.take(0, row)
        if former is not None:
            yield RowChange(Kind.NUMBER, *row, *former)
        else:
            yield RowChange(Kind.ADDED, *row, "", "")
    for row in gone.elements():
        yield RowChange(Kind.GONE, "", "", *row)


def _is_among(rows: Counter[Row], row: Row) -> bool:
    """Take a row from `rows`, and return whether it was there."""
    left = rows.get(row, 0)
    if left == 1:
        del rows[row]
    elif left:
        rows[row] = left - 1
    return bool(left)

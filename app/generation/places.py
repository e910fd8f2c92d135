"""Keep the rows of a profile in reading order by ids with gaps.

A row that is inserted gets an id between those of its neighbours. If there is none, the
rows around it are spread out.
"""

import sqlite3
from collections.abc import Mapping

from app.generation.schema import ID_STEP

_MAX_MOVED = 1024


class Unsuitable(Exception):
    """A generation cannot be made from the last one, but only from nothing.

    The text is the reason, without a contact's data.
    """


class Places:
    """The ids of one profile's rows, in the memo that is attached as `scratch`.

    Rows are those of `raw_P`, and are in order of (key, row). `placed` are the ids of
    rows that were inserted or moved, `former` the ids that moved rows had at first. All
    methods raise sqlite3.Error.
    """

    def __init__(self, file: sqlite3.Connection, profile: int, keys: Mapping[int, bytes]) -> None:
        """`keys` are the sort keys of rows that are no longer in `raw_P`."""
        self._file = file
        self._table = f"scratch.place_{profile}"
        self._raw = f"scratch.raw_{profile}"
        self._keys = keys
        self.placed: dict[int, int] = {}
        self.former: dict[int, int] = {}

    def find(self, key: bytes, row: int) -> int:
        """Return the id of a row. Raises Unsuitable if it has none."""
        found = self._first_from(key, row)
        if found is None or found[1] != row:
            raise Unsuitable("the memo does not know where a row stands")
        return found[0]

    def remove(self, row_id: int) -> None:
        """Remove a row by its id."""
        self._file.execute(f"DELETE FROM {self._table} WHERE id = ?", (row_id,))

    def insert(self, key: bytes, row: int) -> None:
        """Insert a row. Raises Unsuitable if there is no room."""
        following = self._first_from(key, row)
        after = following[0] if following is not None else None
        before = self._one(
            "SELECT max(id) FROM {0}" if after is None else "SELECT max(id) FROM {0} WHERE id < ?",
            after,
        )
        before = before or 0
        if after is None:
            self._put({row: before + ID_STEP})
        elif after - before >= 2:
            self._put({row: (before + after) // 2})
        else:
            self._spread(before, row, after)

    def _spread(self, before: int, row: int, after: int) -> None:
        """Insert a row between two ids without a gap, and spread the rows around it."""
        width = 4
        while width <= _MAX_MOVED:
            left = self._near("id <= ? ORDER BY id DESC", before, width)
            right = self._near("id >= ? ORDER BY id", after, width)
            low = self._one("SELECT max(id) FROM {0} WHERE id < ?", left[-1][0]) if left else None
            high = self._one("SELECT min(id) FROM {0} WHERE id > ?", right[-1][0])
            rows = [*(found for _, found in reversed(left)), row, *(found for _, found in right)]
            low, parts = low or 0, len(rows) + 1
            high = low + parts * ID_STEP if high is None else high
            if high - low >= 2 * parts:
                for row_id, found in (*left, *right):
                    self.remove(row_id)
                    self.former.setdefault(found, row_id)
                span = high - low
                self._put({found: low + span * part // parts for part, found in enumerate(rows, 1)})
                return
            width *= 2
        raise Unsuitable("there is no room for a row")

    def _put(self, ids: dict[int, int]) -> None:
        self._file.executemany(
            f"INSERT INTO {self._table} VALUES (?, ?)",
            [(row_id, row) for row, row_id in ids.items()],
        )
        self.placed |= ids

    def _near(self, condition: str, row_id: int, most: int) -> list[tuple[int, int]]:
        return self._file.execute(
            f"SELECT id, row FROM {self._table} WHERE {condition} LIMIT ?", (row_id, most)
        ).fetchall()

    def _one(self, query: str, row_id: int | None = None) -> int | None:
        parameters = () if row_id is None else (row_id,)
        found: int | None = self._file.execute(query.format(self._table), parameters).fetchone()[0]
        return found

    def _first_from(self, key: bytes, row: int) -> tuple[int, int] | None:
        """Return the first place, as (id, row), that is not before (key, row)."""
        last = self._one("SELECT max(id) FROM {0}")
        low, high = 0, last + 1 if last is not None else 0
        found = None
        while low < high:
            middle = (low + high) // 2
            ((row_id, other),) = self._near("id >= ? ORDER BY id", middle, 1)
            if (self._key(other), other) >= (key, row):
                found, high = (row_id, other), middle
            else:
                low = row_id + 1
        return found

    def _key(self, row: int) -> bytes:
        key = self._keys.get(row)
        if key is None:
            query = f"SELECT key FROM {self._raw} WHERE rowid = ?"
            (key,) = self._file.execute(query, (row,)).fetchone()
        return bytes(key)

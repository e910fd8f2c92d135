"""Find rows by the search index of a generation.

Most searches are answered by the index alone. A long number is looked for by its rarest
parts, and compared with the digits of each row that has them.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager

from app.generation.schema import BookTable
from app.search.query import Search

_LAST = "\U0010ffff"
_MAX_WORDS = 32
_SAMPLE = 50  # the row of a list whose id tells how long the list is
_RARE = 1 << 62
_CANDIDATES = 4  # rows that are compared for each one that is asked for


class IndexReader:
    """The search index of a table. All methods raise BrokenGeneration."""

    def __init__(
        self,
        file: sqlite3.Connection,
        table: BookTable,
        reading: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """`reading` makes a BrokenGeneration of every error of the file."""
        self._file = file
        self._rows = table.table
        self._index = f"found_{table.table}"
        self._reading = reading

    def words(self, prefix: str) -> tuple[str, ...] | None:
        """Return the indexed longer words that start with `prefix`.

        Returns None if they are more than 32.
        """
        query = (
            f"SELECT word FROM {self._index}_words WHERE word >= ? AND word < ?"
            " ORDER BY word LIMIT ?"
        )
        with self._reading():
            found = self._file.execute(query, (prefix, prefix + _LAST, _MAX_WORDS + 1))
            words = tuple(word for (word,) in found)
        return words if len(words) <= _MAX_WORDS else None

    def rarity(self, term: str) -> int:
        """Return the id of the 50th row with a term, a large number if there are fewer.

        Terms of numbers are spread evenly over the names.
        """
        query = f"SELECT rowid FROM {self._index} WHERE {self._index} MATCH ? LIMIT 1 OFFSET ?"
        with self._reading():
            row = self._file.execute(query, (f'"{term}"', _SAMPLE)).fetchone()
        return int(row[0]) if row else _RARE

    def search(self, search: Search, most: int, skipped: int = 0) -> tuple[int, ...]:
        """Return the ids of the rows that a search finds, in reading order.

        The first `skipped` ids are left out, and at most `most` are returned.
        """
        if search.digits:
            found = self._compare(search, most + skipped)
            if found is not None:
                return tuple(found[skipped:])
        query = (
            f"SELECT rowid FROM {self._index} WHERE {self._index} MATCH ?"
            " ORDER BY rowid LIMIT ? OFFSET ?"
        )
        with self._reading():
            return tuple(row for (row,) in self._file.execute(query, (search.terms, most, skipped)))

    def _compare(self, search: Search, most: int) -> list[int] | None:
        """Return the ids of at most `most` rows whose number holds the digits.

        Returns None if too many rows would have to be compared.
        """
        candidates = _CANDIDATES * most
        query = (
            f"SELECT r.id, instr(ifnull(r.digits, r.number), ?) FROM (SELECT rowid FROM"
            f" {self._index} WHERE {self._index} MATCH ? ORDER BY rowid LIMIT ?) f"
            f" CROSS JOIN {self._rows} r ON r.id = f.rowid"
        )
        found: list[int] = []
        count = 0
        with self._reading():
            for row, place in self._file.execute(query, (search.digits, search.rare, candidates)):
                count += 1
                if place:
                    found.append(row)
                    if len(found) == most:
                        return found
        return found if count < candidates else None

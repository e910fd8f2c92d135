"""Write the full-text index and the caller table of a generation.

The terms come from `app.search.terms`, the caller keys from `app.numbers.lookup_keys`.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable

from app.search.terms import TOKENS, book_term, listed_terms, row_terms
from app.state.bulk import insert_rows

_HASH_BYTES = 32 * 1024 * 1024
# Size of one page of an index list. With small pages, a query that intersects long lists with short
# ones skips most of the long ones.
_PAGE_BYTES = 1000
# Each update adds a segment to the index, in which each query looks. Eight of a size are merged
# into one, at most so many pages of them at an update.
_MERGED_SEGMENTS = 8
_MERGED_PAGES = 500

CallerKey = tuple[int, int, str]
"""A key, a rank and a name.

Of several names for one key, the one of the lowest rank is kept, then the first in the
alphabet.
"""

IndexedRow = tuple[int, str, str, tuple[str, ...]]
"""The id, words and digits of a row, and the subsets that hold it.

Subsets are the tables of those books that hold the row but not all rows.
"""


class RowIndex:
    """The full-text index of a profile's rows, and the list of its words."""

    def __init__(self, file: sqlite3.Connection, table: str) -> None:
        self._file = file
        self._table = table
        self._words: Counter[str] = Counter()

    def create(self) -> None:
        """Create the index."""
        # A contentless table stores no text. `detail=none` stores no positions, which complete
        # terms do not need. Without `columnsize` it stores no lengths (SQLite, "FTS5 Extension").
        self._file.execute(
            f"CREATE VIRTUAL TABLE {self._table} USING fts5(t, content='', columnsize=0,"
            f' detail=none, tokenize="{TOKENS}")'
        )
        self._file.execute(
            f"CREATE TABLE {self._table}_words (word TEXT PRIMARY KEY, rows INTEGER) WITHOUT ROWID"
        )
        # Rows come in ascending rowid order. One large hash table and one merge at the end
        # (`optimize`) are enough. Automatic merging would write everything several times.
        self._configure("automerge", 0)
        self._configure("crisismerge", 1000)
        self._configure("usermerge", _MERGED_SEGMENTS)
        self._configure("pgsz", _PAGE_BYTES)
        self._configure("hashsize", _HASH_BYTES)

    def _configure(self, word: str, value: int) -> None:
        self._file.execute(
            f"INSERT INTO {self._table} ({self._table}, rank) VALUES (?, ?)", (word, value)
        )

    def add(self, rows: Iterable[IndexedRow]) -> None:
        """Add rows, of which no id is in the index."""
        self._file.executemany(
            f"INSERT INTO {self._table} (rowid, t) VALUES (?, ?)",
            self._terms(rows, self._words.update),
        )

    def remove(self, rows: Iterable[IndexedRow]) -> None:
        """Remove rows, which must be as they were added."""
        # A contentless table finds the terms of a row by this command (SQLite, "FTS5 Extension").
        self._file.executemany(
            f"INSERT INTO {self._table} ({self._table}, rowid, t) VALUES ('delete', ?, ?)",
            self._terms(rows, self._words.subtract),
        )

    def _terms(
        self, rows: Iterable[IndexedRow], count: Callable[[list[str]], None]
    ) -> list[tuple[int, str]]:
        """Return the ids and terms of rows; `count` counts the words of all."""
        found: list[tuple[int, str]] = []
        used: list[str] = []
        for row_id, words, digits, subsets in rows:
            listed = words.split()
            used += listed
            terms = row_terms(listed, digits)
            if subsets:
                terms = f"{terms} {' '.join(map(book_term, subsets))}"
            found.append((row_id, terms))
        count(used)
        return found

    def finish(self) -> None:
        """Write the list of all words, and merge the index into one segment."""
        insert_rows(self._file, f"{self._table}_words", 2, sorted(self._vocabulary().items()))
        self._words.clear()
        self._file.execute(f"INSERT INTO {self._table} ({self._table}) VALUES ('optimize')")

    def finish_update(self) -> None:
        """Write the words that came and went, and merge small segments of the index."""
        changed = [(count, word) for word, count in self._vocabulary().items() if count]
        words = f"{self._table}_words"
        self._file.executemany(
            f"INSERT INTO {words} VALUES (?2, ?1) ON CONFLICT DO UPDATE SET rows = rows + ?1",
            changed,
        )
        self._file.executemany(
            f"DELETE FROM {words} WHERE word = ? AND rows = 0", [(word,) for _, word in changed]
        )
        self._words.clear()
        self._configure("merge", _MERGED_PAGES)

    def _vocabulary(self) -> Counter[str]:
        """Return the longer words of all rows, with the number of their uses."""
        found: Counter[str] = Counter()
        for word, count in self._words.items():
            for term in listed_terms(word):
                found[term] += count
        return found


def create_caller_table(file: sqlite3.Connection) -> None:
    """Create the caller table."""
    file.execute("CREATE TABLE caller (key INTEGER PRIMARY KEY, name TEXT)")


def write_callers(file: sqlite3.Connection) -> None:
    """Write one name for each key of the memo to the caller table."""
    file.execute("CREATE INDEX scratch.call_by_key ON call (key, rank, name)")
    file.execute(
        "INSERT OR IGNORE INTO main.caller SELECT key, name FROM scratch.call ORDER BY key, rank,"
        " name"
    )


def update_callers(file: sqlite3.Connection, keys: Iterable[int]) -> None:
    """Write the names for these keys again."""
    for key in keys:
        found = file.execute(
            "SELECT name FROM scratch.call WHERE key = ? ORDER BY rank, name LIMIT 1", (key,)
        ).fetchone()
        if found is None:
            file.execute("DELETE FROM main.caller WHERE key = ?", (key,))
        else:
            file.execute("INSERT OR REPLACE INTO main.caller VALUES (?, ?)", (key, found[0]))

"""Write the full-text index and the caller table of a generation.

The terms come from `app.search.terms`, the caller keys from `app.numbers.lookup_keys`.
"""

import sqlite3
from collections.abc import Iterable, Sequence

from app.search.terms import TOKENS, book_term, row_terms, vocabulary

_HASH_BYTES = 32 * 1024 * 1024
# Size of one page of an index list. With small pages, a query that intersects long lists with short
# ones skips most of the long ones.
_PAGE_BYTES = 1000

CallerKey = tuple[int, int, str]
"""A key, a rank and a name.

Of several names for one key, the one of the lowest rank is kept, then the first in the
alphabet.
"""


class RowIndex:
    """The full-text index of a profile's rows."""

    def __init__(self, file: sqlite3.Connection, table: str) -> None:
        self._file = file
        self._table = table
        self._words: set[str] = set()
        # A contentless table stores no text. `detail=none` stores no positions, which complete
        # terms do not need. Without `columnsize` it stores no lengths (SQLite, "FTS5 Extension").
        # Debian 12's SQLite 3.40 cannot delete from such a table, so it is written once.
        file.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5(t, content='', columnsize=0, detail=none,"
            f' tokenize="{TOKENS}")'
        )
        # Rows come in ascending rowid order. One large hash table and one merge at the end
        # (`optimize`) are enough. Automatic merging would write everything several times.
        file.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('automerge', 0)")
        file.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('crisismerge', 1000)")
        file.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('pgsz', {_PAGE_BYTES})")
        file.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {_HASH_BYTES})")

    def add(self, rows: Iterable[tuple[int, str, str, tuple[str, ...]]]) -> None:
        """Add rows in the order of their ids, each as (id, words, digits, subsets).

        `subsets` are the tables of those books that hold the row but not all rows.
        """
        self._file.executemany(
            f"INSERT INTO {self._table} (rowid, t) VALUES (?, ?)",
            [(row[0], self._terms(row)) for row in rows],
        )

    def _terms(self, row: tuple[int, str, str, tuple[str, ...]]) -> str:
        _, words, digits, subsets = row
        listed = words.split()
        self._words.update(listed)
        found = row_terms(listed, digits)
        return f"{found} {' '.join(map(book_term, subsets))}" if subsets else found

    def finish(self) -> None:
        """Write the list of all words, and merge the index into one segment."""
        self._file.execute(
            f"CREATE TABLE {self._table}_words (word TEXT PRIMARY KEY) WITHOUT ROWID"
        )
        self._file.executemany(
            f"INSERT INTO {self._table}_words VALUES (?)",
            ((word,) for word in sorted(vocabulary(self._words))),
        )
        self._words.clear()
        self._file.execute(f"INSERT INTO {self._table} ({self._table}) VALUES ('optimize')")


def create_caller_tables(file: sqlite3.Connection) -> None:
    """Create the caller table, and the scratch table that collects callers."""
    file.execute("CREATE TABLE caller (key INTEGER PRIMARY KEY, name TEXT)")
    file.execute("CREATE TABLE scratch.call (key INTEGER, rank INTEGER, name TEXT)")


def add_callers(file: sqlite3.Connection, callers: Sequence[CallerKey]) -> None:
    """Add callers to the scratch table, in any order."""
    file.executemany("INSERT INTO scratch.call VALUES (?, ?, ?)", callers)


def write_callers(file: sqlite3.Connection) -> None:
    """Write one name for each key to the caller table."""
    file.execute(
        "INSERT OR IGNORE INTO main.caller SELECT key, name FROM scratch.call ORDER BY key, rank,"
        " name"
    )

"""Writing the two indexes of a generation's file: by what rows are found, and under whose name a caller is known.

Law of this file: SQL over terms and keys that others made (`search`, `known_numbers`). It knows no contact, source or phone.

Facts (SQLite, "FTS5 Extension"): a contentless table stores no text; `detail=none` no positions, which whole terms do not need; without
`columnsize` no lengths. Rows come in ascending rowid order, so one large hash table and one merge at the end (`optimize`) build the index;
its automatic merging would write everything several times. Debian 12's SQLite 3.40 cannot delete from such a table: it is written once.
"""

import sqlite3
from collections.abc import Sequence

from app.search.terms import TOKENS, book_term, row_terms, vocabulary

_HASH_BYTES = 32 * 1024 * 1024
_PAGE_BYTES = 1000  # of a list as it is read: a question that meets long lists and short ones skips most of the long ones

CallerKey = tuple[int, int, str]
"""A key, a rank, and the name to tell; of several names for one key the one of the lowest rank is kept, then the first in the alphabet."""


class RowIndex:
    """What a profile's rows are found by."""

    def __init__(self, file: sqlite3.Connection, table: str) -> None:
        self._file = file
        self._table = table
        self._words: set[str] = set()
        file.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(t, content='', columnsize=0, detail=none, tokenize=\"{TOKENS}\")")
        file.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('automerge', 0)")  # noqa: S608
        file.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('crisismerge', 1000)")  # noqa: S608
        file.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('pgsz', {_PAGE_BYTES})")  # noqa: S608
        file.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {_HASH_BYTES})")  # noqa: S608

    def add(self, first: int, rows: Sequence[tuple[str, str, tuple[str, ...]]]) -> None:
        """Add rows, numbered from `first` on: words, digits, and the tables of the books that hold only some of the rows, it among them."""
        self._file.executemany(f"INSERT INTO {self._table} (rowid, t) VALUES (?, ?)", enumerate(map(self._terms, rows), first))  # noqa: S608

    def _terms(self, row: tuple[str, str, tuple[str, ...]]) -> str:
        words, digits, subsets = row
        listed = words.split()
        self._words.update(listed)
        found = row_terms(listed, digits)
        return f"{found} {' '.join(map(book_term, subsets))}" if subsets else found

    def finish(self) -> None:
        """Merge what was written into one, and write the list of all words."""
        self._file.execute(f"CREATE TABLE {self._table}_words (word TEXT PRIMARY KEY) WITHOUT ROWID")
        self._file.executemany(f"INSERT INTO {self._table}_words VALUES (?)", ((word,) for word in sorted(vocabulary(self._words))))  # noqa: S608
        self._words.clear()
        self._file.execute(f"INSERT INTO {self._table} ({self._table}) VALUES ('optimize')")  # noqa: S608


def create_caller_tables(file: sqlite3.Connection) -> None:
    """Make the table of callers, and the scratch table that they are gathered in."""
    file.execute("CREATE TABLE caller (key INTEGER PRIMARY KEY, name TEXT)")
    file.execute("CREATE TABLE scratch.call (key INTEGER, rank INTEGER, name TEXT)")


def add_callers(file: sqlite3.Connection, calls: Sequence[CallerKey]) -> None:
    """Take callers, in any order."""
    file.executemany("INSERT INTO scratch.call VALUES (?, ?, ?)", calls)


def write_callers(file: sqlite3.Connection) -> None:
    """Write one name for each key."""
    file.execute("INSERT OR IGNORE INTO main.caller SELECT key, name FROM scratch.call ORDER BY key, rank, name")

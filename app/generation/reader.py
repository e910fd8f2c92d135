"""Read a generation, the SQLite file that holds every book's rows in reading order.

A generation file is never changed, only replaced by a new one. A process that has one
open always reads the same rows.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from app.generation.files import moment_of, read_current, version_of
from app.model.screens import Row

# The version of this schema. Nothing in the file tells when it was built: the same contacts and
# configuration give the same bytes. The version is in the file's name, the rest in `current`.
# - `meta`: key, value: the schema, the configuration's fingerprint, and each source's digest.
# - `book`: one row for each profile and book, with its rows table, its number of rows, and whether
#   any of its sources ever answered.
# - `dial`: what dial-now items dial.
# - `unlisted`: how many contacts a book does not list, by reason.
# - `rows_P` for profile number P: id (position in reading order, counted from 1), name, number, and
#   heading if it differs from the name.
# - `book_B` for a book that holds only some of a profile's rows: place (position in the book,
#   counted from 1) and id of the row.
# - `found_rows_P`: full-text index of the rows (rowid = id, terms from `app.search.terms`).
# - `found_rows_P_words`: the longer words of that index.
# - `caller`: key of a number (from `app.numbers.lookup_keys`) and the name of its owner.
SCHEMA = "3"

_LAST = "\U0010ffff"
_DAMAGE = (sqlite3.Error, AttributeError, KeyError, ValueError, TypeError, OverflowError)


class BrokenGeneration(Exception):
    """A generation file is missing, damaged or of another schema.

    The text names the file and the reason.
    """


@dataclass(frozen=True, slots=True)
class BookTable:
    """The location of a book's rows in a generation.

    `table` holds the rows. `subset` is the table of the book's positions in it, "" if
    the book is the complete table. `known` is whether any of its sources ever answered.
    """

    table: str
    subset: str
    rows: int
    known: bool
    sources: tuple[str, ...]

    @property
    def position(self) -> str:
        """The SQL expression of a row's position in the book, counted from 1."""
        return "b.place" if self.subset else "r.id"

    @property
    def source(self) -> str:
        """The SQL tables that hold the book's rows as `r`."""
        if self.subset:
            return f"{self.subset} b JOIN {self.table} r ON r.id = b.id"
        return f"{self.table} r"


@dataclass(frozen=True, slots=True)
class Unlisted:
    """How many contacts or numbers a book does not list, for one reason."""

    profile: str
    book: str
    reason: str
    count: int


class Generation:
    """One open generation, read-only; use it from one thread at a time.

    `built_at` is in seconds since 1970. `build_seconds` is 0 if another generation was
    published when this one was opened.
    """

    def __init__(self, path: Path) -> None:
        """Open a generation's file.

        Raises BrokenGeneration if it is missing, damaged or of another schema.
        """
        if not path.is_file():
            raise BrokenGeneration(f"{path.name} is missing")
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        try:
            self._file = sqlite3.connect(
                address, uri=True, check_same_thread=False, cached_statements=256
            )
        except sqlite3.Error as error:
            raise BrokenGeneration(f"{path.name} cannot be opened ({error})") from error
        self.version = version_of(path.name)
        current = read_current(path.parent)
        self.build_seconds = current.build_seconds if current.version == self.version else 0.0
        try:
            self._load(path.name)
        except BaseException as error:
            self._file.close()
            if isinstance(error, _DAMAGE):
                raise BrokenGeneration(f"{path.name} is damaged ({error})") from error
            raise

    def _load(self, name: str) -> None:
        self._file.execute("PRAGMA cache_size = -1024")
        self._meta: dict[str, str] = dict(self._file.execute("SELECT key, value FROM meta"))
        if self._meta.get("schema") != SCHEMA:
            raise BrokenGeneration(
                f"{name} has form {self._meta.get('schema')!r}; this program reads {SCHEMA!r}"
            )
        books = self._file.execute(
            "SELECT profile, book, rows_table, subset, rows, known, sources FROM book"
        )
        self._book_tables = {
            (profile, book): BookTable(table, subset, rows, bool(known), tuple(sources.split(",")))
            for profile, book, table, subset, rows, known, sources in books
        }
        dials = self._file.execute("SELECT profile, name, number FROM dial")
        self._dials = {(str(profile), str(name)): str(number) for profile, name, number in dials}
        unlisted = self._file.execute("SELECT profile, book, reason, count FROM unlisted")
        self.unlisted = tuple(Unlisted(*row) for row in unlisted)
        self.fingerprint = self._meta["fingerprint"]
        self.built_at = moment_of(self.version)

    def close(self) -> None:
        """Close the file; the object is not used afterwards."""
        self._file.close()

    def is_sound(self) -> bool:
        """Return whether every page of the file can be read; slow for a large file."""
        try:
            return bool(self._file.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.Error:
            return False

    def digest(self, source: str) -> str:
        """Return the digest of the contacts of a source that this was made from.

        Returns "" if the source had never been read.
        """
        return self._meta.get(f"digest of {source}", "")

    def book_table(self, profile: str, book: str) -> BookTable | None:
        """Return the table of a profile's book, or None if there is no such book."""
        return self._book_tables.get((profile, book))

    def book_tables(self) -> tuple[tuple[str, str, BookTable], ...]:
        """Return the books of all profiles, as (profile, book, table)."""
        return tuple((*names, table) for names, table in self._book_tables.items())

    def dial_number(self, profile: str, name: str) -> str | None:
        """Return what a dial-now item dials.

        Returns None if the item is unknown or has no dialable number.
        """
        return self._dials.get((profile, name)) or None

    def rows(self, table: BookTable, start: int, stop: int) -> tuple[Row, ...]:
        """Return a book's rows from position `start` up to `stop`, counted from 0.

        The row at `stop` is not included. Raises BrokenGeneration.
        """
        query = (
            f"SELECT r.name, r.number FROM {table.source} WHERE {table.position} > ?"
            f" AND {table.position} <= ? ORDER BY {table.position}"
        )
        with self._reading():
            return tuple(Row(*row) for row in self._file.execute(query, (start, stop)))

    def all_rows(self, profile: str) -> BookTable | None:
        """Return the table of all rows of a profile, or None if it has no books.

        Raises BrokenGeneration.
        """
        books = [table for (owner, _), table in self._book_tables.items() if owner == profile]
        if not books:
            return None
        table = books[0].table
        with self._reading():
            (rows,) = self._file.execute(f"SELECT ifnull(max(id), 0) FROM {table}").fetchone()
        sources = tuple(dict.fromkeys(source for book in books for source in book.sources))
        return BookTable(table, "", rows, any(book.known for book in books), sources)

    def search(
        self, table: BookTable, expression: str, most: int, skipped: int = 0
    ) -> tuple[int, ...]:
        """Return the ids of the rows that match an expression, in reading order.

        `expression` comes from `app.search.query`. The first `skipped` ids are left
        out, and at most `most` are returned. Raises BrokenGeneration.
        """
        index = f"found_{table.table}"
        query = f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ? OFFSET ?"
        with self._reading():
            return tuple(row for (row,) in self._file.execute(query, (expression, most, skipped)))

    def words_with_prefix(self, table: BookTable, prefix: str, most: int) -> tuple[str, ...] | None:
        """Return the indexed longer words that start with `prefix`.

        Returns None if they are more than `most`. Raises BrokenGeneration.
        """
        query = (
            f"SELECT word FROM found_{table.table}_words"
            " WHERE word >= ? AND word < ? ORDER BY word LIMIT ?"
        )
        with self._reading():
            found = self._file.execute(query, (prefix, prefix + _LAST, most + 1))
            words = tuple(word for (word,) in found)
        return words if len(words) <= most else None

    def rows_at(self, table: BookTable, ids: tuple[int, ...]) -> tuple[Row, ...]:
        """Return the rows with these ids, as `search` returned them.

        Raises BrokenGeneration.
        """
        query = f"SELECT name, number FROM {table.table} WHERE id = ?"
        with self._reading():
            return tuple(Row(*self._file.execute(query, (row,)).fetchone()) for row in ids)

    def caller_name(self, key: int) -> str:
        """Return the name for a number's key, or "" if the key is unknown.

        Raises BrokenGeneration.
        """
        with self._reading():
            found = self._file.execute("SELECT name FROM caller WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else ""

    def headings(self, table: BookTable, positions: tuple[int, ...]) -> tuple[str, ...]:
        """Return the headings of the rows at these positions, counted from 0.

        Raises BrokenGeneration.
        """
        query = f"SELECT ifnull(r.heading, r.name) FROM {table.source} WHERE {table.position} = ?"
        with self._reading():
            return tuple(
                self._file.execute(query, (position + 1,)).fetchone()[0] for position in positions
            )

    def find_by_number(self, table: BookTable, number: str) -> tuple[tuple[int, Row, str], ...]:
        """Return the rows of a book that dial a number.

        Each comes as (position counted from 0, row, heading). This reads the complete
        table, so it is for operators, not for phones. Raises BrokenGeneration.
        """
        query = (
            f"SELECT {table.position}, r.name, ifnull(r.heading, r.name) FROM {table.source}"
            " WHERE r.number = ? ORDER BY 1"
        )
        with self._reading():
            return tuple(
                (position - 1, Row(name, number), heading)
                for position, name, heading in self._file.execute(query, (number,))
            )

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Raise BrokenGeneration for every error of the file."""
        try:
            yield
        except (sqlite3.Error, TypeError) as error:  # TypeError: a row is missing
            raise BrokenGeneration(f"generation {self.version} is damaged ({error})") from error

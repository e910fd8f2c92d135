"""Read a generation, the SQLite file that holds every book's rows in reading order.

A generation file is never changed, only replaced by a new one. A process that has one
open always reads the same rows.
"""

import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import msgspec

from app.generation.files import moment_of, read_current, version_of
from app.generation.index_reader import IndexReader
from app.generation.schema import BLOCK, SCHEMA, BookTable, Unlisted
from app.model.screens import Row
from app.state.forms import other_version

_DAMAGE = (sqlite3.Error, AttributeError, KeyError, ValueError, TypeError, OverflowError)
_READ_DAMAGE = (sqlite3.Error, TypeError, IndexError, msgspec.MsgspecError)


class BrokenGeneration(Exception):
    """A generation file is missing or damaged.

    The text names the file and the reason.
    """


class OtherVersion(BrokenGeneration):
    """A generation was written by another version of this program, and is not damaged."""


class Generation:
    """One open generation, read-only; use it from one thread at a time.

    `built_at` is in seconds since 1970. `build_seconds` is 0 if another generation was
    published when this one was opened.
    """

    def __init__(self, path: Path) -> None:
        """Open a generation's file.

        Raises BrokenGeneration if it is missing or damaged, OtherVersion if it is of
        another schema.
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
        form = int(self._meta["schema"])
        if form != SCHEMA:
            raise OtherVersion(other_version(name, form, SCHEMA))
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
        self._starts: dict[str, Sequence[int]] = {}
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
        if start >= min(stop, table.rows):
            return ()
        with self._reading():
            found = self._file.execute(
                _at(table, "r.name, r.number"), (*self._seek(table, start, stop - start),)
            )
            return tuple([Row(name, number) for name, number in found])

    def _seek(self, table: BookTable, position: int, count: int = 1) -> tuple[int, int, int]:
        """Return the parameters that `_at` reads `count` rows from a position with."""
        return self._block_starts(table)[position // BLOCK], count, position % BLOCK

    def _block_starts(self, table: BookTable) -> Sequence[int]:
        starts = self._starts.get(table.ids)
        if starts is None:
            query = "SELECT starts FROM list WHERE name = ?"
            (data,) = self._file.execute(query, (table.ids,)).fetchone()
            starts = array("q", msgspec.msgpack.decode(data, type=list[int]))
            self._starts[table.ids] = starts
        return starts

    def all_rows(self, profile: str) -> BookTable | None:
        """Return the table of all rows of a profile, or None if it has no books.

        Raises BrokenGeneration.
        """
        books = [table for (owner, _), table in self._book_tables.items() if owner == profile]
        if not books:
            return None
        table = books[0].table
        with self._reading():
            query = "SELECT rows FROM list WHERE name = ?"
            (rows,) = self._file.execute(query, (table,)).fetchone()
        sources = tuple(dict.fromkeys(source for book in books for source in book.sources))
        return BookTable(table, "", rows, any(book.known for book in books), sources)

    def index(self, table: BookTable) -> IndexReader:
        """Return the search index of a table."""
        return IndexReader(self._file, table, self._reading)

    def rows_at(self, table: BookTable, ids: tuple[int, ...]) -> tuple[Row, ...]:
        """Return the rows with these ids, as a search of `index` returned them.

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
        query = _at(table, "ifnull(r.heading, r.name)")
        texts: list[str] = []
        with self._reading():
            for first, count in _runs(positions):
                found = self._file.execute(query, self._seek(table, first, count)).fetchall()
                texts += [found[at][0] for at in range(count)]
        return tuple(texts)

    def find_by_number(self, table: BookTable, number: str) -> tuple[tuple[int, Row, str], ...]:
        """Return the rows of a book that dial a number.

        Each comes as (position counted from 0, row, heading). This reads the complete
        table, so it is for operators, not for phones. Raises BrokenGeneration.
        """
        query = (
            f"SELECT r.id, r.name, ifnull(r.heading, r.name) FROM {table.table} r"
            f" WHERE r.number = ? AND r.id IN (SELECT id FROM {table.ids}) ORDER BY 1"
        )
        with self._reading():
            return tuple(
                (self.position(table, row), Row(name, number), heading)
                for row, name, heading in self._file.execute(query, (number,))
            )

    def position(self, table: BookTable, row: int) -> int:
        """Return how many rows of a book stand before an id.

        The book need not hold a row of that id. Raises BrokenGeneration.
        """
        with self._reading():
            starts = self._block_starts(table)
            block = max(bisect_right(starts, row) - 1, 0)
            query = f"SELECT count(*) FROM {table.ids} WHERE id >= ? AND id < ?"
            (before,) = self._file.execute(query, (starts[block], row)).fetchone()
            return block * BLOCK + int(before)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Raise BrokenGeneration for every error of the file."""
        try:
            yield
        except _READ_DAMAGE as error:  # TypeError, IndexError: a row is missing
            raise BrokenGeneration(f"generation {self.version} is damaged ({error})") from error


def _at(table: BookTable, columns: str) -> str:
    """Return the query for `columns` of the rows `r` from an id on, in reading order.

    Its parameters are the id, the number of rows, and how many to pass over before.
    """
    if not table.subset:
        return (
            f"SELECT {columns} FROM {table.table} r WHERE r.id >= ? ORDER BY r.id LIMIT ? OFFSET ?"
        )
    # Rows that are passed over are not looked up.
    return (
        f"SELECT {columns} FROM (SELECT id FROM {table.subset} WHERE id >= ? ORDER BY id LIMIT ?"
        f" OFFSET ?) b CROSS JOIN {table.table} r ON r.id = b.id ORDER BY b.id"
    )


def _runs(positions: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Yield the runs of adjacent positions, each as (first, count)."""
    # A menu asks for the last row of each part and the first one of the next together.
    first = count = 0
    for position in positions:
        if count and position == first + count:
            count += 1
            continue
        if count:
            yield first, count
        first, count = position, 1
    if count:
        yield first, count

"""Read a generation, the SQLite file that holds every book's rows in reading order.

A generation file is never changed, only replaced by a new one. A process that has one
open always reads the same rows.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from app.model.screens import Row

# The version of this schema:
# - `meta`: key, value.
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


@dataclass(frozen=True, slots=True)
class Unlisted:
    """How many contacts or numbers a book does not list, for one reason."""

    profile: str
    book: str
    reason: str
    count: int


class Generation:
    """One open generation, read-only; use it from one thread at a time."""

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
        try:
            self._file.execute("PRAGMA cache_size = -1024")
            self.meta: dict[str, str] = dict(self._file.execute("SELECT key, value FROM meta"))
            if self.meta.get("schema") != SCHEMA:
                raise BrokenGeneration(
                    f"{path.name} has form {self.meta.get('schema')!r}; this program reads"
                    f" {SCHEMA!r}"
                )
            self._shelves = {
                (profile, book): BookTable(
                    table, subset, rows, bool(known), tuple(sources.split(","))
                )
                for profile, book, table, subset, rows, known, sources in self._file.execute(
                    "SELECT profile, book, rows_table, subset, rows, known, sources FROM book"
                )
            }
            self._dials: dict[tuple[str, str], str] = {
                (profile, name): number
                for profile, name, number in self._file.execute(
                    "SELECT profile, name, number FROM dial"
                )
            }
            self.unlisted = tuple(
                Unlisted(*row)
                for row in self._file.execute("SELECT profile, book, reason, count FROM unlisted")
            )
            self.version = self.meta["version"]
            self.fingerprint = self.meta["fingerprint"]
            self.built_at = float(self.meta["built_at"])
            self.build_seconds = float(self.meta["build_seconds"])
        except (
            sqlite3.Error,
            AttributeError,
            KeyError,
            ValueError,
            TypeError,
            OverflowError,
        ) as error:
            self._file.close()
            raise BrokenGeneration(f"{path.name} is damaged ({error})") from error
        except BrokenGeneration:
            self._file.close()
            raise

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
        return self.meta.get(f"digest of {source}", "")

    def shelf(self, profile: str, book: str) -> BookTable | None:
        """Return the table of a profile's book, or None if there is no such book."""
        return self._shelves.get((profile, book))

    def shelves(self) -> tuple[tuple[str, str, BookTable], ...]:
        """Return the books of all profiles, as (profile, book, table)."""
        return tuple((profile, book, shelf) for (profile, book), shelf in self._shelves.items())

    def dial_number(self, profile: str, name: str) -> str | None:
        """Return what a dial-now item dials.

        Returns None if the item is unknown or has no dialable number.
        """
        return self._dials.get((profile, name)) or None

    def rows(self, shelf: BookTable, start: int, stop: int) -> tuple[Row, ...]:
        """Return a book's rows from position `start` up to `stop`, counted from 0.

        The row at `stop` is not included. Raises BrokenGeneration.
        """
        if shelf.subset:
            source = f"{shelf.subset} b JOIN {shelf.table} r ON r.id = b.id"
            query = (
                f"SELECT r.name, r.number FROM {source}"  # noqa: S608
                " WHERE b.place > ? AND b.place <= ? ORDER BY b.place"
            )
        else:
            query = f"SELECT name, number FROM {shelf.table} WHERE id > ? AND id <= ? ORDER BY id"  # noqa: S608
        try:
            return tuple(
                Row(name, number) for name, number in self._file.execute(query, (start, stop))
            )
        except sqlite3.Error as error:
            raise BrokenGeneration(f"generation {self.version} is damaged ({error})") from error

    def all_rows(self, profile: str) -> BookTable | None:
        """Return the table of all rows of a profile, or None if it has no books.

        Raises BrokenGeneration.
        """
        shelves = [shelf for (owner, _), shelf in self._shelves.items() if owner == profile]
        if not shelves:
            return None
        table = shelves[0].table
        try:
            (rows,) = self._file.execute(f"SELECT ifnull(max(id), 0) FROM {table}").fetchone()  # noqa: S608
        except sqlite3.Error as error:
            raise BrokenGeneration(f"generation {self.version} is damaged ({error})") from error
        sources = tuple(dict.fromkeys(source for shelf in shelves for source in shelf.sources))
        return BookTable(table, "", rows, any(shelf.known for shelf in shelves), sources)

    def search(
        self, shelf: BookTable, expression: str, most: int, skipped: int = 0
    ) -> tuple[int, ...]:
        """Return the ids of the rows that match an expression, in reading order.

        `expression` comes from `app.search.query`. The first `skipped` ids are left
        out, and at most `most` are returned. Raises BrokenGeneration.
        """
        index = f"found_{shelf.table}"
        query = f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ? OFFSET ?"  # noqa: S608
        try:
            return tuple(row for (row,) in self._file.execute(query, (expression, most, skipped)))
        except sqlite3.Error as error:
            raise BrokenGeneration(f"generation {self.version} is damaged ({error})") from error

    def words_with_prefix(
        self, shelf: BookTable, beginning: str, most: int
    ) -> tuple[str, ...] | None:
        """Return the indexed longer words that start with `beginning`.

        Returns None if they are more than `most`. Raises BrokenGeneration.
        """
        query = (
            f"SELECT word FROM found_{shelf.table}_words"  # noqa: S608
            " WHERE word >= ? AND word < ? ORDER BY word LIMIT ?"
        )
        try:
            found = tuple(
                word
                for (word,) in self._file.execute(query, (beginning, beginning + _LAST, most + 1))
            )
        except sqlite3.Error as error:
            raise BrokenGeneration(f"generation {self.version} is damaged ({error})") from error
        return found if len(found) <= most else None

    def rows_at(self, shelf: BookTable, ids: tuple[int, ...]) -> tuple[Row, ...]:
        """Return the rows with these ids, as `search` returned them.

        Raises BrokenGeneration.
        """
        query = f"SELECT name, number FROM {shelf.table} WHERE id = ?"  # noqa: S608
        try:
            return tuple(Row(*self._file.execute(query, (row,)).fetchone()) for row in ids)
        except (sqlite3.Error, TypeError) as error:
            raise BrokenGeneration(f"generation {self.version} is damaged ({error})") from error

    def caller_name(self, key: int) -> str:
        """Return the name for a number's key, or "" if the key is unknown.

        Raises BrokenGeneration.
        """
        try:
            found = self._file.execute("SELECT name FROM caller WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            raise BrokenGeneration(f"generation {self.version} is damaged ({error})") from error
        return str(found[0]) if found else ""

    def headings(self, shelf: BookTable, positions: tuple[int, ...]) -> tuple[str, ...]:
        """Return the headings of the rows at these positions, counted from 0.

        Raises BrokenGeneration.
        """
        if shelf.subset:
            query = (
                f"SELECT ifnull(r.heading, r.name) FROM {shelf.subset} b"  # noqa: S608
                f" JOIN {shelf.table} r ON r.id = b.id WHERE b.place = ?"
            )
        else:
            query = f"SELECT ifnull(heading, name) FROM {shelf.table} WHERE id = ?"  # noqa: S608
        try:
            return tuple(
                self._file.execute(query, (position + 1,)).fetchone()[0] for position in positions
            )
        except (sqlite3.Error, TypeError) as error:
            raise BrokenGeneration(f"generation {self.version} is damaged ({error})") from error

    def find_by_number(self, shelf: BookTable, number: str) -> tuple[tuple[int, Row, str], ...]:
        """Return the rows of a book that dial a number.

        Each comes as (position counted from 0, row, heading). This reads the complete
        table, so it is for operators, not for phones. Raises BrokenGeneration.
        """
        if shelf.subset:
            columns, source = (
                "b.place, r.name, ifnull(r.heading, r.name)",
                f"{shelf.subset} b JOIN {shelf.table} r ON r.id = b.id",
            )
        else:
            columns, source = "r.id, r.name, ifnull(r.heading, r.name)", f"{shelf.table} r"
        query = f"SELECT {columns} FROM {source} WHERE r.number = ? ORDER BY 1"  # noqa: S608
        try:
            return tuple(
                (place - 1, Row(name, number), heading)
                for place, name, heading in self._file.execute(query, (number,))
            )
        except sqlite3.Error as error:
            raise BrokenGeneration(f"generation {self.version} is damaged ({error})") from error

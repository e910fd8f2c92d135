"""The memo of a generation: what its rows were made from, for the next one.

It is the scratch file of the build, kept beside the generation. Its tables are, for
each profile number P:

- `raw_P`: rows as they were added, before names were settled (`drafts.DraftRow`).
- `settled_P`: what `disambiguation` made of rows whose name several have: name (NULL if
  another row holds its terms), set of books, words and digits.
- `taken_P`: texts that such a name did not get, because other rows had them.
- `contact_P`: contacts, each with its rows (`first` and `rows`) and its notes.
- `link_P`: links of contacts (`drafts.ContactRows`).
- `set_P`: sets of books, and how many rows each has in the generation.
- `place_P`: id of a row in the generation, and its rowid in `raw_P`.

`call` holds all names for each caller key, `meta` what the memo belongs to.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from app.generation.drafts import BookSets, ContactRows, DraftRow, Unlisting
from app.generation.search_index import CallerKey
from app.state.bulk import insert_rows

FORM = "1"
"""The form of these tables."""

_NAME = re.compile(r"memo-([0-9a-z]{6,12})-([0-9a-f]{32})\.sqlite\Z")
_COLUMNS = ", ".join(DraftRow._fields)

_TABLES = {
    "raw": _COLUMNS,
    "settled": "row INTEGER PRIMARY KEY, name TEXT, book_set INTEGER, words TEXT, digits TEXT",
    "taken": "text TEXT, name TEXT",
    "contact": "number INTEGER PRIMARY KEY, source TEXT, id TEXT, first INTEGER, rows INTEGER,"
    " notes BLOB",
    "link": "link INTEGER, contact INTEGER",
    "set": "number INTEGER PRIMARY KEY, books TEXT, rows INTEGER",
    "place": "id INTEGER PRIMARY KEY, row INTEGER",
}


class Notes(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a contact brings besides its rows; `callers` are those of each row."""

    unlisted: tuple[Unlisting, ...]
    links: tuple[int, ...]
    callers: tuple[tuple[CallerKey, ...], ...]


class Remembered(NamedTuple):
    """A contact in a memo, with the rowid of its first row and their number."""

    number: int
    first: int
    rows: int
    notes: Notes


encode_notes = msgspec.msgpack.Encoder().encode
decode_notes = msgspec.msgpack.Decoder(Notes).decode


def memo_name(version: str, digest: str) -> str:
    """Return the name of a generation's memo; `digest` is that of the memo's bytes."""
    return f"memo-{version}-{digest}.sqlite"


def memo_digest(name: str) -> str:
    """Return the digest in the name of a memo, "" if it is none."""
    found = _NAME.match(name)
    return found[2] if found else ""


def find_memo(folder: Path, version: str) -> Path | None:
    """Return the memo of a generation, or None. Raises OSError."""
    return next(folder.glob(f"memo-{version}-*.sqlite"), None)


def read_memo_meta(path: Path) -> dict[str, str]:
    """Return what a memo belongs to, nothing if it cannot be read."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as file:
            return dict(file.execute("SELECT key, value FROM meta"))
    except sqlite3.Error:
        return {}


def notes_of(contact: ContactRows) -> Notes:
    """Return the notes of a contact."""
    callers = tuple([callers for _, callers in contact.rows])
    return Notes(contact.unlisted, contact.links, callers if any(callers) else ())


class ProfileMemo:
    """The tables of one profile in a memo that is attached as `scratch`.

    All methods raise sqlite3.Error.
    """

    def __init__(self, file: sqlite3.Connection, profile: int) -> None:
        self._file = file
        self.profile = profile
        self.next_row = self._next_number = 1

    def create(self) -> None:
        """Create the tables."""
        for name, columns in _TABLES.items():
            self._file.execute(f"CREATE TABLE scratch.{name}_{self.profile} ({columns})")
        for table in ("settled (name)", "taken (text)", "taken (name)"):
            self._create_index(table)

    def _create_index(self, table: str) -> None:
        name, _, columns = table.partition(" ")
        index = f"{name}_{columns.strip('()').replace(', ', '_')}_{self.profile}"
        self._file.execute(f"CREATE INDEX scratch.{index} ON {name}_{self.profile} {columns}")

    def create_indexes(self) -> None:
        """Create the indexes, after all contacts were added."""
        for table in ("raw (name)", "contact (source, id)", "link (link)"):
            self._create_index(table)

    def resume(self) -> None:
        """Continue the numbers of rows and contacts after the last ones."""
        self.next_row, self._next_number = (
            self._file.execute(
                f"SELECT ifnull(max({column}), 0) + 1 FROM scratch.{table}_{self.profile}"
            ).fetchone()[0]
            for table, column in (("raw", "rowid"), ("contact", "number"))
        )

    def add(self, contacts: Iterable[ContactRows]) -> None:
        """Add contacts with their rows, callers and links."""
        rows: list[tuple[object, ...]] = []
        numbered: list[tuple[object, ...]] = []
        links: list[tuple[int, int]] = []
        calls: list[tuple[object, ...]] = []
        row, number = self.next_row, self._next_number
        for contact in contacts:
            notes = encode_notes(notes_of(contact))
            numbered.append((number, contact.source, contact.id, row, len(contact.rows), notes))
            for link in contact.links:
                links.append((link, number))
            for draft, callers in contact.rows:
                rows.append((row, *draft))
                for caller in callers:
                    calls.append((*caller, row))
                row += 1
            number += 1
        self.next_row, self._next_number = row, number
        for table, width, values in (
            (f"raw_{self.profile} (rowid, {_COLUMNS})", 1 + len(DraftRow._fields), rows),
            (f"contact_{self.profile}", 6, numbered),
            (f"link_{self.profile}", 2, links),
            ("call", 4, calls),
        ):
            insert_rows(self._file, f"scratch.{table}", width, values)

    def find(self, source: str, key: str) -> Remembered | None:
        """Return what is remembered of a contact, or None."""
        found = self._file.execute(
            f"SELECT number, first, rows, notes FROM scratch.contact_{self.profile}"
            " WHERE source = ? AND id = ?",
            (source, key),
        ).fetchone()
        if found is None:
            return None
        number, first, rows, notes = found
        return Remembered(number, first, rows, decode_notes(notes))

    def linked(self, link: int) -> list[tuple[str, str]]:
        """Return the contacts that have a link, as (source, id)."""
        return self._file.execute(
            f"SELECT c.source, c.id FROM scratch.link_{self.profile} l"
            f" JOIN scratch.contact_{self.profile} c ON c.number = l.contact WHERE l.link = ?",
            (link,),
        ).fetchall()

    def rows_of(self, contact: Remembered) -> list[DraftRow]:
        """Return a contact's rows as they were added."""
        found = self._file.execute(
            f"SELECT {_COLUMNS} FROM scratch.raw_{self.profile} WHERE rowid >= ? AND rowid < ?"
            " ORDER BY rowid",
            (contact.first, contact.first + contact.rows),
        )
        return [DraftRow(*row) for row in found]

    def remove(self, contact: Remembered) -> None:
        """Remove a contact with its rows, callers and links."""
        span = (contact.first, contact.first + contact.rows)
        for table, column in (("raw", "rowid"), ("settled", "row")):
            self._file.execute(
                f"DELETE FROM scratch.{table}_{self.profile} WHERE {column} >= ? AND {column} < ?",
                span,
            )
        self._file.executemany(
            f"DELETE FROM scratch.link_{self.profile} WHERE link = ? AND contact = ?",
            [(link, contact.number) for link in contact.notes.links],
        )
        self._file.executemany(
            "DELETE FROM scratch.call WHERE key = ? AND rank = ? AND name = ? AND row = ?",
            [
                (*caller, row)
                for row, callers in enumerate(contact.notes.callers, contact.first)
                for caller in callers
            ],
        )
        self._file.execute(
            f"DELETE FROM scratch.contact_{self.profile} WHERE number = ?", (contact.number,)
        )

    def read_sets(self) -> tuple[BookSets, Counter[int]]:
        """Return the sets of books, and how many rows each has."""
        found = self._file.execute(
            f"SELECT number, books, rows FROM scratch.set_{self.profile} ORDER BY number"
        ).fetchall()
        sets = BookSets(frozenset(books.split(",")) - {""} for _, books, _ in found)
        return sets, Counter({number: rows for number, _, rows in found})

    def write_sets(self, sets: BookSets, rows: Counter[int]) -> None:
        """Write the sets of books, and how many rows each has."""
        self._file.executemany(
            f"INSERT OR REPLACE INTO scratch.set_{self.profile} VALUES (?, ?, ?)",
            [
                (number, ",".join(sorted(books)), rows[number])
                for number, books in enumerate(sets.all())
            ],
        )

    def merged_books(self, sets: BookSets) -> list[tuple[frozenset[str], int]]:
        """Return the books that held two rows which are one now, and how often."""
        found = self._file.execute(
            f"SELECT book_set, count(*) FROM scratch.settled_{self.profile}"
            " WHERE name IS NULL GROUP BY book_set"
        )
        return [(sets.books(number), rows) for number, rows in found]


def prepare_memo(file: sqlite3.Connection) -> None:
    """Create the tables of a memo that no profile has of its own."""
    file.execute("CREATE TABLE scratch.meta (key TEXT PRIMARY KEY, value TEXT)")
    file.execute("CREATE TABLE scratch.call (key INTEGER, rank INTEGER, name TEXT, row INTEGER)")


def final_rows(profile: int, columns: Sequence[str], condition: str = "") -> str:
    """Return the query for the rows of a generation as they were settled.

    `columns` are those of `raw_P`, or `rowid`.
    """
    settled = ("name", "book_set", "words", "digits")
    chosen = ", ".join(
        f"CASE WHEN s.row IS NULL THEN r.{column} ELSE s.{column} END AS {column}"
        if column in settled
        else f"r.{column}"
        for column in columns
    )
    return (
        f"SELECT {chosen} FROM scratch.raw_{profile} r"
        f" LEFT JOIN scratch.settled_{profile} s ON s.row = r.rowid"
        f" WHERE (s.row IS NULL OR s.name IS NOT NULL) {condition}"
    )

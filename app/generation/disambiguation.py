"""Make the names of rows unique within each book.

Rows with the same name and number become one, which keeps the search terms of both.
Others of the same name each get a note. The note is the department or organisation if
that is distinctive, else the end of the number. A row has one name in all its books, so
its name must be unique in each of them. Namesakes in other books do not matter.

The names are settled in alphabetical order. What a name becomes depends on the rows of
that name, on the results for names before it, and on the names after it as they come.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from app.generation.drafts import BookSets
from app.model.text import with_note

_MIN_DIGITS = 4
_MAX_DETAIL = 14


@dataclass(slots=True)
class _Namesake:
    """A row that shares its name with others, and the books that hold it.

    `is_merged` is whether another row holds its terms; `books` are then those that held
    both.
    """

    row: int
    key: bytes
    name: str
    number: str
    note: str
    books: frozenset[str]
    words: str
    digits: str
    is_merged: bool = False


class Namesakes:
    """Settles the names of one profile's rows, which `memo` describes."""

    def __init__(self, file: sqlite3.Connection, profile: int, sets: BookSets, limit: int) -> None:
        """`limit` is the maximum length of a name."""
        self._file = file
        self._raw, self._settled = f"scratch.raw_{profile}", f"scratch.settled_{profile}"
        self._taken = f"scratch.taken_{profile}"
        self._sets = sets
        self._limit = limit

    def settle_all(self) -> None:
        """Settle all names that several rows have. Raises sqlite3.Error."""
        repeated = self._file.execute(
            f"SELECT name FROM {self._raw} GROUP BY name HAVING count(*) > 1"
        ).fetchall()
        for (name,) in repeated:
            self.settle(name)

    def settle(self, name: str) -> None:
        """Settle one name, in place of what it was settled to before.

        Raises sqlite3.Error.
        """
        self._file.execute(
            f"DELETE FROM {self._settled} WHERE row IN"
            f" (SELECT rowid FROM {self._raw} WHERE name = ?)",
            (name,),
        )
        self._file.execute(f"DELETE FROM {self._taken} WHERE name = ?", (name,))
        found = self._file.execute(
            f"SELECT rowid, key, number, detail, book_set, words, digits FROM {self._raw}"
            " WHERE name = ? ORDER BY key, rowid",
            (name,),
        ).fetchall()
        if len(found) < 2:
            return
        rows = [
            _Namesake(
                row,
                key,
                name,
                dialled,
                detail[:_MAX_DETAIL].strip(),
                self._sets.books(number),
                words,
                digits,
            )
            for row, key, dialled, detail, number, words, digits in found
        ]
        remaining = _merge_duplicates(rows)
        self._add_notes(name, remaining)
        self._file.executemany(
            f"INSERT INTO {self._settled} VALUES (?, ?, ?, ?, ?)",
            [
                (
                    row.row,
                    None if row.is_merged else row.name,
                    self._sets.number(row.books),
                    row.words,
                    row.digits,
                )
                for row in rows
            ],
        )

    def depending(self, text: str) -> Iterator[str]:
        """Yield the names of which a row has this text, or might have had it.

        Raises sqlite3.Error.
        """
        found = self._file.execute(
            f"SELECT r.name FROM {self._settled} s JOIN {self._raw} r ON r.rowid = s.row"
            f" WHERE s.name = ?1 UNION SELECT name FROM {self._taken} WHERE text = ?1",
            (text,),
        )
        return (name for (name,) in found.fetchall())

    def _add_notes(self, name: str, rows: list[_Namesake]) -> None:
        """Add a note to each row that shares a book with another row of its name."""
        sizes = Counter(book for row in rows for book in row.books)
        notes = Counter((book, row.note) for row in rows for book in row.books)
        given: dict[str, list[frozenset[str]]] = {}
        for row in rows:
            if all(sizes[book] == 1 for book in row.books):
                continue
            is_distinct = bool(row.note) and all(
                notes[book, row.note] == 1 and not notes[book, ""] for book in row.books
            )
            for note in _notes(row, is_distinct):
                text = with_note(name, note, self._limit)
                taken = given.setdefault(text, [])
                if text == name:
                    taken = [other.books for other in rows if other.name == name]
                if self._is_free(text, name, row.books, taken):
                    row.name = text
                    taken.append(row.books)
                    break
                self._file.execute(f"INSERT INTO {self._taken} VALUES (?, ?)", (text, name))

    def _is_free(
        self, text: str, name: str, books: frozenset[str], taken: list[frozenset[str]]
    ) -> bool:
        """Return whether no row in these books has a text when `name` is settled.

        `taken` are the books of the rows of that name which have the text already.
        """
        if not all(map(books.isdisjoint, taken)):
            return False
        # Names that come later have no notes yet, and are not merged.
        others = self._file.execute(
            "SELECT CASE WHEN s.row IS NULL OR r.name > ?2 THEN r.book_set"
            " WHEN s.name = ?1 THEN s.book_set END"
            f" FROM {self._raw} r LEFT JOIN {self._settled} s ON s.row = r.rowid"
            " WHERE r.name = ?1 AND r.name != ?2"
            f" UNION ALL SELECT s.book_set FROM {self._settled} s JOIN {self._raw} r"
            " ON r.rowid = s.row WHERE s.name = ?1 AND r.name != ?1 AND r.name < ?2",
            (text, name),
        )
        return all(
            books.isdisjoint(self._sets.books(number)) for (number,) in others if number is not None
        )


def _merge_duplicates(rows: list[_Namesake]) -> list[_Namesake]:
    """Merge rows that dial the same number, and return the remaining rows."""
    # Rows of different books are merged only if their sort keys are equal. Otherwise one book
    # would get the order of the other. They also stay separate if the name has other numbers,
    # because the note that one book needs would appear in the other.
    numbers_differ = len({row.number for row in rows}) > 1
    kept: dict[str, list[_Namesake]] = {}
    for row in rows:
        others = kept.setdefault(row.number, [])
        same = [
            other
            for other in others
            if (other.key == row.key and not numbers_differ)
            or not other.books.isdisjoint(row.books)
        ]
        if not same:
            others.append(row)
            continue
        first, books = same[0], row.books
        united = books.union(*(other.books for other in same))
        for duplicate in (*same[1:], row):
            first.words += f" {duplicate.words}"
            first.digits += f" {duplicate.digits}"
            duplicate.is_merged = True
            duplicate.books = (first.books if duplicate is row else duplicate.books) & books
        first.books = united
        others[:] = [other for other in others if not other.is_merged]
    return [row for row in rows if not row.is_merged]


def _notes(row: _Namesake, is_distinct: bool) -> Iterator[str]:
    if is_distinct:
        yield row.note
    yield from (
        row.number[-digits:]
        for digits in range(min(_MIN_DIGITS, len(row.number)), len(row.number) + 1)
    )
    yield from map(str, count(2))

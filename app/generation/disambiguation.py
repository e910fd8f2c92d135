"""Make the names of rows unique within each book.

Rows with the same name and number become one, which keeps the search terms of both.
Others of the same name each get a note. The note is the department or organisation if
that is distinctive, else the end of the number. A row has one name in all its books, so
its name must be unique in each of them. Namesakes in other books do not matter.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from app.model.text import with_note

_MIN_DIGITS = 4
_MAX_DETAIL = 14

Sets = tuple[frozenset[str], ...]


@dataclass(slots=True)
class _Namesake:
    """A row that shares its name with others, and the books that hold it."""

    row: int
    key: bytes
    name: str
    number: str
    note: str
    books: frozenset[str]


def make_names_unique(file: sqlite3.Connection, sets: Sets, limit: int) -> tuple[Sets, Sets]:
    """Make names unique within each book.

    `sets[n]` are the books of set number n, `limit` is the maximum length of a name.
    Returns a pair. The first item holds, for each duplicate row, the books that held
    both rows. The second holds the sets, with new ones appended. Raises sqlite3.Error.
    """
    all_sets = list(sets)
    duplicates: list[frozenset[str]] = []
    file.execute("CREATE INDEX scratch.by_name ON raw (name)")
    repeated = file.execute(
        "SELECT name FROM scratch.raw GROUP BY name HAVING count(*) > 1"
    ).fetchall()
    for (name,) in repeated:
        found = file.execute(
            "SELECT rowid, key, number, detail, book_set FROM scratch.raw"
            " WHERE name = ? ORDER BY key",
            (name,),
        ).fetchall()
        rows = [
            _Namesake(row, key, name, dialled, detail[:_MAX_DETAIL].strip(), all_sets[number])
            for row, key, dialled, detail, number in found
        ]
        remaining = _merge_duplicates(file, rows, duplicates)
        before = {row: all_sets[number] for row, _, _, _, number in found}
        for namesake in remaining:
            if namesake.books != before[namesake.row]:
                if namesake.books not in all_sets:
                    all_sets.append(namesake.books)
                file.execute(
                    "UPDATE scratch.raw SET book_set = ? WHERE rowid = ?",
                    (all_sets.index(namesake.books), namesake.row),
                )
        _add_notes(file, remaining, all_sets, limit)
    return tuple(duplicates), tuple(all_sets)


def _merge_duplicates(
    file: sqlite3.Connection, rows: list[_Namesake], duplicates: list[frozenset[str]]
) -> list[_Namesake]:
    """Merge rows that dial the same number, and return the remaining rows.

    For each merged row, the books that held both are appended to `duplicates`.
    """
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
        for duplicate in (*same[1:], row):
            duplicates.append((first.books if duplicate is row else duplicate.books) & books)
            _merge(file, first.row, duplicate.row)
        first.books = frozenset().union(books, *(other.books for other in same))
        others[:] = [other for other in others if other is first or other not in same]
    remaining = {id(row) for others in kept.values() for row in others}
    return [row for row in rows if id(row) in remaining]


def _merge(file: sqlite3.Connection, kept: int, duplicate: int) -> None:
    words, digits = file.execute(
        "SELECT words, digits FROM scratch.raw WHERE rowid = ?", (duplicate,)
    ).fetchone()
    update = (
        "UPDATE scratch.raw SET words = words || ' ' || ?, digits = digits || ' ' || ? WHERE"
        " rowid = ?"
    )
    file.execute(update, (words, digits, kept))
    file.execute("DELETE FROM scratch.raw WHERE rowid = ?", (duplicate,))


def _add_notes(
    file: sqlite3.Connection, rows: list[_Namesake], sets: list[frozenset[str]], limit: int
) -> None:
    """Add a note to each row that shares a book with another row of its name."""
    sizes = Counter(book for row in rows for book in row.books)
    notes = Counter((book, row.note) for row in rows for book in row.books)
    for row in rows:
        if all(sizes[book] == 1 for book in row.books):
            continue
        is_distinct = bool(row.note) and all(
            notes[book, row.note] == 1 and not notes[book, ""] for book in row.books
        )
        names = (with_note(row.name, note, limit) for note in _notes(row, is_distinct))
        shown = next(text for text in names if _is_free(file, text, row.books, sets))
        file.execute("UPDATE scratch.raw SET name = ? WHERE rowid = ?", (shown, row.row))


def _notes(row: _Namesake, is_distinct: bool) -> Iterator[str]:
    if is_distinct:
        yield row.note
    yield from (
        row.number[-digits:]
        for digits in range(min(_MIN_DIGITS, len(row.number)), len(row.number) + 1)
    )
    yield from map(str, count(2))


def _is_free(
    file: sqlite3.Connection, name: str, books: frozenset[str], sets: list[frozenset[str]]
) -> bool:
    found = file.execute("SELECT book_set FROM scratch.raw WHERE name = ?", (name,))
    return all(books.isdisjoint(sets[number]) for (number,) in found)

"""Telling gathered rows apart: those that are alike in name and number become one; others of one name each get a note.

Law of this file: SQL over the scratch table of a `GenerationWriter`, and names. It knows nothing of contacts, sources or phones.

The note is a row's department or organisation where that tells all of them apart, else the end of its number. What a row that became part
of another was found by finds the other.
"""

import sqlite3
from collections.abc import Iterator

from app.screens import noted

_FEWEST_DIGITS = 4
_DETAIL_LETTERS = 14

Alike = tuple[int, str, str, str, int]


Sets = tuple[frozenset[str], ...]


def tell_apart(file: sqlite3.Connection, sets: Sets, limit: int) -> tuple[Sets, Sets]:
    """Make names unique within each book; `sets[n]` are the books of set number n, `limit` the longest name.

    Returns, for each row that was the double of another, the books that held both, and the sets with those that became needed.
    Raises sqlite3.Error.
    """
    known = list(sets)
    doubles: list[frozenset[str]] = []
    for group in _alike(file):
        first: dict[str, int] = {}
        shelves: dict[int, frozenset[str]] = {}
        for row, _, number, _, place in group:
            if number in first:
                doubles.append(shelves[first[number]] & known[place])
                shelves[first[number]] |= known[place]
                _unite(file, first[number], row)
            else:
                first[number] = row
                shelves[row] = known[place]
        for row, _, _, _, place in group:
            if row in shelves and shelves[row] != known[place]:
                if shelves[row] not in known:
                    known.append(shelves[row])
                file.execute("UPDATE scratch.raw SET shelves = ? WHERE rowid = ?", (known.index(shelves[row]), row))
        left = [(row, name, number, detail) for row, name, number, detail, _ in group if row in shelves]
        if len(left) > 1 and _overlap([shelves[row] for row, *_ in left]):
            _note(file, left, limit)
    return tuple(doubles), tuple(known)


def _alike(file: sqlite3.Connection) -> Iterator[tuple[Alike, ...]]:
    """Give the groups of gathered rows that share a name: (rowid, name, number, detail, shelves) of each."""
    file.execute("CREATE INDEX scratch.by_name ON raw (name)")
    repeated = file.execute("SELECT name FROM scratch.raw GROUP BY name HAVING count(*) > 1").fetchall()
    for (name,) in repeated:
        yield tuple(file.execute("SELECT rowid, name, number, detail, shelves FROM scratch.raw WHERE name = ? ORDER BY key", (name,)))


def _unite(file: sqlite3.Connection, kept: int, double: int) -> None:
    words, digits = file.execute("SELECT words, digits FROM scratch.raw WHERE rowid = ?", (double,)).fetchone()
    update = "UPDATE scratch.raw SET words = words || ' ' || ?, digits = digits || ' ' || ? WHERE rowid = ?"
    file.execute(update, (words, digits, kept))
    file.execute("DELETE FROM scratch.raw WHERE rowid = ?", (double,))


def _note(file: sqlite3.Connection, rows: list[tuple[int, str, str, str]], limit: int) -> None:
    details = [detail[:_DETAIL_LETTERS].strip() for *_, detail in rows]
    telling = all(details) and len(set(details)) == len(details)
    for place, (row, name, number, _) in enumerate(rows):
        tries = [details[place]] if telling else []
        tries += [number[-digits:] for digits in range(_FEWEST_DIGITS, len(number) + 1)]
        tries += [str(count) for count in range(2, 2 * len(rows) + 100)]
        for note in tries:
            shown = noted(name, note, limit)
            if file.execute("SELECT 1 FROM scratch.raw WHERE name = ?", (shown,)).fetchone() is None:
                file.execute("UPDATE scratch.raw SET name = ? WHERE rowid = ?", (shown, row))
                break


def _overlap(shelves: list[frozenset[str]]) -> bool:
    seen: set[str] = set()
    for books in shelves:
        if not seen.isdisjoint(books):
            return True
        seen |= books
    return False

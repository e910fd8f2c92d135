"""Change the rows of one profile in a copy of the last generation.

Contacts are replaced in the memo, names are settled again where that can make a
difference, and the rows that are another way now are written to the copy.
"""

import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from app.generation.book_lists import write_list
from app.generation.disambiguation import Namesakes
from app.generation.drafts import BookPlan, ContactRows
from app.generation.memo import ProfileMemo, final_rows, notes_of
from app.generation.places import Places, Unsuitable
from app.generation.search_index import IndexedRow, RowIndex
from app.generation.writer import is_subset


class _Final(NamedTuple):
    """A row as the generation has it, and its sort key."""

    key: bytes
    name: str
    number: str
    heading: str
    book_set: int
    words: str
    digits: str

    def terms(self) -> tuple[int, str, str]:
        """Return what the search index and the lists of ids depend on."""
        return self[4:]


@dataclass(slots=True)
class _Change:
    """A row before and after, None if there is none, with its ids (0 for none)."""

    row: int
    before: _Final | None
    after: _Final | None
    old: int = 0
    new: int = 0


class ProfileUpdate:
    """One profile's rows; replace its contacts, then `write` once.

    All methods raise sqlite3.Error. `unlisted` is how the counts of unlisted contacts
    change, by book and reason. `merged` is how the counts of rows change that were
    merged with others of their book. `keys` are the caller keys that changed.
    """

    def __init__(self, file: sqlite3.Connection, profile: int, limit: int) -> None:
        """`limit` is the maximum length of a name."""
        self._file = file
        self._profile = profile
        self._memo = ProfileMemo(file, profile)
        self._memo.resume()
        self.sets, self._counts = self._memo.read_sets()
        self._namesakes = Namesakes(file, profile, self.sets, limit)
        self._before: dict[int, _Final | None] = {}
        self._names: set[str] = set()
        self._texts: dict[str, set[tuple[str, int]]] = {}
        self.unlisted: Counter[tuple[str, str]] = Counter()
        self.merged: Counter[str] = Counter()
        self._count_merged(-1)
        self.keys: set[int] = set()

    def links(self, source: str, key: str) -> tuple[int, ...]:
        """Return the links that a contact had, none if it is new."""
        found = self._memo.find(source, key)
        return found.notes.links if found is not None else ()

    def linked(self, link: int) -> list[tuple[str, str]]:
        """Return the contacts that had a link, as (source, id)."""
        return self._memo.linked(link)

    def replace(self, source: str, key: str, fresh: ContactRows | None) -> None:
        """Put what is made of a contact now in the place of what was made of it.

        `fresh` is None if the profile uses the contact no longer.
        """
        known = self._memo.find(source, key)
        if known is not None:
            rows = self._memo.rows_of(known)
            if (
                fresh is not None
                and known.notes == notes_of(fresh)
                and rows == [row for row, _ in fresh.rows]
            ):
                return
            for row, draft in enumerate(rows, known.first):
                self._capture(row, draft.name)
                self._names.add(draft.name)
            self._memo.remove(known)
            self.unlisted.subtract({item[:2]: item[2] for item in known.notes.unlisted})
            self.keys.update(caller[0] for callers in known.notes.callers for caller in callers)
        if fresh is not None:
            for row, (draft, callers) in enumerate(fresh.rows, self._memo.next_row):
                self._before[row] = None
                self._names.add(draft.name)
                self.keys.update(caller[0] for caller in callers)
            self._memo.add((fresh,))
            self.unlisted.update({item[:2]: item[2] for item in fresh.unlisted})

    def write(self, plans: Collection[BookPlan]) -> tuple[int, ...]:
        """Settle names, and write the rows that are another way now.

        Returns the ids of rows that were written, and former ids of rows that are gone.
        Raises Unsuitable if the tables of the generation cannot hold them.
        """
        self._settle()
        self._count_merged(1)
        changes = [
            _Change(row, before, after)
            for row, before in self._before.items()
            if before != (after := self._final(row))
        ]
        for change in changes:
            for final, count in ((change.before, -1), (change.after, 1)):
                if final is not None:
                    self._counts[final.book_set] += count
        subsets = self._subsets(plans)
        self._memo.write_sets(self.sets, self._counts)
        self._place(changes)
        self._write_rows(changes, subsets)
        self._write_books(plans)
        return tuple(
            {row_id for change in changes for row_id in (change.old, change.new) if row_id}
        )

    def _count_merged(self, sign: int) -> None:
        for books, rows in self._memo.merged_books(self.sets):
            self.merged.update(dict.fromkeys(books, sign * rows))

    def _capture(self, row: int, name: str) -> None:
        """Remember a row as it is in the generation, before it is changed.

        `name` is its name before names were settled.
        """
        if row not in self._before:
            final = self._before[row] = self._final(row)
            if final is not None:
                self._texts.setdefault(name, set()).add((final.name, final.book_set))

    def _final(self, row: int) -> _Final | None:
        query = final_rows(self._profile, _Final._fields, "AND r.rowid = ?")
        found = self._file.execute(query, (row,)).fetchone()
        return None if found is None else _Final(*found)

    def _settle(self) -> None:
        """Settle the names of rows that came or went, and all that depend on them.

        The names are settled in alphabetical order. So a name can change the result for
        another one only if that comes later, or by the rows that have it unsettled.
        """
        waiting = [*self._names]
        for name in self._names:
            waiting += self._namesakes.depending(name)
        heapify(waiting)
        last = None
        while waiting:
            name = heappop(waiting)
            if name == last:
                continue
            last = name
            query = f"SELECT rowid FROM scratch.raw_{self._profile} WHERE name = ?"
            rows = [row for (row,) in self._file.execute(query, (name,))]
            for row in rows:
                self._capture(row, name)
            self._namesakes.settle(name)
            texts = {
                (final.name, final.book_set)
                for row in rows
                if (final := self._final(row)) is not None
            }
            for text in {text for text, _ in texts ^ self._texts.get(name, set())}:
                for other in self._namesakes.depending(text):
                    if other > name:
                        heappush(waiting, other)

    def _subsets(self, plans: Collection[BookPlan]) -> dict[str, str]:
        """Return the table of ids of each book, "" if it needs none.

        Raises Unsuitable if another book needs one now.
        """
        subsets = dict(
            self._file.execute(
                "SELECT book, subset FROM book WHERE rows_table = ?", (f"rows_{self._profile}",)
            )
        )
        for plan in plans:
            if is_subset(plan.book, self.sets, self._counts) != bool(subsets[plan.book]):
                raise Unsuitable("a book holds all rows of its profile, or does so no longer")
        return subsets

    def _place(self, changes: list[_Change]) -> None:
        """Find the ids of the changed rows, and add the rows that must move for them."""
        keys = {change.row: change.before.key for change in changes if change.before is not None}
        places = Places(self._file, self._profile, keys)
        for change in changes:
            if change.before is not None:
                change.old = change.new = places.find(change.before.key, change.row)
        for change in changes:
            if change.after is None:
                places.remove(change.old)
                change.new = 0
        added = [
            (change.after.key, change.row)
            for change in changes
            if change.before is None and change.after is not None
        ]
        for key, row in sorted(added):
            places.insert(key, row)
        for change in changes:
            change.new = places.placed.pop(change.row, change.new)
        for row, new in places.placed.items():
            final = self._final(row)
            changes.append(_Change(row, final, final, places.former[row], new))

    def _write_rows(self, changes: list[_Change], subsets: Mapping[str, str]) -> None:
        table = f"rows_{self._profile}"
        index = RowIndex(self._file, f"found_{table}")
        tables = {
            number: tuple(subset for book, subset in subsets.items() if subset and book in books)
            for number, books in enumerate(self.sets.all())
        }
        gone: list[IndexedRow] = []
        new: list[IndexedRow] = []
        for change in changes:
            before, after = change.before, change.after
            if (
                before is not None
                and after is not None
                and (change.old, before.terms()) == (change.new, after.terms())
            ):
                continue
            if before is not None:
                gone.append((change.old, before.words, before.digits, tables[before.book_set]))
            if after is not None:
                new.append((change.new, after.words, after.digits, tables[after.book_set]))
        index.remove(gone)
        self._file.executemany(
            f"DELETE FROM {table} WHERE id = ?", [(change.old,) for change in changes]
        )
        for row_id, _, _, held in gone:
            for subset in held:
                self._file.execute(f"DELETE FROM {subset} WHERE id = ?", (row_id,))
        index.add(new)
        self._file.executemany(
            f"INSERT INTO {table} VALUES (?1, ?2, ?3, nullif(?4, ?2), nullif(?5, ?3))",
            [
                (change.new, after.name, after.number, after.heading, after.digits)
                for change in changes
                if (after := change.after) is not None
            ],
        )
        for row_id, _, _, held in new:
            for subset in held:
                self._file.execute(f"INSERT INTO {subset} VALUES (?)", (row_id,))
        index.finish_update()
        if gone or new:
            for name in {table, *(subset for row in (*gone, *new) for subset in row[3])}:
                write_list(self._file, name)

    def _write_books(self, plans: Collection[BookPlan]) -> None:
        for plan in plans:
            rows = sum(
                found
                for number, found in self._counts.items()
                if plan.book in self.sets.books(number)
            )
            self._file.execute(
                "UPDATE book SET rows = ?, known = ? WHERE profile = ? AND book = ?",
                (rows, plan.known, plan.profile, plan.book),
            )

"""The rows, contacts and books that a generation is written from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from app.generation.search_index import CallerKey


class DraftRow(NamedTuple):
    """A row for a draft.

    `key` is its sort key, `book_set` the number of the set of books that hold it.
    `words` and `digits` are what it is found by (`app.search.terms`).
    """

    # The fields are the columns of the scratch table.

    key: bytes
    name: str
    number: str
    heading: str
    detail: str
    book_set: int
    words: str = ""
    digits: str = ""


FoundRow = tuple[DraftRow, tuple[CallerKey, ...]]
"""A row, and its keys for caller lookup (`app.numbers.lookup_keys`)."""

Unlisting = tuple[str, str, int]
"""A book, a reason, and how many numbers or contacts it does not list for it."""


class ContactRows(NamedTuple):
    """What a profile makes of one contact.

    `links` are numbers that it shares with each contact of the profile on which its
    rows may depend.
    """

    source: str
    id: str
    rows: tuple[FoundRow, ...]
    unlisted: tuple[Unlisting, ...] = ()
    links: tuple[int, ...] = ()


class BookSets:
    """The sets of books that hold a row together, each with a number from 0."""

    def __init__(self, sets: Iterable[frozenset[str]] = ()) -> None:
        self._sets = list(sets)
        self._numbers = {books: number for number, books in enumerate(self._sets)}

    def number(self, books: frozenset[str]) -> int:
        """Return the number of a set, a new one for a new set."""
        number = self._numbers.setdefault(books, len(self._sets))
        if number == len(self._sets):
            self._sets.append(books)
        return number

    def books(self, number: int) -> frozenset[str]:
        """Return the set of this number."""
        return self._sets[number]

    def all(self) -> tuple[frozenset[str], ...]:
        """Return all sets in the order of their numbers."""
        return tuple(self._sets)


@dataclass(frozen=True, slots=True)
class BookPlan:
    """A book to be written; `known` is whether any of its sources ever answered."""

    profile: str
    book: str
    known: bool
    sources: tuple[str, ...]

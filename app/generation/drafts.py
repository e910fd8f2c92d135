"""The rows and books that a generation is written from."""

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


@dataclass(frozen=True, slots=True)
class BookPlan:
    """A book to be written.

    `sets` are the numbers of the sets of books that contain it. `known` is whether any
    of its sources ever answered.
    """

    profile: str
    book: str
    sets: tuple[int, ...]
    known: bool
    sources: tuple[str, ...]

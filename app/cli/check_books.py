"""Warnings of `check` about books that stay empty although their sources have contacts.

A filter that excludes everybody is most often a typo. `app.books.entries` applies the
filters.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from app.books.entries import (
    NO_NUMBER,
    NOT_DIALABLE,
    ONLY_OTHER_KINDS,
    exclusion_reason,
    number_exclusion_reason,
    selected_numbers,
)
from app.model.profile import Book, Profile
from app.model.text import plural
from connectors.contact import Contact, PhoneNumber

Dials = Callable[[PhoneNumber], bool]
"""A function that returns whether a number can be dialled."""


class _Book:
    """A book, and the reasons why its contacts are not listed."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.read: set[str] = set()
        self.contacts = 0
        self.reasons: Counter[str] = Counter()
        self.kinds: set[str] = set()
        self._admits = self._has_numbers = self._lists = False

    @property
    def empty(self) -> bool:
        # If two contacts are one person, one may be in the group and the other have the number.
        united = (
            self.book.merge and len(self.book.sources) > 1 and self._admits and self._has_numbers
        )
        return (
            self.contacts > 0
            and self.read >= set(self.book.sources)
            and not (self._lists or united)
        )

    def add(self, contact: Contact, dials: Dials) -> None:
        self.contacts += 1
        if self._lists:
            return
        refused = exclusion_reason(contact, self.book)
        missing = _missing(contact, self.book, dials)
        self._admits |= not refused
        self._has_numbers |= not missing
        self._lists |= not (refused or missing)
        self.reasons[refused or missing] += 1
        if missing == ONLY_OTHER_KINDS and not refused:
            self.kinds.update(number.kind for number in contact.numbers)

    def told(self) -> str:
        counts = "; ".join(f"{count}: {reason}" for reason, count in self.reasons.most_common())
        kinds = (
            f" Their numbers are of these kinds: {', '.join(sorted(self.kinds))}."
            if self.kinds
            else ""
        )
        return f"is empty, of {plural(self.contacts, 'contact')} none is listed ({counts}).{kinds}"


def _missing(contact: Contact, book: Book, dials: Dials) -> str:
    if not contact.numbers:
        return NO_NUMBER
    numbers = selected_numbers(contact, book)
    if not numbers:
        return next(
            (
                reason
                for number in contact.numbers
                if (reason := number_exclusion_reason(number, book)) != ONLY_OTHER_KINDS
            ),
            ONLY_OTHER_KINDS,
        )
    return "" if any(map(dials, numbers)) else NOT_DIALABLE


class EmptyBooks:
    """Finds the empty books of all profiles while the sources are read.

    A book is never reported if one of its sources was not read.
    """

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._books = {
            profile.name: [_Book(book) for book in profile.books] for profile in profiles
        }

    def add(self, profile: str, source: str, contacts: Iterable[Contact], dials: Dials) -> None:
        """Add a source's contacts for one profile; `dials` is of that profile."""
        mine = [book for book in self._books[profile] if source in book.book.sources]
        for book in mine:
            book.read.add(source)
        for contact in contacts if mine else ():
            for book in mine:
                book.add(contact, dials)

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each empty book.

        It names the profile if the book is not empty for the same reasons in all
        profiles.
        """
        everywhere = Counter(book.book.name for books in self._books.values() for book in books)
        empty = [
            (profile, book.book.name, book.told())
            for profile, books in self._books.items()
            for book in books
            if book.empty
        ]
        alike = Counter((name, told) for _, name, told in empty)
        yield from dict.fromkeys(
            (
                f"book {name} {told}"
                if alike[name, told] == everywhere[name]
                else f"book {name} in profile {profile} {told}"
            )
            for profile, name, told in empty
        )

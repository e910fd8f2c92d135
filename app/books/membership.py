"""Decide which contacts a profile's books list: filter, drop duplicates, merge sources.

Filters come first, so merging never brings back what a filter removed. Each contact
gets one result from each book. Contacts may be read more than once. A book of one
source keeps only names in memory. A book of several also keeps a match candidate for
each contact that shares a number or e-mail address with another source.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import msgspec

from app.books.duplicates import DuplicateFilter, numbers_fingerprint
from app.books.filters import exclusion_reason
from app.books.matching import (
    MatchCandidate,
    Merged,
    Part,
    group_matches,
    keys_of,
    match_candidate,
)
from app.books.merge import merge_contacts
from app.books.private_labels import ComparableNumber, PrivateNumbers
from app.model.profile import Book, Profile
from app.numbers.dial_plan import DialPlan
from connectors.contact import Contact

DUPLICATE = "listed once instead of twice: the same name and numbers in one source"
ELSEWHERE = "listed with the same person of another source"


def comparison_plan(plan: DialPlan) -> DialPlan:
    """Return the plan by which numbers are compared.

    It dials "+49 89 ..." and "089 ..." by the same digits, and ignores pauses.
    """
    return replace(plan, allow_plus=False, allow_pause=False)


class View(Protocol):
    """Contacts of all sources, which do not change while they are read."""

    def contacts(self, source: str) -> Iterator[Contact]:
        """Yield a source's contacts, always in the same order."""

    def contact(self, source: str, key: str) -> Contact | None:
        """Return one contact by its id, or None."""


class Membership(msgspec.Struct, frozen=True, gc=False):
    """The result for one contact in `book`.

    `contact` is what the book lists, merged with others or as it is. It is None if the
    book does not list the contact, for the given `reason`. `merged` is the group that
    the contact belongs to, also if it is listed under another source's contact.
    """

    book: Book
    contact: Contact | None
    reason: str = ""
    merged: Merged | None = None


Filters = tuple[tuple[str, ...], ...]
Groups = dict[Part, Merged]


@dataclass(frozen=True, slots=True)
class _SourceInBook:
    """A source of a book, while its contacts are read."""

    book: Book
    is_filtered: bool
    duplicates: DuplicateFilter
    groups: Groups


class Memberships:
    """The memberships of a profile's books; use it for one pass over the view."""

    def __init__(self, profile: Profile, view: View, comparable: ComparableNumber) -> None:
        self._view = view
        self._comparable = comparable
        self._books = profile.books
        self._groups: dict[Filters, Groups] = {}
        self._private: dict[tuple[tuple[str, ...], str], PrivateNumbers] = {}

    def of(self, sources: Iterable[str]) -> Iterator[tuple[str, Contact, list[Membership]]]:
        """Yield every contact of these sources, with its memberships.

        Each contact comes as (source, contact, memberships), with one membership for
        each book of the source. Sources that no book uses are skipped.
        """
        for source in sources:
            used = [
                _SourceInBook(
                    book,
                    bool(book.groups or book.exclude_groups or book.exclude),
                    DuplicateFilter(),
                    self._groups_of(book) if book.merge else {},
                )
                for book in self._books
                if source in book.sources
            ]
            if not used:
                continue
            merging = any(one.book.merge for one in used)
            for contact in self._view.contacts(source):
                numbers = numbers_fingerprint(contact, self._comparable) if merging else 0
                yield source, contact, [self._in(one, source, contact, numbers) for one in used]

    def _in(self, used: _SourceInBook, source: str, contact: Contact, numbers: int) -> Membership:
        book = used.book
        if used.is_filtered and (reason := exclusion_reason(contact, book)):
            return Membership(book, None, reason)
        if book.merge:
            if used.duplicates.seen(contact, numbers):
                return Membership(book, None, DUPLICATE)
            if used.groups and (merged := used.groups.get(Part(source, contact.id))) is not None:
                if merged.parts[0] == (source, contact.id):
                    return Membership(book, self.merge(book, merged), "", merged)
                return Membership(book, None, ELSEWHERE, merged)
        if book.private_label:
            contact = self._with_private_labels(book, contact)
        return Membership(book, contact)

    def merge(self, book: Book, merged: Merged) -> Contact:
        """Return the contact that a book lists for all parts of a merged one."""
        contacts = [
            contact
            for part in merged.parts
            if (contact := self._view.contact(part.source, part.id)) is not None
        ]
        one = merge_contacts(contacts, self._comparable, book.private_label)
        return self._with_private_labels(book, one)

    def _with_private_labels(self, book: Book, contact: Contact) -> Contact:
        """Return a contact with the book's private label added to its private numbers.

        A number is private if any contact of the same person marks it so. All contacts
        of the book's sources count, including filtered ones. Without merging, only the
        contact itself counts.
        """
        if not book.private_label:
            return contact
        if not book.merge:
            private = PrivateNumbers(book.private_label, self._comparable)
            private.add(contact)
            return private.label(contact)
        key = (book.sources, book.private_label)
        if key not in self._private:
            self._private[key] = private = PrivateNumbers(book.private_label, self._comparable)
            for source in book.sources:
                for other in self._view.contacts(source):
                    private.add(other)
        return self._private[key].label(contact)

    def _groups_of(self, book: Book) -> Groups:
        """Return the groups of a book's contacts, by each of their parts.

        Books of the same sources and filters share them.
        """
        if len(book.sources) < 2:
            return {}
        filters = (book.sources, book.groups, book.exclude_groups, book.exclude)
        if filters not in self._groups:
            shared = self._shared(book)
            groups = group_matches(tuple(self._candidates(book, shared))) if shared else ()
            self._groups[filters] = {part: group for group in groups for part in group.parts}
        return self._groups[filters]

    def _eligible(self, book: Book, source: str) -> Iterator[Contact]:
        duplicates = DuplicateFilter()
        for contact in self._view.contacts(source):
            if not exclusion_reason(contact, book) and not duplicates.seen(
                contact, numbers_fingerprint(contact, self._comparable)
            ):
                yield contact

    def _shared(self, book: Book) -> set[int]:
        """Return the hashes of the keys that at least two sources of a book share.

        Hash collisions may add a few more.
        """
        earlier: set[int] = set()
        shared: set[int] = set()
        for source in book.sources:
            own = {
                hash(key)
                for contact in self._eligible(book, source)
                for key in keys_of(contact, self._comparable)
            }
            shared |= own & earlier
            earlier |= own
        return shared

    def _candidates(self, book: Book, shared: set[int]) -> Iterator[MatchCandidate]:
        for source in book.sources:
            for contact in self._eligible(book, source):
                keys = tuple(
                    key for key in keys_of(contact, self._comparable) if hash(key) in shared
                )
                if keys:
                    yield match_candidate(source, contact, keys)

"""Decide which contacts a profile's books list: filter, drop duplicates, merge sources.

Filters come first, so merging never brings back what a filter removed. Each contact
gets one result from each book. Contacts may be read more than once. A book of one
source keeps only names in memory. A book of several also keeps a match candidate for
each contact that shares a number or e-mail address with another source.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

import msgspec

from app.books.entries import exclusion_reason
from app.books.merge import (
    ComparableNumber,
    DuplicateFilter,
    MatchCandidate,
    Merged,
    Part,
    group_matches,
    keys_of,
    merge_contacts,
    numbers_mark,
    sketch,
)
from app.books.private_labels import PrivateNumbers
from app.model.profile import Book, Profile
from app.numbers.dial_plan import DialPlan
from connectors.contact import Contact

DOUBLE = "listed once instead of twice: the same name and numbers in one source"
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
    """The result for one contact in one book.

    `contact` is what the book lists, merged with others or as it is. It is None if the
    book does not list the contact, for the given `reason`. `merged` is the group that
    the contact belongs to, also if it is listed under another source's contact.
    """

    contact: Contact | None
    reason: str = ""
    merged: Merged | None = None


Filters = tuple[tuple[str, ...], ...]
Groups = dict[Part, Merged]


class Memberships:
    """The memberships of a profile's books; use it for one pass over the view."""

    def __init__(self, profile: Profile, view: View, dialled: ComparableNumber) -> None:
        self._view = view
        self._dialled = dialled
        self._books = profile.books
        self._groups: dict[Filters, Groups] = {}
        self._private: dict[tuple[tuple[str, ...], str], PrivateNumbers] = {}

    def standings(
        self, sources: Iterable[str]
    ) -> Iterator[tuple[str, Contact, tuple[tuple[Book, Membership], ...]]]:
        """Yield every contact of these sources, with its membership in each book.

        Each contact comes as (source, contact, ((book, membership), ...)). Sources that
        no book uses are skipped.
        """
        for source in sources:
            rosters = [
                (book, DuplicateFilter(), self._grouped(book) if book.merge else {})
                for book in self._books
                if source in book.sources
            ]
            if not rosters:
                continue
            merging = any(book.merge for book, _, _ in rosters)
            for contact in self._view.contacts(source):
                numbers = numbers_mark(contact, self._dialled) if merging else 0
                standings = [
                    (book, self._standing(book, doubles, groups, source, contact, numbers))
                    for book, doubles, groups in rosters
                ]
                yield source, contact, tuple(standings)

    def _standing(
        self,
        book: Book,
        doubles: DuplicateFilter,
        groups: Groups,
        source: str,
        contact: Contact,
        numbers: int,
    ) -> Membership:
        reason = exclusion_reason(contact, book)
        if reason:
            return Membership(None, reason)
        if not book.merge:
            return Membership(self._marked(book, contact))
        if doubles.seen(contact, numbers):
            return Membership(None, DOUBLE)
        merged = groups.get(Part(source, contact.id)) if groups else None
        if merged is None:
            return Membership(self._marked(book, contact))
        if merged.parts[0] == (source, contact.id):
            return Membership(self.united(book, merged), "", merged)
        return Membership(None, ELSEWHERE, merged)

    def united(self, book: Book, merged: Merged) -> Contact:
        """Return the contact that a book lists for all parts of a merged one."""
        found = [
            contact
            for part in merged.parts
            if (contact := self._view.contact(part.source, part.id)) is not None
        ]
        return self._marked(book, merge_contacts(found, self._dialled, book.private_label))

    def _marked(self, book: Book, contact: Contact) -> Contact:
        """Return a contact with the book's private label added to its private numbers.

        A number is private if any contact of the same person marks it so. All contacts
        of the book's sources count, including filtered ones. Without merging, only the
        contact itself counts.
        """
        if not book.private_label:
            return contact
        if not book.merge:
            private = PrivateNumbers(book.private_label, self._dialled)
            private.add(contact)
            return private.marked(contact)
        key = (book.sources, book.private_label)
        if key not in self._private:
            self._private[key] = private = PrivateNumbers(book.private_label, self._dialled)
            for source in book.sources:
                for other in self._view.contacts(source):
                    private.add(other)
        return self._private[key].marked(contact)

    def _grouped(self, book: Book) -> Groups:
        """Return the groups of a book's contacts, by each of their parts.

        Books of the same sources and filters share them.
        """
        if len(book.sources) < 2:
            return {}
        filters = (book.sources, book.groups, book.exclude_groups, book.exclude)
        if filters not in self._groups:
            shared = self._shared(book)
            groups = group_matches(tuple(self._sketches(book, shared))) if shared else ()
            self._groups[filters] = {part: group for group in groups for part in group.parts}
        return self._groups[filters]

    def _eligible(self, book: Book, source: str) -> Iterator[Contact]:
        doubles = DuplicateFilter()
        for contact in self._view.contacts(source):
            if not exclusion_reason(contact, book) and not doubles.seen(
                contact, numbers_mark(contact, self._dialled)
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
                for key in keys_of(contact, self._dialled)
            }
            shared |= own & earlier
            earlier |= own
        return shared

    def _sketches(self, book: Book, shared: set[int]) -> Iterator[MatchCandidate]:
        for source in book.sources:
            for contact in self._eligible(book, source):
                keys = tuple(key for key in keys_of(contact, self._dialled) if hash(key) in shared)
                if keys:
                    yield sketch(source, contact, keys)

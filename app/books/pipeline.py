"""The steps from the stored contacts to the entries of a profile's books.

`app.build` writes the entries, and `explain` shows the outcomes and their reasons.
"""

from collections.abc import Iterable, Iterator

import msgspec

from app.books.entries import Lister, Listing
from app.books.matching import Merged
from app.books.membership import Membership, Memberships, View, comparison_plan
from app.model.profile import Book, Profile
from app.model.screens import Limits
from app.numbers.cache import CachedDialPlan
from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import DialResult
from connectors.contact import Contact, PhoneNumber


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What one book makes of one contact.

    `contact` is what the book lists, merged with others or as it is; None if it lists
    nothing. `merged` is the group of contacts that the contact belongs to, also if the
    book lists the group under another source's contact.
    """

    book: Book
    contact: Contact | None
    listing: Listing
    merged: Merged | None = None


class DialPlans:
    """The cached dial plans of all profiles."""

    def __init__(self) -> None:
        self._plans: dict[tuple[DialPlan, int], CachedDialPlan] = {}

    def get(self, plan: DialPlan, limit: int) -> CachedDialPlan:
        """Return the cache of a plan for numbers of at most `limit` digits."""
        return self._plans.setdefault((plan, limit), CachedDialPlan(plan, limit=limit))


class Pipeline:
    """The outcomes of a profile's contacts; use it for one pass over the view."""

    def __init__(self, profile: Profile, view: View, limits: Limits, plans: DialPlans) -> None:
        self._plan = plans.get(profile.plan, limits.number)
        comparison = plans.get(comparison_plan(profile.plan), limits.number)
        self._memberships = Memberships(profile, view, comparison.digits)
        self._lister = Lister(
            profile.name_order, profile.sort_by, limits, self._plan.digits, profile.language
        )

    def dial(self, number: PhoneNumber) -> DialResult:
        """Return what a phone of the profile dials for a number, and why."""
        return self._plan.dial(number.value, number.canonical)

    def outcomes(self, sources: Iterable[str]) -> Iterator[tuple[str, Contact, list[Outcome]]]:
        """Yield every contact of these sources, as (source, contact, outcomes).

        There is an outcome for each book that uses the source. Sources that no book
        uses are skipped.
        """
        for source, contact, memberships in self._memberships.of(sources):
            owner = f"{source} {contact.id}"
            yield source, contact, [self._outcome(one, owner) for one in memberships]

    def _outcome(self, membership: Membership, owner: str) -> Outcome:
        book, contact = membership.book, membership.contact
        if contact is None:
            return Outcome(book, None, Listing((), membership.reason), membership.merged)
        listing = self._lister.listing(contact, book, owner)
        return Outcome(book, contact, listing, membership.merged)

    def group_outcome(self, book: Book, merged: Merged) -> Outcome:
        """Return what a book makes of a group of merged contacts."""
        contact = self._memberships.merge(book, merged)
        first = merged.parts[0]
        listing = self._lister.listing(contact, book, f"{first.source} {first.id}")
        return Outcome(book, contact, listing, merged)

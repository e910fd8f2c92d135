"""Turn one profile's contacts into the rows, books and dial items of a generation."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from app.books.entries import NOT_DIALABLE, Entry, Listing
from app.books.membership import View, comparison_plan
from app.books.pipeline import DialPlans, Outcome, Pipeline
from app.build.index_fields import IndexFields
from app.build.links import Links
from app.generation.drafts import BookPlan, BookSets, ContactRows, DraftRow, Unlisting
from app.generation.schema import Unlisted
from app.model.profile import Profile
from app.people.recorder import ProfileRecorder
from app.people.records import UNDIALABLE
from app.people.writer import PeopleWriter
from app.phones.registry import FORMATS
from app.settings.loader import Settings
from app.state.source_records import SourceRecord
from connectors.contact import Contact, PhoneNumber


class ProfileBuild:
    """The steps of one profile; use it for one pass over the contacts of `view`.

    `sets` numbers the sets of books; new ones are added.
    """

    def __init__(
        self,
        settings: Settings,
        profile: Profile,
        view: View,
        plans: DialPlans,
        people: PeopleWriter,
        sets: BookSets,
    ) -> None:
        self._sources = [source.name for source in settings.sources]
        self._profile = profile
        self._pipeline = Pipeline(profile, view, FORMATS[profile.format].LIMITS, plans)
        self._recorder = ProfileRecorder(profile, self._pipeline, people)
        self._index_fields = IndexFields(profile)
        self._links = links_of(profile, plans)
        self._sets = sets
        self._alone = {book.name: frozenset((book.name,)) for book in profile.books}
        self.unlisted: Counter[tuple[str, str]] = Counter()

    def contacts(self) -> Iterator[ContactRows]:
        """Yield each contact of the profile's sources with its rows.

        They are recorded in the people file, and counted if a book does not list them.
        """
        for source, contact, outcomes in self._pipeline.outcomes(self._sources):
            self._recorder.record(source, contact, outcomes)
            unlisted = self._unlisted(outcomes)
            for book, reason, count in unlisted:
                self.unlisted[book, reason] += count
            rows = []
            for entry, book_set in self._entries(outcomes):
                digits, callers = self._index_fields.of(entry)
                row = DraftRow(
                    entry.key,
                    entry.name,
                    entry.number,
                    entry.heading,
                    entry.detail,
                    book_set,
                    entry.words,
                    digits,
                )
                rows.append((row, callers))
            links = self._links.of(source, contact)
            yield ContactRows(source, contact.id, tuple(rows), unlisted, links)

    def _entries(self, outcomes: list[Outcome]) -> list[tuple[Entry, int]]:
        """Return a contact's entries, each with the number of its set of books."""
        if len(outcomes) == 1:
            book, entries = outcomes[0].book, outcomes[0].listing.entries
            book_set = self._sets.number(self._alone[book.name]) if entries else 0
            return [(entry, book_set) for entry in entries]
        found: dict[tuple[object, ...], tuple[Entry, list[str]]] = {}
        for outcome in outcomes:
            for entry in outcome.listing.entries:
                same = (
                    entry.name,
                    entry.number,
                    entry.key,
                    entry.heading,
                    entry.detail,
                    entry.words,
                )
                found.setdefault(same, (entry, []))[1].append(outcome.book.name)
        return [(entry, self._sets.number(frozenset(names))) for entry, names in found.values()]

    def _unlisted(self, outcomes: list[Outcome]) -> tuple[Unlisting, ...]:
        found = []
        for outcome in outcomes:
            listing = outcome.listing
            if len(listing.entries) != len(listing.numbers) or not listing.entries:
                reason, count = _unlisted_numbers(listing)
                if count:
                    found.append((outcome.book.name, reason, count))
        return tuple(found)

    def book_plans(self, records: Mapping[str, SourceRecord]) -> tuple[BookPlan, ...]:
        """Return the plans of the profile's books from the records of all sources."""
        return tuple(
            BookPlan(
                self._profile.name,
                book.name,
                any(records[source].last_success is not None for source in book.sources),
                book.sources,
            )
            for book in self._profile.books
        )

    def dials(self) -> list[tuple[str, str, str]]:
        """Return what each dial item dials, as (profile, item, number)."""
        return [
            (self._profile.name, item.name, self._pipeline.dial(PhoneNumber(item.number)).number)
            for item in self._profile.dials
        ]


def links_of(profile: Profile, plans: DialPlans) -> Links:
    """Return the links of a profile's contacts, by its cached dial plan."""
    limit = FORMATS[profile.format].LIMITS.number
    return Links(profile, plans.get(comparison_plan(profile.plan), limit).digits)


def unlisted_counts(profile: Profile, counts: Mapping[tuple[str, str], int]) -> list[Unlisted]:
    """Return what a profile's books do not list, from the counts by book and reason."""
    return [
        Unlisted(profile.name, book, reason, count)
        for (book, reason), count in sorted(counts.items())
        if count
    ]


def _unlisted_numbers(listing: Listing) -> tuple[str, int]:
    """Return a reason why something is not listed, and how often; 0 times for none."""
    if listing.reason:
        return listing.reason, 1
    return UNDIALABLE, sum(result.reason == NOT_DIALABLE for result in listing.numbers)


class Part:
    """A view that shows some contacts of another one."""

    def __init__(self, view: View, ids: Mapping[str, Collection[str]]) -> None:
        """`ids` are those of the contacts to show, by their source."""
        self._view = view
        self._ids = {source: sorted(keys) for source, keys in ids.items()}

    def contacts(self, source: str) -> Iterator[Contact]:
        """Yield a source's contacts in the order of their ids."""
        for key in self._ids.get(source, ()):
            contact = self._view.contact(source, key)
            if contact is not None:
                yield contact

    def contact(self, source: str, key: str) -> Contact | None:
        """Return one contact by its id, or None."""
        return self._view.contact(source, key)

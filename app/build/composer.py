"""Compose, verify and publish a generation from the stored contacts of all sources.

The composer fixes the order of the steps. The rules for names, numbers and phones live
in `app.books`, `app.numbers` and `app.phones`.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.books.entries import NOT_DIALABLE, Entry, Listing
from app.books.pipeline import DialPlans, Outcome, Pipeline
from app.build.index_fields import IndexFields
from app.build.verification import Verifier
from app.generation.drafts import BookPlan, DraftRow, FoundRow
from app.generation.files import Published, file_digest, publish
from app.generation.reader import Generation
from app.generation.schema import Unlisted
from app.generation.writer import BuildError, GenerationWriter
from app.model.profile import Book, Profile
from app.people.recorder import ProfileRecorder, unlisted_order
from app.people.records import DUPLICATE_ROW, UNDIALABLE
from app.people.writer import PeopleWriter
from app.phones.registry import FORMATS
from app.settings.loader import Settings
from app.state.store import Store
from app.state.store_snapshot import StoreSnapshot
from connectors.contact import PhoneNumber


@dataclass(frozen=True, slots=True)
class Composed:
    """A published generation: its version, rows, screens and build time."""

    version: str
    rows: int
    screens: int
    seconds: float


class Composer:
    """Composes generations for one configuration.

    It keeps the cached dial plans, and what was verified, from one generation to the
    next.
    """

    def __init__(self, settings: Settings, store: Store, folder: Path) -> None:
        self._settings = settings
        self._store = store
        self._folder = folder
        self._plans = DialPlans()
        self._verifier = Verifier(settings.profiles)

    def compose(self) -> Composed:
        """Write, verify and publish a generation of the stored contacts.

        Raises BuildError or StoreError; the published generation then stays.
        """
        begun = time.perf_counter()
        rows = 0
        # Looked up before any contact is read. A change during the build then makes the next
        # generation due, even if this builder ends before it.
        digests = {
            source.name: self._store.record(source.name).digest for source in self._settings.sources
        }
        with (
            StoreSnapshot(self._store.folder, self._store.failure) as view,
            GenerationWriter(self._folder) as writer,
            PeopleWriter(self._folder) as people,
        ):
            unlisted: list[Unlisted] = []
            dials: list[tuple[str, str, str]] = []
            for number, profile in enumerate(self._settings.profiles, 1):
                limits = FORMATS[profile.format].LIMITS
                pipeline = Pipeline(profile, view, limits, self._plans)
                recorder = ProfileRecorder(profile, pipeline, people)
                build = _ProfileBuild(self._settings, self._store, profile, pipeline, recorder)
                writer.add_rows(build.rows())
                duplicates, sets = writer.disambiguate(build.sets(), limits.row_name)
                writer.write_books(number, build.plans(sets))
                unlisted += build.unlisted(duplicates)
                dials += build.dials()
                rows += build.gathered - len(duplicates)
            writer.write_extras(dials, unlisted)
            writer.finish(self._settings.fingerprint, digests)
            self._record_unused(people, view)
            people.finish()
            with closing(Generation(writer.path)) as generation:
                screens = self._verifier.verify(generation)
            try:
                digest, people_digest = file_digest(writer.path), file_digest(people.path)
                version = writer.commit()
                people.commit(version)
                seconds = time.perf_counter() - begun
                publish(self._folder, Published(version, digest, seconds, people_digest))
            except OSError as error:
                raise BuildError(
                    f"{self._folder}: the new generation cannot be published ({error.strerror}). "
                    "Check its permissions."
                ) from error
        return Composed(version, rows, screens, time.perf_counter() - begun)

    def _record_unused(self, people: PeopleWriter, view: StoreSnapshot) -> None:
        """Record the contacts of sources that no book uses."""
        used = {
            name
            for profile in self._settings.profiles
            for book in profile.books
            for name in book.sources
        }
        first = self._settings.profiles[0]
        for source in self._settings.sources:
            for contact in view.contacts(source.name) if source.name not in used else ():
                people.put(source.name, contact, *unlisted_order(source.name, contact, first), ())


class _ProfileBuild:
    """Collects one profile's rows, books and dial items for a generation."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        profile: Profile,
        pipeline: Pipeline,
        recorder: ProfileRecorder,
    ) -> None:
        self._settings = settings
        self._store = store
        self._profile = profile
        self._pipeline = pipeline
        self._recorder = recorder
        self._index_fields = IndexFields(profile)
        self._sets: dict[frozenset[str], int] = {}
        self._alone = {book.name: frozenset((book.name,)) for book in profile.books}
        self._unlisted: Counter[tuple[str, str]] = Counter()
        self.gathered = 0

    def rows(self) -> Iterator[FoundRow]:
        index_fields = self._index_fields.of
        sources = [source.name for source in self._settings.sources]
        for source, contact, outcomes in self._pipeline.outcomes(sources):
            self._recorder.record(source, contact, outcomes)
            for outcome in outcomes:
                listing = outcome.listing
                if len(listing.entries) < len(listing.numbers) or listing.reason:
                    self._count_unlisted(outcome.book, listing)
            for entry, book_set in self._entries(outcomes):
                digits, callers = index_fields(entry)
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
                yield row, callers

    def _entries(self, outcomes: list[Outcome]) -> list[tuple[Entry, int]]:
        """Return a contact's entries, each with the number of its set of books."""
        if len(outcomes) == 1:
            book, entries = outcomes[0].book, outcomes[0].listing.entries
            self.gathered += len(entries)
            book_set = self._set_number(self._alone[book.name]) if entries else 0
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
        self.gathered += len(found)
        return [(entry, self._set_number(frozenset(names))) for entry, names in found.values()]

    def _set_number(self, books: frozenset[str]) -> int:
        return self._sets.setdefault(books, len(self._sets))

    def _count_unlisted(self, book: Book, listing: Listing) -> None:
        if listing.reason:
            self._unlisted[book.name, listing.reason] += 1
            return
        for result in listing.numbers:
            if result.reason == NOT_DIALABLE:
                self._unlisted[book.name, UNDIALABLE] += 1

    def sets(self) -> tuple[frozenset[str], ...]:
        return tuple(self._sets)

    def plans(self, sets: tuple[frozenset[str], ...]) -> tuple[BookPlan, ...]:
        known = {
            source.name
            for source in self._settings.sources
            if self._store.record(source.name).last_success is not None
        }
        return tuple(
            BookPlan(
                profile=self._profile.name,
                book=book.name,
                sets=tuple(number for number, names in enumerate(sets) if book.name in names),
                known=not known.isdisjoint(book.sources),
                sources=book.sources,
            )
            for book in self._profile.books
        )

    def unlisted(self, duplicates: Iterable[frozenset[str]]) -> list[Unlisted]:
        for books in duplicates:
            self._unlisted.update((book, DUPLICATE_ROW) for book in books)
        return [
            Unlisted(self._profile.name, book, reason, count)
            for (book, reason), count in sorted(self._unlisted.items())
        ]

    def dials(self) -> list[tuple[str, str, str]]:
        return [
            (self._profile.name, item.name, self._pipeline.dial(PhoneNumber(item.number)).number)
            for item in self._profile.dials
        ]

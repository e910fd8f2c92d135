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

from app.books.entries import UNDIALABLE, Dialler, Entry, entries_for
from app.books.membership import Membership, Memberships, View, comparison_plan
from app.build.index_fields import IndexFields
from app.build.verification import verify
from app.generation.files import file_digest, file_name, new_version, publish
from app.generation.reader import Generation, Unlisted
from app.generation.writer import BookPlan, BuildError, DraftRow, FoundRow, GenerationWriter
from app.model.profile import Book, Profile
from app.numbers.cache import CachedDialPlan
from app.numbers.dial_plan import DialPlan
from app.phones.registry import FORMATS
from app.settings.loader import Settings
from app.state.store import Store
from app.state.store_snapshot import StoreSnapshot
from connectors.contact import PhoneNumber

DUPLICATE_ROW = "listed once instead of twice: same name and number"


@dataclass(frozen=True, slots=True)
class Composed:
    """A published generation: its version, rows, screens and build time."""

    version: str
    rows: int
    screens: int
    seconds: float


class Composer:
    """Composes generations for one configuration.

    It keeps the cached dial plans from one generation to the next.
    """

    def __init__(self, settings: Settings, store: Store, folder: Path) -> None:
        self._settings = settings
        self._store = store
        self._folder = folder
        self._memories: dict[DialPlan, CachedDialPlan] = {}

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
            GenerationWriter(self._folder, self._free_version()) as writer,
        ):
            unlisted: list[Unlisted] = []
            dials: list[tuple[str, str, str]] = []
            for number, profile in enumerate(self._settings.profiles, 1):
                build = _ProfileBuild(
                    self._settings,
                    self._store,
                    profile,
                    self._dialler(profile.plan, profile),
                    self._memberships(profile, view),
                )
                writer.add_rows(build.rows())
                duplicates, sets = writer.disambiguate(
                    build.sets(), FORMATS[profile.format].LIMITS.row_name
                )
                writer.write_books(number, build.plans(sets))
                unlisted += build.unlisted(duplicates)
                dials += build.dials()
                rows += build.gathered - len(duplicates)
            writer.write_extras(dials, unlisted)
            writer.finish(
                self._settings.fingerprint, time.time(), time.perf_counter() - begun, digests
            )
            with closing(Generation(writer.path)) as generation:
                screens = verify(generation, self._settings.profiles)
            try:
                digest = file_digest(writer.path)
                writer.commit()
                publish(self._folder, writer.version, digest)
            except OSError as error:
                raise BuildError(
                    f"{self._folder}: the new generation cannot be published ({error.strerror}). "
                    "Check its permissions."
                ) from error
        return Composed(writer.version, rows, screens, time.perf_counter() - begun)

    def _free_version(self) -> str:
        moment = time.time()
        while (self._folder / file_name(version := new_version(moment))).exists():
            moment += 0.001
        return version

    def _dialler(self, plan: DialPlan, profile: Profile) -> Dialler:
        memory = self._memories.setdefault(
            plan, CachedDialPlan(plan, limit=FORMATS[profile.format].LIMITS.number)
        )

        def dialled(number: PhoneNumber) -> str:
            return memory.dial(number.value, number.canonical).number

        return dialled

    def _memberships(self, profile: Profile, view: View) -> Memberships:
        return Memberships(profile, view, self._dialler(comparison_plan(profile.plan), profile))


class _ProfileBuild:
    """Collects one profile's rows, books and dial items for a generation."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        profile: Profile,
        dialler: Dialler,
        memberships: Memberships,
    ) -> None:
        self._settings = settings
        self._store = store
        self._profile = profile
        self._dialler = dialler
        self._memberships = memberships
        self._limits = FORMATS[profile.format].LIMITS
        self._index_fields = IndexFields(profile)
        self._sets: dict[frozenset[str], int] = {}
        self._alone = {book.name: frozenset((book.name,)) for book in profile.books}
        self._missing: Counter[tuple[str, str]] = Counter()
        self.gathered = 0

    def rows(self) -> Iterator[FoundRow]:
        sets, index_fields = self._sets, self._index_fields.of
        for source, contact, memberships in self._memberships.standings(
            source.name for source in self._settings.sources
        ):
            for entry, books in self._of(f"{source} {contact.id}", memberships):
                number = sets.setdefault(books, len(sets))
                self.gathered += 1
                digits, callers = index_fields(entry)
                row = DraftRow(
                    entry.key,
                    entry.name,
                    entry.number,
                    entry.heading,
                    entry.detail,
                    number,
                    entry.words,
                    digits,
                )
                yield row, callers

    def _of(
        self, owner: str, standings: tuple[tuple[Book, Membership], ...]
    ) -> Iterable[tuple[Entry, frozenset[str]]]:
        """Return a contact's entries, each with the books that list it."""
        if len(standings) == 1:
            ((book, standing),) = standings
            alone = self._alone[book.name]
            return [(entry, alone) for entry in self._entries(owner, book, standing)]
        found: dict[tuple[object, ...], tuple[Entry, list[str]]] = {}
        for book, standing in standings:
            for entry in self._entries(owner, book, standing):
                same = (
                    entry.name,
                    entry.number,
                    entry.key,
                    entry.heading,
                    entry.detail,
                    entry.words,
                )
                found.setdefault(same, (entry, []))[1].append(book.name)
        return [(entry, frozenset(names)) for entry, names in found.values()]

    def _entries(self, owner: str, book: Book, standing: Membership) -> tuple[Entry, ...]:
        profile = self._profile
        if standing.contact is None:
            self._missing[book.name, standing.reason] += 1
            return ()
        listing = entries_for(
            standing.contact,
            book,
            profile.name_order,
            profile.sort_by,
            self._limits,
            self._dialler,
            owner,
        )
        if listing.reason:
            self._missing[book.name, listing.reason] += 1
        elif listing.undialable:
            self._missing[book.name, UNDIALABLE] += listing.undialable
        return listing.entries

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
            self._missing.update((book, DUPLICATE_ROW) for book in books)
        return [
            Unlisted(self._profile.name, book, reason, count)
            for (book, reason), count in sorted(self._missing.items())
        ]

    def dials(self) -> list[tuple[str, str, str]]:
        return [
            (self._profile.name, item.name, self._dialler(PhoneNumber(item.number)))
            for item in self._profile.dials
        ]

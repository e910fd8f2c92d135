"""Compose, verify and publish a generation from the stored contacts of all sources.

The composer fixes the order of the steps. The rules for names, numbers and phones live
in `app.books`, `app.numbers` and `app.phones`. If few contacts changed since the last
generation, the next one is a copy of it with new rows for these contacts and all that
depend on them. It has the same rows, and is found by the same searches, as one that is
made from nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.books.pipeline import DialPlans
from app.build.base import Base, SoundFiles, find_base, with_dependants
from app.build.profile_build import (
    Part,
    ProfileBuild,
    links_of,
    unlisted_counts,
)
from app.build.program import program_fingerprint
from app.build.verification import Verifier
from app.exchange.base import ExchangeError, Fenced
from app.generation.draft_file import BuildError
from app.generation.drafts import BookSets
from app.generation.files import (
    Published,
    file_digest,
    file_name,
    people_file_name,
    publish,
)
from app.generation.memo import FORM, memo_digest
from app.generation.places import Unsuitable
from app.generation.reader import Generation
from app.generation.schema import Unlisted
from app.generation.update import GenerationUpdate
from app.generation.writer import GenerationWriter
from app.logs import Log
from app.people.recorder import unlisted_order
from app.people.records import DUPLICATE_ROW
from app.people.writer import PeopleWriter
from app.phones.registry import FORMATS
from app.refresh.messages import crash_site
from app.settings.loader import Settings
from app.state.source_records import SourceRecord
from app.state.store import Store, StoreError
from app.state.store_snapshot import StoreSnapshot

MAX_UPDATES = 200
"""How many generations are made from the one before until one is made from nothing."""

Written = Mapping[str, tuple[int, ...]]
"""The ids of the rows of each profile that were written or are gone."""

Publish = Callable[[Path, Published], None]
"""Publishes a generation whose files are in a state directory: `files.publish`, or what
lets other hosts have it first."""

_log = Log("composer")


@dataclass(frozen=True, slots=True)
class Composed:
    """A published generation: its version, rows, screens and build time.

    `is_update` is whether it was made from the one before.
    """

    version: str
    rows: int
    screens: int
    seconds: float
    is_update: bool


class Composer:
    """Composes generations for one configuration.

    It keeps the cached dial plans, and what was verified, from one generation to the
    next.
    """

    def __init__(
        self, settings: Settings, store: Store, folder: Path, publish: Publish = publish
    ) -> None:
        self._settings = settings
        self._publish_files = publish
        self._store = store
        self._folder = folder
        self._plans = DialPlans()
        self._verifier = Verifier(settings.profiles)
        self._sound = SoundFiles()

    def compose(self) -> Composed:
        """Write, verify and publish a generation of the stored contacts.

        Raises BuildError, StoreError or what `publish` raises; the published generation
        then stays.
        """
        begun = time.perf_counter()
        with StoreSnapshot(self._store.folder, self._store.failure) as view:
            records = {source.name: view.record(source.name) for source in self._settings.sources}
            try:
                base = find_base(self._settings, view, records, self._sound)
                return self._update(base, view, records, begun)
            except (Unsuitable, BuildError) as error:
                _log.debug("built_from_nothing", reason=str(error))
            except (StoreError, ExchangeError, Fenced):
                raise
            except Exception as error:
                # An update only saves time. A fault in it must not keep phones from what is new.
                _log.error(
                    "update_failed",
                    where=crash_site(error),
                    effect="the generation is made from nothing",
                )
            return self._build(view, records, begun)

    def _build(
        self, view: StoreSnapshot, records: Mapping[str, SourceRecord], begun: float
    ) -> Composed:
        """Make a generation from nothing."""
        with GenerationWriter(self._folder) as writer, PeopleWriter(self._folder) as people:
            unlisted: list[Unlisted] = []
            dials: list[tuple[str, str, str]] = []
            for number, profile in enumerate(self._settings.profiles, 1):
                sets = BookSets()
                build = ProfileBuild(self._settings, profile, view, self._plans, people, sets)
                writer.add_contacts(number, build.contacts())
                writer.disambiguate(number, sets, FORMATS[profile.format].LIMITS.row_name)
                writer.write_books(number, build.book_plans(records), sets)
                for books, rows in writer.merged_books(number, sets):
                    build.unlisted.update({(book, DUPLICATE_ROW): rows for book in books})
                unlisted += unlisted_counts(profile, build.unlisted)
                dials += build.dials()
            writer.write_callers()
            self._record_unused(people, view)
            writer.write_extras(dials, unlisted)
            self._write_meta(writer, records, updates=0)
            return self._publish(writer, people, begun, None)

    def _update(
        self, base: Base, view: StoreSnapshot, records: Mapping[str, SourceRecord], begun: float
    ) -> Composed:
        """Make a generation from the one before.

        Raises Unsuitable if that cannot be done.
        """
        with (
            GenerationUpdate(self._folder, base.path, base.memo) as writer,
            PeopleWriter(self._folder, base.people) as people,
        ):
            updates = self._updates_before(writer) + 1
            written: Written = {profile.name: () for profile in self._settings.profiles}
            if not base.is_current:
                with writer.changing():
                    written = self._change(base, view, records, writer, people)
                self._write_meta(writer, records, updates)
            return self._publish(writer, people, begun, written)

    def _change(
        self,
        base: Base,
        view: StoreSnapshot,
        records: Mapping[str, SourceRecord],
        writer: GenerationUpdate,
        people: PeopleWriter,
    ) -> Written:
        """Change the copies of the last generation and its people file.

        Returns which rows were written.
        """
        profiles = self._settings.profiles
        changes = [
            writer.profile(number, FORMATS[profile.format].LIMITS.row_name)
            for number, profile in enumerate(profiles, 1)
        ]
        links = [links_of(profile, self._plans) for profile in profiles]
        ids = with_dependants(base, view, list(zip(changes, links, strict=True)))
        for source, keys in ids.items():
            for key in keys:
                if view.contact(source, key) is None:
                    people.remove(source, key)
        part = Part(view, ids)
        unlisted: list[Unlisted] = []
        dials: list[tuple[str, str, str]] = []
        written: dict[str, tuple[int, ...]] = {}
        for profile, change in zip(profiles, changes, strict=True):
            build = ProfileBuild(self._settings, profile, part, self._plans, people, change.sets)
            fresh = {(found.source, found.id): found for found in build.contacts()}
            for source, keys in ids.items():
                for key in sorted(keys):
                    change.replace(source, key, fresh.get((source, key)))
            written[profile.name] = change.write(build.book_plans(records))
            counts = Counter(
                {
                    (item.book, item.reason): item.count
                    for item in base.unlisted
                    if item.profile == profile.name
                }
            )
            counts.update(change.unlisted)
            counts.update({(book, DUPLICATE_ROW): rows for book, rows in change.merged.items()})
            unlisted += unlisted_counts(profile, counts)
            dials += build.dials()
        writer.update_callers({key for change in changes for key in change.keys})
        self._record_unused(people, part)
        writer.write_extras(dials, unlisted)
        return written

    def _updates_before(self, writer: GenerationUpdate) -> int:
        """Return how many updates led to the base.

        Raises Unsuitable if they are too many, or another program made it.
        """
        meta = writer.memo_meta()
        if (meta.get("form"), meta.get("program")) != (FORM, program_fingerprint()):
            raise Unsuitable("another program made the last generation")
        updates = int(meta["updates"])
        if updates >= MAX_UPDATES:
            raise Unsuitable("the last generations were all made from others")
        return updates

    def _write_meta(
        self, writer: GenerationWriter, records: Mapping[str, SourceRecord], updates: int
    ) -> None:
        digests = {name: record.digest for name, record in records.items()}
        memo = {"form": FORM, "program": program_fingerprint(), "updates": str(updates)}
        writer.write_meta(self._settings.fingerprint, digests, memo)

    def _publish(
        self, writer: GenerationWriter, people: PeopleWriter, begun: float, written: Written | None
    ) -> Composed:
        """Verify and publish; `written` is None if all was made from nothing."""
        writer.finish()
        people.finish()
        with closing(Generation(writer.path)) as generation:
            screens = self._verifier.verify(generation, written)
            tables = [generation.all_rows(profile.name) for profile in self._settings.profiles]
        try:
            digest, people_digest = file_digest(writer.path), file_digest(people.path)
            version, memo = writer.commit()
            people.commit(version)
            self._sound.note(
                {
                    self._folder / file_name(version): digest,
                    self._folder / people_file_name(version): people_digest,
                    memo: memo_digest(memo.name),
                }
            )
            seconds = time.perf_counter() - begun
            self._publish_files(self._folder, Published(version, digest, seconds, people_digest))
        except OSError as error:
            raise BuildError(
                f"{self._folder}: the new generation cannot be published ({error.strerror}). "
                "Check its permissions."
            ) from error
        rows = sum(table.rows for table in tables if table is not None)
        seconds = time.perf_counter() - begun
        return Composed(version, rows, screens, seconds, is_update=written is not None)

    def _record_unused(self, people: PeopleWriter, view: StoreSnapshot | Part) -> None:
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

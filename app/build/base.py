"""Find the generation that the next one can be made from, and what changed since."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.books.membership import View
from app.build.links import Links, counts_within_source
from app.generation.files import file_digest, file_name, people_file_name, read_current
from app.generation.memo import find_memo, memo_digest
from app.generation.places import Unsuitable
from app.generation.profile_update import ProfileUpdate
from app.generation.reader import BrokenGeneration, Generation
from app.generation.schema import Unlisted
from app.people.reader import NoPeopleFileError, PeopleFile
from app.settings.loader import Settings
from app.state.file_state import FileState, file_state
from app.state.source_records import SourceRecord
from app.state.store_snapshot import StoreSnapshot

MIN_LIMIT = 200
_MAX_SHARE = 0.05

Ids = dict[str, set[str]]
"""Ids of contacts by their source."""


class SoundFiles:
    """The files of the last generation, of which a process reads each byte once."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[str, FileState]] = {}

    def note(self, files: Mapping[Path, str]) -> None:
        """Note the digests of files as they are now, and forget all others."""
        self._known = {path: (digest, file_state(path)) for path, digest in files.items()}

    def check(self, path: Path, digest: str) -> None:
        """Raise Unsuitable if a file cannot be read or its bytes have another digest."""
        if self._known.get(path) == (digest, file_state(path)):
            return
        try:
            is_sound = file_digest(path) == digest
        except OSError as error:
            raise Unsuitable(f"{path.name} cannot be read ({error.strerror})") from error
        if not is_sound:
            raise Unsuitable(f"{path.name} is damaged")


@dataclass(frozen=True, slots=True)
class Base:
    """The published generation, and the contacts that changed since.

    `limit` is how many contacts may be made anew. `is_current` is whether no source
    changed at all.
    """

    path: Path
    memo: Path
    people: Path
    unlisted: tuple[Unlisted, ...]
    changed: Ids
    limit: int
    is_current: bool


def find_base(
    settings: Settings,
    view: StoreSnapshot,
    records: Mapping[str, SourceRecord],
    sound: SoundFiles,
) -> Base:
    """Return what a generation of the contacts in `view` can be made from.

    `records` are those of all sources in `view`. Raises Unsuitable if there is nothing,
    or too much has changed.
    """
    folder = settings.state_dir
    current = read_current(folder)
    if not (current.digest and current.people_digest):
        raise Unsuitable("no generation is published")
    path = folder / file_name(current.version)
    people = folder / people_file_name(current.version)
    memo = find_memo(folder, current.version)
    if memo is None:
        raise Unsuitable("the last generation has no memo")
    try:
        with closing(Generation(path)) as generation:
            if generation.fingerprint != settings.fingerprint:
                raise Unsuitable("the configuration is another one")
            changed = {
                name: _changed(view, record, generation.digest(name))
                for name, record in records.items()
            }
            is_current = all(
                generation.digest(name) == record.digest for name, record in records.items()
            )
            unlisted = generation.unlisted
    except BrokenGeneration as error:
        raise Unsuitable(str(error)) from error
    total = sum(record.contacts for record in records.values())
    limit = max(MIN_LIMIT, int(_MAX_SHARE * total))
    if sum(map(len, changed.values())) > limit:
        raise Unsuitable("too many contacts changed")
    for file, digest in (
        (path, current.digest),
        (people, current.people_digest),
        (memo, memo_digest(memo.name)),
    ):
        sound.check(file, digest)
    try:
        PeopleFile(folder, current.version).close()
    except NoPeopleFileError as error:
        raise Unsuitable(str(error)) from error
    return Base(path, memo, people, unlisted, changed, limit, is_current)


def _changed(view: StoreSnapshot, record: SourceRecord, digest: str) -> set[str]:
    if not digest and not record.digest and record.last_success is None:
        return set()
    found = view.changed_since(record.name, digest) if record.digest else None
    if found is None:
        raise Unsuitable("it is unknown which contacts changed")
    return found


def with_dependants(base: Base, view: View, profiles: list[tuple[ProfileUpdate, Links]]) -> Ids:
    """Return the changed contacts, and all that depend on them now or did so before.

    Raises Unsuitable if they are too many.
    """
    found: Ids = {source: set() for source in base.changed}
    waiting = [(source, key) for source, keys in base.changed.items() for key in keys]
    own = [_links_of_changed(base, view, update, links) for update, links in profiles]
    followed: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        source, key = waiting.pop()
        if key in found[source]:
            continue
        found[source].add(key)
        count += 1
        if count > base.limit:
            raise Unsuitable("too many contacts depend on those that changed")
        for number, (update, _) in enumerate(profiles):
            changed, sources = own[number]
            for link in changed.get((source, key)) or update.links(source, key):
                if (number, link) in followed:
                    continue
                followed.add((number, link))
                linked = update.linked(link)
                if (
                    counts_within_source(link)
                    or len(sources.get(link, set()).union(other for other, _ in linked)) > 1
                ):
                    waiting += linked
    return found


def _links_of_changed(
    base: Base, view: View, update: ProfileUpdate, links: Links
) -> tuple[dict[tuple[str, str], set[int]], dict[int, set[str]]]:
    """Return the links of each changed contact, old and new, and their sources."""
    found: dict[tuple[str, str], set[int]] = {}
    sources: dict[int, set[str]] = {}
    for source, keys in base.changed.items():
        for key in keys:
            contact = view.contact(source, key)
            now = links.of(source, contact) if contact is not None else ()
            found[source, key] = {*update.links(source, key), *now}
            for link in found[source, key]:
                sources.setdefault(link, set()).add(source)
    return found, sources

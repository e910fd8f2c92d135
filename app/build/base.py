"""Find the generation that the next one can be made from, and what changed since."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.books.membership import View
from app.build.links import Links
from app.generation.files import file_digest, file_name, people_file_name, read_current
from app.generation.memo import find_memo
from app.generation.places import Unsuitable
from app.generation.profile_update import ProfileUpdate
from app.generation.reader import BrokenGeneration, Generation
from app.generation.schema import Unlisted
from app.settings.loader import Settings
from app.state.source_records import SourceRecord
from app.state.store_snapshot import StoreSnapshot

MIN_LIMIT = 200
_MAX_SHARE = 0.05

Ids = dict[str, set[str]]
"""Ids of contacts by their source."""


@dataclass(frozen=True, slots=True)
class Base:
    """The published generation, and the contacts that changed since.

    `digest` is that of its bytes, `limit` how many contacts may be made anew.
    `is_current` is whether no source changed at all.
    """

    path: Path
    digest: str
    memo: Path
    people: Path
    unlisted: tuple[Unlisted, ...]
    changed: Ids
    limit: int
    is_current: bool


def find_base(settings: Settings, view: StoreSnapshot, records: Mapping[str, SourceRecord]) -> Base:
    """Return what a generation of the contacts in `view` can be made from.

    `records` are those of all sources in `view`. Raises Unsuitable if there is nothing,
    or too much has changed.
    """
    folder = settings.state_dir
    current = read_current(folder)
    if not (current.digest and current.people_digest):
        raise Unsuitable("no generation is published")
    try:
        memo = find_memo(folder, current.version)
        people = folder / people_file_name(current.version)
        is_sound = file_digest(people) == current.people_digest
    except OSError as error:
        raise Unsuitable(f"a file of the last generation cannot be read ({error})") from error
    if memo is None:
        raise Unsuitable("the last generation has no memo")
    if not is_sound:
        raise Unsuitable("the people file is damaged")
    path = folder / file_name(current.version)
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
    return Base(path, current.digest, memo, people, unlisted, changed, limit, is_current)


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
        contact = view.contact(source, key) if key in base.changed[source] else None
        for number, (update, links) in enumerate(profiles):
            now = links.of(source, contact) if contact is not None else ()
            for link in {*update.links(source, key), *now}:
                if (number, link) not in followed:
                    followed.add((number, link))
                    waiting += update.linked(link)
    return found

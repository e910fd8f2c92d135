"""Provide stored contacts and a generation to commands that change nothing.

Data of the state directory is used if it belongs to the current configuration.
Otherwise sources are read, or a generation is built, into a temporary directory.
"""

import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from app.build.composer import Composer
from app.build.once import temporary_build
from app.cli.terminal import working
from app.generation.files import current_version, file_name
from app.generation.reader import BrokenGeneration, Generation
from app.people.reader import NoPeopleFileError, PeopleFile
from app.settings.loader import Settings
from app.state.status import read_status
from app.state.store import FILE, Store
from app.state.store_snapshot import StoreSnapshot


def describe_unread(settings: Settings, view: StoreSnapshot, sources: Iterable[str]) -> str:
    """Return a sentence for each of these sources that was never read.

    It contains the reason if that is known. Returns "" if all were read. Raises
    StoreError.
    """
    statuses = read_status(settings.state_dir).sources
    sentences = []
    for name in sources:
        if view.fingerprint(name) is None:
            error = statuses[name].error if name in statuses else ""
            reason = error or "run directory-gateway check to see why."
            sentences.append(f"source {name} was never read: {reason}")
    return " ".join(sentences)


@contextmanager
def with_contacts(settings: Settings) -> Iterator[Settings]:
    """Yield settings whose state directory holds the contacts of this configuration.

    They are `settings` itself if contacts are stored and all of them match it. A host
    of several that does not build takes what the one that builds has saved.
    Otherwise all sources are read into a temporary directory. If a source cannot be
    read then, its stored contacts are used if they match. Raises SettingsError,
    StoreError or BuildError.
    """
    with saved_sources(settings) as saved:
        stored, current = _stored_sources(saved)
        if stored and stored == current:
            yield saved
        else:
            with built_from_sources(saved, current) as temporary:
                yield temporary


def saved_sources(settings: Settings) -> AbstractContextManager[Settings]:
    """Return a context of settings whose state directory holds what was saved last.

    They are `settings` itself where one host serves all phones; what other hosts have
    saved is in a temporary directory.
    """
    if settings.exchange is None:
        return nullcontext(settings)
    # Only a host of several loads it.
    from app.cli.saved_sources import with_saved_sources

    return with_saved_sources(settings)


@contextmanager
def built_from_sources(settings: Settings, kept: Collection[str] = ()) -> Iterator[Settings]:
    """Yield settings with a temporary state directory, built from all sources.

    `kept` names sources whose stored contacts are used if they cannot be read now.
    Raises SettingsError, StoreError or BuildError.
    """
    with ExitStack() as stack:
        with working("Reading the sources and building a directory"):
            temporary = stack.enter_context(temporary_build(settings, kept))
        yield temporary


def _stored_sources(settings: Settings) -> tuple[set[str], set[str]]:
    """Return the sources with stored contacts, and those that match `settings`."""
    if not (settings.state_dir / FILE).is_file():
        return set(), set()
    with StoreSnapshot(settings.state_dir) as view:
        found = [(source, view.fingerprint(source.name)) for source in settings.sources]
    return (
        {source.name for source, fingerprint in found if fingerprint is not None},
        {source.name for source, fingerprint in found if fingerprint == source.fingerprint},
    )


@dataclass(frozen=True, slots=True)
class LocalData:
    """A people file and a generation of one configuration.

    The contacts of `people` are those in the state directory of `settings`. Those of
    the generation may be older.
    """

    settings: Settings
    people: PeopleFile
    generation: Generation


@contextmanager
def with_generation(settings: Settings) -> Iterator[Generation]:
    """Yield a generation of this configuration.

    If the published one is of another configuration or cannot be read, a temporary one
    is built from the stored contacts. Raises StoreError, BuildError
    or BrokenGeneration.
    """
    with ExitStack() as stack:
        yield _published(settings, stack) or _temporary(settings, stack)[0]


@contextmanager
def with_people(settings: Settings) -> Iterator[LocalData]:
    """Yield the people file of the contacts of this configuration, and a generation.

    They are those that are published, if they fit. Otherwise temporary ones are built.
    Raises SettingsError, StoreError, BuildError, BrokenGeneration or NoPeopleFileError.
    """
    with with_contacts(settings) as there, ExitStack() as stack:
        generation = _published(there, stack)
        people = None
        if generation is not None and _is_complete(there, generation):
            people = _published_people(there, generation.version, stack)
        if generation is None or people is None:
            temporary, people = _temporary(there, stack)
            generation = generation or temporary
        yield LocalData(there, people, generation)


def _temporary(settings: Settings, stack: ExitStack) -> tuple[Generation, PeopleFile]:
    """Return a generation of the stored contacts, and its people file."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="directory-gateway-")))
    with working("Building a directory of the stored contacts"):
        version = Composer(settings, Store(settings.state_dir), folder).compose().version
    generation = Generation(folder / file_name(version))
    stack.enter_context(closing(generation))
    return generation, stack.enter_context(closing(PeopleFile(folder, version)))


def _published_people(settings: Settings, version: str, stack: ExitStack) -> PeopleFile | None:
    try:
        people = PeopleFile(settings.state_dir, version)
    except NoPeopleFileError:
        return None
    stack.enter_context(closing(people))
    return people if people.is_sound() else None


def _is_complete(settings: Settings, generation: Generation) -> bool:
    """Return whether a generation was made from the contacts that are stored now."""
    store = Store(settings.state_dir)
    return all(
        generation.digest(source.name) == store.record(source.name).digest
        for source in settings.sources
    )


def _published(settings: Settings, stack: ExitStack) -> Generation | None:
    generation = published_generation(settings)
    if generation is None:
        return None
    stack.enter_context(closing(generation))
    return generation if generation.fingerprint == settings.fingerprint else None


def published_generation(settings: Settings) -> Generation | None:
    """Return what is published in the state directory, of whatever configuration.

    Returns None if nothing is, or it cannot be read. Close it after use.
    """
    version = current_version(settings.state_dir)
    if version is None:
        return None
    try:
        return Generation(settings.state_dir / file_name(version))
    except BrokenGeneration:
        return None

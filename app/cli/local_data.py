"""Provide stored contacts and a generation to commands that change nothing.

Data of the state directory is used if it belongs to the current configuration.
Otherwise sources are read, or a generation is built, into a temporary directory.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.build.composer import Composer
from app.build.once import temporary_build
from app.generation.files import current_version, file_name
from app.generation.reader import BrokenGeneration, Generation
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

    They are `settings` itself if contacts are stored and all of them match it.
    Otherwise all sources are read into a temporary directory. If a source cannot be
    read then, its stored contacts are used if they match. Raises SettingsError,
    StoreError or BuildError.
    """
    stored, current = _stored_sources(settings)
    if stored and stored == current:
        yield settings
    else:
        with temporary_build(settings, current) as temporary:
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


@contextmanager
def with_generation(settings: Settings) -> Iterator[Generation]:
    """Yield a generation of this configuration.

    If the published one is of another configuration or cannot be read, a temporary one
    is built from the stored contacts. Raises StoreError, BuildError
    or BrokenGeneration.
    """
    generation = _published(settings)
    if generation is not None:
        with closing(generation):
            yield generation
        return
    with tempfile.TemporaryDirectory(prefix="directory-gateway-") as folder:
        there = Path(folder)
        Composer(settings, Store(settings.state_dir), there).compose()
        with closing(Generation(there / file_name(current_version(there) or ""))) as temporary:
            yield temporary


def _published(settings: Settings) -> Generation | None:
    version = current_version(settings.state_dir)
    if version is None:
        return None
    try:
        generation = Generation(settings.state_dir / file_name(version))
    except BrokenGeneration:
        return None
    if generation.fingerprint == settings.fingerprint:
        return generation
    generation.close()
    return None

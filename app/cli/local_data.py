"""What there is to look at: the stored contacts and a generation of today's configuration, or else temporary ones.

Law of this file: for commands that look and change nothing. What is at hand is used. Sources are read only where nothing of theirs is
stored, or what a source brought under another configuration; a generation is built aside where the one that is served has another.
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
from app.state.status import read as read_status
from app.state.store import FILE, Store
from app.state.store_snapshot import StoreSnapshot


def unread(settings: Settings, view: StoreSnapshot, sources: Iterable[str]) -> str:
    """Return which of these sources were never read, and why where that is known: a sentence for each, "" for none. Raises StoreError."""
    known = read_status(settings.state_dir).sources
    told = []
    for name in sources:
        if view.fingerprint(name) is None:
            error = known[name].error if name in known else ""
            told.append(f"source {name} was never read: {error or 'directory-gateway check tells how it is.'}")
    return " ".join(told)


@contextmanager
def with_contacts(settings: Settings) -> Iterator[Settings]:
    """Give settings whose state directory holds contacts: the same where they are of this configuration, else others, read just now.

    Raises SettingsError, StoreError or BuildError.
    """
    read, fitting = _stored(settings)
    if read and read == fitting:
        yield settings
    else:
        with temporary_build(settings, fitting) as there:
            yield there


def _stored(settings: Settings) -> tuple[set[str], set[str]]:
    """Return the sources that were ever read into the state directory, and those of them that were so as they are configured now."""
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
    """Give the published generation of this configuration, or one that was built aside from the stored contacts.

    Raises StoreError, BuildError or BrokenGeneration.
    """
    generation = _published(settings.state_dir, settings)
    if generation is not None:
        with closing(generation):
            yield generation
        return
    with tempfile.TemporaryDirectory(prefix="directory-gateway-") as folder:
        Composer(settings, Store(settings.state_dir), Path(folder)).compose()
        with closing(Generation(Path(folder) / file_name(current_version(Path(folder)) or ""))) as made:
            yield made


def _published(folder: Path, settings: Settings) -> Generation | None:
    version = current_version(folder)
    if version is None:
        return None
    try:
        generation = Generation(folder / file_name(version))
    except BrokenGeneration:
        return None
    if generation.fingerprint == settings.fingerprint:
        return generation
    generation.close()
    return None

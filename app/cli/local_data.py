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


def unread(settings: Settings, view: StoreSnapshot, sources: Iterable[str]) -> str:
    """Return a sentence for each of these sources that was never read.

    It contains the reason if that is known. Returns "" if all were read. Raises
    StoreError.
    """
    known = read_status(settings.state_dir).sources
    told = []
    for name in sources:
        if view.fingerprint(name) is None:
            error = known[name].error if name in known else ""
            told.append(
                f"source {name} was never read:"
                f" {error or 'directory-gateway check tells how it is.'}"
            )
    return " ".join(told)


@contextmanager
def with_contacts(settings: Settings) -> Iterator[Settings]:
    """Yield settings whose state directory holds the contacts of this configuration.

    They are `settings` itself if contacts are stored and all of them match it.
    Otherwise all sources are read into a temporary directory. If a source cannot be
    read then, its stored contacts are used if they match. Raises SettingsError,
    StoreError or BuildError.
    """
    read, fitting = _stored(settings)
    if read and read == fitting:
        yield settings
    else:
        with temporary_build(settings, fitting) as there:
            yield there


def _stored(settings: Settings) -> tuple[set[str], set[str]]:
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
    generation = _published(settings.state_dir, settings)
    if generation is not None:
        with closing(generation):
            yield generation
        return
    with tempfile.TemporaryDirectory(prefix="directory-gateway-") as folder:
        Composer(settings, Store(settings.state_dir), Path(folder)).compose()
        with closing(
            Generation(Path(folder) / file_name(current_version(Path(folder)) or ""))
        ) as made:
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

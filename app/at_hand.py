"""What there is to look at: the stored contacts and a generation of today's configuration, or else temporary ones.

Law of this file: for commands that look and change nothing. What is at hand is used; contacts are read from their sources only where none
are stored, and a generation is built aside where the one that is served has another configuration.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.composer import Composer
from app.generation import BrokenGeneration, Generation, current_version, file_name
from app.once import temporarily_built
from app.settings import Settings
from app.status import read as read_status
from app.store import FILE, Store
from app.store_view import StoreView


def has_contacts(settings: Settings) -> bool:
    """Tell whether any source was ever read into the state directory. Raises StoreError where the store cannot be read."""
    if not (settings.state_dir / FILE).is_file():
        return False
    with StoreView(settings.state_dir) as view:
        return any(view.has_read(source.name) for source in settings.sources)


def unread(settings: Settings, view: StoreView, sources: Iterable[str]) -> str:
    """Return which of these sources were never read, and why where that is known: a sentence for each, "" for none. Raises StoreError."""
    known = read_status(settings.state_dir).sources
    told = []
    for name in sources:
        if not view.has_read(name):
            error = known[name].error if name in known else ""
            told.append(f"source {name} was never read: {error or 'directory-gateway check tells how it is.'}")
    return " ".join(told)


@contextmanager
def contacts_at_hand(settings: Settings) -> Iterator[Settings]:
    """Give settings whose state directory holds contacts: the same where there are any, else temporary ones, read just now.

    Raises SettingsError, StoreError or BuildError.
    """
    if has_contacts(settings):
        yield settings
    else:
        with temporarily_built(settings) as there:
            yield there


@contextmanager
def generation_at_hand(settings: Settings) -> Iterator[Generation]:
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

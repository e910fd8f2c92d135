"""Compare the published generation with the configuration and the store."""

import time
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from app.generation.files import (
    current_version,
    file_digest,
    file_name,
    people_file_name,
    read_current,
)
from app.generation.reader import BrokenGeneration, Generation
from app.logs import Log
from app.settings.loader import Settings
from app.state.file_state import FileState, file_state
from app.state.store import Store

WAIT_SECONDS = 86_400.0
_log = Log("builder")


class CurrentGeneration:
    """The published generation of a configuration's state directory."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._folder = settings.state_dir

    def file_states(self) -> tuple[FileState, FileState]:
        """Return the states of its files, to notice that something else changed them."""
        version = current_version(self._folder) or "none"
        return (
            file_state(self._folder / file_name(version)),
            file_state(self._folder / people_file_name(version)),
        )

    def is_up_to_date(self) -> bool:
        """Return whether it is undamaged and made from this configuration and store.

        Its people file must be undamaged too. A damaged generation is set aside.
        """
        version = current_version(self._folder)
        if version is None:
            return False
        path = self._folder / file_name(version)
        try:
            generation = Generation(path)
        except BrokenGeneration as error:
            self._set_aside(path, version, str(error))
            return False
        with closing(generation):
            is_wanted = generation.fingerprint == self._settings.fingerprint
            is_wanted = is_wanted and self._is_complete(generation) and self._has_people(version)
            is_sound = self._is_sound(generation, path)
        if not is_sound:
            self._set_aside(path, version, "its pages are damaged")
        return is_sound and is_wanted

    def _set_aside(self, path: Path, version: str, error: str) -> None:
        _log.error("generation_set_aside", version=version, error=error)
        with suppress(OSError):
            path.replace(path.with_name(f"{path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}"))

    def _is_sound(self, generation: Generation, path: Path) -> bool:
        """Return whether the file's bytes are those that were published.

        If `current` holds no digest, the pages are checked instead.
        """
        digest = read_current(self._folder).digest
        if not digest:
            return generation.is_sound()
        with suppress(OSError):
            return digest == file_digest(path)
        return False

    def _has_people(self, version: str) -> bool:
        """Return whether the people file beside it is the one that was published."""
        with suppress(OSError):
            path = self._folder / people_file_name(version)
            return read_current(self._folder).people_digest == file_digest(path)
        return False

    def _is_complete(self, generation: Generation) -> bool:
        """Return whether it was made from the stored contacts of all sources.

        A source without stored contacts is not compared: the generation may be all that
        is left of it.
        """
        records = [self._store.record(source.name) for source in self._settings.sources]
        return all(
            generation.digest(record.name) == record.digest
            for record in records
            if record.last_success is not None
        )

    def awaited_sources(self) -> tuple[str, ...]:
        """Return its sources that a new store does not hold yet.

        The store is new after damage. A generation without these sources would take
        their contacts off the phones, so the build waits for them for a day.
        """
        version = current_version(self._folder)
        try:
            generation = Generation(self._folder / file_name(version or "none"))
        except BrokenGeneration:
            return ()
        with closing(generation):
            if (
                generation.fingerprint != self._settings.fingerprint
                or time.time() - generation.built_at > WAIT_SECONDS
            ):
                return ()
            names = [source.name for source in self._settings.sources]
            return tuple(
                name
                for name in names
                if generation.digest(name) and self._store.record(name).last_success is None
            )

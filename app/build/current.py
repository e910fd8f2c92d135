"""Compare the published generation with the configuration and the store."""

import time
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from app.build.program import program_fingerprint
from app.generation.files import (
    CURRENT,
    current_version,
    file_digest,
    file_name,
    people_file_name,
    read_current,
)
from app.generation.files import FORM as POINTER_FORM
from app.generation.memo import find_memo, read_memo_meta
from app.generation.reader import BrokenGeneration, Generation, OtherVersion
from app.logs import Log
from app.people.reader import NoPeopleFileError, PeopleFile
from app.settings.loader import Settings
from app.state.file_state import FileState, file_state
from app.state.forms import other_version
from app.state.store import Store

WAIT_SECONDS = 86_400.0
_log = Log("builder")


def is_readable(folder: Path, version: str) -> bool:
    """Return whether a generation in a state directory is of this program's schema."""
    try:
        Generation(folder / file_name(version)).close()
    except BrokenGeneration:
        return False
    return True


def is_of(settings: Settings, version: str) -> bool:
    """Return whether a generation can be read, and is of this configuration."""
    try:
        with closing(Generation(settings.state_dir / file_name(version))) as generation:
            return generation.fingerprint == settings.fingerprint
    except BrokenGeneration:
        return False


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

        Its people file must be undamaged too. A damaged generation is set aside. One of
        another version of this program is left where it is until the next one is
        published.
        """
        current = read_current(self._folder)
        if current.form > POINTER_FORM:
            self._tell_other_version(other_version(CURRENT, current.form, POINTER_FORM))
        version = current.version
        if not version:
            return False
        path = self._folder / file_name(version)
        try:
            generation = Generation(path)
        except OtherVersion as error:
            self._tell_other_version(str(error))
            return False
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
        path = self._folder / people_file_name(version)
        with suppress(OSError):
            if read_current(self._folder).people_digest != file_digest(path):
                return False
            try:
                PeopleFile(self._folder, version).close()
            except NoPeopleFileError as error:
                self._tell_other_version(str(error))
                return False
            return True
        return False

    def is_of_this_program(self) -> bool:
        """Return whether exactly this program made it, by the memo beside it.

        Another release may name people or dial numbers otherwise.
        """
        version = current_version(self._folder) or "none"
        memo = find_memo(self._folder, version)
        if memo is not None and read_memo_meta(memo).get("program") == program_fingerprint():
            return True
        self._tell_other_version(f"{file_name(version)} was not written by exactly this program")
        return False

    def _tell_other_version(self, sentence: str) -> None:
        _log.info("other_version", notice=f"{sentence}. It is made again from the stored contacts.")

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

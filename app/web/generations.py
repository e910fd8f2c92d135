"""Keep the current generation open, and older ones that links still name.

Only generations of the current configuration are opened. After a reload those of former
configurations count too, until one of the current configuration exists.
"""

import time
from contextlib import suppress
from pathlib import Path

from cachetools import LRUCache

from app.generation.files import current_version, file_name
from app.generation.reader import BrokenGeneration, Generation, OtherVersion
from app.logs import Log
from app.state import control

MAX_OPEN = 6
RETRY_SECONDS = 30.0
"""How long a damaged generation is not opened again."""

_log = Log("publisher")


class OpenGenerations:
    """The open generations of a state directory; `close` them after use."""

    def __init__(self, folder: Path, fingerprint: str, former: tuple[str, ...] = ()) -> None:
        """Open nothing yet; `poll` opens the current generation.

        `fingerprint` is that of the configuration, `former` are those of the
        configurations before reloads.
        """
        self._folder = folder
        self._fingerprint = fingerprint
        self._former = former
        self._open: LRUCache[str, Generation] = _GenerationCache(MAX_OPEN)
        self._damaged: dict[str, float] = {}
        self._is_reported = False
        self.current: Generation | None = None

    def close(self) -> None:
        """Close all generations."""
        self.current = None
        self._open.clear()

    def poll(self) -> None:
        """Switch to the generation that the `current` file names, if it is another one.

        If that one cannot be used, the newest usable generation is current. Never
        raises.
        """
        version = current_version(self._folder)
        if self.current is None or (version is not None and self.current.version != version):
            named = self.open(version) if version is not None else None
            self.current = named or self._newest_except(version) or self.current

    def open(self, version: str) -> Generation | None:
        """Return a generation, from the open ones or from disk.

        Returns None if it is missing, damaged or of another configuration.
        """
        generation = self._open.get(version)
        if generation is not None:
            return generation
        if time.monotonic() - self._damaged.get(version, -RETRY_SECONDS) < RETRY_SECONDS:
            return None
        path = self._folder / file_name(version)
        try:
            generation = Generation(path)
        except OtherVersion as error:
            # The builder of this version makes another one when it starts, and says so.
            if version in self._damaged and not self._is_reported:
                self._is_reported = True
                _log.warning(
                    "generation_of_other_version", notice=f"{error}. Phones get nothing from it."
                )
            self._damaged[version] = time.monotonic()
            return None
        except BrokenGeneration as error:
            if path.exists():
                self.discard(version, error)
            return None
        if generation.fingerprint == self._fingerprint:
            self._former = ()
        elif generation.fingerprint not in self._former:
            generation.close()
            return None
        if self.current is not None:
            # This marks the current generation as just used, so that another one is closed.
            self._open.get(self.current.version)
        self._open[version] = generation
        return generation

    def discard(self, version: str, error: Exception) -> None:
        """Close a damaged generation, and request a new one from the builder."""
        if version not in self._damaged:
            # The text of any other exception may contain a name or a number.
            text = (
                str(error)
                if isinstance(error, BrokenGeneration)
                else f"{type(error).__name__} while a screen was made"
            )
            _log.error(
                "generation_damaged",
                version=version,
                error=text,
                remedy="it is rebuilt by the builder",
            )
        self._damaged[version] = time.monotonic()
        if self.current is not None and self.current.version == version:
            self.current = None
        generation = self._open.pop(version, None)
        if generation is not None:
            generation.close()
        with suppress(OSError):
            control.send(self._folder, control.REBUILD)

    def _newest_except(self, version: str | None) -> Generation | None:
        """Return the newest usable generation other than `version`, or None."""
        with suppress(OSError):
            for path in sorted(self._folder.glob("gen-*.sqlite"), reverse=True):
                other = path.name.removeprefix("gen-").removesuffix(".sqlite")
                if other != version and (generation := self.open(other)) is not None:
                    return generation
        return None


class _GenerationCache(LRUCache[str, Generation]):
    """Generations by version; the least recently used is closed if there are too many."""

    def popitem(self) -> tuple[str, Generation]:
        version, generation = super().popitem()
        generation.close()
        return version, generation

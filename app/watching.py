"""Watching folders, so that a changed file is read within a second.

Law of this file: it knows folders and who wants to be told. What a change means, others decide; a folder that cannot be watched is only
read at its interval.

Facts: a watch on a file goes deaf after the first atomic replacement, so folders are watched; folders that do not exist (yet) are looked
for again; network mounts may need polling, which watchfiles does when WATCHFILES_FORCE_POLLING is set.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import watch

from app.logs import Log

_LOOK_AGAIN = 5.0
_log = Log("watching")


class FolderWatch(threading.Thread):
    """Calls `on_change` when anything in one of the folders changes, until `stop`."""

    def __init__(self, folders: tuple[Path, ...], on_change: Callable[[], None]) -> None:
        super().__init__(name="watch", daemon=True)
        self._folders = folders
        self._on_change = on_change
        self._stop = threading.Event()
        self._told = False

    def stop(self) -> None:
        """Let the thread end."""
        self._stop.set()

    def run(self) -> None:
        missing: set[Path] = set()
        while not self._stop.is_set():
            there = [folder for folder in self._folders if folder.is_dir()]
            if missing & set(there):
                self._on_change()
            missing = set(self._folders) - set(there)
            if not there:
                self._stop.wait(_LOOK_AGAIN)
                continue
            try:
                self._watch(there, missing)
            except (OSError, RuntimeError) as error:
                if not self._told:
                    self._told = True
                    _log.warning("folder_not_watched", folders=len(there), error=type(error).__name__, effect="read at its interval only")
                self._stop.wait(_LOOK_AGAIN)

    def _watch(self, there: list[Path], missing: set[Path]) -> None:
        changes = watch(
            *there,
            stop_event=self._stop,
            recursive=False,
            debounce=400,
            step=50,
            rust_timeout=1000,
            yield_on_timeout=True,
            raise_interrupt=False,
        )
        for change in changes:
            if change:
                self._on_change()
            if any(not folder.is_dir() for folder in there) or any(folder.is_dir() for folder in missing):
                return

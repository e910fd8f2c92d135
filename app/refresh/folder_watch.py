"""Watch folders, so that a changed file is read within a second.

A folder that cannot be watched is read at its source's interval only. Network mounts
may need polling, which watchfiles does when WATCHFILES_FORCE_POLLING is set.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import watch

from app.logs import Log

_RETRY_SECONDS = 5.0
_log = Log("watching")


# A watch on a file reports nothing after the first atomic replacement, so folders are watched.
class FolderWatch(threading.Thread):
    """Calls `on_change` when a change in a folder alters `file_state`, until `stop`.

    `file_state` returns the state of the files of interest and must be cheap. So other
    files in the same folder, our own state among them, trigger nothing.
    """

    def __init__(
        self,
        folders: tuple[Path, ...],
        file_state: Callable[[], str],
        on_change: Callable[[], None],
    ) -> None:
        super().__init__(name="watch", daemon=True)
        self._file_state = file_state
        self._last_state = self._state()
        self._folders = folders
        self._on_change = on_change
        self._ending = threading.Event()
        self._is_reported = False

    def stop(self) -> None:
        """Let the thread end."""
        self._ending.set()

    def _state(self) -> str:
        try:
            return self._file_state()
        except OSError:  # a file that is missing or unreadable; the fetch reports it
            return ""

    def _compare(self) -> None:
        state = self._state()
        if state != self._last_state:
            self._last_state = state
            self._on_change()

    def run(self) -> None:
        missing: set[Path] = set()
        while not self._ending.is_set():
            # os.path returns False if a right is missing; pathlib raises (before Python 3.14).
            existing = [folder for folder in self._folders if os.path.isdir(folder)]  # noqa: PTH112
            self._compare()
            # Folders that do not exist (yet) are looked for again.
            missing = set(self._folders) - set(existing)
            if not existing:
                self._ending.wait(_RETRY_SECONDS)
                continue
            try:
                self._watch(existing, missing)
            except (OSError, RuntimeError) as error:
                if not self._is_reported:
                    self._is_reported = True
                    _log.warning(
                        "folder_not_watched",
                        folders=len(existing),
                        error=type(error).__name__,
                        effect="read at its interval only",
                    )
                self._ending.wait(_RETRY_SECONDS)

    def _watch(self, existing: list[Path], missing: set[Path]) -> None:
        changes = watch(
            *existing,
            stop_event=self._ending,
            recursive=False,
            debounce=400,
            step=50,
            rust_timeout=1000,
            yield_on_timeout=True,
            raise_interrupt=False,
        )
        # The state is also compared each second. Some mounts report no changes, and a change may
        # fall between two watches.
        for _ in changes:
            self._compare()
            if not all(map(os.path.isdir, existing)) or any(map(os.path.isdir, missing)):
                return

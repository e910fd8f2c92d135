"""A thread for each source: it waits, fetches, and hands the result to the refresher.

Law of this file: threads and waiting. It judges no result. A fetch that takes longer than `max_time` is given up: its late result is
dropped, the source is not asked again until its thread ends, and one that is still there after three times `max_time` is reported as
stuck, since a Python thread cannot be stopped from outside: the builder then ends, and is started anew.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.refresher import Outcome, Refresher
from app.settings_sources import Source
from connectors.base import Delta, Full, Progress, SourceUnavailable

_TICK = 0.5


class _Fetch(threading.Thread):
    """One call of a connector, in a thread that nobody needs to wait for."""

    def __init__(self, source: Source, since: str | None, progress: Progress | None = None) -> None:
        super().__init__(name=f"fetch-{source.name}", daemon=True)
        self._source = source
        self._since = since
        self._progress = progress
        self.outcome: Outcome | None = None

    def run(self) -> None:
        try:
            result: object = self._source.connector.fetch(self._since, self._progress)
            if not isinstance(result, Full | Delta):
                raise TypeError(f"neither Full nor Delta was returned, but {type(result).__name__}")
            if self._since is None and isinstance(result, Delta):
                raise TypeError("a Delta was returned where nothing was known")
            self.outcome = result
        except Exception as error:
            self.outcome = error
        except BaseException as error:
            # A connector that calls sys.exit() ends its thread alone, and without a word: that is a fault like any other.
            self.outcome = RuntimeError(type(error).__name__).with_traceback(error.__traceback__)


def _given_up(source: Source) -> SourceUnavailable:
    limit = f"max_time ({source.max_time:g} s)"
    return SourceUnavailable(f"source {source.name!r}: reading it took longer than {limit} and was given up. Is its server well?")


def fetched(source: Source, since: str | None, progress: Progress | None = None) -> Outcome:
    """Read a source once, in the foreground, and return what came of it; what takes longer than `max_time` is given up."""
    fetch = _Fetch(source, since, progress)
    fetch.start()
    fetch.join(source.max_time)
    return fetch.outcome if fetch.outcome is not None and not fetch.is_alive() else _given_up(source)


class SourceThread(threading.Thread):
    """Keeps one source fresh until `stop`."""

    def __init__(
        self, refresher: Refresher, on_changed: Callable[[], None], on_status: Callable[[], None], on_stuck: Callable[[str], None]
    ) -> None:
        super().__init__(name=f"source-{refresher.source.name}", daemon=True)
        self.refresher = refresher
        self._on_changed = on_changed
        self._on_status = on_status
        self._on_stuck = on_stuck
        self._wake = threading.Event()
        self._asked = False
        self._file_changed = False
        self._accept = False
        self._stopping = False

    def stop(self) -> None:
        """Let the thread end; a fetch under way is left to itself."""
        self._stopping = True
        self._wake.set()

    def ask(self, *, by_file: bool = False, accept: bool = False) -> None:
        """Fetch now; `by_file` where a watched file changed, `accept` to let the result pass the brake."""
        self._file_changed |= by_file
        self._asked |= not by_file
        self._accept |= accept
        self._wake.set()

    def run(self) -> None:
        while not self._stopping:
            self._fetch()
            self._rest()

    def _fetch(self) -> None:
        by_file = self._file_changed and not self._asked
        self._asked = self._file_changed = False
        self._wake.clear()
        try:
            if self._accept:
                self.refresher.accept()
                self._accept = False
            since = self.refresher.since()
        except Exception as error:
            self.refresher.settle(error)
            self._on_status()
            return
        fetch = _Fetch(self.refresher.source, since)
        begun = time.monotonic()
        fetch.start()
        limit = self.refresher.source.max_time
        while fetch.is_alive() and time.monotonic() - begun < limit and not self._stopping:
            fetch.join(min(_TICK, max(limit - (time.monotonic() - begun), 0.01)))
        if self._stopping:
            return
        if fetch.is_alive():
            self._give_up(fetch, begun, limit)
        elif fetch.outcome is not None:
            changed = self.refresher.settle(fetch.outcome, by_file=by_file)
            fetch.outcome = None
            if changed:
                self._on_changed()
        self._on_status()

    def _give_up(self, fetch: _Fetch, begun: float, limit: float) -> None:
        name = self.refresher.source.name
        self.refresher.settle(_given_up(self.refresher.source))
        self._on_status()
        while fetch.is_alive() and not self._stopping:
            fetch.join(_TICK)
            if time.monotonic() - begun > 3 * limit:
                self._on_stuck(name)
                return

    def _rest(self) -> None:
        until = time.monotonic() + self.refresher.wait()
        file = self.refresher.until_changed
        mark = _mark(file)
        while not self._stopping and time.monotonic() < until:
            # A refusal that names a file (a token) waits for that file or a person, not for the next interval.
            if file is not None and _mark(file) != mark:
                return
            if self._wake.wait(min(_TICK if file is not None else 60.0, max(until - time.monotonic(), 0.01))):
                return
            if file is not None and time.monotonic() >= until:
                until = time.monotonic() + self.refresher.source.refresh


def _mark(file: Path | None) -> tuple[int, int, int] | None:
    if file is None:
        return None
    try:
        read = file.stat()
    except OSError:
        return (0, 0, 0)
    return (read.st_mtime_ns, read.st_size, read.st_ino)

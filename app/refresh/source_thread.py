"""Run a thread for each source that waits, fetches and hands results to the refresher.

A fetch that takes longer than `max_time` is given up. Its late result is dropped, and
the source is not fetched again until the fetch's thread ends. After three times
`max_time` the source is reported as stuck, since a Python thread cannot be stopped from
outside. The builder then ends and is restarted.
"""

import gc
import threading
import time
from collections.abc import Callable

from app.refresh.refresher import FetchResult, Refresher
from app.settings.sources import Source
from app.state.file_state import file_state
from connectors.base import Delta, Full, Progress, SourceUnavailable, bounded_progress, check_count

_TICK = 0.5


class _Fetch(threading.Thread):
    """Calls a connector once, in a thread that the program can leave behind."""

    def __init__(self, source: Source, since: str | None, progress: Progress | None = None) -> None:
        super().__init__(name=f"fetch-{source.name}", daemon=True)
        self._source = source
        self._since = since
        self._progress = progress
        self.outcome: FetchResult | None = None

    def run(self) -> None:
        try:
            result: object = self._source.connector.fetch(
                self._since, bounded_progress(self._progress)
            )
            if not isinstance(result, Full | Delta):
                raise TypeError(f"neither Full nor Delta was returned, but {type(result).__name__}")
            if self._since is None and isinstance(result, Delta):
                raise TypeError("a Delta was returned without a checkpoint")
            check_count(len(result.contacts if isinstance(result, Full) else result.changed))
            self.outcome = result
        except Exception as error:
            self.outcome = error
        except BaseException as error:
            # A connector that calls sys.exit() would end only its thread, without a message. That
            # is handled like any other failure.
            self.outcome = RuntimeError(type(error).__name__).with_traceback(error.__traceback__)


def _timeout_error(source: Source) -> SourceUnavailable:
    limit = f"max_time ({source.max_time:g} s)"
    return SourceUnavailable(
        f"source {source.name!r}: reading it took longer than {limit} and was given up. Check its"
        " server, or raise max_time."
    )


def fetch_once(source: Source, since: str | None, progress: Progress | None = None) -> FetchResult:
    """Fetch a source once in the foreground and return the result.

    A fetch that takes longer than `max_time` is given up; the result is then an
    exception.
    """
    fetch = _Fetch(source, since, progress)
    fetch.start()
    fetch.join(source.max_time)
    if fetch.outcome is None or fetch.is_alive():
        return _timeout_error(source)
    return fetch.outcome


class SourceThread(threading.Thread):
    """Fetches one source at its interval and on triggers, until `stop`."""

    def __init__(
        self,
        refresher: Refresher,
        on_changed: Callable[[], None],
        on_status: Callable[[], None],
        on_stuck: Callable[[str], None],
    ) -> None:
        """`was_read` tells afterwards whether the source was read well since."""
        super().__init__(name=f"source-{refresher.source.name}", daemon=True)
        self.refresher = refresher
        self._on_changed = on_changed
        self._on_status = on_status
        self._on_stuck = on_stuck
        self._wake = threading.Event()
        self._full = False
        self._stopping = False
        self.was_read = False

    def stop(self) -> None:
        """Let the thread end; a fetch under way is not waited for."""
        self._stopping = True
        self._wake.set()

    def trigger(self, *, full: bool = False) -> None:
        """Fetch now; `full` fetches everything, without a checkpoint."""
        self._full |= full
        self._wake.set()

    def run(self) -> None:
        while not self._stopping:
            # The wait after a refused login may have begun before this process did.
            self._wait()
            if not self._stopping:
                self._fetch()

    def _fetch(self) -> None:
        self._wake.clear()
        full, self._full = self._full, False
        try:
            self.refresher.renew()
            since = None if full else self.refresher.since()
        except Exception as error:
            self.refresher.handle_result(error)
            self._on_status()
            return
        fetch = _Fetch(self.refresher.source, since)
        started = time.monotonic()
        fetch.start()
        limit = self.refresher.source.max_time
        while fetch.is_alive() and time.monotonic() - started < limit and not self._stopping:
            fetch.join(min(_TICK, max(limit - (time.monotonic() - started), 0.01)))
        if self._stopping:
            return
        if fetch.is_alive():
            self._give_up(fetch, started, limit)
        elif fetch.outcome is not None:
            failed = isinstance(fetch.outcome, Exception)
            changed = self.refresher.handle_result(fetch.outcome)
            self.was_read |= self.refresher.status.state == "ok"
            fetch.outcome = None
            if failed:
                # A traceback in a cycle keeps connections open, and the builder runs without the
                # cycle collector.
                gc.collect()
            if changed:
                self._on_changed()
        self._on_status()

    def _give_up(self, fetch: _Fetch, started: float, limit: float) -> None:
        name = self.refresher.source.name
        self.refresher.handle_result(_timeout_error(self.refresher.source))
        self._on_status()
        while fetch.is_alive() and not self._stopping:
            fetch.join(_TICK)
            if time.monotonic() - started > 3 * limit:
                self._on_stuck(name)
                return

    def _wait(self) -> None:
        until = time.monotonic() + self.refresher.wait()
        refused = self.refresher.status.state == "refused"
        file = self.refresher.retry_when_changed
        state = file_state(file) if file is not None else None
        while not self._stopping and (left := until - time.monotonic()) > 0:
            if self._wake.wait(min(_TICK if refused else 60.0, left)):
                return
            # The wait after a refusal also ends when something changed that may let the login in.
            if (file is not None and file_state(file) != state) or (
                refused and self.refresher.renew()
            ):
                return

"""Keep a state directory's generations up to date for one configuration.

Each source has a thread of its own. A generation is built whenever a source's stored
contacts changed. The builder fixes the order of these steps, answers requests and
writes the status. `app.build.worker` is the process around it.
"""

import gc
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from app.build.composer import Composed, Composer, Publish
from app.build.current import CurrentGeneration
from app.build.status_writer import StatusWriter
from app.exchange.base import ExchangeError, Fenced
from app.generation.draft_file import BuildError
from app.generation.files import delete_old_generations, publish
from app.logs import Log
from app.refresh.refresher import Refresher
from app.refresh.source_threads import SourceThreads
from app.settings.loader import Settings
from app.state import control
from app.state.status import SourceStatus, Status, read_status
from app.state.store import Store, StoreError

KEEP_SECONDS = 900.0
MAX_KEPT = 20
BETWEEN_BUILDS = 1.0
STATUS_SECONDS = 10.0
SWEEP_SECONDS = 60.0
VERIFY_SECONDS = 3600.0
RETRY_BUILD = 15.0
_log = Log("builder")


class Builder:
    """Keeps a state directory's generations up to date from `start` to `stop`."""

    def __init__(
        self,
        settings: Settings,
        *,
        distrust: bool = False,
        run: str = "",
        resumes: bool = False,
        publish: Publish = publish,
        must_read: frozenset[str] = frozenset(),
        on_status: Callable[[Status], Status] = lambda status: status,
    ) -> None:
        """Open nothing yet; `prepare` opens the store.

        `distrust` sets the stored file aside even if it looks sound. `run` names this
        run of the gateway. `resumes` means that a builder of the same run may have
        preceded it. `publish` may raise ExchangeError or Fenced, and then `prepare` and
        `turn` do. Nothing is built before the sources in `must_read` were read.
        `on_status` adds to a status before it is written.
        """
        self._settings = settings
        self._distrust = distrust
        self._run, self._resumes = run, resumes
        self._folder = settings.state_dir
        self._store = Store(self._folder)
        self._composer = Composer(settings, self._store, self._folder, publish)
        self._current = CurrentGeneration(settings, self._store)
        self._must_read = must_read
        self._on_new_status = on_status
        self._wake = threading.Event()
        self._build_due = False
        self._status_due = True
        self._threads = SourceThreads((), self._on_changed, self.write_status_soon, self._on_stuck)
        self._problem = ""
        self._status_writer = StatusWriter(self._folder)
        self._disk_failures = 0
        self._builds = self._failed = 0
        self._reported = self._swept = self._earliest = 0.0
        self._verified = time.monotonic()
        self._file_states = self._current.file_states()
        self.stopping = False
        self.reloading = False
        self.stuck = ""

    def prepare(self) -> None:
        """Open the store, and publish a generation if none is up to date.

        Raises StoreError or OSError if the state directory cannot be used.
        """
        notice = self._store.open(datetime.now().strftime("%Y%m%d-%H%M%S"), distrust=self._distrust)
        if notice:
            _log.error("store_set_aside", notice=notice)
        self._store.forget_all_but(source.name for source in self._settings.sources)
        delete_old_generations(self._folder, KEEP_SECONDS, MAX_KEPT)
        if not (self._current.is_up_to_date() and self._current.is_of_this_program()):
            self._build()
        self._file_states = self._current.file_states()

    def start(self) -> None:
        """Start each source's thread, and watch the folders that connectors name."""
        before = read_status(self._folder)
        refreshers = self.refreshers()
        if self._resumes and self._run and before.run == self._run:
            for refresher in refreshers:
                refresher.resume(before.sources.get(refresher.source.name), self._settings.origin)
        self._threads = SourceThreads(
            refreshers, self._on_changed, self.write_status_soon, self._on_stuck
        )
        self._threads.start()

    def run(self) -> None:
        """Build after changes, answer requests and write the status.

        Returns after `stop`, a reload, a stuck source or a damaged store.
        """
        while self.goes_on():
            self.turn()

    @property
    def write_failures(self) -> int:
        """How often in a row the status or a generation could not be written."""
        return max(self._status_writer.failures, self._disk_failures)

    def goes_on(self) -> bool:
        """Return whether nothing happened that ends `run`."""
        return not (self.stopping or self.reloading or self.stuck or self.store_damaged())

    def turn(self) -> None:
        """Do what is due, or wait a moment for something to do."""
        now = time.monotonic()
        self._answer_requests()
        # The status comes before the build, which may take a minute for a million contacts.
        if self._status_due or now - self._reported >= STATUS_SECONDS:
            self._status_due, self._reported = False, now
            self._write_status()
        if self._build_due and now >= self._earliest:
            self._build_due = False
            # Changes that arrive within 50 ms go into the same generation.
            time.sleep(0.05)
            self._earliest = time.monotonic() + (BETWEEN_BUILDS if self._build() else RETRY_BUILD)
            return
        if now - self._swept >= SWEEP_SECONDS:
            self._swept = now
            self._sweep()
        if now - self._verified >= VERIFY_SECONDS:
            self._verified = now
            self._build_due |= not self._current.is_up_to_date()
        self._wake.wait(0.25)
        self._wake.clear()

    def stop(self) -> None:
        """Let all threads end; a connector's call under way is not waited for."""
        self.stopping = True
        self._threads.stop()
        self._wake.set()

    def store_damaged(self) -> bool:
        """Return whether the store was unreadable and must be set aside."""
        return self._store.damaged

    def join(self) -> None:
        """Wait until no source thread writes; a fetch under way is not waited for."""
        self._threads.join()

    def _on_changed(self) -> None:
        self._build_due = True
        self._wake.set()

    def write_status_soon(self) -> None:
        """Let the next turn write the status."""
        self._status_due = True
        self._wake.set()

    def _on_stuck(self, name: str) -> None:
        self.stuck = name
        self._wake.set()

    def _answer_requests(self) -> None:
        for request in control.receive(
            self._folder, control.REFRESH, control.FULL, control.REBUILD
        ):
            if request.verb == control.REBUILD:
                self._build_due |= not self._current.is_up_to_date()
            else:
                self._threads.trigger(request.source, full=request.verb == control.FULL)

    def compose(self) -> Composed:
        """Compose and publish a generation of the stored contacts.

        Raises BuildError or StoreError; the published generation then stays.
        """
        awaited = self._current.awaited_sources()
        if awaited:
            names = ", ".join(awaited)
            raise BuildError(
                "after damage to the store, no new generation before these sources have been "
                f"read again: {names}"
            )
        if unread := self.unread():
            raise BuildError(
                "what phones see may be newer than what this host has stored: no new generation"
                f" before these sources have been read: {', '.join(sorted(unread))}"
            )
        return self._composer.compose()

    def _build(self) -> bool:
        begun = time.monotonic()
        try:
            composed = self.compose()
        except (BuildError, StoreError) as error:
            if str(error) != self._problem:
                _log.error(
                    "build_failed", error=str(error), effect="phones keep the generation before"
                )
            self._problem, self._build_due = str(error), True
            self._failed += 1
            is_of_disk = isinstance(error.__cause__, OSError | sqlite3.Error)
            self._disk_failures = self._disk_failures + 1 if is_of_disk else 0
            self._status_due = True
            return False
        except (ExchangeError, Fenced):
            self._build_due = True
            # Builds that cannot be published take no more than half of the time.
            now = time.monotonic()
            self._earliest = now + min(now - begun, RETRY_BUILD)
            raise
        finally:
            gc.collect()
        if self._problem:
            _log.info("build_recovered")
        self._problem = ""
        self._disk_failures = 0
        self._builds += 1
        self._status_due = True
        _log.info(
            "generation_published",
            version=composed.version,
            rows=composed.rows,
            screens=composed.screens,
            seconds=round(composed.seconds, 3),
        )
        self._file_states = self._current.file_states()
        with suppress(OSError):
            delete_old_generations(self._folder, KEEP_SECONDS, MAX_KEPT)
        return True

    def _sweep(self) -> None:
        with suppress(OSError):
            delete_old_generations(self._folder, KEEP_SECONDS, MAX_KEPT)
        state = self._current.file_states()
        if state != self._file_states:
            self._file_states = state
            self._build_due |= not self._current.is_up_to_date()

    def unread(self) -> frozenset[str]:
        """Return the sources that must be read before a build, and were not yet."""
        return self._must_read - self._threads.read_sources()

    def refreshers(self) -> tuple[Refresher, ...]:
        """Return a new refresher for each source, with this builder's store."""
        return tuple(Refresher(source, self._store) for source in self._settings.sources)

    def statuses(self) -> dict[str, SourceStatus]:
        """Return the status of each source, by name."""
        return self._threads.statuses()

    def _write_status(self) -> None:
        self._status_writer.write(self._on_new_status(self.status()))

    def status(self) -> Status:
        """Return the status of the builder and its sources."""
        return Status(
            written_at=time.time(),
            builder=os.getpid(),
            run=self._run,
            sources=self.statuses(),
            problem=self._problem,
            builds=self._builds,
            failed_builds=self._failed,
        )

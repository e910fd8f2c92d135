"""The building side, put together: sources are read, generations composed and published, in a process of its own.

Law of this file: which thread does what, and in which order; every rule lives elsewhere. `python -m app.builder` is what the supervisor
starts. It runs at low priority, with Python's cycle collector off while it builds: nothing here makes cycles worth the pauses.
"""

import argparse
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app import logs, nameless, requests
from app.composer import Composer, sweep
from app.fetching import SourceThread
from app.generation import BrokenGeneration, Generation, current_version, file_name
from app.generation_writer import BuildError
from app.lock import Lock
from app.logs import Log
from app.problems import SettingsError
from app.refresher import Refresher
from app.settings import Settings, read
from app.status import SourceStatus, Status
from app.status import read as read_status
from app.status import write as write_status
from app.store import Store, StoreError
from app.watching import FolderWatch

KEEP_SECONDS = 900.0
KEEP_MOST = 20
BETWEEN_BUILDS = 1.0
STATUS_SECONDS = 10.0
SWEEP_SECONDS = 60.0
RETRY_BUILD = 15.0
STUCK = 75
_PATIENCE = 30.0
_log = Log("builder")


class Builder:
    """One configuration's builder: from `start` to `stop` it keeps a state directory's generations up to date."""

    def __init__(self, settings: Settings, *, distrust: bool = False) -> None:
        self._settings = settings
        self._distrust = distrust
        self._folder = settings.state_dir
        self._store = Store(self._folder)
        self._composer = Composer(settings, self._store, self._folder)
        self._wake = threading.Event()
        self._due = False
        self._told = True
        self._threads: tuple[SourceThread, ...] = ()
        self._watches: tuple[FolderWatch, ...] = ()
        self._problem = ""
        self._mute = False
        self._builds = self._failed = 0
        self._mark: object = None
        self.stopping = False
        self.reloading = False
        self.stuck = ""

    def prepare(self) -> None:
        """Open the store, and publish what it holds where no generation of this configuration is published. Raises StoreError, OSError."""
        notice = self._store.open(datetime.now().strftime("%Y%m%d-%H%M%S"), distrust=self._distrust)
        if notice:
            _log.error("store_set_aside", notice=notice)
        self._store.forget_all_but(source.name for source in self._settings.sources)
        sweep(self._folder, KEEP_SECONDS, KEEP_MOST)
        if not self._is_current():
            self._build()
        self._mark = self._look()

    def _is_current(self) -> bool:
        version = current_version(self._folder)
        if version is None:
            return False
        path = self._folder / file_name(version)
        try:
            generation = Generation(path)
        except BrokenGeneration as error:
            _log.error("generation_set_aside", version=version, error=str(error))
            with suppress(OSError):
                path.replace(path.with_name(f"{path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}"))
            return False
        wanted = generation.fingerprint == self._settings.fingerprint and self._is_complete(generation)
        sound = generation.is_sound()
        generation.close()
        if not sound:
            _log.error("generation_set_aside", version=version, error="its pages are damaged")
            with suppress(OSError):
                path.replace(path.with_name(f"{path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}"))
        return sound and wanted

    def _is_complete(self, generation: Generation) -> bool:
        """Tell whether a generation was made from what is stored; of a source that is not stored (any more) it knows best."""
        records = [self._store.record(source.name) for source in self._settings.sources]
        return all(generation.digest(record.name) == record.digest for record in records if record.last_success is not None)

    def start(self) -> None:
        """Start a thread for each source, and watch the folders that their connectors name."""
        made = []
        for source in self._settings.sources:
            thread = SourceThread(Refresher(source, self._store), self._on_changed, self._on_status, self._on_stuck)
            made.append(thread)
            folders = source.connector.watched()
            if folders:
                self._watches += (FolderWatch(folders, lambda thread=thread: thread.ask(by_file=True)),)  # type: ignore[misc]
        self._threads = tuple(made)
        for started in (*self._threads, *self._watches):
            started.start()

    def run(self) -> None:
        """Build when something changed, answer requests and tell the status, until `stop`, `reload`, a stuck source or a damaged store."""
        told = swept = 0.0
        earliest = 0.0
        while not (self.stopping or self.reloading or self.stuck or self.store_damaged()):
            now = time.monotonic()
            self._answer_requests()
            # Told before building, which may take a minute for a million.
            if self._told or now - told >= STATUS_SECONDS:
                self._told, told = False, now
                self._write_status()
            if self._due and now >= earliest:
                self._due = False
                # What arrives within a moment goes into the same generation.
                time.sleep(0.05)
                earliest = time.monotonic() + (BETWEEN_BUILDS if self._build() else RETRY_BUILD)
                continue
            if now - swept >= SWEEP_SECONDS:
                swept = now
                self._sweep()
            self._wake.wait(0.25)
            self._wake.clear()

    def stop(self) -> None:
        """Let all threads end; what a connector is still doing is left behind."""
        self.stopping = True
        for thread in self._threads:
            thread.stop()
        for watch in self._watches:
            watch.stop()
        self._wake.set()

    def store_damaged(self) -> bool:
        """Tell whether the store was found to be unreadable: it is to be set aside."""
        return self._store.damaged

    def join(self) -> None:
        """Return when no thread of a source will write any more; a fetch under way is not waited for."""
        for thread in self._threads:
            thread.join(_PATIENCE)

    def _on_changed(self) -> None:
        self._due = True
        self._wake.set()

    def _on_status(self) -> None:
        self._told = True
        self._wake.set()

    def _on_stuck(self, name: str) -> None:
        self.stuck = name
        self._wake.set()

    def _answer_requests(self) -> None:
        for verb, name in requests.take(self._folder, requests.ACCEPT, requests.REFRESH, requests.REBUILD):
            if verb == requests.REBUILD:
                if not self._is_current():
                    self._due = True
                continue
            for thread in self._threads:
                if thread.refresher.source.name == name:
                    thread.ask(accept=verb == requests.ACCEPT)

    def _build(self) -> bool:
        try:
            made = self._composer.compose()
        except (BuildError, StoreError) as error:
            if str(error) != self._problem:
                _log.error("build_failed", error=str(error), effect="phones keep the generation before")
            self._problem, self._due = str(error), True
            self._failed += 1
            self._told = True
            return False
        finally:
            gc.collect()
        if self._problem:
            _log.info("build_recovered")
        self._problem = ""
        self._builds += 1
        self._told = True
        _log.info("generation_published", version=made.version, rows=made.rows, screens=made.screens, seconds=round(made.seconds, 3))
        self._mark = self._look()
        with suppress(OSError):
            sweep(self._folder, KEEP_SECONDS, KEEP_MOST)
        return True

    def _look(self) -> object:
        try:
            seen = (self._folder / file_name(current_version(self._folder) or "none")).stat()
        except OSError:
            return None
        return (seen.st_mtime_ns, seen.st_size, seen.st_ino)

    def _sweep(self) -> None:
        with suppress(OSError):
            sweep(self._folder, KEEP_SECONDS, KEEP_MOST)
        mark = self._look()
        if mark != self._mark:
            self._mark = mark
            self._due |= not self._is_current()

    def statuses(self) -> dict[str, SourceStatus]:
        """Return how each source is, by name."""
        return {thread.refresher.source.name: thread.refresher.status for thread in self._threads}

    def _write_status(self) -> None:
        status = Status(
            written_at=time.time(),
            builder=os.getpid(),
            sources=self.statuses(),
            problem=self._problem,
            builds=self._builds,
            failed_builds=self._failed,
        )
        try:
            write_status(self._folder, status)
            self._mute = False
        except OSError as error:
            if not self._mute:
                _log.error("status_not_written", error=error.strerror)
            self._mute = True

    def once(self) -> tuple[SourceStatus, ...]:
        """Fetch every source one time, one after another, and publish; returns how each came out. Raises BuildError, StoreError."""
        made = []
        for source in self._settings.sources:
            refresher = Refresher(source, self._store)
            try:
                refresher.settle(source.connector.fetch(refresher.since()))
            except Exception as error:
                refresher.settle(error)
            made.append(refresher)
        self._composer.compose()
        statuses = {refresher.source.name: refresher.status for refresher in made}
        with suppress(OSError):
            write_status(self._folder, Status(written_at=time.time(), sources=statuses, builds=1))
        return tuple(statuses.values())


def make_folder(folder: Path) -> None:
    """Make a state directory that its owner alone can read. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(13, "Permission denied", str(folder))


def run(config: Path | None, parent: int | None = None, given: int | None = None) -> int:
    """Build until told to end; returns the exit code. SIGHUP reads the configuration again; a wrong one changes nothing.

    `parent`: the read end of a pipe; when it is closed, the builder ends. `given`: a nameless file with the configuration's contents.
    """
    os.umask(0o077)
    with suppress(OSError, AttributeError):
        os.nice(19)
    gc.disable()
    settings = _read(config, given)
    current: list[Builder] = []

    def end(*_: object) -> None:
        for builder in current:
            builder.stop()
        ending.set()

    def reload(*_: object) -> None:
        again.set()
        for builder in current:
            builder.reloading = True

    ending, again = threading.Event(), threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        signal.signal(signal.SIGHUP, reload)
    if parent is not None:
        threading.Thread(target=_await_end, args=(parent, end), daemon=True).start()

    distrust, told = False, ""

    def work() -> None:
        nonlocal settings, distrust, told
        make_folder(settings.state_dir)
        with Lock(settings.state_dir, ending) as lock:
            while lock.held and not ending.is_set():
                if again.is_set():
                    again.clear()
                    settings = _read_again(config, given, settings)
                builder = Builder(settings, distrust=distrust)
                current[:] = [builder]
                try:
                    builder.prepare()
                    builder.start()
                    if told:
                        told = ""
                        _log.info("state_dir_recovered")
                    builder.run()
                finally:
                    builder.stop()
                    distrust = builder.store_damaged()
                if builder.stuck:
                    _log.error("builder_ends", source=builder.stuck, reason="a fetch does not end; a new builder takes over")
                    sys.stderr.flush()
                    os._exit(STUCK)
                builder.join()

    while not ending.is_set():
        try:
            work()
        except (OSError, StoreError) as error:
            if parent is None:
                raise SettingsError(f"state_dir {settings.state_dir}", (_told(error),)) from error
            if _told(error) != told:
                told = _told(error)
                _log.error("state_dir_unusable", folder=str(settings.state_dir), error=told, effect="phones keep what they have")
            with suppress(OSError):
                known = read_status(settings.state_dir).sources
                write_status(settings.state_dir, Status(written_at=time.time(), builder=os.getpid(), sources=known, problem=told))
            ending.wait(RETRY_BUILD)
    # Daemon threads may sit in a connector's call; the interpreter would not wait for them, but may crash on its way out.
    sys.stderr.flush()
    return 0


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be used ({error.strerror or error}). Give its owner the right to write there, or set state_dir to another folder."
    return str(error)


def _await_end(parent: int, end: Callable[[], None]) -> None:
    with suppress(OSError):
        while os.read(parent, 64):
            pass
    end()


def _read(config: Path | None, given: int | None) -> Settings:
    return read(config, nameless.contents(given) if given is not None else None)


def _read_again(config: Path | None, given: int | None, settings: Settings) -> Settings:
    try:
        fresh = _read(config, given)
    except SettingsError as error:
        _log.error("configuration_refused", error=str(error), effect="the old one stays")
        return settings
    if fresh.state_dir != settings.state_dir:
        _log.error("configuration_refused", error="state_dir changed, which needs a restart", effect="the old one stays")
        return settings
    _log.info("configuration_read", sources=len(fresh.sources), profiles=len(fresh.profiles))
    return fresh


def main() -> None:
    """Run the builder as a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m app.builder")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--parent", type=int)
    parser.add_argument("--given", type=int)
    parser.add_argument("--log-json", action="store_true")
    asked = parser.parse_args()
    logs.configure(as_json=asked.log_json)
    try:
        code = run(asked.config, asked.parent, asked.given)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        code = 1
    os._exit(code)


if __name__ == "__main__":
    main()

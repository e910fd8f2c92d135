"""Run the builder as a process of its own.

The process waits for the lease of its state directory, and builds until a signal or the
closed pipe of its parent ends it. SIGHUP makes it read its configuration again. `python
-m app.build.worker` is what the supervisor starts; `app.build.builder` decides what is
built.
"""

import argparse
import gc
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app import logs
from app.build.builder import RETRY_BUILD, Builder
from app.build.composer import Publish
from app.build.priority import give_way
from app.build.state_dir_lease import state_dir_lease
from app.logs import Log
from app.settings.errors import SettingsError
from app.settings.loader import Settings, load
from app.state import memfile
from app.state.directory import describe_error, prepare_state_dir
from app.state.heartbeat import RELOADED, Heartbeat
from app.state.status import Status, read_status, write_status
from app.state.store import StoreError

if TYPE_CHECKING:
    from app.build.host import HostLoop

STUCK = 75
_log = Log("builder")


class BuilderProcess:
    """Builds until a signal or the parent's end; SIGHUP reads the configuration again.

    `parent` is the read end of a pipe; when the pipe is closed, the process ends.
    `config_fd` is an anonymous file with the configuration's contents. `name` is the
    same for every builder of one run of the gateway, until a reload. `heartbeat` is the
    write end of the pipe for heartbeats.
    """

    def __init__(
        self,
        config: Path | None,
        *,
        parent: int | None = None,
        config_fd: int | None = None,
        name: str = "",
        heartbeat: int | None = None,
    ) -> None:
        """Send heartbeats, and read the configuration.

        Raises SettingsError if it is invalid.
        """
        self._config = config
        self._heartbeat = Heartbeat(heartbeat)
        self._heartbeat.beat_in_thread()
        self._parent = parent
        self._config_fd = config_fd
        self._name = name
        self._settings = self._load()
        self._builder: Builder | HostLoop | None = None
        self._ending = threading.Event()
        self._reload_due = threading.Event()
        self._distrust = False
        self._problem = ""

    def run(self) -> None:
        """Build until the end.

        Raises SettingsError if the state directory cannot be used and there is no
        parent.
        """
        os.umask(0o077)
        give_way()
        # The cycle collector runs only between builds: `Builder` calls it.
        gc.disable()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._end)
            signal.signal(signal.SIGINT, self._end)
            signal.signal(signal.SIGHUP, self._reload)
            # The supervisor starts this process with SIGHUP blocked.
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
        if self._parent is not None:
            threading.Thread(target=self._await_parent, args=(self._parent,), daemon=True).start()
        while not self._ending.is_set():
            try:
                self._work()
            except (OSError, StoreError) as error:
                text = describe_error(error) if isinstance(error, OSError) else str(error)
                if self._parent is None:
                    folder = self._settings.state_dir
                    raise SettingsError(f"state_dir {folder}", (text,)) from error
                self._report(text)
                self._ending.wait(RETRY_BUILD)
        # Daemon threads may still be in a connector's call. The interpreter would not wait for
        # them, but may crash during its shutdown.
        sys.stderr.flush()

    def _end(self, *_: object) -> None:
        if self._builder is not None:
            self._builder.stop()
        self._ending.set()

    def _reload(self, *_: object) -> None:
        self._reload_due.set()
        self._heartbeat.beat(RELOADED)
        if self._builder is not None:
            self._builder.reloading = True

    def _await_parent(self, pipe: int) -> None:
        with suppress(OSError):
            while os.read(pipe, 64):
                pass
        self._end()

    def _work(self) -> None:
        """Build with the state directory's lease, until the end or an error."""
        prepare_state_dir(self._settings.state_dir)
        with state_dir_lease(self._settings.state_dir, self._ending) as publish:
            while publish is not None and not self._ending.is_set():
                resumes = not self._reload_due.is_set()
                if not resumes:
                    self._reload_due.clear()
                    self._settings = self._load_again()
                self._build(publish, resumes=resumes)

    def _build(self, publish: Publish, *, resumes: bool) -> None:
        builder = self._builder = self._new_builder(publish, resumes=resumes)
        try:
            builder.prepare()
            builder.start()
            if self._problem:
                self._problem = ""
                _log.info("state_dir_recovered")
            builder.run()
        finally:
            builder.stop()
            self._distrust = builder.store_damaged()
        if builder.stuck:
            _log.error(
                "builder_ends",
                source=builder.stuck,
                reason="a fetch does not end; a new builder takes over",
            )
            sys.stderr.flush()
            os._exit(STUCK)
        builder.join()

    def _new_builder(self, publish: Publish, *, resumes: bool) -> "Builder | HostLoop":
        kind = _kind_of_builder(self._settings)
        return kind(
            self._settings,
            publish=publish,
            distrust=self._distrust,
            run=self._name,
            resumes=resumes,
        )

    def _report(self, problem: str) -> None:
        """Log an unusable state directory once, and write it to the status if possible."""
        folder = self._settings.state_dir
        if problem != self._problem:
            self._problem = problem
            _log.error(
                "state_dir_unusable",
                folder=str(folder),
                error=problem,
                effect="phones keep what they have",
            )
        with suppress(OSError):
            status = Status(
                written_at=time.time(),
                builder=os.getpid(),
                run=self._name,
                sources=read_status(folder).sources,
                problem=problem,
            )
            write_status(folder, status)

    def _load(self) -> Settings:
        contents = memfile.read(self._config_fd) if self._config_fd is not None else None
        return load(self._config, contents)

    def _load_again(self) -> Settings:
        """Return the new settings, or the old ones if the new ones cannot be used."""
        try:
            fresh = self._load()
        except SettingsError as error:
            _log.error("configuration_refused", error=str(error), effect="the old one stays")
            return self._settings
        if fresh.state_dir != self._settings.state_dir:
            _log.error(
                "configuration_refused",
                error="state_dir changed, which needs a restart",
                effect="the old one stays",
            )
            return self._settings
        _log.info("configuration_read", sources=len(fresh.sources), profiles=len(fresh.profiles))
        return fresh


def _kind_of_builder(settings: Settings) -> "type[Builder | HostLoop]":
    if settings.exchange is None:
        return Builder
    # Only a host of several loads it.
    from app.build.host import HostLoop

    return HostLoop


def main() -> None:
    """Run the builder with the command line's options, and end the process."""
    parser = argparse.ArgumentParser(prog="python -m app.build.worker")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--parent", type=int)
    parser.add_argument("--config-fd", type=int)
    parser.add_argument("--run", default="")
    parser.add_argument("--heartbeat", type=int)
    parser.add_argument("--log-json", action="store_true")
    args = parser.parse_args()
    logs.configure(as_json=args.log_json)
    code = 0
    try:
        BuilderProcess(
            args.config,
            parent=args.parent,
            config_fd=args.config_fd,
            name=args.run,
            heartbeat=args.heartbeat,
        ).run()
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        code = 1
    os._exit(code)


if __name__ == "__main__":
    main()

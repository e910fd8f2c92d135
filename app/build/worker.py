"""Run the builder as a process of its own.

The process waits for the lock and builds until a signal or the closed pipe of its
parent ends it. SIGHUP makes it read its configuration again. `python -m
app.build.worker` is what the supervisor starts; `app.build.builder` decides what is
built.
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
from pathlib import Path

from app import logs
from app.build.builder import RETRY_BUILD, Builder
from app.logs import Log
from app.settings.errors import SettingsError
from app.settings.loader import Settings, load
from app.state import memfile
from app.state.directory import describe_error, prepare
from app.state.heartbeat import RELOADED, Heart
from app.state.locks import Lock
from app.state.status import Status
from app.state.status import read as read_status
from app.state.status import write as write_status
from app.state.store import StoreError

STUCK = 75
_log = Log("builder")


def run(
    config: Path | None,
    parent: int | None = None,
    given: int | None = None,
    name: str = "",
    heart: int | None = None,
) -> int:
    """Build until a signal or the parent's end; return the exit code.

    SIGHUP reads the configuration again; an invalid one changes nothing. `parent` is
    the read end of a pipe; when the pipe is closed, the builder ends. `given` is an
    anonymous file with the configuration's contents. `name` is the same for every
    builder of one run of the gateway, until a reload. `heart` is the write end of the
    pipe for heartbeats. Raises SettingsError if the configuration is invalid, or if the
    state directory cannot be used and there is no `parent`.
    """
    os.umask(0o077)
    # The builder must not slow the web workers down.
    with suppress(OSError, AttributeError):
        os.nice(19)
    # The cycle collector runs only between builds: `Builder` calls it.
    gc.disable()
    signs = Heart(heart)
    signs.beat_in_thread()
    settings = _read(config, given)
    current: list[Builder] = []

    def end(*_: object) -> None:
        for builder in current:
            builder.stop()
        ending.set()

    def reload(*_: object) -> None:
        again.set()
        signs.beat(RELOADED)
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
        prepare(settings.state_dir)
        with Lock(settings.state_dir, ending) as lock:
            while lock.held and not ending.is_set():
                resumes = not again.is_set()
                if again.is_set():
                    again.clear()
                    settings = _read_again(config, given, settings)
                builder = Builder(settings, distrust=distrust, run=name, resumes=resumes)
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
                    _log.error(
                        "builder_ends",
                        source=builder.stuck,
                        reason="a fetch does not end; a new builder takes over",
                    )
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
                _log.error(
                    "state_dir_unusable",
                    folder=str(settings.state_dir),
                    error=told,
                    effect="phones keep what they have",
                )
            with suppress(OSError):
                known = read_status(settings.state_dir).sources
                write_status(
                    settings.state_dir,
                    Status(
                        written_at=time.time(),
                        builder=os.getpid(),
                        run=name,
                        sources=known,
                        problem=told,
                    ),
                )
            ending.wait(RETRY_BUILD)
    # Daemon threads may still be in a connector's call. The interpreter would not wait for them,
    # but may crash during its shutdown.
    sys.stderr.flush()
    return 0


def _told(error: Exception) -> str:
    return describe_error(error) if isinstance(error, OSError) else str(error)


def _await_end(parent: int, end: Callable[[], None]) -> None:
    with suppress(OSError):
        while os.read(parent, 64):
            pass
    end()


def _read(config: Path | None, given: int | None) -> Settings:
    return load(config, memfile.read(given) if given is not None else None)


def _read_again(config: Path | None, given: int | None, settings: Settings) -> Settings:
    try:
        fresh = _read(config, given)
    except SettingsError as error:
        _log.error("configuration_refused", error=str(error), effect="the old one stays")
        return settings
    if fresh.state_dir != settings.state_dir:
        _log.error(
            "configuration_refused",
            error="state_dir changed, which needs a restart",
            effect="the old one stays",
        )
        return settings
    _log.info("configuration_read", sources=len(fresh.sources), profiles=len(fresh.profiles))
    return fresh


def main() -> None:
    """Run the builder with the command line's options, and end the process."""
    parser = argparse.ArgumentParser(prog="python -m app.build.worker")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--parent", type=int)
    parser.add_argument("--given", type=int)
    parser.add_argument("--run", default="")
    parser.add_argument("--heart", type=int)
    parser.add_argument("--log-json", action="store_true")
    asked = parser.parse_args()
    logs.configure(as_json=asked.log_json)
    try:
        code = run(asked.config, asked.parent, asked.given, asked.run, asked.heart)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        code = 1
    os._exit(code)


if __name__ == "__main__":
    main()

"""The builder's process: it waits for its turn, builds for the configuration that it was given, and reads it again when asked.

Law of this file: lock, signals and the end of the process; what is built, `building.py` knows. `python -m app.build.worker` is what the
supervisor starts. It runs at low priority, with Python's cycle collector off but between builds.
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


def run(config: Path | None, parent: int | None = None, given: int | None = None, name: str = "", heart: int | None = None) -> int:
    """Build until told to end; returns the exit code. SIGHUP reads the configuration again; a wrong one changes nothing.

    `parent`: the read end of a pipe; when it is closed, the builder ends. `given`: a nameless file with the configuration's contents.
    `name`: the same for every builder of one run of the gateway, until it reads its configuration again. `heart`: the write end of the
    pipe on which the supervisor wants signs of life.
    """
    os.umask(0o077)
    with suppress(OSError, AttributeError):
        os.nice(19)
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
                write_status(settings.state_dir, Status(written_at=time.time(), builder=os.getpid(), run=name, sources=known, problem=told))
            ending.wait(RETRY_BUILD)
    # Daemon threads may sit in a connector's call; the interpreter would not wait for them, but may crash on its way out.
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
        _log.error("configuration_refused", error="state_dir changed, which needs a restart", effect="the old one stays")
        return settings
    _log.info("configuration_read", sources=len(fresh.sources), profiles=len(fresh.profiles))
    return fresh


def main() -> None:
    """Run the builder as a process of its own."""
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

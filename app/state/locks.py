"""BuilderLock files in the state directory for the builder and the running gateways.

One builder may hold its lock; any number of gateways share theirs. The system frees a
lock when its holder ends, however it ends.
"""

import fcntl
import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from app.logs import Log

BUILDER = "builder.lock"
SERVING = "serve.lock"
_log = Log("builder")


class BuilderLock:
    """A context manager that waits for the builder's lock of a state directory.

    `held` is False if `ending` was set, or `timeout` seconds passed, before the lock
    was free.
    """

    def __init__(self, folder: Path, ending: threading.Event, timeout: float = math.inf) -> None:
        self._path = folder / BUILDER
        self._timeout = timeout
        self._ending = ending
        self._file = -1
        self.held = False

    def __enter__(self) -> "BuilderLock":
        """Take the lock; wait, with one log line, while another builder holds it.

        Raises OSError if the lock file cannot be opened.
        """
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        until = time.monotonic() + self._timeout
        is_logged = False
        while not self._ending.is_set() and time.monotonic() < until:
            if self._try_lock():
                self.held = True
                break
            if not is_logged:
                is_logged = True
                self._log_holder()
            self._ending.wait(0.5)
        return self

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        # The holder's process id is there for the log line only; a full disk must not stop the
        # builder.
        with suppress(OSError):
            os.truncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        return True

    def _log_holder(self) -> None:
        _log.warning(
            "builder_waits",
            folder=str(self._path.parent),
            holder=os.read(self._file, 32).decode("ascii", "replace").strip(),
            reason="another builder has this state_dir",
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Release the lock."""
        os.close(self._file)
        self.held = False


@contextmanager
def hold_serving_lock(folder: Path) -> Iterator[int]:
    """Hold the shared lock of running gateways; yield its descriptor.

    The descriptor is -1 if the lock file cannot be opened. Commands look at the lock to
    see whether a gateway runs. A web worker that inherits the descriptor holds the lock
    too. From that the next gateway sees that the workers of a killed one may still hold
    its port.
    """
    file = -1
    with suppress(OSError):
        file = os.open(folder / SERVING, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    try:
        yield file
    finally:
        if file >= 0:
            os.close(file)


def is_held(folder: Path, name: str = BUILDER) -> bool:
    """Return whether a builder holds its lock; with `name` SERVING, a gateway.

    Return False if the lock file cannot be opened.
    """
    try:
        file = os.open(folder / name, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(file)
    return False

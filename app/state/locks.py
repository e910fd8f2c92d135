"""Who works in a state directory: lock files that the system frees when their holders end, however they end.

Law of this file: it knows files and whether somebody holds them. One builder may hold its own; any number of gateways hold theirs together.
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

FILE = "builder.lock"
SERVING = "serve.lock"
_log = Log("builder")


class Lock:
    """Waits for a state directory's lock; a context manager.

    `held` is False where `ending` was set, or `patience` (seconds) was over, before it came free.
    """

    def __init__(self, folder: Path, ending: threading.Event, patience: float = math.inf) -> None:
        self._path = folder / FILE
        self._patience = patience
        self._ending = ending
        self._file = -1
        self.held = False

    def __enter__(self) -> "Lock":
        """Take the lock, waiting with one line in the log while another builder has it. Raises OSError."""
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        told = False
        until = time.monotonic() + self._patience
        while not self._ending.is_set() and time.monotonic() < until:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not told:
                    holder = os.read(self._file, 32).decode("ascii", "replace").strip()
                    _log.warning("builder_waits", folder=str(self._path.parent), holder=holder, reason="another builder has this state_dir")
                    told = True
                self._ending.wait(0.5)
                continue
            self.held = True
            # Who holds it is told for convenience; a full disk is no reason not to work.
            with suppress(OSError):
                os.truncate(self._file, 0)
                os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
            break
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Give the lock up."""
        os.close(self._file)
        self.held = False


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """Hold a state directory's lock of running gateways, as far as it can be written, and give its descriptor (else -1).

    It is for commands that ask whether one runs. A web worker that inherits the descriptor holds the lock too: so the next gateway can tell
    that its port is held by what is left of one that was killed.
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


def is_held(folder: Path, name: str = FILE) -> bool:
    """Tell whether a builder (or, by the name SERVING, a gateway) works in a state directory; False where that cannot be seen."""
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

"""Lock files in the state directory for the builder and the running gateways.

One builder may hold its lock (`app.exchange.local`); any number of gateways share
theirs. The system frees a lock when its holder ends, however it ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BUILDER = "builder.lock"
SERVING = "serve.lock"


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

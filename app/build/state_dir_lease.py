"""Hold the lease of a state directory, and publish in it.

Every builder does, also on one host of several: two processes must not write the same
files.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from app.build.composer import Publish
from app.exchange.base import Lease
from app.exchange.local import LocalExchange
from app.exchange.publishing import publish_generation
from app.generation.files import Published
from app.logs import Log

_RETRY_SECONDS = 0.5
_log = Log("builder")


@contextmanager
def state_dir_lease(
    folder: Path, ending: threading.Event, timeout: float = math.inf
) -> Iterator[Publish | None]:
    """Wait for the lease of a state directory, and yield what publishes there.

    Yields None if `ending` was set, or `timeout` seconds passed, before the lease was
    free. Another holder is logged once. Raises OSError if the lock file cannot be
    opened.
    """
    with closing(LocalExchange(folder)) as exchange:
        until = time.monotonic() + timeout
        is_logged = False
        lease = None
        while not ending.is_set() and time.monotonic() < until:
            lease = exchange.lease()
            if lease is not None:
                break
            if not is_logged:
                is_logged = True
                _log.warning(
                    "builder_waits",
                    folder=str(folder),
                    holder=exchange.holder(),
                    reason="another builder has this state_dir",
                )
            ending.wait(_RETRY_SECONDS)
        yield partial(_publish, exchange, lease) if lease is not None else None


def _publish(exchange: LocalExchange, lease: Lease, folder: Path, published: Published) -> None:
    publish_generation(exchange, lease, folder, published)

"""A connection of psycopg on which no wait is endless.

libpq waits for a server that has stopped as long as its system keeps the connection.
"""

import fcntl
import select
import sys
import termios
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import psycopg
    from psycopg.abc import PQGen

_INTERVAL = 0.1
_T = TypeVar("_T")


def connect(conninfo: str, silence: Callable[[], float]) -> "psycopg.Connection":
    """Connect to a server, so that the connection is closed after a silence.

    `silence` returns how many seconds without a byte are too long. It is called during
    a wait, which becomes shorter when the process is about to end. The connection
    raises psycopg.Error then, as for all its errors.
    """
    import psycopg
    from psycopg import waiting

    class Bounded(psycopg.Connection):
        """psycopg calls `wait` for all that a connection sends and receives."""

        def wait(
            self, gen: "PQGen[_T]", interval: float = _INTERVAL, timeout: float | None = None
        ) -> _T:
            steps = until_silent(gen, silence, self._unsent)
            # psycopg 3.2 knows no timeout here, and passes none.
            limit = () if timeout is None else (timeout,)
            try:
                # What psycopg 3.2 has in C does not tell the steps that nothing is ready.
                return waiting.wait_poll(steps, self.fileno(), interval, *limit)
            except TimeoutError as error:
                where = f'server at "{self.info.host}", port {self.info.port}'
                # Otherwise the end of a transaction would wait as long once more.
                self.close()
                raise psycopg.OperationalError(f"{where} {error}") from error

        def _unsent(self) -> int:
            """Return how many bytes the server's system has not acknowledged (tcp(7))."""
            found = fcntl.ioctl(self.fileno(), termios.TIOCOUTQ, bytes(4))
            return int.from_bytes(found, sys.byteorder)

    # Without prepared statements a connection pooler may stand between.
    return Bounded.connect(conninfo, autocommit=True, prepare_threshold=None)


def is_readable(connection: "psycopg.Connection") -> bool:
    """Return whether the server has sent something, or has closed the connection."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def until_silent(
    steps: "PQGen[_T]", silence: Callable[[], float], unsent: Callable[[], int]
) -> "PQGen[_T]":
    """Take the steps of a generator of psycopg until there is a silence.

    psycopg sends in that the socket is ready to be read or written, and several times a
    second that it is not. Over a slow link `unsent` bytes, which the system has taken
    from psycopg, travel for long after the last step. Raises TimeoutError.
    """
    try:
        wanted = next(steps)
        moved, left = time.monotonic(), unsent()
        while True:
            ready = yield wanted
            if ready or unsent() < left:
                moved = time.monotonic()
            elif time.monotonic() - moved > (seconds := silence()):
                raise TimeoutError(f"has not answered for {seconds:g} s")
            wanted = steps.send(ready)
            # What psycopg has sent in this step counts too.
            left = unsent()
    except StopIteration as ended:
        result: _T = ended.value
        return result

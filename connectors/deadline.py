"""Time limit of a complete exchange, however slowly its bytes arrive.

Timeouts of sockets count from one byte to the next. A peer that sends single bytes or
repeated interim answers never exceeds them.
"""

import time
from dataclasses import dataclass

TIMEOUTS = 10
"""A complete exchange may take this many times `timeout`."""


class ExchangeTooLong(Exception):
    """An exchange was not complete at its deadline."""


@dataclass(slots=True)
class Deadline:
    """The moment by which an exchange must be complete.

    `timeout` is that of single steps, in seconds.
    """

    timeout: float
    _end: float = float("inf")

    @property
    def seconds(self) -> float:
        """Return the seconds that a complete exchange may take."""
        return TIMEOUTS * self.timeout

    def start(self) -> None:
        """Begin an exchange now."""
        self._end = time.monotonic() + self.seconds

    def check(self) -> None:
        """Raise ExchangeTooLong if the deadline has passed."""
        if time.monotonic() > self._end:
            raise ExchangeTooLong

    def step(self, timeout: float | None = None) -> float:
        """Return the seconds that the next step may take, bounded by the deadline.

        `timeout` defaults to that of single steps. Raises ExchangeTooLong if nothing is
        left.
        """
        self.check()
        return min(
            self.timeout if timeout is None else timeout, max(self._end - time.monotonic(), 0.001)
        )

"""Time limit of a complete exchange, however slowly its bytes arrive.

Timeouts of sockets count from one byte to the next. A peer that sends single bytes or
repeated interim answers never exceeds them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
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

    @contextmanager
    def step(self, timeout: float | None = None) -> Iterator[float]:
        """Yield the seconds that a step may take, which is done inside the block.

        They are `timeout`, by default that of single steps, or the rest of the exchange
        if that is less. Raises ExchangeTooLong if nothing is left, and in place of an
        error of the step if the deadline has passed by then.
        """
        self.check()
        try:
            yield min(
                self.timeout if timeout is None else timeout,
                max(self._end - time.monotonic(), 0.001),
            )
        except Exception:
            # The time that ran out may have been that of the whole exchange.
            self.check()
            raise

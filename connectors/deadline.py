"""Time limit of a whole exchange, however steadily its bytes trickle.

Timeouts of sockets count from one byte to the next. A peer that sends a byte now and then, or one interim answer after the
other, never meets them.
"""

import time
from dataclasses import dataclass

TIMEOUTS = 10
"""A whole exchange may take this many times `timeout`."""


class ExchangeTooLong(Exception):
    """An exchange is not over at its deadline."""


@dataclass(slots=True)
class Deadline:
    """The moment at which an exchange must be over. `timeout` is that of single steps, in seconds."""

    timeout: float
    _end: float = float("inf")

    @property
    def seconds(self) -> float:
        """Return the seconds that a whole exchange may take."""
        return TIMEOUTS * self.timeout

    def start(self) -> None:
        """Let an exchange begin now."""
        self._end = time.monotonic() + self.seconds

    def check(self) -> None:
        """Raise ExchangeTooLong when the exchange should be over."""
        if time.monotonic() > self._end:
            raise ExchangeTooLong

    def step(self, timeout: float | None = None) -> float:
        """Return how long the next step may take: `timeout` (default: that of single steps), or what is left of the exchange.

        Raises ExchangeTooLong when nothing is left.
        """
        self.check()
        return min(self.timeout if timeout is None else timeout, max(self._end - time.monotonic(), 0.001))

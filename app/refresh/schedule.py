"""Decide when a source is fetched next.

Pauses grow with failures and refused logins in a row, so that a server that is down is
not flooded and no account is locked.
"""

import math
import random
from collections.abc import Callable

FIRST_RETRY = 5.0
MIN_RETRY = 1.0
MAX_RETRY = 86_400.0
MAX_REFUSED = 12 * 3600.0
_MAX_DOUBLINGS = 30


class Schedule:
    """The pause until the next fetch of a source; times are in seconds.

    `interval` is the source's `refresh`. `refusals` is how many logins were refused in
    a row.
    """

    def __init__(
        self,
        interval: float,
        clock: Callable[[], float],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.refusals = 0
        self._interval = interval
        self._clock = clock
        self._chance = chance
        self._failures = 0
        self._pause = 0.0
        self._next: float | None = None

    @property
    def next_try(self) -> float | None:
        """The time of the next fetch, None if no time ends the wait."""
        return self._next if self._next is None or math.isfinite(self._next) else None

    def wait(self) -> float:
        """Return the seconds until the next fetch.

        The wait never exceeds the pause that was decided, even if the clock was set
        back. It is infinite if no time ends it.
        """
        if self._next is None:
            return 0.0
        return min(max(self._next - self._clock(), 0.0), self._pause)

    def succeed(self) -> None:
        """Schedule the fetch after the interval."""
        self._failures = self.refusals = 0
        self._set(self._spread(self._interval))

    def fail(self, retry_after: float | None = None) -> None:
        """Schedule a retry; `retry_after` is the pause that the server asked for."""
        if retry_after is not None:
            pause = min(max(MIN_RETRY, retry_after), MAX_RETRY)
        else:
            doubled = FIRST_RETRY * 2.0 ** min(self._failures, _MAX_DOUBLINGS)
            pause = min(self._spread(doubled), self._interval)
        # Refusals before a failure still count: a server that is down has not accepted the login.
        self._failures += 1
        self._set(pause)

    def refuse(self, *, for_good: bool = False) -> None:
        """Schedule the fetch after a refused login; `for_good` schedules none."""
        interval = self._spread(self._interval)
        doubled = interval * 2.0 ** min(self.refusals, _MAX_DOUBLINGS)
        self._failures = 0
        self.refusals += 1
        self._set(math.inf if for_good else min(doubled, max(MAX_REFUSED, interval)))

    def resume(self, refusals: int, next_try: float | None) -> None:
        """Continue an earlier wait after a refused login, None if no time ends it."""
        self.refusals = refusals
        if next_try is None:
            self._set(math.inf)
        else:
            longest = max(MAX_REFUSED, self._interval)
            self._set(min(max(next_try - self._clock(), 0.0), longest))

    def _set(self, pause: float) -> None:
        self._pause, self._next = pause, self._clock() + pause

    def _spread(self, seconds: float) -> float:
        return seconds * (0.95 + 0.1 * self._chance())

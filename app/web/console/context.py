"""What the pages of the console work with."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from app.settings.loader import Settings
from app.state.recent_requests import RecentRequests
from app.web.operator_login import OperatorLogin
from app.web.phone_app import PhoneApp
from app.web.publisher import Publisher


@dataclass(frozen=True, slots=True)
class ConsoleContext:
    """The parts of a web worker that the pages use.

    `totals` returns the counters of all workers (`app.state.shared_counters`). `begun`
    is the start of the gateway (`time.monotonic`). `recent` holds the last requests and
    the key of the tokens in forms. `login` is None if no password is set.
    """

    settings: Settings
    publisher: Publisher
    phones: PhoneApp
    totals: Callable[[], dict[str, int]]
    begun: float
    recent: RecentRequests
    login: OperatorLogin | None = None
    clock: Callable[[], float] = time.time

"""Renew the lease, or ask for it, beside everything else that a host does."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from app.exchange import decisions
from app.exchange.base import Exchange, ExchangeError
from app.exchange.decisions import Host

_TICK = 0.25
_JOIN_SECONDS = 5.0


class LeaseKeeper(threading.Thread):
    """Keeps what a host knows, and its lease in it, from `start` to `stop`.

    `knows` is replaced by `change` only. `problem` is why the lease cannot be asked
    for, "" if it can. `crash` is what ended the thread before `stop`.
    """

    def __init__(self, exchange: Exchange, knows: Host) -> None:
        super().__init__(name="lease", daemon=True)
        self.knows = knows
        self.problem = ""
        self.crash: Exception | None = None
        self._exchange = exchange
        self._is_held = False
        self._lock = threading.Lock()
        self._ending = threading.Event()

    def change(self, change: Callable[[Host], Host]) -> Host:
        """Replace what the host knows by what `change` makes of it, and return that."""
        with self._lock:
            self.knows = change(self.knows)
            return self.knows

    def run(self) -> None:
        try:
            while not self._ending.is_set():
                if self._is_held and self.knows.lease is None:
                    self._release()
                now = time.monotonic()
                if decisions.must_ask(self.knows, now):
                    self._ask(now)
                self._ending.wait(_TICK)
        except Exception as error:
            # The other thread raises it: without this one the host would wait for ever.
            self.crash = error

    def _release(self) -> None:
        """Give back a lease from which the host stepped down; the next one is another."""
        self._is_held = False
        with suppress(ExchangeError, OSError):
            self._exchange.release()

    def _ask(self, now: float) -> None:
        self.change(lambda host: decisions.after_sending(host, now))
        try:
            lease = self._exchange.lease(respite=decisions.respite(self.knows, now))
        except (ExchangeError, OSError) as error:
            self.problem = str(error)
            return
        self.problem, self._is_held = "", lease is not None
        self.change(lambda host: decisions.after_asking(host, now, lease))

    def stop(self) -> None:
        """Let the thread end; a question under way is waited for, but not long."""
        self._ending.set()
        if self.is_alive():
            self.join(_JOIN_SECONDS)

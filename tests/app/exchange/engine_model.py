"""The tables and transactions of the exchange's database, in memory, with a clock."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.exchange.base import (
    LEASE_SECONDS,
    ExchangeError,
    Fenced,
    Lease,
    Publication,
)

IDLE_SECONDS = 4.0
"""The server ends a session that does nothing for so long within a transaction."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What is committed. `files` are the versions whose parts are all there."""

    host: str = ""
    holder: str = ""
    epoch: int = 0
    until: float = 0.0
    acquired: float = 0.0
    files: frozenset[str] = frozenset()
    pointer: Publication | None = None
    saved: int = 0


@dataclass(slots=True)
class Transaction:
    """Changes that are not committed; `locks` means that it holds the lease's row."""

    used: float
    locks: bool = False
    is_open: bool = True
    changes: list[Callable[[Tables], Tables]] = field(default_factory=list)


class Engine:
    """A database server that can be down, and fail over to a replica that lags."""

    def __init__(self) -> None:
        self.now = 0.0
        self.is_up = True
        self.history = [Tables()]
        self.transactions: list[Transaction] = []
        self.failed_over = -1e9

    @property
    def tables(self) -> Tables:
        return self.history[-1]

    def advance(self, seconds: float) -> None:
        self.now += seconds
        for transaction in self.transactions:
            if self.now - transaction.used > IDLE_SECONDS:
                transaction.is_open = False
        self.transactions = [each for each in self.transactions if each.is_open]

    def stop(self) -> None:
        self.is_up = False
        self._end_sessions()

    def fail_over(self, lost: int) -> None:
        """Go on with a replica that lacks the last transactions."""
        lost = min(lost, len(self.history) - 1)
        if lost:
            self.history = self.history[:-lost]
        self.failed_over = self.now
        self._end_sessions()

    def _end_sessions(self) -> None:
        for transaction in self.transactions:
            transaction.is_open = False
        self.transactions = []

    def _answer(self) -> None:
        if not self.is_up:
            raise ExchangeError("no answer")

    def _commit(self, tables: Tables) -> None:
        self.history = [*self.history[-4:], tables]

    def lease(self, host: str, holder: str, *, respite: float = 0.0) -> Lease | None:
        """Renew the lease of `holder`, or acquire it for it, as PostgresExchange does.

        A host takes its own lease back at any time, not only with its first question.
        """
        self._answer()
        if any(each.locks for each in self.transactions):
            raise ExchangeError("the row is locked")
        before = self.tables
        if before.holder == holder:
            after = replace(before, until=self.now + LEASE_SECONDS)
        elif before.until + respite <= self.now or (before.host == host and not respite):
            after = replace(
                before,
                host=host,
                holder=holder,
                epoch=before.epoch + 1,
                until=self.now + LEASE_SECONDS,
                acquired=self.now,
            )
        else:
            return None
        self._commit(after)
        return Lease(after.epoch, holder, LEASE_SECONDS)

    def release(self, holder: str) -> None:
        """Give a lease back."""
        self._answer()
        if any(each.locks for each in self.transactions):
            raise ExchangeError("the row is locked")
        if self.tables.holder == holder:
            self._commit(replace(self.tables, until=self.now))

    def lose_saved(self) -> None:
        """Lose what is saved, and nothing else."""
        self._commit(replace(self.tables, saved=0))

    def begin(self) -> Transaction:
        self._answer()
        transaction = Transaction(self.now)
        self.transactions.append(transaction)
        return transaction

    def write(self, transaction: Transaction, change: Callable[[Tables], Tables]) -> None:
        self._use(transaction)
        transaction.changes.append(change)

    def check(self, transaction: Transaction, lease: Lease) -> None:
        """Lock the lease's row, and raise Fenced unless this lease is held."""
        self._use(transaction)
        row = self.tables
        if (row.holder, row.epoch) != (lease.holder, lease.epoch) or row.until <= self.now:
            transaction.is_open = False
            raise Fenced
        transaction.locks = True

    def commit(self, transaction: Transaction) -> None:
        self._use(transaction)
        tables = self.tables
        for change in transaction.changes:
            tables = change(tables)
        self._commit(tables)
        transaction.is_open = False
        self.transactions.remove(transaction)

    def _use(self, transaction: Transaction) -> None:
        self._answer()
        if not transaction.is_open:
            raise ExchangeError("the session was ended")
        transaction.used = self.now

    def current(self) -> Publication | None:
        self._answer()
        return self.tables.pointer

    def fetch(self, version: str) -> None:
        self._answer()
        if version not in self.tables.files:
            raise ExchangeError("its parts are not there")

    def saved(self) -> int:
        self._answer()
        return self.tables.saved

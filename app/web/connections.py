"""Limit a worker's connections by client address, and give busy connections fair turns.

An address has a share of the connections. At its share it loses its own oldest idle
connection, so a client cannot keep others out. If the worker is full, the address that
uses most of its share loses one.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from cachetools import LRUCache

from app.logs import Log
from app.model.networks import Network, parse_address, within

MAX_CONNECTIONS = 4096
TURN_SECONDS = 0.005
REPORT_SECONDS = 60.0
_MAX_ADDRESSES = 10_000
_log = Log("web")


@dataclass(frozen=True, slots=True)
class Shares:
    """Limits on a worker's connections, for an address and for a trusted proxy."""

    address: int = 64
    proxy: int = 256
    proxies: tuple[Network, ...] = ()


class Client(Protocol):
    """A connection in the table.

    `idle_since` is the time when it was made or when its latest response ended.
    """

    address: str
    idle_since: float

    def is_idle(self) -> bool:
        """Return True if no response is pending or the client does not read it."""
        ...

    def drop(self) -> None:
        """Close the connection at once."""
        ...

    def drop_overdue(self, now: float) -> None:
        """Drop the client if it exceeds a limit of time. Must be called once a second."""
        ...


class Waiting(Protocol):
    """A connection whose requests have arrived but wait for their turn."""

    def go_on(self) -> None:
        """Answer further requests that have arrived already."""
        ...


@dataclass(slots=True)
class _Group:
    share: int
    clients: dict[Client, None] = field(default_factory=dict)

    def oldest_idle(self) -> Client | None:
        return min(
            (client for client in self.clients if client.is_idle()),
            key=lambda client: client.idle_since,
            default=None,
        )


class ConnectionTable:
    """A worker's connections by address; `dropped` counts those closed by a limit."""

    def __init__(self, shares: Shares, capacity: int = MAX_CONNECTIONS) -> None:
        self._shares = shares
        self._groups: dict[str, _Group] = {}
        self._share_by_address: LRUCache[str, int] = LRUCache(_MAX_ADDRESSES)
        self._count = 0
        self._unreported: dict[str, tuple[int, str]] = {}
        self._reported: dict[str, float] = {}
        self.capacity = capacity
        self.dropped = 0

    def admit(self, client: Client) -> bool:
        """Add a new connection, and drop another one if there is no room.

        Returns False if the new connection must be dropped itself.
        """
        group = self._groups.get(client.address)
        share = group.share if group is not None else self._share(client.address)
        if group is not None and len(group.clients) >= share:
            victim = group.oldest_idle()
            if victim is None:
                self.count_drop("share", client.address)
                return False
            self._evict(victim, "share")
        elif self._count >= self.capacity:
            self._evict(self._of_largest_group(), "full")
        self._groups.setdefault(client.address, group or _Group(share)).clients[client] = None
        self._count += 1
        return True

    def drop_overdue(self, now: float) -> None:
        """Drop the clients that exceed a limit of time. Must be called once a second."""
        for client in [client for group in self._groups.values() for client in group.clients]:
            client.drop_overdue(now)

    def discard(self, client: Client) -> None:
        """Remove a connection if it is in the table."""
        group = self._groups.get(client.address)
        if group is not None and client in group.clients:
            del group.clients[client]
            self._count -= 1
            if not group.clients:
                del self._groups[client.address]

    def count_drop(self, reason: str, address: str) -> None:
        """Count a dropped connection, and record it for `report`.

        An unfinished request is not recorded, because browsers open connections in
        advance.
        """
        self.dropped += 1
        if reason == "unfinished":
            return
        self._unreported[reason] = (self._unreported.get(reason, (0, ""))[0] + 1, address)

    def report(self) -> None:
        """Log the dropped connections, at most once a minute for each reason.

        An attack must not fill the log.
        """
        now = time.monotonic()
        for reason, (count, address) in list(self._unreported.items()):
            if now - self._reported.get(reason, -REPORT_SECONDS) >= REPORT_SECONDS:
                self._reported[reason] = now
                del self._unreported[reason]
                _log.warning(
                    "connections_dropped", reason=reason, count=count, latest_address=address
                )

    def _evict(self, client: Client, reason: str) -> None:
        self.discard(client)
        client.drop()
        self.count_drop(reason, client.address)

    def _of_largest_group(self) -> Client:
        groups = self._groups.values()
        most = max([len(group.clients) / group.share for group in groups])
        largest = (group for group in groups if len(group.clients) / group.share == most)
        first = next(largest)
        idle = first.oldest_idle() or next(filter(None, map(_Group.oldest_idle, largest)), None)
        return idle if idle is not None else next(iter(first.clients))

    def _share(self, address: str) -> int:
        """Return the share of an address."""
        # An IPv4 address arrives as ::ffff:a.b.c.d only if the listener is on ::.
        if not self._shares.proxies:
            return self._shares.address
        share = self._share_by_address.get(address)
        if share is None:
            share = self._shares.address
            if within(parse_address(address), self._shares.proxies):
                share = max(share, self._shares.proxy)
            self._share_by_address[address] = share
        return share


class Turns:
    """A queue of connections whose requests have arrived but wait for their turn.

    Some are answered at each turn of the event loop.
    """

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._is_scheduled = False

    def add(self, client: Waiting) -> None:
        """Queue a connection for a later turn of the event loop."""
        self._waiting.append(client)
        self._schedule()

    def _schedule(self) -> None:
        if not self._is_scheduled and self._waiting:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._run)

    def _run(self) -> None:
        # Each connection goes on at most once. If it has more to do, it queues at the end again.
        until, count = time.monotonic() + TURN_SECONDS, len(self._waiting)
        self._is_scheduled = False
        try:
            while count and time.monotonic() < until:
                count -= 1
                self._waiting.popleft().go_on()
        finally:
            self._schedule()

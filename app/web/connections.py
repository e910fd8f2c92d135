"""Limits on a worker's connections by client address, and fair turns for clients that send many requests at once.

An address has a share of the connections. At its share it loses its own oldest idle connection, so a client cannot
keep others out. If the worker is full, the address that uses most of its share loses one.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from app.logs import Log
from app.model.networks import Network, parse_address, within

MAX_CONNECTIONS = 4096
TURN_SECONDS = 0.005
REPORT_SECONDS = 60.0
_MAX_ADDRESSES = 10_000
_log = Log("web")


@dataclass(frozen=True, slots=True)
class Shares:
    """How many connections an address may have in a worker, and how many a trusted proxy may have."""

    address: int = 64
    proxy: int = 256
    proxies: tuple[Network, ...] = ()


class Client(Protocol):
    """A connection as the table sees it. `idle_since` is when it was made, or when its latest answer ended."""

    address: str
    idle_since: float

    def is_idle(self) -> bool:
        """Return True if nothing is owed to the client, or it does not take what it is owed."""
        ...

    def drop(self) -> None:
        """Close the connection at once."""
        ...

    def go_on(self) -> None:
        """Answer further requests that have arrived already."""
        ...


@dataclass(slots=True)
class _Group:
    share: int
    clients: dict[Client, None] = field(default_factory=dict)

    def oldest_idle(self) -> Client | None:
        return min((client for client in self.clients if client.is_idle()), key=lambda client: client.idle_since, default=None)


class ConnectionTable:
    """A worker's connections by address. `dropped` counts those that were closed because of a limit."""

    def __init__(self, shares: Shares, capacity: int = MAX_CONNECTIONS) -> None:
        self._shares = shares
        self._groups: dict[str, _Group] = {}
        self._share_by_address: dict[str, int] = {}
        self._count = 0
        self._unreported: dict[str, tuple[int, str]] = {}
        self._reported: dict[str, float] = {}
        self.capacity = capacity
        self.dropped = 0

    def admit(self, client: Client) -> bool:
        """Take in a new connection, dropping another one if there is no room; return False if it must be dropped itself."""
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

    def discard(self, client: Client) -> None:
        """Forget a connection, if it is in the table."""
        group = self._groups.get(client.address)
        if group is not None and client in group.clients:
            del group.clients[client]
            self._count -= 1
            if not group.clients:
                del self._groups[client.address]

    def count_drop(self, reason: str, address: str) -> None:
        """Count a connection that is dropped; `report` logs it, unless it was silent: browsers open connections that they may need."""
        self.dropped += 1
        if reason == "unfinished":
            return
        self._unreported[reason] = (self._unreported.get(reason, (0, ""))[0] + 1, address)

    def report(self) -> None:
        """Log what was dropped, at most once a minute for each reason: an attack must not fill the log."""
        now = time.monotonic()
        for reason, (count, address) in list(self._unreported.items()):
            if now - self._reported.get(reason, -REPORT_SECONDS) >= REPORT_SECONDS:
                self._reported[reason] = now
                del self._unreported[reason]
                _log.warning("connections_dropped", reason=reason, count=count, latest_address=address)

    def _evict(self, client: Client, reason: str) -> None:
        self.discard(client)
        client.drop()
        self.count_drop(reason, client.address)

    def _of_largest_group(self) -> Client:
        groups = self._groups.values()
        most = max([len(group.clients) / group.share for group in groups])
        largest = (group for group in groups if len(group.clients) / group.share == most)
        first = next(largest)
        idle = first.oldest_idle() or next((found for group in largest if (found := group.oldest_idle()) is not None), None)
        return idle if idle is not None else next(iter(first.clients))

    def _share(self, address: str) -> int:
        """Return an address's share. An IPv4 address may arrive as ::ffff:a.b.c.d, which only a listener on :: makes of it."""
        if not self._shares.proxies:
            return self._shares.address
        share = self._share_by_address.get(address)
        if share is None:
            if len(self._share_by_address) >= _MAX_ADDRESSES:
                self._share_by_address.clear()
            is_proxy = within(parse_address(address), self._shares.proxies)
            share = max(self._shares.proxy, self._shares.address) if is_proxy else self._shares.address
            self._share_by_address[address] = share
        return share


class Turns:
    """Connections with requests that have arrived but wait for their turn; some are answered at each turn of the event loop."""

    def __init__(self) -> None:
        self._waiting: deque[Client] = deque()
        self._is_scheduled = False

    def add(self, client: Client) -> None:
        """Let a connection go on at a later turn of the loop."""
        self._waiting.append(client)
        self._schedule()

    def _schedule(self) -> None:
        if not self._is_scheduled and self._waiting:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._run)

    def _run(self) -> None:
        # Each connection once at most: one that has more to do is at the end of the queue again.
        until, count = time.monotonic() + TURN_SECONDS, len(self._waiting)
        self._is_scheduled = False
        try:
            while count and time.monotonic() < until:
                count -= 1
                self._waiting.popleft().go_on()
        finally:
            self._schedule()

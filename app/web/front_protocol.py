"""Answer phones' usual requests, and leave the connection to uvicorn at any other.

Each connection begins with this protocol. Phones send a request of a few lines in one
packet. It is answered from the cache if it is known, else parsed and answered here.
Whatever is more complicated is for uvicorn's protocol, which then keeps the connection.
"""

import asyncio
import time
from collections.abc import Callable
from typing import cast

from uvicorn.protocols.utils import get_local_addr
from uvicorn.server import ServerState

from app.model.networks import Address
from app.web.access_log import MAX_TARGET, AccessEntry, AccessLog
from app.web.connections import ConnectionTable
from app.web.limited_protocol import REQUEST_SECONDS, LimitedProtocol
from app.web.phone_application import PhoneApplication
from app.web.response_cache import ResponseCache, WireResponse
from app.web.whole_request import parse

KEEP_ALIVE_SECONDS = 5


class _ResponseStart:
    """The first lines of every response, joined once for each list of default headers.

    uvicorn makes a new list every second.
    """

    def __init__(self) -> None:
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._lines = b""

    def lines(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """Return the status line and the default headers."""
        if headers is not self._headers:
            self._headers = headers
            self._lines = b"HTTP/1.1 200 OK\r\n" + b"".join(
                b"%b: %b\r\n" % header for header in headers
            )
        return self._lines


class FrontProtocol(asyncio.Protocol):
    """A connection on which all requests so far were usual ones."""

    __slots__ = (
        "_app",
        "_cache",
        "_client",
        "_log",
        "_make_successor",
        "_peer",
        "_scheme",
        "_state",
        "_table",
        "_transport",
        "address",
        "busy_since",
        "idle_since",
    )

    _start = _ResponseStart()
    _transport: asyncio.Transport

    def __init__(
        self,
        app: PhoneApplication,
        cache: ResponseCache,
        table: ConnectionTable,
        state: ServerState,
        make_successor: Callable[[], LimitedProtocol],
        log: AccessLog | None = None,
        scheme: str = "http",
    ) -> None:
        """`scheme` is that of the connection, "http" or "https"."""
        self._app = app
        self._cache = cache
        self._table = table
        self._state = state
        self._make_successor = make_successor
        self._log = log
        self._scheme = scheme

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accept a connection, or drop it if the table does not admit it."""
        self._transport = cast(asyncio.Transport, transport)
        self._peer = transport.get_extra_info("peername")
        self.address: str = self._peer[0] if self._peer else ""
        self._client = self._app.direct_client(self.address)
        self.busy_since = self.idle_since = time.monotonic()
        self._state.connections.add(self)  # type: ignore[arg-type]  # uvicorn calls `shutdown` only
        if not self._table.admit(self):
            self.drop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection from the table."""
        self._table.discard(self)
        self._state.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Answer a usual request, if the client has read all earlier responses."""
        begun = time.perf_counter() if self._log is not None else 0.0
        response = address = None
        if not self._transport.get_write_buffer_size():
            if self._client is not None:
                response = self._cache.find(self._client, data, self._scheme)
            if response is None:
                response, address = self._respond(data)
        if response is None:
            self._step_aside().data_received(data)
            return
        self._transport.write(self._start.lines(self._state.default_headers) + response.content)
        self.idle_since, self.busy_since = time.monotonic(), 0.0
        if self._log is not None:
            client = self._client.address if self._client is not None else address
            self._log.add(_entry(data, response, client or self.address, begun))
        if not response.keep_alive:
            self._transport.close()

    def _respond(self, data: bytes) -> tuple[WireResponse | None, Address | None]:
        """Return a new response and the address of the client, None if it is not known.

        The response is None if uvicorn's protocol must handle the request.
        """
        request = parse(data)
        if request is None:
            return None, None
        try:
            local = get_local_addr(self._transport)
            scope = request.scope(self._peer, local, self._scheme)
            found = self._app.try_answer(scope, request.headers)
        except Exception:
            # When uvicorn handles the request, the error occurs again and is logged.
            return None, None
        if found is None:
            return None, None
        content = found.content(request.method, request.keep_alive)
        response = WireResponse(content, request.keep_alive, found.request)
        if self._client is not None:
            self._cache.offer(self._client, data, self._scheme, request.headers, found, response)
        return response, found.address

    def _step_aside(self) -> LimitedProtocol:
        """Leave the connection to uvicorn's protocol, and return it."""
        successor = self._make_successor()
        self._table.discard(self)
        self._state.connections.discard(self)
        self._transport.set_protocol(successor)
        successor.connection_made(self._transport)
        successor.busy_since, successor.idle_since = self.busy_since, self.idle_since
        return successor

    def is_idle(self) -> bool:
        """Return True if the client has read all responses."""
        return not self._transport.get_write_buffer_size()

    def drop_overdue(self, now: float) -> None:
        """Drop a client that sends no request or no further one, or reads too slowly.

        Must be called once a second.
        """
        if self._transport.get_write_buffer_size():
            self._step_aside().drop_overdue(now)
        elif self.busy_since and now - self.busy_since > REQUEST_SECONDS:
            self._table.count_drop("unfinished", self.address)
            self.drop()
        elif not self.busy_since and now - self.idle_since > KEEP_ALIVE_SECONDS:
            self._transport.close()

    def drop(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    def shutdown(self) -> None:
        """Close this connection when the worker ends."""
        self._step_aside().shutdown()


def _entry(
    data: bytes, response: WireResponse, address: Address | str, begun: float
) -> AccessEntry:
    """Return what the access log has of a request; `data` are all of its bytes."""
    # A request of HTTP/0.9 has these two words alone.
    method, target = data.split(None, 2)[:2]
    size = len(response.content) - response.content.index(b"\r\n\r\n") - 4
    return AccessEntry(
        time.time(),
        address,
        method.decode("ascii"),
        target[:MAX_TARGET],
        200,
        size,
        time.perf_counter() - begun,
        response.request,
    )

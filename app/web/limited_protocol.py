"""uvicorn's HTTP protocol with limits for clients.

It handles what `FrontProtocol` leaves to it: requests in pieces or several at once,
with a body, or for other paths than those of phones.
"""

# uvicorn's protocol accepts headers of any size and lets a client send a request slowly for ever
# (measured). An ASGI application sees neither.
# Phones send about 600 bytes of headers, never pipeline, and close the connection after each page.

import asyncio
import time
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.web.access_log import AccessEntry, AccessLog
from app.web.connections import ConnectionTable, Turns
from app.web.framing import origin_form, refusal
from app.web.transport import ClientTransport

MAX_HEADER_BYTES = 16 * 1024
MAX_BODY_BYTES = 64 * 1024
MAX_WAITING_BYTES = MAX_HEADER_BYTES + MAX_BODY_BYTES
"""Maximum size of the waiting requests of a connection; one request is never longer."""
REQUEST_SECONDS = 10.0
UNREAD_SECONDS = 10.0
LAST_SECONDS = 1.0
_END = b"\r\n\r\n"


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits on size, time, connections and pipelining."""

    address = ""
    idle_since = 0.0
    busy_since = 0.0
    _line: ClientTransport
    _is_closing: Callable[[], bool]
    _taken = 0
    _rest = b""
    _last = _done = _eof = False
    _bound = MAX_HEADER_BYTES

    def __init__(
        self,
        table: ConnectionTable,
        turns: Turns,
        log: AccessLog | None,
        config: uvicorn.Config,
        *more: Any,
        **named: Any,
    ) -> None:
        super().__init__(config, *more, **named)
        self._access_log = log
        self._table = table
        self._turns = turns

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accept a connection, or drop it if the table does not admit it."""
        self._is_closing = transport.is_closing
        self._line = ClientTransport(transport)  # type: ignore[arg-type]  # it is a Transport
        super().connection_made(self._line)
        self.address = self.client[0] if self.client else ""
        self.busy_since = self.idle_since = time.monotonic()
        if not self._table.admit(self):
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection from the table."""
        self._table.discard(self)
        super().connection_lost(exc)

    def drop(self) -> None:
        """Close the connection at once, without sending what is still buffered."""
        self.transport.abort()

    def drop_overdue(self, now: float) -> None:
        """Drop a client that does not end its request or does not read its response.

        Must be called once a second.
        """
        unread = self._line.stalled_for(now) > UNREAD_SECONDS
        if unread or (self.busy_since and now - self.busy_since > REQUEST_SECONDS):
            self._table.count_drop("unread" if unread else "unfinished", self.address)
            self.transport.abort()

    def is_idle(self) -> bool:
        """Return True if no response is pending or the client does not read it."""
        if self._line.get_write_buffer_size():
            return self._line.is_stalled
        return not self._rest and (not self._owes_answer() or self.cycle.more_body)

    def _owes_answer(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        """Take a request, or keep it until earlier ones are answered."""
        if self._rest or (self._owes_answer() and not self.busy_since):
            self._hold(self._rest + data)
        else:
            self._take(data)

    def _take(self, data: bytes) -> None:
        """Parse requests until a response is pending.

        A request without a body ends with an empty line. So a piece up to the next
        empty line completes at most two requests, one that ends with a body and the one
        after it.
        """
        if len(data) > MAX_WAITING_BYTES:
            self._last = True
        place = 0
        while place < len(data) and not self._is_closing():
            end = data.find(_END, place) + len(_END)
            piece = data[place:end] if end >= len(_END) else data[place:]
            place += len(piece)
            self._taken += len(piece)
            if self._taken > self._bound:
                self.send_400_response("Request too large.")
                return
            if not self.busy_since:
                self.busy_since = time.monotonic()
            super().data_received(piece)
            if place < len(data) and not self.busy_since and self._owes_answer():
                self._hold(data[place:])
                return

    def _hold(self, rest: bytes) -> None:
        """Keep requests until their turn comes, and stop reading.

        If they exceed MAX_WAITING_BYTES, the next one is the last that is answered.
        """
        if len(rest) > MAX_WAITING_BYTES:
            self._last, rest = True, rest[:MAX_WAITING_BYTES]
        self._rest = rest
        self._unset_keepalive_if_required()
        self.flow.pause_reading()

    def go_on(self) -> None:
        """Answer the requests that were kept."""
        rest, self._rest = self._rest, b""
        if self._is_closing():
            return
        self._take(rest)
        if self._rest or self._is_closing():
            return
        self.flow.resume_reading()
        if not self._eof:
            return
        if self._owes_answer():
            self.cycle.keep_alive = False
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse a request that is no valid one, and write it to the access log."""
        super().send_400_response(msg)
        if self._access_log is not None:
            # What the request asked for is not known for certain.
            self._access_log.add(
                AccessEntry(time.time(), self.address, "", b"", 400, len(msg), 0.0, reason=msg)
            )

    def on_response_complete(self) -> None:
        """Schedule the requests that waited for this response."""
        super().on_response_complete()
        self.idle_since = self.busy_since or time.monotonic()
        if self._rest:
            self._unset_keepalive_if_required()
            self._turns.add(self)

    def on_headers_complete(self) -> None:
        """Refuse a request, or let uvicorn handle it.

        An ambiguous request is refused. A request is ambiguous if proxies may read it
        differently. A small body is allowed.
        """
        self._bound = MAX_WAITING_BYTES
        # No request is answered after a response that closes the connection.
        self._done = self._is_closing()
        if self._done:
            return
        why = refusal(self.headers, self.parser.get_http_version())
        if why:
            self._done = True
            self.send_400_response(why)
            return
        if not self.url.startswith(b"/"):
            self.url, _ = origin_form(self.url, self.headers)
        super().on_headers_complete()
        if self._last:
            self.cycle.keep_alive = False

    # asyncio's protocols return a bool here, uvicorn's annotation says None.
    def eof_received(self) -> bool:  # type: ignore[override]
        """Return True, to keep the connection open, if responses are pending."""
        self._eof = True
        if self._rest:
            return True
        if self._owes_answer():
            self.cycle.keep_alive = False
            return True
        return False

    def shutdown(self) -> None:
        """Close this connection when the worker ends.

        It closes after the next response, because a request may be on the way. If none
        comes, it closes after LAST_SECONDS.
        """
        if not self._last:
            self._last = True
            if self.cycle is not None:
                self.cycle.keep_alive = False
            self.loop.call_later(LAST_SECONDS, self.shutdown)
        elif not self.transport.is_closing():
            super().shutdown()

    def on_body(self, body: bytes) -> None:
        """Ignore the body of a request that has been answered or refused already."""
        if not self._done:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Reset the counters for the next request on this connection."""
        self._taken, self._bound, self.busy_since = 0, MAX_HEADER_BYTES, 0.0
        if not self._done:
            super().on_message_complete()

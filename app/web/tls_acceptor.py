"""Accept connections for https, and pass each to the front protocol when it is secure.

asyncio's own servers tell a protocol of a connection only when its handshake is done.
Clients that never finish theirs would have no limit. So connections are accepted here,
and a handshake is in the table of connections as any other client.
"""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Callable
from typing import cast

import msgspec
from uvicorn.server import ServerState

from app.processes.listen import BACKLOG
from app.state import memfile
from app.tls.context import server_context
from app.tls.pair import Pair
from app.web.connections import ConnectionTable
from app.web.front_protocol import FrontProtocol
from app.web.limited_protocol import REQUEST_SECONDS, UNREAD_SECONDS

_PAUSE_SECONDS = 1.0
_WRITE_BUFFER = 64 * 1024
"""What asyncio keeps unsent for a connection without TLS; with TLS it would be 512 kB."""


class ServedContext:
    """The TLS context of new connections, from the supervisor's file."""

    def __init__(self, descriptor: int, minimum: str) -> None:
        """`minimum` is the oldest version of TLS, "1.0" to "1.3"."""
        self._descriptor = descriptor
        self._minimum = minimum
        self._content = memfile.read(descriptor)
        self.context = self._made(self._content)

    def poll(self) -> None:
        """Take a renewed certificate. Must be called once a second."""
        content = memfile.read(self._descriptor)
        if content == self._content:
            return
        # The supervisor may be amid writing it, or no descriptor is free. The next second may do.
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            self.context = self._made(content)
            self._content = content

    def _made(self, content: bytes) -> ssl.SSLContext:
        return server_context(msgspec.msgpack.decode(content, type=Pair), self._minimum)


class TlsAcceptor:
    """Accepts the connections of one listening socket."""

    def __init__(
        self,
        listener: socket.socket,
        served: ServedContext,
        table: ConnectionTable,
        state: ServerState,
        make_front: Callable[[], FrontProtocol],
    ) -> None:
        self._listener = listener
        self._served = served
        self._table = table
        self._state = state
        self._make_front = make_front
        self._is_open = False
        self._pause: asyncio.TimerHandle | None = None

    def open(self) -> None:
        """Accept connections from now on. Does nothing if it does already."""
        if not self._is_open:
            self._is_open = True
            self._listener.setblocking(False)
            asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def close(self) -> None:
        """Accept no more connections. Those that were accepted stay."""
        if self._is_open:
            self._is_open = False
            if self._pause is not None:
                self._pause.cancel()
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()

    def _accept(self) -> None:
        for _ in range(BACKLOG):
            try:
                line, address = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:
                # No descriptor or memory is free. asyncio's servers pause for a second too.
                loop = asyncio.get_running_loop()
                loop.remove_reader(self._listener)
                self._pause = loop.call_later(_PAUSE_SECONDS, self._go_on)
                return
            line.setblocking(False)
            Handshake(str(address[0]), self._table, self._state, self._make_front).start(
                line, self._served.context
            )

    def _go_on(self) -> None:
        self._pause = None
        asyncio.get_running_loop().add_reader(self._listener, self._accept)


class Handshake(asyncio.Protocol):
    """A connection until its handshake is done; then the front protocol takes it over."""

    def __init__(
        self,
        address: str,
        table: ConnectionTable,
        state: ServerState,
        make_front: Callable[[], FrontProtocol],
    ) -> None:
        self.address = address
        self.idle_since = time.monotonic()
        self._table = table
        self._state = state
        self._make_front = make_front
        self._is_made = self._is_ending = False
        self._task: asyncio.Task[None] | None = None

    def start(self, line: socket.socket, context: ssl.SSLContext) -> None:
        """Begin the handshake, or close the connection if the table does not admit it."""
        if not self._table.admit(self):
            line.close()
            return
        self._state.connections.add(self)  # type: ignore[arg-type]  # uvicorn calls `shutdown` only
        self._task = asyncio.get_running_loop().create_task(self._shake_hands(line, context))
        self._task.add_done_callback(lambda _: self._end(line))

    async def _shake_hands(self, line: socket.socket, context: ssl.SSLContext) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: self, line, ssl=context, ssl_shutdown_timeout=UNREAD_SECONDS
            )
        except ssl.SSLError as error:
            if error.reason:
                self._table.count_drop(f"tls_{error.reason.lower()}", self.address)
        except OSError:
            pass  # the client has left

    def _end(self, line: socket.socket) -> None:
        if not self._is_made:
            self._leave()
            line.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the connection, whose handshake is done, to the front protocol."""
        self._is_made = True
        self._leave()
        line = cast(asyncio.Transport, transport)
        line.set_write_buffer_limits(_WRITE_BUFFER)
        front = self._make_front()
        line.set_protocol(front)
        front.connection_made(line)
        # The time for a request begins with the connection, as it does without TLS.
        front.busy_since = self.idle_since
        if self._is_ending:
            front.shutdown()

    def _leave(self) -> None:
        self._table.discard(self)
        self._state.connections.discard(self)

    def is_idle(self) -> bool:
        """Return True: no response is pending."""
        return True

    def drop_overdue(self, now: float) -> None:
        """Drop a client that does not finish its handshake in time."""
        if now - self.idle_since > REQUEST_SECONDS:
            self._table.count_drop("unfinished", self.address)
            self.drop()

    def drop(self) -> None:
        """Close the connection at once."""
        if self._task is not None:
            self._task.cancel()

    def shutdown(self) -> None:
        """Close this connection soon after its handshake, when the worker ends."""
        self._is_ending = True

"""uvicorn for phones: its protocol with limits, and one worker's run.

Law of this file: sockets, limits and the end of a worker. It knows no page.

Facts: uvicorn's httptools protocol takes headers without end and lets a client dribble a request for ever (measured); an ASGI application
sees neither. Phones send about 600 bytes of headers and close the connection after each page. Connections are looked at once a second
instead of each having a timer, which costs nothing while a page is served.
"""

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEADER_BYTES = 16 * 1024
MOST_BODY_BYTES = 64 * 1024
REQUEST_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 5
MOST_CONNECTIONS = 4096
GRACE_SECONDS = 5
LAST_SECONDS = 1.0


class PhoneProtocol(HttpToolsProtocol):
    """uvicorn's protocol with bounds on headers, body, time and the number of connections."""

    busy_since = 0.0
    _taken = 0
    _asked = _last = False
    _bound = MOST_HEADER_BYTES

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, or drop it where there are too many already."""
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn narrows it to Transport
        self.busy_since = time.monotonic()
        if len(self.connections) > MOST_CONNECTIONS:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Count what arrives until a request is complete; one over its bound is refused."""
        self._taken += len(data)
        if self._taken > self._bound:
            self.send_400_response("Request too large.")
            return
        if not self.busy_since:
            self.busy_since = time.monotonic()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Allow a small body after the headers."""
        self._bound = MOST_HEADER_BYTES + MOST_BODY_BYTES
        self._asked = True
        super().on_headers_complete()
        if self._last:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """End this connection with the worker; one that was just taken is answered first, since its request is on the way."""
        if not (self._asked or self._last):
            self._last = True
            self.loop.call_later(LAST_SECONDS, self.shutdown)
        elif not self.transport.is_closing():
            super().shutdown()

    def on_message_complete(self) -> None:
        """Start counting anew for the next request on this connection."""
        self._taken, self._bound, self.busy_since = 0, MOST_HEADER_BYTES, 0.0
        super().on_message_complete()


class PhoneServer(uvicorn.Server):
    """A worker: ends when its parent does, and drops requests that never end."""

    def __init__(self, config: uvicorn.Config, each_second: Callable[[], None]) -> None:
        super().__init__(config)
        self._each_second = each_second

    async def on_tick(self, counter: int) -> bool:
        """Look at the connections and call what is due once a second."""
        if counter % 10 == 0:
            now = time.monotonic()
            for connection in list(self.server_state.connections):
                if isinstance(connection, PhoneProtocol) and connection.busy_since and now - connection.busy_since > REQUEST_SECONDS:
                    connection.transport.abort()
            self._each_second()
        return await super().on_tick(counter)


def serve(app: Any, listener: socket.socket, each_second: Callable[[], None], parent: int | None = None) -> None:
    """Answer requests on a bound socket until told to end (SIGTERM, SIGINT), or until the pipe `parent` is closed by whoever holds it."""
    _raise_file_limit()
    loop: Any = "asyncio"
    with contextlib.suppress(ImportError):
        import uvloop  # noqa: F401

        loop = "uvloop"
    config = uvicorn.Config(
        app,
        loop=loop,
        http=PhoneProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=2048,
    )
    server = PhoneServer(config, each_second)

    async def run() -> None:
        if parent is not None:
            asyncio.get_running_loop().add_reader(parent, _end, server, parent)
        await server.serve(sockets=[listener])

    factory = config.get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner, contextlib.suppress(KeyboardInterrupt):
        runner.run(run())


def _end(server: PhoneServer, parent: int) -> None:
    if not os.read(parent, 1):
        asyncio.get_running_loop().remove_reader(parent)
        server.should_exit = True


def _raise_file_limit() -> None:
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MOST_CONNECTIONS + 256
        if soft < wanted:
            limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))

"""uvicorn for phones: its protocol with limits and a short way for pages, and one worker's run.

Law of this file: sockets, limits and the end of a worker. It knows no page: it is handed finished ones by the application's `at_once`.

The short way: a GET without a body, on a connection that owes no answer, is answered while it is parsed. All else goes uvicorn's way, by a
task and ASGI messages, which gives the same bytes and costs more (docs/benchmarks.md).

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
from collections.abc import Callable, MutableMapping
from types import FrameType
from typing import Any, Protocol
from urllib.parse import unquote

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEADER_BYTES = 16 * 1024
MOST_BODY_BYTES = 64 * 1024
REQUEST_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 5
MOST_CONNECTIONS = 4096
GRACE_SECONDS = 5
LAST_SECONDS = 1.0
_BODY_HEADERS = (b"content-length", b"transfer-encoding", b"expect")


class Finished(Protocol):
    """An answer with status 200: `head` are its header lines, each with its line end."""

    @property
    def head(self) -> bytes: ...
    @property
    def body(self) -> bytes: ...


class Door(Protocol):
    """The application: an ASGI callable that can answer a phone's request without one."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one ASGI connection."""
        ...

    def at_once(self, scope: MutableMapping[str, Any], headers: dict[bytes, bytes]) -> Finished | None:
        """Return what a GET gets, or None where it must be asked for through `__call__`."""
        ...


class PhoneProtocol(HttpToolsProtocol):
    """uvicorn's protocol with bounds on headers, body, time and the number of connections, and with the short way."""

    busy_since = 0.0
    _taken = 0
    _last = _done = False
    _bound = MOST_HEADER_BYTES

    def __init__(self, config: uvicorn.Config, *more: Any, **named: Any) -> None:
        super().__init__(config, *more, **named)
        door: Door = config.app  # type: ignore[assignment]  # `serve` puts it there
        self._find = door.at_once

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
        # After an answer that closes the connection nothing more is answered on it.
        self._done = self.transport.is_closing() or self._at_once()
        if self._done:
            return
        super().on_headers_complete()
        if self._last:
            self.cycle.keep_alive = False

    def _at_once(self) -> bool:
        """Answer a phone's request the short way; False where it must go the long one."""
        method = self.parser.get_method()
        if (
            method not in (b"GET", b"HEAD")
            or self.flow.write_paused
            or self.parser.should_upgrade()
            or (self.cycle is not None and not self.cycle.response_complete)
        ):
            return False
        headers: dict[bytes, bytes] = dict(self.headers)
        if not headers.keys().isdisjoint(_BODY_HEADERS):
            return False
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]  # uvicorn's typed dictionary
        scope["path"] = unquote(path) if "%" in path else path
        scope["query_string"] = url.query or b""
        try:
            answer = self._find(scope, headers)
        except Exception:
            # The long way meets it again, and logs it.
            return False
        if answer is None:
            return False
        keep = not self._last and self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        lines = [b"HTTP/1.1 200 OK\r\n"]
        for name, value in self.server_state.default_headers:
            lines += (name, b": ", value, b"\r\n")
        lines += (answer.head, b"\r\n" if keep else b"connection: close\r\n\r\n", b"" if method == b"HEAD" else answer.body)
        self.transport.write(b"".join(lines))
        if not keep:
            self.transport.close()
        self.on_response_complete()
        return True

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio asks for it; uvicorn's says None
        """Keep the way back open for a client that has said all and still waits for its answer."""
        waits = self.cycle is not None and not self.cycle.response_complete
        if waits:
            self.cycle.keep_alive = False
        return waits

    def shutdown(self) -> None:
        """End this connection with the worker: after the next answer, since its request may be on the way, or soon where none comes."""
        if not self._last:
            self._last = True
            if self.cycle is not None:
                self.cycle.keep_alive = False
            self.loop.call_later(LAST_SECONDS, self.shutdown)
        elif not self.transport.is_closing():
            super().shutdown()

    def on_body(self, body: bytes) -> None:
        """Drop what follows a request that is done with."""
        if not self._done:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Start counting anew for the next request on this connection."""
        self._taken, self._bound, self.busy_since = 0, MOST_HEADER_BYTES, 0.0
        if not self._done:
            super().on_message_complete()


class PhoneServer(uvicorn.Server):
    """A worker: ends when its parent does, and drops requests that never end."""

    def __init__(self, config: uvicorn.Config, each_second: Callable[[], None]) -> None:
        super().__init__(config)
        self._each_second = each_second

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End by returning: uvicorn would raise the signal once more at the end, and what stands after `serve` would not be done."""
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Look at the connections and call what is due once a second."""
        if counter % 10 == 0:
            now = time.monotonic()
            for connection in list(self.server_state.connections):
                if isinstance(connection, PhoneProtocol) and connection.busy_since and now - connection.busy_since > REQUEST_SECONDS:
                    connection.transport.abort()
            self._each_second()
        return await super().on_tick(counter)


def serve(app: Door, listener: socket.socket, each_second: Callable[[], None], parent: int | None = None) -> None:
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

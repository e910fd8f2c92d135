"""Run the HTTP server of one web worker, which is uvicorn with the phone protocol."""

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from app.processes.listen import BACKLOG
from app.web.access_log import AccessLog
from app.web.connections import MAX_CONNECTIONS, ConnectionTable, Turns
from app.web.front_protocol import KEEP_ALIVE_SECONDS, FrontProtocol
from app.web.limited_protocol import LimitedProtocol
from app.web.logged_application import LoggedApplication
from app.web.phone_application import PhoneApplication
from app.web.response_cache import ResponseCache
from app.web.tls_acceptor import ServedContext, TlsAcceptor

GRACE_SECONDS = 5
_SPARE_DESCRIPTORS = 256
_NO_STORE = ("cache-control", "private, no-store")


class PhoneServer(uvicorn.Server):
    """A worker's server, which checks its connections once a second."""

    def __init__(
        self, config: uvicorn.Config, table: ConnectionTable, each_second: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._table = table
        self._each_second = each_second
        self.acceptor: TlsAcceptor | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop the server, but do not record the signal.

        uvicorn would raise a recorded signal again at the end, and the code after
        `serve` would not run.
        """
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Check the connections and call `each_second` once a second."""
        if counter % 10 == 0:
            self._table.drop_overdue(time.monotonic())
            self._table.report()
            self._each_second()
        is_ending = await super().on_tick(counter)
        if self.acceptor is not None:
            # Not before the first tick, which sets the headers of all responses.
            self.acceptor.close() if is_ending else self.acceptor.open()
        return is_ending


def serve(
    app: PhoneApplication,
    cache: ResponseCache,
    listener: socket.socket | None,
    table: ConnectionTable,
    each_second: Callable[[], None],
    parent: int | None = None,
    log: AccessLog | None = None,
    tls: tuple[socket.socket, ServedContext] | None = None,
) -> None:
    """Answer requests on bound sockets until SIGTERM, SIGINT or the parent's end.

    `listener` is the socket for plain http, `tls` that for https with its context.
    `parent` is the read end of a pipe that the parent holds open. The capacity of
    `table` is lowered if the system allows fewer open files.
    Each request is written to `log`, if there is one.
    """
    table.capacity = max(1, min(table.capacity, _raise_file_limit() - _SPARE_DESCRIPTORS))
    loop: Any = "asyncio"
    with contextlib.suppress(ImportError):
        import uvloop  # noqa: F401

        loop = "uvloop"
    turns = Turns()

    def connection(server_state: ServerState, scheme: str = "http", **named: Any) -> FrontProtocol:
        successor = partial(LimitedProtocol, table, turns, log, server_state=server_state, **named)
        return FrontProtocol(app, cache, table, server_state, successor, log, scheme)

    config = uvicorn.Config(
        app if log is None else LoggedApplication(app, log),
        loop=loop,
        http=connection,  # type: ignore[arg-type]  # uvicorn only calls it
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        # A response depends on the client (address, Host, Accept-Charset, model). So a cache must
        # not give it to others (RFC 9111).
        headers=[_NO_STORE],
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=BACKLOG,
    )
    server = PhoneServer(config, table, each_second)
    if tls is not None:
        front = partial(
            connection, server.server_state, "https", config=config, app_state={}, _loop=None
        )
        server.acceptor = TlsAcceptor(*tls, table, server.server_state, front)

    async def run() -> None:
        if parent is not None:
            asyncio.get_running_loop().add_reader(parent, _end, server, parent)
        await server.serve(sockets=[listener] if listener is not None else [])

    factory = config.get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner, contextlib.suppress(KeyboardInterrupt):
        runner.run(run())


def _end(server: PhoneServer, parent: int) -> None:
    if not os.read(parent, 1):
        asyncio.get_running_loop().remove_reader(parent)
        server.should_exit = True


def _raise_file_limit() -> int:
    """Raise the limit of open files to the number needed, and return the limit reached.

    A complete backlog may be accepted before the first of the connections that it
    evicts is closed.
    """
    wanted = MAX_CONNECTIONS + BACKLOG + _SPARE_DESCRIPTORS
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            soft = limit
    return wanted if soft == resource.RLIM_INFINITY else soft

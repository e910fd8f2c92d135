"""A web worker in a thread of the test's own process, whose caches a test can see.

It serves what is published in a state directory.
"""

import os
import re
import socket
import threading
from contextlib import closing

from app.settings.loader import Settings
from app.web.application import create_app
from app.web.connections import ConnectionTable, Shares
from app.web.phone_app import PhoneApp
from app.web.publisher import Publisher
from app.web.response_cache import ResponseCache
from app.web.server import serve
from tests.support.patience import PATIENCE

DATE = re.compile(rb"date: [^\r]*\r\n")


class Worker:
    """A running web worker; a context manager, which closes the listening socket too.

    The socket is on a free port of the loopback by default. Without `cached` the worker
    caches no responses, only screens.
    """

    app: PhoneApp
    publisher: Publisher

    def __init__(
        self, settings: Settings, listener: socket.socket | None = None, *, cached: bool = True
    ) -> None:
        self._settings = settings
        self._cached = cached
        self._listener = listener or socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    @property
    def cache(self) -> ResponseCache:
        """The cache of responses."""
        return self.app.responses

    def __enter__(self) -> "Worker":
        self._ready = threading.Event()
        read, self._parent = os.pipe()
        self._thread = threading.Thread(target=self._serve, args=(read,))
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self._parent)
        self._thread.join()
        self._listener.close()

    def _serve(self, parent: int) -> None:
        # SQLite's connections belong to the thread that opens them.
        with closing(Publisher(self._settings)) as self.publisher:
            proxies = self._settings.access.trusted_proxies
            table = ConnectionTable(Shares(self._settings.connections_per_address, proxies=proxies))
            self.app = create_app(self._settings, self.publisher, table=table)
            if not self._cached:
                self.app.responses = ResponseCache(0, self.app)
            self._ready.set()
            serve(self.app, self.cache, self._listener, table, self.publisher.poll, parent)
        os.close(parent)

    def connect(self, source: str = "127.0.0.1", target: str = "127.0.0.1") -> socket.socket:
        """Return a connection from an address of the loopback to another one."""
        line = socket.create_connection((target, self.port), PATIENCE, (source, 0))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def ask(self, request: bytes, source: str = "127.0.0.1", target: str = "127.0.0.1") -> bytes:
        """Return all that a new connection gives for a request, without the date."""
        with self.connect(source, target) as line:
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
            return DATE.sub(b"", b"".join(iter(lambda: line.recv(65536), b"")))

"""The web side of a gateway in a thread: as the processes serve it, without their start."""

import os
import threading
from contextlib import closing
from pathlib import Path

from app.processes.listen import listen
from app.web.application import create_app
from app.web.connections import ConnectionTable, Shares
from app.web.publisher import Publisher
from app.web.server import serve
from tests.support.offline_gateway import built
from tests.support.servers.client import Client
from tests.support.servers.processes import free_port


class WebSide(Client):
    """A gateway whose sources are read once, by the builder's own steps; a context manager.

    It is for what stands on pages. What processes do needs a `Gateway`.
    """

    def __init__(self, folder: Path, config: str) -> None:
        super().__init__(free_port())
        self.folder = folder
        self.settings = built(folder, config + self.listen())

    def __enter__(self) -> "WebSide":
        # Connections are taken from here on, and answered as soon as the thread runs.
        self._listener = listen(self.settings.host, self.settings.port)
        read, self._parent = os.pipe()
        self._thread = threading.Thread(target=self._serve, args=(read,))
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self._parent)
        self._thread.join()
        self._listener.close()

    def _serve(self, parent: int) -> None:
        # SQLite's connections belong to the thread that opens them.
        with closing(Publisher(self.settings)) as publisher:
            shares = Shares(
                self.settings.connections_per_address, proxies=self.settings.access.trusted_proxies
            )
            table = ConnectionTable(shares)
            app = create_app(self.settings, publisher, table=table)
            serve(app, self._listener, table, publisher.poll, parent)
        os.close(parent)

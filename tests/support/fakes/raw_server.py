"""TCP server on loopback that handles each connection as a test specifies."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.support.patience import PATIENCE


@contextmanager
def raw_server(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Yield the port of a server that calls `serve` with every connection.

    Each connection has a thread of its own.
    """
    open_connections: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def converse(peer: socket.socket) -> None:
            with peer, suppress(OSError):
                serve(peer)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = listener.accept()
                    open_connections.append(peer)
                    threading.Thread(target=converse, args=(peer,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for peer in open_connections:
                with suppress(OSError):
                    peer.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=PATIENCE)

"""Wrap a client's transport to ignore late writes and detect unread responses."""

import asyncio
from typing import Any


class ClientTransport(asyncio.Transport):
    """A transport of uvloop or asyncio with two differences.

    Writing to a closed transport is ignored. uvloop raises RuntimeError there, which
    would log a traceback for every client that leaves amid its responses. It also
    counts the bytes written, so that `stalled_for` can distinguish a client that does
    not read from a slow one.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        # asyncio's own constructor is not called. Each page has a connection of its own, and
        # nothing reads the extra information that the constructor would keep.
        self._transport = transport
        self._written = 0
        self._sent = -1
        self._stalled_since = 0.0

    def write(self, data: Any) -> None:
        """Send data, or ignore it if the transport is closing."""
        if not self._transport.is_closing():
            self._written += len(data)
            self._transport.write(data)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return information about the connection, as asyncio names it."""
        return self._transport.get_extra_info(name, default)

    def get_write_buffer_size(self) -> int:
        """Return how many bytes the system has not taken yet."""
        return self._transport.get_write_buffer_size()

    def is_closing(self) -> bool:
        """Return True if the connection is closed or will be when all is sent."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Close the connection when everything is sent."""
        self._transport.close()

    def abort(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    def pause_reading(self) -> None:
        """Stop reading, if the transport is open."""
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read again, if the transport is open."""
        if not self._transport.is_closing():
            self._transport.resume_reading()

    @property
    def is_stalled(self) -> bool:
        """Whether bytes waited unsent between the last two calls of `stalled_for`."""
        return self._stalled_since > 0.0

    def stalled_for(self, now: float) -> float:
        """Return for how many seconds no waiting bytes were sent, 0 if none wait.

        Must be called once a second. The system takes bytes as the client acknowledges
        them, so "sent" means that the client reads.
        """
        waiting = self.get_write_buffer_size()
        sent = self._written - waiting
        if not waiting:
            self._sent, self._stalled_since = -1, 0.0
        elif sent != self._sent:
            self._sent, self._stalled_since = sent, 0.0
        elif not self._stalled_since:
            self._stalled_since = now - 1.0
        return now - self._stalled_since if self._stalled_since else 0.0

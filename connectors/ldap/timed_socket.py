"""A socket for ldap3 that limits a response in time and in size.

ldap3's timeout counts from one packet to the next, and it stores whatever arrives until
the response ends.
"""

from typing import TYPE_CHECKING, Any

from connectors.base import SourceUnavailable
from connectors.deadline import Deadline, ExchangeTooLong

if TYPE_CHECKING:
    from ldap3 import Connection

MAX_ANSWER = 256_000_000
"""Bytes of one response. A page of 10,000 entries with 250 groups each fits."""


class _BoundedSocket:
    """Connected socket, TLS included, with a deadline and a byte count."""

    def __init__(self, sock: Any, url: str, timeout: float) -> None:
        self._socket = sock
        self._url = url
        self._deadline = Deadline(timeout)
        self._arrived = 0

    def restart(self) -> None:
        """Reset the deadline and the count for the next response."""
        self._deadline.start()
        self._arrived = 0

    def recv(self, size: int) -> bytes:
        data: bytes = self._socket.recv(size)
        self._arrived += len(data)
        if self._arrived > MAX_ANSWER:
            raise SourceUnavailable(
                f"{self._url} sent more than {MAX_ANSWER // 1_000_000} MB in one answer. Lower"
                " page_size."
            )
        try:
            self._deadline.check()
        except ExchangeTooLong as error:
            limit = f"{self._deadline.seconds:g} s"
            raise SourceUnavailable(
                f"{self._url} was still sending after {limit}. Raise timeout, or lower page_size."
            ) from error
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


def bound(connection: "Connection", url: str, timeout: float) -> None:
    """Limit all responses on an open connection.

    `timeout` is that of single steps, in seconds.
    """
    connection.socket = _BoundedSocket(connection.socket, url, timeout)
    restart(connection)


def restart(connection: "Connection") -> None:
    """Reset the limits of a bounded connection for the next response."""
    if isinstance(connection.socket, _BoundedSocket):
        connection.socket.restart()

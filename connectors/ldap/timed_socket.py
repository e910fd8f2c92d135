"""A socket for the LDAP library that bounds an answer in time and in size.

The library's timeout counts from one packet to the next, and it keeps whatever arrives until the answer ends.
"""

from typing import TYPE_CHECKING, Any

from connectors.base import SourceUnavailable
from connectors.deadline import Deadline, ExchangeTooLong

if TYPE_CHECKING:
    from ldap3 import Connection

MAX_ANSWER = 256_000_000
"""Bytes of one answer. A page of 10,000 entries with 250 groups each fits."""


class _BoundedSocket:
    """A connected socket, TLS included, with a deadline and a count."""

    def __init__(self, sock: Any, url: str, timeout: float) -> None:
        self._socket = sock
        self._url = url
        self._deadline = Deadline(timeout)
        self._arrived = 0

    def restart(self) -> None:
        """Let the next answer begin."""
        self._deadline.start()
        self._arrived = 0

    def recv(self, size: int) -> bytes:
        data: bytes = self._socket.recv(size)
        self._arrived += len(data)
        if self._arrived > MAX_ANSWER:
            raise SourceUnavailable(f"{self._url} sent more than {MAX_ANSWER // 1_000_000} MB in one answer. Lower page_size.")
        try:
            self._deadline.check()
        except ExchangeTooLong as error:
            limit = f"{self._deadline.seconds:g} s"
            raise SourceUnavailable(f"{self._url} was still sending after {limit}. Raise timeout, or lower page_size.") from error
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


def bound(connection: "Connection", url: str, timeout: float) -> None:
    """Bound all answers on an open connection; `timeout` is that of single steps, in seconds."""
    connection.socket = _BoundedSocket(connection.socket, url, timeout)
    restart(connection)


def restart(connection: "Connection") -> None:
    """Let the next answer on a bounded connection begin."""
    if isinstance(connection.socket, _BoundedSocket):
        connection.socket.restart()

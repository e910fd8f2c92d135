"""Connections to Google that limit a response in time and in size.

httplib2 reads and unpacks a complete response, however large it is, and its timeout
counts from one byte to the next. Its connections accept another response class, and
ours has both limits.
"""

import http.client
import io
import socket
from collections.abc import Iterator
from typing import Any

from connectors.deadline import Deadline
from connectors.http_client.body import read_body


class _TimedReader(io.RawIOBase):
    """Reader of a socket that stops at the deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline: Deadline) -> None:
        self._raw = raw
        self._socket = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        with self._deadline.step() as seconds:
            self._socket.settimeout(seconds)
            return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedAnswer(http.client.HTTPResponse):
    """Response that is unpacked while it is read.

    A subclass for each Http sets `deadline`.
    """

    deadline: Deadline

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock, self.deadline))

    def read(self, amt: int | None = None) -> bytes:
        if amt is not None:
            return super().read(amt)
        body = read_body(
            self._pieces(),
            self.headers.get("content-length", ""),
            self.headers.get("content-encoding", ""),
            "",
        )
        if self.length:
            raise http.client.IncompleteRead(body, self.length)
        # httplib2 must not unpack it again.
        del self.headers["content-encoding"]
        return body

    def _pieces(self) -> Iterator[bytes]:
        while piece := super().read(65_536):
            yield piece


def bounded_http(timeout: float) -> Any:
    """Return a new httplib2.Http with limits on time and size.

    Its requests raise ExchangeTooLong, AnswerTooLarge and zlib.error beside its own
    errors. Redirects are not followed, because they would carry the access token to
    another server.
    """
    import httplib2

    limit = Deadline(timeout)

    class Answer(_BoundedAnswer):
        deadline = limit

    class Plain(httplib2.HTTPConnectionWithTimeout):
        response_class = Answer

    class Secure(httplib2.HTTPSConnectionWithTimeout):
        response_class = Answer

    class Http(httplib2.Http):
        def request(self, uri: str, *arguments: Any, **options: Any) -> Any:
            limit.start()
            kind = Secure if uri.lower().startswith("https:") else Plain
            return super().request(uri, *arguments, **{"connection_type": kind} | options)

    made = Http(timeout=timeout)
    made.follow_redirects = False
    return made

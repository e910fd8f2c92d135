"""Network streams that end at a deadline, under the names that httpcore calls."""

import ssl
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from connectors.deadline import Deadline

if TYPE_CHECKING:
    from httpcore import NetworkBackend, NetworkStream


class _TimedStream:
    def __init__(self, stream: "NetworkStream", deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with self._deadline.step(timeout) as seconds:
            return self._stream.read(max_bytes, seconds)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with self._deadline.step(timeout) as seconds:
            self._stream.write(buffer, seconds)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "_TimedStream":
        with self._deadline.step(timeout) as seconds:
            secure = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return _TimedStream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


class _TimedBackend:
    def __init__(self, backend: "NetworkBackend", deadline: Deadline) -> None:
        self._backend = backend
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> _TimedStream:
        with self._deadline.step(timeout) as seconds:
            stream = self._backend.connect_tcp(host, port, seconds, local_address, socket_options)
        return _TimedStream(stream, self._deadline)


def with_deadline(backend: "NetworkBackend", deadline: Deadline) -> "NetworkBackend":
    """Return a network backend of httpcore with a time limit for the whole exchange.

    Its streams raise ExchangeTooLong after the deadline.
    """
    return cast("NetworkBackend", _TimedBackend(backend, deadline))

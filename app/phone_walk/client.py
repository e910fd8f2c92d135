"""Request pages over HTTP exactly as a phone does.

It writes HTTP itself, so that no library forgives the server: the phone's headers in
their order, one connection for each page unless it is kept, and the bytes as they came.
"""

import socket
import ssl
import time
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from app.phones.cisco_rules import HARD_PAGE_LIMIT
from app.phones.strict.models import Model
from app.phones.strict.response import Answer

TIMEOUT = 20.0
"""Seconds for a complete answer."""
_HEAD_LIMIT = 64 * 1024
_PIECE = 64 * 1024
_PORTS = {"http": 80, "https": 443}


class NoAnswer(Exception):
    """There is no answer that could be judged; `rule` says what is broken."""

    def __init__(self, rule: int, problem: str) -> None:
        super().__init__(problem)
        self.rule = rule
        self.problem = problem


class PhoneClient:
    """The network side of a phone of one model.

    `keep_alive` uses one connection for all requests of an HTTP/1.1 model; call close()
    at the end, or use `with`. `requests` counts what was sent.
    """

    def __init__(self, model: Model, *, keep_alive: bool = False, timeout: float = TIMEOUT) -> None:
        self.model = model
        self.requests = 0
        self._keep_alive = keep_alive and model.http == "HTTP/1.1"
        self._timeout = timeout
        self._line: tuple[str, socket.socket] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the kept connection, if there is one."""
        if self._line is not None:
            self._line[1].close()
            self._line = None

    def get(self, url: str) -> Answer:
        """Return the answer to a GET of the absolute `url`.

        Raises NoAnswer for the rules 5 (no HTTP), 6 (too slow) and 7 (no connection).
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        shown = f"[{host}]" if ":" in host else host
        default = port == _PORTS[parts.scheme]
        headers = [("Host", shown if default else f"{shown}:{port}"), *self.model.headers]
        if self._keep_alive:
            headers = [(name, value) for name, value in headers if name.lower() != "connection"]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        request = f"GET {path} {self.model.http}\r\n{lines}\r\n".encode("ascii")
        self.requests += 1
        try:
            was_kept = self._line is not None
            try:
                return self._exchange(request, parts.scheme, host, port)
            except ConnectionError:
                # A kept connection may have been closed by the server in the meantime.
                if not was_kept:
                    raise
                return self._exchange(request, parts.scheme, host, port)
        except TimeoutError as error:
            raise NoAnswer(6, "the server neither goes on nor closes the connection") from error
        except (OSError, ValueError) as error:
            # A name that cannot be written in a request to the DNS is a ValueError.
            reason = getattr(error, "strerror", None) or error
            raise NoAnswer(7, f"nothing answers: {reason}") from error

    def _exchange(self, request: bytes, scheme: str, host: str, port: int) -> Answer:
        closes = not self._keep_alive and bool(self.model.header("Connection"))
        address = f"{scheme}://{host}:{port}"
        if self._line is not None and self._line[0] != address:
            self.close()
        until = time.monotonic() + self._timeout
        if self._line is None:
            self._line = (address, _connect(scheme, host, port, self._timeout))
        line = self._line[1]
        try:
            line.sendall(request)
            answer = _Receiver(line, until).receive(closes)
        except BaseException:
            self.close()
            raise
        if not self._keep_alive or "close" in map(str.lower, answer.all("connection")):
            self.close()
        return answer


def _connect(scheme: str, host: str, port: int, timeout: float) -> socket.socket:
    line = socket.create_connection((host, port), timeout)
    if scheme == "http":
        return line
    try:
        return ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise


class _Receiver:
    """Reads one answer, and no more bytes or longer than a phone would."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line = line
        self._until = until

    def receive(self, closes: bool) -> Answer:
        """Return the answer; with `closes` it goes on until the server closes."""
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            if len(data) > _HEAD_LIMIT:
                raise NoAnswer(5, f"the headers have more than {_HEAD_LIMIT} bytes")
            piece = self._read()
            if not piece:
                raise ConnectionResetError(
                    f"the connection ends after {len(data)} bytes of headers"
                )
            data += piece
        first, *fields = data[:end].decode("latin-1").split("\r\n")
        words = first.split(" ")
        if not words[0].startswith("HTTP/1.") or len(words) < 2 or not words[1].isdecimal():
            raise NoAnswer(5, f"this is no HTTP answer: {first[:60]!r}")
        pairs = (field.partition(":") for field in fields)
        headers = tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)
        length = next((value for name, value in headers if name == "content-length"), "")
        size = int(length) if length.isdecimal() and len(length) < 12 else -1
        body = data[end + 4 :]
        while (closes or len(body) < size) and len(body) <= HARD_PAGE_LIMIT:
            piece = self._read()
            if not piece:
                break
            body += piece
        return Answer(int(words[1]), headers, bytes(body))

    def _read(self) -> bytes:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._line.settimeout(left)
        return self._line.recv(_PIECE)

"""Request pages over HTTP exactly as a phone does.

It writes HTTP itself, so that no library forgives the server: the phone's headers in
their order, one connection for each page unless it is kept, and the bytes as they came.
"""

import re
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
_CLOSING = 5.0
"""Seconds in which a server closes a connection behind a complete answer."""
_MAX_DIGITS = 12
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")
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
    at the end, or use `with`. `requests` counts what was sent. `tls` says which
    authorities are trusted for https; None: the public ones.
    """

    def __init__(
        self,
        model: Model,
        *,
        keep_alive: bool = False,
        timeout: float = TIMEOUT,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self.model = model
        self.requests = 0
        self._keep_alive = keep_alive and model.http == "HTTP/1.1"
        self._timeout = timeout
        self._line: tuple[str, socket.socket] | None = None
        self._awaits_close = not self._keep_alive and bool(model.header("Connection"))

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
        except ssl.SSLCertVerificationError as error:
            problem = (
                f"its certificate is not trusted ({error.verify_message}): ask under a name that"
                " stands in it, and name the authority that signed it by --ca-file"
            )
            raise NoAnswer(7, problem) from error
        except (OSError, ValueError) as error:
            # A name that cannot be written in a request to the DNS is a ValueError.
            reason = getattr(error, "strerror", None) or error
            raise NoAnswer(7, f"nothing answers: {reason}") from error

    def _exchange(self, request: bytes, scheme: str, host: str, port: int) -> Answer:
        address = f"{scheme}://{host}:{port}"
        if self._line is not None and self._line[0] != address:
            self.close()
        until = time.monotonic() + self._timeout
        if self._line is None:
            self._line = (address, _connect(scheme, host, port, self._timeout, self._tls))
        line = self._line[1]
        try:
            line.sendall(request)
            answer = _Receiver(line, until).receive(self._awaits_close)
        except BaseException:
            self.close()
            raise
        # It is told once; to wait for it on each page would take hours.
        self._awaits_close &= not answer.stays_open
        if not self._keep_alive or "close" in map(str.lower, answer.all("connection")):
            self.close()
        return answer


def _connect(
    scheme: str, host: str, port: int, timeout: float, tls: ssl.SSLContext | None
) -> socket.socket:
    line = socket.create_connection((host, port), timeout)
    if scheme == "http":
        return line
    try:
        return (tls or ssl.create_default_context()).wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise


class _Receiver:
    """Reads one answer, and no more bytes or longer than a phone would."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line = line
        self._until = until

    def receive(self, closes: bool) -> Answer:
        """Return the answer; with `closes` the server closes the connection behind it."""
        data = self._head()
        end = data.find(b"\r\n\r\n")
        first, *fields = data[:end].decode("latin-1").split("\r\n")
        words = first.split(" ")
        if not words[0].startswith("HTTP/1.") or len(words) < 2 or not words[1].isdecimal():
            raise NoAnswer(5, f"this is no HTTP answer: {first[:60]!r}")
        pairs = (field.partition(":") for field in fields)
        headers = tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)
        given = dict(headers)
        body = data[end + 4 :]
        if "chunked" in given.get("transfer-encoding", "").lower():
            return Answer(int(words[1]), headers, self._chunks(body))
        length = given.get("content-length", "")
        size = int(length) if length.isdecimal() and len(length) < _MAX_DIGITS else -1
        stays_open = False
        while (closes or len(body) < size) and len(body) <= HARD_PAGE_LIMIT:
            is_complete = 0 <= size <= len(body)
            if is_complete:
                self._until = min(self._until, time.monotonic() + _CLOSING)
            try:
                piece = self._read()
            except TimeoutError:
                if not is_complete:
                    raise
                stays_open = True
                break
            if not piece:
                break
            body += piece
        return Answer(int(words[1]), headers, bytes(body), stays_open)

    def _head(self) -> bytearray:
        data = bytearray()
        while b"\r\n\r\n" not in data:
            if len(data) > _HEAD_LIMIT:
                raise NoAnswer(5, f"the headers have more than {_HEAD_LIMIT} bytes")
            piece = self._read()
            if not piece:
                raise ConnectionResetError(
                    f"the connection ends after {len(data)} bytes of headers"
                )
            data += piece
        return data

    def _chunks(self, data: bytearray) -> bytes:
        """Return the body of an answer in chunks, which not every phone can read."""
        while not data.endswith(b"0\r\n\r\n") and len(data) <= HARD_PAGE_LIMIT:
            piece = self._read()
            if not piece:
                break
            data += piece
        return _join_chunks(bytes(data))

    def _read(self) -> bytes:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._line.settimeout(left)
        return self._line.recv(_PIECE)


def _join_chunks(data: bytes) -> bytes:
    """Return the content of chunks (RFC 9112, section 7.1), as far as they are valid."""
    body = bytearray()
    position = 0
    while (end := data.find(b"\r\n", position)) >= 0:
        digits = data[position:end].partition(b";")[0].strip()
        size = int(digits, 16) if _CHUNK_SIZE.fullmatch(digits) else 0
        if not size:
            break
        body += data[end + 2 : end + 2 + size]
        position = end + 2 + size + 2
    return bytes(body)

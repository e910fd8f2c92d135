"""Scripted LDAP server on a real socket, for answers that slapd cannot produce.

It answers binds and searches (RFC 4511) with refusals in the words of Active Directory,
values in pieces, or an end in the middle.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.support.patience import PATIENCE

_PAGED_RESULTS = b"1.2.840.113556.1.4.319"
_SCOPES = ("base", "one", "subtree")


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `kind` is "bind", "search" or "extended"."""

    kind: str
    name: str = ""
    scope: str = ""
    attributes: tuple[str, ...] = ()
    page_size: int = 0
    cookie: bytes = b""


@dataclass(frozen=True, slots=True)
class Found:
    """A search result entry."""

    dn: str
    values: Mapping[str, Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Reference:
    """A search result reference."""

    url: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of an answer.

    If `cookie` is None, the paged-results control is omitted. `referral` adds one to
    the result.
    """

    code: int = 0
    message: str = ""
    cookie: bytes | None = b""
    referral: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes to send as they are."""

    data: bytes


class HangUp:
    """Close the connection."""


Reply = Found | Reference | Done | Raw | HangUp
Script = Callable[[Request], Iterable[Reply]]


@dataclass(slots=True)
class Fake:
    """A running fake; `requests` holds them so far."""

    url: str
    requests: list[Request] = field(default_factory=list)


@contextlib.contextmanager
def fake_directory(script: Script) -> Iterator[Fake]:
    """Yield a directory on a free port of 127.0.0.1 that answers by `script`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fake = Fake(f"ldap://127.0.0.1:{listener.getsockname()[1]}")
        thread = threading.Thread(target=_accept, args=(listener, script, fake), daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=PATIENCE)


@contextlib.contextmanager
def silent_server() -> Iterator[int]:
    """Yield a port of 127.0.0.1 that accepts connections and sends nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def _accept(listener: socket.socket, script: Script, fake: Fake) -> None:
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        with peer, contextlib.suppress(OSError):
            peer.settimeout(PATIENCE)
            _converse(peer, script, fake)


def _converse(peer: socket.socket, script: Script, fake: Fake) -> None:
    data = b""
    while True:
        piece = peer.recv(65536)
        if not piece:
            return
        data += piece
        while (size := _size(data)) is not None and size <= len(data):
            message, data = data[:size], data[size:]
            number, request = _read(message)
            if request is None:
                return
            fake.requests.append(request)
            for reply in script(request):
                if isinstance(reply, HangUp):
                    return
                peer.sendall(
                    reply.data if isinstance(reply, Raw) else _message(number, request, reply)
                )


def _read(message: bytes) -> tuple[int, Request | None]:
    ((_, whole),) = _parts(message)
    (_, number), (kind, operation), *controls = _parts(whole)
    return int.from_bytes(number, "big"), _request(
        kind, operation, controls[0][1] if controls else b""
    )


def _request(kind: int, operation: bytes, controls: bytes) -> Request | None:
    if kind == 0x60:
        return Request("bind", _parts(operation)[1][1].decode())
    if kind == 0x77:
        return Request("extended", _parts(operation)[0][1].decode())
    if kind != 0x63:
        return None
    fields = [value for _, value in _parts(operation)]
    size, cookie = 0, b""
    for _, control in _parts(controls):
        name, *_, value = [part for _, part in _parts(control)]
        if name == _PAGED_RESULTS:
            ((_, page),) = _parts(value)
            (_, raw_size), (_, cookie) = _parts(page)
            size = int.from_bytes(raw_size, "big")
    names = tuple(name.decode() for _, name in _parts(fields[7]))
    return Request("search", fields[0].decode(), _SCOPES[fields[1][0]], names, size, cookie)


def _parts(data: bytes) -> list[tuple[int, bytes]]:
    """Return (tag, value) of consecutive elements."""
    found = []
    while data:
        size = _size(data)
        assert size is not None
        found.append((data[0], data[_head(data) : size]))
        data = data[size:]
    return found


def _message(number: int, request: Request, reply: Found | Reference | Done) -> bytes:
    controls = b""
    if isinstance(reply, Found):
        attributes = b"".join(
            _tlv(0x30, _text(name) + _tlv(0x31, *(_tlv(0x04, value) for value in values)))
            for name, values in reply.values.items()
        )
        body = _tlv(0x64, _text(reply.dn), _tlv(0x30, attributes))
    elif isinstance(reply, Reference):
        body = _tlv(0x73, _text(reply.url))
    else:
        tag = {"bind": 0x61, "search": 0x65, "extended": 0x78}[request.kind]
        referral = _tlv(0xA3, _text(reply.referral)) if reply.referral else b""
        body = _tlv(tag, _tlv(0x0A, bytes([reply.code])), _text(""), _text(reply.message), referral)
        if request.page_size and reply.cookie is not None:
            value = _tlv(0x30, _tlv(0x02, b"\0"), _tlv(0x04, reply.cookie))
            controls = _tlv(0xA0, _tlv(0x30, _tlv(0x04, _PAGED_RESULTS), _tlv(0x04, value)))
    return _tlv(0x30, _tlv(0x02, number.to_bytes(4, "big")), body, controls)


def _text(text: str) -> bytes:
    return _tlv(0x04, text.encode())


def _tlv(tag: int, *parts: bytes) -> bytes:
    value = b"".join(parts)
    size = len(value)
    length = bytes([size]) if size < 128 else b"\x84" + size.to_bytes(4, "big")
    return bytes([tag]) + length + value


def _head(data: bytes) -> int:
    return 2 if data[1] < 128 else 2 + data[1] - 128


def _size(data: bytes) -> int | None:
    """Return the size of the first element, or None if its length has not arrived."""
    if len(data) < 2 or len(data) < _head(data):
        return None
    return (
        2 + data[1] if data[1] < 128 else _head(data) + int.from_bytes(data[2 : _head(data)], "big")
    )

"""HTTP answers that never end are stopped by a limit on the whole exchange.

They send a byte or an interim answer at a time. The limit holds for CardDAV and Google.
"""

import gzip
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from itertools import count
from pathlib import Path

import pytest

from connectors.base import SourceUnavailable
from connectors.google import lists
from tests.connectors.carddav.server import connector_for
from tests.connectors.contract import WORK, everything, person
from tests.connectors.google.server import GoogleWorld, google_world
from tests.connectors.time_limits import time_limits
from tests.support.fakes import people_faults as faults
from tests.support.fakes.people_api import CONNECTIONS, GROUPS, TOKEN
from tests.support.fakes.raw_server import raw_server
from tests.support.servers.ca import make_authority

TRICKLES = {
    "status line": (b"HTTP/1.1 200 ", b"x"),
    "a header": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "103 Early Hints": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" "),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a chunk's head": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
}
"""What comes first, and then again and again; no single step takes long."""


def _trickle(peer: socket.socket, start: bytes, again: bytes) -> None:
    peer.recv(65_536)
    peer.sendall(start)
    while True:
        peer.sendall(again)
        time.sleep(0.01)


@pytest.mark.parametrize("form", TRICKLES)
def test_an_answer_that_trickles_in_any_part_of_it_is_given_up(form: str) -> None:
    with (
        raw_server(lambda peer: _trickle(peer, *TRICKLES[form])) as port,
        time_limits(whole=0.5) as timeout,
        pytest.raises(SourceUnavailable, match=r"was still sending after 0.5 s\. Raise timeout"),
    ):
        connector_for(f"http://127.0.0.1:{port}/", timeout=timeout).fetch(None)


@pytest.mark.parametrize("form", ["a header", "100 Continue"])
def test_an_answer_that_trickles_under_tls_is_given_up(form: str, tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    certificate = authority.issue("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)

    def serve(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as secure:
            _trickle(secure, *TRICKLES[form])

    with (
        raw_server(serve) as port,
        time_limits(whole=0.5) as timeout,
        pytest.raises(SourceUnavailable, match=r"was still sending after 0.5 s"),
    ):
        connector_for(
            f"https://127.0.0.1:{port}/", timeout=timeout, ca_file=str(authority.file)
        ).fetch(None)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with google_world(tmp_path) as world:
        world.put(person("1", WORK))
        yield world


def _trickling(start: bytes, again: bytes) -> faults.Fault:
    def give(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(start)
        while True:
            try:
                handler.wfile.write(again)
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.01)

    return give


@pytest.mark.parametrize("path", [TOKEN, CONNECTIONS, GROUPS])
@pytest.mark.parametrize("form", ["status line", "a header", "100 Continue", "body", "chunks"])
def test_an_answer_of_google_that_trickles_is_given_up(
    world: GoogleWorld, form: str, path: str
) -> None:
    world.api.fail(path, _trickling(*TRICKLES[form]))
    with (
        time_limits(whole=0.5) as timeout,
        pytest.raises(SourceUnavailable, match=r"was still sending after 0.5 s\. Raise timeout"),
    ):
        world.connector(timeout=timeout).fetch(None)
    assert 1 == len(everything(world.connector()).contacts)


def _packed(body: bytes, kind: str = "gzip") -> faults.Fault:
    def give(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Encoding", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.close_connection = True
        try:
            handler.wfile.write(body)
        except OSError:
            return

    return give


BOMBS: dict[str, Callable[[], faults.Fault]] = {
    "100 MB of nothing": lambda: _packed(gzip.compress(b" " * 100_000_000, 1)),
    "30 MB of nothing": lambda: _packed(gzip.compress(b" " * 30_000_000, 9)),
    "30 MB of nothing about somebody": lambda: _packed(
        gzip.compress(b'{"connections": "' + b"A" * 30_000_000 + b'"}', 9)
    ),
    "cut": lambda: _packed(gzip.compress(b'{"connections": []}' * 99)[:40]),
    "no gzip": lambda: _packed(b'{"connections": []}'),
    "no deflate": lambda: _packed(b"\xff" * 50, "deflate"),
    "70 MB unpacked": lambda: faults.answer(200, b" " * 70_000_000),
}


@pytest.mark.parametrize("path", [TOKEN, CONNECTIONS])
@pytest.mark.parametrize("form", BOMBS)
def test_an_answer_of_google_that_is_packed_into_a_bomb_is_unavailable_with_a_sentence(
    world: GoogleWorld, form: str, path: str
) -> None:
    world.api.fail(path, BOMBS[form]())
    with pytest.raises(SourceUnavailable, match=r"proxy that|check token_uri") as found:
        world.connector().fetch(None)
    assert str(found.value).startswith("127.0.0.1 ")


def _page(number: int, people: int, token: str) -> faults.Fault:
    listed = [{"resourceName": f"people/c{number}-{one}"} for one in range(people)]
    return faults.answer(200, json.dumps({"connections": listed, "nextPageToken": token}).encode())


@pytest.mark.parametrize(
    "people, most", [(0, {"MAX_PAGES": 20}), (1, {"MAX_PAGES": 20}), (10, {"MAX_ENTRIES": 100})]
)
def test_a_list_of_google_with_ever_new_pages_is_given_up(
    world: GoogleWorld, monkeypatch: pytest.MonkeyPatch, people: int, most: dict[str, int]
) -> None:
    for name, value in most.items():
        monkeypatch.setattr(lists, name, value)
    world.api.fail(CONNECTIONS, *(_page(number, people, f"next-{number}") for number in range(60)))
    with pytest.raises(SourceUnavailable, match=r"the list has no end\. Nothing of it was taken"):
        world.connector().fetch(None)
    assert world.api.requests[CONNECTIONS] <= 21


@pytest.mark.parametrize("tokens", [["a"] * 60, ["a", "b"] * 30, ["a", "b", "c"] * 20])
def test_a_list_of_google_that_goes_in_a_circle_is_given_up(
    world: GoogleWorld, tokens: list[str]
) -> None:
    numbers = count()
    world.api.fail(CONNECTIONS, *(_page(next(numbers), 1, token) for token in tokens))
    with pytest.raises(SourceUnavailable, match="same page token twice"):
        world.connector().fetch(None)
    assert world.api.requests[CONNECTIONS] <= 4

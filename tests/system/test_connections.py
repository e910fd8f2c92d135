"""Connections with several requests, slow clients, and both paths of an answer."""

import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.state.shared_counters import Counters, make_file
from tests.support import contacts
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, environment, eventually

DATE = re.compile(rb"date: [^\r]*\r\n")


def answers(port: int, *requests: bytes) -> bytes:
    """Send requests at once and return all answers until the server closes.

    The dates are left out.
    """
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        line.sendall(b"".join(requests))
        return DATE.sub(b"", b"".join(iter(lambda: line.recv(65536), b"")))


def request(
    path: str,
    method: str = "GET",
    *headers: str,
    last: bool = False,
    version: str = "1.1",
    body: str = "",
) -> bytes:
    lines = [
        f"{method} {path} HTTP/{version}",
        "Host: phones.example",
        *headers,
        *(["Connection: close"] if last else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("ascii")


def long_way(path: str, method: str = "GET", **more: bool | str) -> bytes:
    """Return a request that announces an empty body, so parsing does not answer it."""
    return request(path, method, "Content-Length: 0", **more)  # type: ignore[arg-type]


@contextmanager
def running_worker(
    gateway: Gateway, door: socket.socket, *more: str, keep: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one more worker over the gateway's state, on a socket of the test's."""
    words = [
        sys.executable,
        "-m",
        "app.web.worker",
        "--config",
        str(gateway.folder / "gateway.toml"),
        "--fd",
        str(door.fileno()),
        *more,
    ]
    worker = subprocess.Popen(
        words, env=environment(), pass_fds=(door.fileno(), *([keep] if keep is not None else []))
    )
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(PATIENCE)


PATHS = (
    "/menu.xml",
    "/staff.xml",
    "/helpdesk.xml",
    "/none.xml",
    "/search.xml?q=ann",
    "/p/lobby/menu.xml?locale=x?name=y",
    "/%6denu.xml",
    "/p/board/menu.xml",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_both_ways_give_the_same_bytes(
    gateway: Gateway, path: str, method: str, version: str
) -> None:
    answer = answers(gateway.port, request(path, method, last=True, version=version))
    assert answer == answers(gateway.port, long_way(path, method, last=True, version=version))
    assert answer.startswith(b"HTTP/1.1 403" if "board" in path else b"HTTP/1.1 200 OK\r\n")
    assert 1 == answer.count(b"\r\nconnection: close\r\n")
    assert (b"" == answer.partition(b"\r\n\r\n")[2]) == (method == "HEAD")


def test_requests_in_a_row_are_answered_in_order(gateway: Gateway) -> None:
    """Pages of phones, other paths, bodies and refusals keep the order of requests.

    Nothing is answered after the last.
    """
    requests = (
        request("/menu.xml"),
        request("/menu.xml", "HEAD"),
        request("/-/healthy"),
        request("/staff.xml"),
        request("/staff.xml", "POST", "Content-Length: 5", body="hello"),
        request("/staff.xml", "GET", "Content-Length: 5", body="GET /"),
        request(
            "/search.xml",
            "POST",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: 5",
            body="q=ann",
        ),
        request("/staff.xml"),
        long_way("/menu.xml"),
        request("/menu.xml", last=True),
    )
    alone = [
        answers(gateway.port, each, request("/nothing", last=True)).rpartition(b"HTTP/1.1 404")[0]
        for each in requests[:-1]
    ]
    whole = answers(
        gateway.port,
        *requests,
        request("/staff.xml"),
        request("/menu.xml", "POST", "Content-Length: 3", body="abc"),
    )
    assert all(alone)
    assert b"".join(alone) + answers(gateway.port, requests[-1]) == whole


def test_many_requests_at_once_are_all_answered(gateway: Gateway) -> None:
    """More than the way to the client holds: the worker waits for the client to read.

    The way is made narrow: a worker of the gateway's, on a socket that sends little at
    a time (the system would take four megabytes).
    """
    version = gateway.status()["generation"]["version"]
    short, last = (
        f"GET /staff/{version}/1.xml HTTP/1.1\r\n\r\n".encode(),
        b"GET /menu.xml HTTP/1.0\r\n\r\n",
    )
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        port = door.getsockname()[1]
        with running_worker(gateway, door):
            end = answers(port, last)
            one = answers(port, short, last).removesuffix(end)
            assert b"<DirectoryEntry>" in one
            assert 350 * one + end == answers(port, short * 350, last)


def test_a_worker_that_is_ended_answers_and_counts_to_the_last(gateway: Gateway) -> None:
    """A worker is ended while a client goes on asking on one connection.

    An answer says that it was the last, and the worker has counted it.
    """
    counted, requests, last = make_file(1), 0, False
    try:
        with (
            socket.create_server(("127.0.0.1", 0)) as door,
            running_worker(gateway, door, "--counters", str(counted), keep=counted) as worker,
        ):
            line = http.client.HTTPConnection("127.0.0.1", door.getsockname()[1], timeout=PATIENCE)
            with closing(line):
                while not last:
                    line.request("GET", "/menu.xml")
                    answer = line.getresponse()
                    assert b"CiscoIPPhoneMenu" in answer.read()
                    requests, last = requests + 1, answer.getheader("connection") == "close"
                    if requests == 1:
                        worker.terminate()
            assert 0 == worker.wait(PATIENCE)
        with closing(Counters(counted)) as counters:
            assert requests == counters.totals()["phone"]
    finally:
        os.close(counted)


def test_an_answer_does_not_wait_for_the_rest_of_the_connection(gateway: Gateway) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port), PATIENCE) as line:
        for piece in (b"GET /menu.xml HT", b"TP/1.1\r\nHo", b"st: phones.example\r\n\r\nGET /sta"):
            line.sendall(piece)
        first = b""
        while b"</CiscoIPPhoneMenu>" not in first and (piece := line.recv(65536)):
            first += piece
        line.sendall(b"ff.xml HTTP/1.0\r\n\r\n")
        second = b"".join(iter(lambda: line.recv(65536), b""))
    assert b"CiscoIPPhoneMenu" in first
    assert b"/staff/" in second


def test_who_has_said_all_still_gets_an_answer(tmp_path: Path) -> None:
    """The first such request waits for FastAPI, which is loaded then.

    `nc` closes its half of the connection at once.
    """
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with Gateway(tmp_path, contacts.CONFIG, ready=False) as fresh:
        eventually(lambda: fresh.status_code("/menu.xml") == 200, "a worker")
        with socket.create_connection(("127.0.0.1", fresh.port), PATIENCE) as line:
            line.sendall(request("/nothing") * 2)
            line.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert 2 == answer.count(b"HTTP/1.1 404 Not Found")

"""Phones are served whatever hostile clients hold open, leave unread or request."""

import os
import re
import resource
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.web import front_protocol
from tests.support import contacts
from tests.support.offline_gateway import built
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, eventually
from tests.support.servers.worker import Worker

PHONE = "127.77.0.1"
SMALL = b"GET /helpdesk.xml HTTP/1.1\r\n\r\n"


@pytest.fixture(autouse=True)
def descriptors() -> Iterator[None]:
    """Let this process hold some thousand sockets."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 16_384 if hard == resource.RLIM_INFINITY else min(16_384, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def idle_clients_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker of this process close no idle client, however long a test takes."""
    monkeypatch.setattr(front_protocol, "KEEP_ALIVE_SECONDS", PATIENCE)


def connect(gateway: Gateway | Worker, address: str, read_buffer: int = 0) -> socket.socket:
    """Return a connection from a loopback address.

    `read_buffer` is the size of its receive buffer, if not 0.
    """
    line = socket.socket()
    line.settimeout(PATIENCE)
    if read_buffer:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, read_buffer)
    line.bind((address, 0))
    line.connect(("127.0.0.1", gateway.port))
    return line


def request(gateway: Gateway | Worker, path: str) -> bytes:
    """Return a request whose answer ends the connection."""
    host = f"127.0.0.1:{gateway.port}"
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()


def ask(gateway: Gateway | Worker, path: str, address: str = PHONE) -> bytes:
    """Request a path on a new connection, as a phone does; returns the whole answer."""
    with connect(gateway, address) as line:
        line.sendall(request(gateway, path))
        return b"".join(iter(lambda: line.recv(65536), b""))


def is_open(line: socket.socket) -> bool:
    """Tell whether the server has kept open a connection with nothing to read."""
    line.setblocking(False)
    try:
        return line.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        line.settimeout(PATIENCE)


def drain(line: socket.socket) -> bytes:
    """Read until the server closes or resets."""
    parts = []
    with suppress(OSError):
        parts += iter(lambda: line.recv(65536), b"")
    return b"".join(parts)


def one_attacker(number: int) -> str:
    return "127.66.0.1"


def many_attackers(number: int) -> str:
    return f"127.66.{number % 100}.2"


@pytest.mark.usefixtures("idle_clients_stay")
@pytest.mark.parametrize("attacker", [one_attacker, many_attackers])
def test_4200_idle_connections_keep_no_phone_out(
    tmp_path: Path, attacker: Callable[[int], str]
) -> None:
    """More than a worker takes.

    Two phones ask, and one that was connected before keeps its connection.
    """
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    settings = built(tmp_path, contacts.CONFIG)
    with capture_logs() as lines, Worker(settings) as gateway, ExitStack() as stack:
        early = stack.enter_context(connect(gateway, "127.77.0.2"))
        idle = [stack.enter_context(connect(gateway, attacker(number))) for number in range(4200)]
        for row in range(20):
            assert ask(gateway, "/menu.xml", f"127.77.1.{row + 1}").startswith(b"HTTP/1.1 200"), row
        assert is_open(early)
        early.sendall(SMALL)
        assert early.recv(65536).startswith(b"HTTP/1.1 200")
        standing = sum(map(is_open, idle))
        assert 0 < standing < 4100
        # The worker reports once a second.
        eventually(
            lambda: "connections_dropped" in [line["event"] for line in lines],
            "the report of the log",
        )
        dropped = re.search(
            rb"directory_gateway_connections_dropped_total ([0-9.]+)",
            ask(gateway, "/-/metrics", "127.0.0.1"),
        )
        assert dropped is not None
        assert 4200 - standing <= float(dropped[1])


def test_30_connections_that_never_read_are_dropped(gateway: Gateway) -> None:
    version = gateway.status()["generation"]["version"]
    page = f"GET /staff/{version}/1.xml HTTP/1.1\r\n\r\n".encode()
    with ExitStack() as stack:
        unread = [stack.enter_context(connect(gateway, "127.66.0.1", 2048)) for _ in range(30)]
        for _ in range(4):
            for line in unread:
                line.setblocking(False)
                with suppress(OSError):
                    line.send(page * 200)
            assert ask(gateway, "/menu.xml").startswith(b"HTTP/1.1 200")
        (worker,) = gateway.children("app.web.worker")

        def gone() -> bool:
            assert ask(gateway, "/menu.xml").startswith(b"HTTP/1.1 200")
            return not held(worker, "127.66.0.1", gateway.port)

        eventually(gone, "all of them are dropped", pause=0.5)
    assert "Traceback" not in gateway.logged()


def held(pid: int, address: str, port: int) -> set[str]:
    """Return the sockets of a process that connect an address with its `port`."""
    peer = ".".join(reversed(address.split(".")))
    wanted = "".join(f"{int(part):02X}" for part in peer.split("."))
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    found = {
        f"socket:[{line[9]}]"
        for line in lines
        if line[1].endswith(f":{port:04X}") and line[2].startswith(wanted)
    }
    own = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            own.add(str(descriptor.readlink()))
    return found & own


def test_200_connections_that_pipeline_let_phones_in_between(gateway: Gateway) -> None:
    """Each sends 380 requests at once.

    Who asks after them is answered before most of them, and they get all their answers.
    The worker is stopped until all have sent everything, however slow this process is.
    """
    each, many = 380, 200
    (worker,) = gateway.children("app.web.worker")

    def answered(metrics: bytes) -> float:
        found = re.search(rb'directory_gateway_requests_total\{kind="phone"\} ([0-9.]+)', metrics)
        assert found is not None
        return float(found[1])

    before = answered(ask(gateway, "/-/metrics", "127.0.0.1"))
    with ExitStack() as stack:
        lines = [
            stack.enter_context(connect(gateway, f"127.66.2.{number % 20 + 1}"))
            for number in range(many)
        ]
        last = stack.enter_context(connect(gateway, "127.0.0.1"))
        os.kill(worker, signal.SIGSTOP)
        try:
            for line in lines:
                line.sendall(SMALL * each)
            last.sendall(request(gateway, "/-/metrics"))
        finally:
            os.kill(worker, signal.SIGCONT)
        assert answered(drain(last)) - before < each * many / 2
        for line in lines:
            line.shutdown(socket.SHUT_WR)
        assert [each] * many == [drain(line).count(b"HTTP/1.1 200 OK") for line in lines]


@pytest.mark.parametrize("headers", [20, 420])
@pytest.mark.parametrize("path", ["/helpdesk.xml", "/-/healthy"])
def test_100_requests_in_one_packet_are_answered_in_order(
    gateway: Gateway, path: str, headers: int
) -> None:
    """The limit of 16 kB is for the headers of each request, not for all 45 kB."""
    paths = ["/menu.xml" if number % 2 else path for number in range(100)]
    with connect(gateway, PHONE) as line:
        line.sendall(
            b"".join(
                f"GET {each} HTTP/1.1\r\nX-Filler: {'x' * headers}\r\n\r\n".encode()
                for each in paths
            )
        )
        line.shutdown(socket.SHUT_WR)
        answers = drain(line).split(b"HTTP/1.1 ")[1:]
    assert [b"200"] * 100 == [answer[:3] for answer in answers]
    assert [each == "/menu.xml" for each in paths] == [
        b"CiscoIPPhoneMenu" in answer for answer in answers
    ]


def test_far_too_many_requests_in_one_packet_end_with_the_connection(gateway: Gateway) -> None:
    """What a worker holds for one client is bounded.

    The first answers come, and the last of them says that it is the last.
    """
    with connect(gateway, PHONE) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_000_000)
        with suppress(OSError):
            line.sendall(SMALL * 30_000)
        answers = drain(line).split(b"HTTP/1.1 ")[1:]
    assert {b"200"} >= {answer[:3] for answer in answers}
    assert len(answers) <= 30_000
    assert 200 == gateway.get("/menu.xml")[0]


@pytest.mark.parametrize("way", ["reset", "close"])
def test_a_client_that_goes_amid_its_answers_leaves_no_traceback(
    gateway: Gateway, way: str
) -> None:
    version = gateway.status()["generation"]["version"]
    for path in (f"/staff/{version}/1.xml", "/openapi.json"):
        request_bytes = f"GET {path} HTTP/1.1\r\n\r\n".encode()
        lines = [connect(gateway, "127.66.0.1", 2048) for _ in range(20)]
        for _ in range(5):
            for line in lines:
                line.setblocking(False)
                with suppress(OSError):
                    line.send(request_bytes * 300)
            ask(gateway, "/menu.xml")
        for line in lines:
            if way == "reset":
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
        for _ in range(20):
            ask(gateway, "/menu.xml")
    assert "Traceback" not in gateway.logged()


@pytest.mark.usefixtures("idle_clients_stay")
def test_at_its_share_an_address_loses_its_own_oldest_idle_connection(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    config = f"{contacts.CONFIG}[listen]\nconnections_per_address = 4\n"
    with Worker(built(tmp_path, config)) as gateway, ExitStack() as stack:
        other = stack.enter_context(connect(gateway, "127.77.0.2"))
        lines = [stack.enter_context(connect(gateway, PHONE)) for _ in range(4)]
        for line in (*lines, lines[0]):
            line.sendall(SMALL)
            assert line.recv(65536).startswith(b"HTTP/1.1 200")
        fifth = stack.enter_context(connect(gateway, PHONE))
        fifth.sendall(SMALL)
        assert fifth.recv(65536).startswith(b"HTTP/1.1 200")
        # The first was used since; so the second has waited longest.
        eventually(lambda: not is_open(lines[1]), "the second is closed")
        assert [True, True, True, True] == [
            is_open(line) for line in (lines[0], lines[2], lines[3], fifth)
        ]
        assert is_open(other)


def test_requests_that_never_end_are_dropped(gateway: Gateway) -> None:
    begun = (
        b"\r\n",
        b"G",
        b"GET /menu.xml HTTP/1.1\r\nX: y\r\n\r\nGET /m",
        b"POST /search.xml HTTP/1.1\r\nContent-Length: 5\r\n\r\n",
    )
    with ExitStack() as stack:
        lines = [stack.enter_context(connect(gateway, "127.66.0.9")) for _ in begun]
        for line, some in zip(lines, begun, strict=True):
            line.sendall(some)

        def ended(line: socket.socket) -> bool:
            line.setblocking(False)
            try:
                # Empty lines before a request are no request, but they keep the connection from
                # being idle.
                line.send(b"\r\n" if line is lines[0] else b"")
                return not line.recv(65536)
            except BlockingIOError:
                return False
            except OSError:
                return True

        waiting = set(lines)

        def all_ended() -> bool:
            waiting.difference_update([line for line in waiting if ended(line)])
            return not waiting

        eventually(all_ended, "all are dropped", pause=0.5)

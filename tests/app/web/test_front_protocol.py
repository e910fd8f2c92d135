"""When the first protocol leaves a connection to uvicorn's, and when it closes one."""

import asyncio
from ipaddress import ip_address
from typing import Any

import pytest
from uvicorn.server import ServerState

from app.web.access_log import AccessEntry
from app.web.connections import ConnectionTable, Shares
from app.web.front_protocol import KEEP_ALIVE_SECONDS, FrontProtocol
from app.web.limited_protocol import REQUEST_SECONDS
from app.web.phone_application import DirectClient, PhoneRequest, PhoneResponse
from app.web.publisher import Answer
from app.web.response_cache import WireResponse

KNOWN, LAST = b"GET /known HTTP/1.1\r\n\r\n", b"GET /last HTTP/1.1\r\n\r\n"
CONTENT = b"x: y\r\n\r\ncontent"
PHONE = PhoneRequest("default", "", "", "known")


class Lines:
    """An access log that keeps its entries."""

    def __init__(self) -> None:
        self.entries: list[AccessEntry] = []

    def add(self, entry: AccessEntry) -> None:
        self.entries.append(entry)


class Transport(asyncio.Transport):
    """A transport that keeps what is written, and on demand sends nothing."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 5)})
        self.written: list[bytes] = []
        self.unsent = 0
        self.protocol: Any = None
        self.ended = ""

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def close(self) -> None:
        self.ended = "closed"

    def abort(self) -> None:
        self.ended = "aborted"


class Successor:
    """What takes the place of uvicorn's protocol: it keeps what is called."""

    address = "127.0.0.1"
    idle_since = busy_since = 0.0

    def __init__(self, table: ConnectionTable) -> None:
        self.table = table
        self.calls: list[tuple[str, Any]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert self.table.admit(self)  # type: ignore[arg-type]  # as far as the table uses it

    def __getattr__(self, name: str) -> Any:
        return lambda *values: self.calls.append((name, *values))  # type: ignore[arg-type]


class Application:
    """An application that knows two requests and no other."""

    def __init__(self) -> None:
        self.client: DirectClient | None = DirectClient(ip_address("127.0.0.1"), ())
        self.found: PhoneResponse | None = None

    def direct_client(self, peer: str) -> DirectClient | None:
        return self.client

    def try_answer(self, scope: Any, headers: Any) -> PhoneResponse | None:
        return self.found

    def find(self, client: DirectClient, data: bytes, scheme: str) -> WireResponse | None:
        return WireResponse(CONTENT, data == KNOWN, PHONE) if data in (KNOWN, LAST) else None


class Connection:
    """A connection with its protocol, of an address that may have one."""

    def __init__(self, table: ConnectionTable | None = None, *, proxied: bool = False) -> None:
        self.table = table or ConnectionTable(Shares(1))
        self.transport = Transport()
        self.successor = Successor(self.table)
        self.state = ServerState()
        self.state.default_headers = [(b"date", b"today")]
        app: Any = Application()
        self.app, self.log = app, Lines()
        if proxied:
            app.client = None
        self.protocol = FrontProtocol(
            app,
            app,
            self.table,
            self.state,
            lambda: self.successor,  # type: ignore[arg-type,return-value]
            self.log,  # type: ignore[arg-type]  # as far as it is used
        )
        self.protocol.connection_made(self.transport)
        self.began = self.protocol.idle_since

    def is_left(self) -> bool:
        """Return True if uvicorn's protocol has the connection, alone."""
        assert (self.transport.protocol is self.successor) == (not self.state.connections)
        return not self.state.connections


@pytest.fixture
def line() -> Connection:
    return Connection()


def test_known_requests_are_answered_one_after_the_other(line: Connection) -> None:
    for _ in range(2):
        line.protocol.data_received(KNOWN)
        assert not line.transport.ended
    line.protocol.data_received(LAST)
    assert [b"HTTP/1.1 200 OK\r\ndate: today\r\n" + CONTENT] * 3 == line.transport.written
    assert "closed" == line.transport.ended
    assert not line.is_left()


def test_other_bytes_are_left_to_uvicorns_protocol(line: Connection) -> None:
    line.protocol.data_received(b"other")
    assert line.is_left()
    assert [("data_received", b"other")] == line.successor.calls
    assert line.began == line.successor.busy_since == line.successor.idle_since
    assert [] == line.transport.written


def test_a_client_that_does_not_read_is_left_to_uvicorns_protocol(line: Connection) -> None:
    line.protocol.data_received(KNOWN)
    line.transport.unsent = 1
    assert not line.protocol.is_idle()
    line.protocol.data_received(KNOWN)
    assert line.is_left()
    assert [("data_received", KNOWN)] == line.successor.calls
    assert 1 == len(line.transport.written)


def test_its_time_is_counted_by_uvicorns_protocol(line: Connection) -> None:
    line.protocol.data_received(LAST)
    line.transport.unsent = 1
    line.table.drop_overdue(line.began + 1)
    assert line.is_left()
    assert [("drop_overdue", line.began + 1)] == line.successor.calls


def test_a_connection_without_a_request_is_dropped_and_counted(line: Connection) -> None:
    assert line.protocol.is_idle()
    line.table.drop_overdue(line.began + REQUEST_SECONDS)
    assert ("", 0) == (line.transport.ended, line.table.dropped)
    line.table.drop_overdue(line.began + REQUEST_SECONDS + 0.1)
    assert ("aborted", 1) == (line.transport.ended, line.table.dropped)


def test_a_connection_is_kept_for_a_while_after_a_response(line: Connection) -> None:
    line.protocol.data_received(KNOWN)
    since = line.protocol.idle_since
    line.table.drop_overdue(since + KEEP_ALIVE_SECONDS)
    assert "" == line.transport.ended
    line.table.drop_overdue(since + KEEP_ALIVE_SECONDS + 0.1)
    assert ("closed", 0) == (line.transport.ended, line.table.dropped)


def test_at_the_workers_end_uvicorns_protocol_waits_for_a_last_request(line: Connection) -> None:
    line.protocol.shutdown()
    assert line.is_left()
    assert [("shutdown",)] == line.successor.calls


def test_a_connection_over_the_share_of_its_address_is_dropped() -> None:
    first = Connection()
    first.transport.unsent = 1
    second = Connection(first.table)
    assert ("", "aborted") == (first.transport.ended, second.transport.ended)


def logged(line: Connection, data: bytes) -> tuple[object, ...]:
    """Send a request, and return what the access log has of it, without the times."""
    line.protocol.data_received(data)
    (entry,) = line.log.entries
    return (entry.address, entry.method, entry.target, entry.status, entry.size, entry.phone)


def test_a_hit_of_the_cache_is_logged(line: Connection) -> None:
    found = logged(line, KNOWN)
    assert (ip_address("127.0.0.1"), "GET", b"/known", 200, len(b"content"), PHONE) == found


@pytest.mark.parametrize("address", ["192.0.2.7", None])
def test_the_address_behind_a_proxy_is_logged(address: str | None) -> None:
    line = Connection(proxied=True)
    client = ip_address(address) if address else None
    line.app.found = PhoneResponse(Answer((), b"page", b"x: y\r\n"), PHONE, client)
    found = logged(line, b"GET /menu.xml?q=a HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (client or "127.0.0.1", "GET", b"/menu.xml?q=a", 200, len(b"page"), PHONE) == found

"""Responses from the cache are the same as those of a gateway without it.

Every input of a response, random requests in pieces and new generations are tested.
"""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.settings.loader import Settings
from app.state.status import SourceStatus, Status, write_status
from tests.support import contacts
from tests.support.offline_gateway import built
from tests.support.servers.gateway import Gateway, eventually, run
from tests.support.servers.worker import DATE, Worker

CONFIG = (
    contacts.CONFIG
    + """
[access]
networks = ["127.0.0.0/16", "127.77.0.0/16", "127.88.0.0/16"]
trusted_proxies = ["127.88.0.1"]
[profiles.default]
[profiles.lobby]
title = "Lobby"
language = "fi"
menu = ["helpdesk"]
devices = ["SEP001122AABBCC"]
[profiles.branch]
title = "Branch"
networks = ["127.77.0.0/16"]
[profiles.board]
restricted = true
networks = ["127.77.9.0/24"]
"""
)


def write_contacts(folder: Path, count: int = 100) -> None:
    contacts.write(folder / "contacts.csv", map(contacts.person, range(count)))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("directory")
    write_contacts(folder)
    return built(folder, CONFIG)


@pytest.fixture
def worker(directory: Settings) -> Iterator[Worker]:
    with Worker(directory, socket.create_server(("0.0.0.0", 0))) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Sent:
    """A request and how it reaches the gateway."""

    path: str = "/menu.xml"
    method: str = "GET"
    version: str = "1.1"
    headers: tuple[str, ...] = ("Host: phones.example",)
    source: str = "127.0.0.1"
    target: str = "127.0.0.1"

    def data(self, *more: str) -> bytes:
        lines = (f"{self.method} {self.path} HTTP/{self.version}", *self.headers, *more, "", "")
        return "\r\n".join(lines).encode("ascii")

    def answer(self, worker: Worker) -> bytes:
        return worker.ask(self.data(), self.source, self.target)

    def answer_by_asgi(self, worker: Worker) -> bytes:
        """Return the response that is neither cached nor made by the front protocol."""
        return worker.ask(self.data("Content-Length: 0"), self.source, self.target)


USUAL = Sent()
LAST = Sent(headers=("Host: phones.example", "Connection: close"))
NAMELESS = Sent(headers=())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (USUAL, replace(USUAL, path="/staff.xml")),
        (USUAL, replace(USUAL, path="/p/lobby/menu.xml")),
        (USUAL, replace(USUAL, path="/menu.xml?name=SEP001122AABBCC")),
        (USUAL, replace(USUAL, method="HEAD")),
        (USUAL, replace(USUAL, version="1.0")),
        (USUAL, replace(USUAL, headers=("Host: phones.example", "Connection: close"))),
        (USUAL, replace(USUAL, headers=("Host: other.example",))),
        (USUAL, replace(USUAL, headers=("Host: phones.example", "Accept-Charset: iso-8859-1"))),
        (USUAL, replace(USUAL, headers=("Host: phones.example", "Accept-Language: de"))),
        (
            replace(USUAL, headers=("Host: phones.example", "Accept-Language: sv")),
            replace(USUAL, headers=("Host: phones.example", "Accept-Language: de")),
        ),
        (USUAL, replace(USUAL, path="/menu.xml?locale=germany")),
        (replace(USUAL, path="/menu.xml?lang=sv"), replace(USUAL, path="/menu.xml?lang=de")),
        (
            replace(USUAL, path="/helpdesk.xml"),
            replace(
                USUAL,
                path="/helpdesk.xml",
                headers=("Host: phones.example", "x-CiscoIPPhoneModelName: CP-7940"),
            ),
        ),
        (
            replace(USUAL, path="/search.xml"),
            replace(
                USUAL,
                path="/search.xml",
                headers=("Host: phones.example", "Accept: x-CiscoIPPhone/Menu"),
            ),
        ),
        # Equal bytes from here on.
        (USUAL, replace(USUAL, source="127.77.0.1")),
        (replace(USUAL, source="127.77.0.1"), USUAL),
        (USUAL, replace(USUAL, source="127.99.0.1")),
        (USUAL, replace(USUAL, source="127.88.0.1")),
        (
            replace(USUAL, path="/p/board/menu.xml", source="127.77.9.1"),
            replace(USUAL, path="/p/board/menu.xml", source="127.77.0.1"),
        ),
        *(
            (
                replace(USUAL, headers=("Host: phones.example", header)),
                replace(USUAL, headers=("Host: phones.example", header), source="127.88.0.1"),
            )
            for header in (
                "X-Forwarded-For: 127.77.0.1",
                "X-Forwarded-Host: other.example",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Unknown: 127.77.0.1",
                "Via: 1.1 proxy",
            )
        ),
        # Without a usable Host, links begin with the address that the request arrived at.
        (NAMELESS, replace(NAMELESS, target="127.0.0.2")),
        (
            replace(USUAL, headers=("Host: a b",)),
            replace(USUAL, headers=("Host: a b",), target="127.0.0.2"),
        ),
        (
            replace(USUAL, headers=(f"Host: {'a.' * 100}a",)),
            replace(USUAL, headers=(f"Host: {'a.' * 100}a",), target="127.0.0.2"),
        ),
    ],
)
def test_requests_that_differ_in_an_input_share_no_response(
    worker: Worker, first: Sent, second: Sent
) -> None:
    expected = [sent.answer_by_asgi(worker) for sent in (first, second)]
    for _ in range(3):
        for sent, answer in zip((first, second), expected, strict=True):
            assert [answer] * 3 == [sent.answer(worker) for _ in range(3)]


def test_the_port_of_another_listening_socket_is_in_its_links(directory: Settings) -> None:
    for _ in range(2):
        with Worker(directory) as worker:
            for _ in range(4):
                assert f"<URL>http://127.0.0.1:{worker.port}/staff.xml</URL>".encode() in (
                    NAMELESS.answer(worker)
                )


@pytest.mark.parametrize(
    "sent",
    [
        USUAL,
        replace(USUAL, source="127.77.0.1"),
        replace(USUAL, path="/staff.xml"),
        replace(USUAL, path="/search.xml"),
        replace(USUAL, path="/search.xml?q=ann"),
        replace(USUAL, path="/menu.xml?name=SEP001122AABBCC", method="HEAD"),
        replace(USUAL, version="1.0"),
    ],
)
def test_what_is_cached(worker: Worker, sent: Sent) -> None:
    answers = [sent.answer(worker) for _ in range(4)]
    assert [answers[0]] * 3 == answers[1:]
    assert 2 == worker.cache.hits
    assert worker.cache.cached_bytes() > len(sent.data())
    assert 4 == worker.app.requests["phone"]
    assert (3, 1) == (worker.publisher.hits + worker.cache.hits, worker.publisher.misses)


@pytest.mark.parametrize(
    "sent",
    [
        NAMELESS,
        replace(USUAL, headers=("Host: a b",)),
        *(
            replace(USUAL, headers=("Host: phones.example", header))
            for header in (
                "Authorization: Basic YTpi",
                "Cookie: a=b",
                "Proxy-Authorization: Basic YTpi",
                "X-Forwarded-For: 10.0.0.1",
                "X-Forwarded-Unknown: 10.0.0.1",
                "Via: 1.1 proxy",
                "Content-Length: 0",
                f"X-Long: {'x' * 4096}",
            )
        ),
        replace(USUAL, source="127.88.0.1"),
        replace(USUAL, path="/none.xml"),
        replace(USUAL, path="/-/healthy"),
        replace(USUAL, path="/search.xml?q=nobody-has-this-name"),
        replace(USUAL, source="127.99.0.1"),
        replace(USUAL, path="/p/board/menu.xml"),
        replace(USUAL, method="DELETE"),
        replace(USUAL, path="/search.xml?q=ann", method="POST"),
    ],
)
def test_what_is_not_cached(worker: Worker, sent: Sent) -> None:
    assert 1 == len({sent.answer(worker)[:12] for _ in range(4)})
    assert (0, 0) == (worker.cache.hits, worker.cache.cached_bytes())


def test_a_new_generation_and_a_note_are_seen_by_the_next_request(tmp_path: Path) -> None:
    write_contacts(tmp_path, 20)
    directory = built(tmp_path, CONFIG)
    page, poll = replace(USUAL, path="/staff.xml"), replace(NAMELESS, path="/-/status")
    with Worker(directory) as worker:
        answers = [page.answer(worker) for _ in range(4)]
        assert 2 == worker.cache.hits
        write_contacts(tmp_path, 25)
        built(tmp_path, CONFIG)
        poll.answer(worker)
        fresh = page.answer(worker)
        assert fresh not in answers
        assert 25 == fresh.count(b"<DirectoryEntry>")
        assert fresh == page.answer_by_asgi(worker) == page.answer(worker) == page.answer(worker)
        assert 3 == worker.cache.hits

        now = time.time()
        stale = SourceStatus(state="ok", contacts=25, last_success=now - 9000, refresh=60.0)
        write_status(directory.state_dir, Status(written_at=now, sources={"staff": stale}))
        poll.answer(worker)
        noted = page.answer(worker)
        assert b"as of " in noted
        assert noted == page.answer_by_asgi(worker) == page.answer(worker)
        assert 3 == worker.cache.hits


def test_another_configuration_is_seen_after_a_reload(tmp_path: Path) -> None:
    write_contacts(tmp_path)
    with Gateway(tmp_path, contacts.CONFIG) as gateway:
        for _ in range(4):
            assert b"<Title>Company</Title>" in gateway.get("/menu.xml")[2]
        gateway.configure(contacts.CONFIG.replace("Company", "Renamed"))
        assert 0 == run("reload", cwd=tmp_path).returncode
        # The former worker may answer while it ends.
        eventually(
            lambda: all(b"<Title>Renamed<" in gateway.get("/menu.xml")[2] for _ in range(4)),
            "the new title",
        )


def test_thousands_of_different_requests_are_bounded(tmp_path: Path) -> None:
    write_contacts(tmp_path)
    directory = built(tmp_path, 'cache_size = "1MB"\n' + CONFIG)
    with Worker(directory) as worker, worker.connect() as line:
        for number in range(3000):
            for _ in range(2):
                sent = replace(USUAL, path=f"/staff.xml?n={number}", method="HEAD")
                line.sendall(sent.data())
                assert line.recv(65536).startswith(b"HTTP/1.1 200")
            assert worker.cache.cached_bytes() <= 2**20 / 4
        assert worker.cache.cached_bytes() > 200_000
        assert [200] == [int(USUAL.answer(worker)[9:12])]


PATHS = st.sampled_from(
    [
        "/menu.xml",
        "/menu.xml?name=SEP001122AABBCC",
        "/staff.xml",
        "/menu.xml?locale=Swedish_Sweden&name=SEP001122AABBCC",
        "/staff.xml?lang=de",
        "/search.xml?q=ann",
        "/search.xml?q=ann&lang=fr",
        "/p/lobby/menu.xml",
        "/p/lobby/menu.xml?locale=germany",
        "/p/board/menu.xml",
        "/none.xml",
        "/%6denu.xml",
        "/-/healthy",
        "/lookup?number=498955",
        "/nothing",
        "http://other.example/menu.xml",
        "*",
    ]
)
HEADERS = st.sampled_from(
    [
        "Connection: close",
        "Connection: keep-alive",
        "Host: other.example",
        "Accept-Charset: iso-8859-1",
        "Accept-Language: pl",
        "Accept-Language: ru;q=0.5, uk",
        "x-CiscoIPPhoneModelName: CP-7965G",
        "X-Forwarded-For: 127.77.0.1",
        "Authorization: Basic YTpi",
        "Cookie: a=b",
        "Content-Length: 0",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0",
        "Transfer-Encoding: gzip",
        "Expect: 100-continue",
        "Upgrade: websocket\r\nConnection: Upgrade",
        "X : y",
        "X: y\r\n z",
        f"X: {'y' * 20_000}",
    ]
)
GARBAGE = st.sampled_from(
    [b"\r\n", b"\n", b"\0", b"GET\r\n\r\n", b"GET /menu.xml HTTP/1.1\n\n", b"\x16\x03\x01\r\n\r\n"]
)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    host = draw(st.sampled_from([("Host: phones.example",)] * 4 + [(), ("Host: a b",)]))
    usual = draw(st.booleans())
    sent = Sent(
        draw(PATHS),
        "GET" if usual else draw(st.sampled_from(["GET", "HEAD", "POST", "DELETE", "BREW"])),
        draw(st.sampled_from(["1.1", "1.1", "1.0"])),
        host if usual else (*host, *draw(st.lists(HEADERS, max_size=2))),
    )
    return sent.data() + (b"" if usual else draw(st.just(b"") | GARBAGE))


@st.composite
def exchanges(draw: st.DrawFn) -> tuple[bytes, ...]:
    """Return the pieces that a client sends on one connection."""
    sent = draw(st.lists(requests(), min_size=1, max_size=4))
    if draw(st.booleans()):
        return tuple(sent)
    whole = b"".join(sent)
    cuts = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=3)))
    return tuple(
        whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)
    )


@dataclass(frozen=True, slots=True)
class Exchange:
    """What comes back on a connection, and whether it ended with an error."""

    got: bytes
    reset: bool


def exchange(worker: Worker, pieces: tuple[bytes, ...], source: str, half_close: bool) -> Exchange:
    """Send pieces, and close one half of the connection or ask for its end."""
    got, reset = b"", False
    sent = pieces if half_close else (*pieces, LAST.data())
    # After an upgrade the server reads no further request, so none can ask for the end.
    half_close = half_close or b"Upgrade" in b"".join(pieces)
    with worker.connect(source) as line:
        try:
            for piece in sent:
                line.sendall(piece)
                # A piece of its own for the server, too, most of the time.
                time.sleep(0.002)
            if half_close:
                line.shutdown(socket.SHUT_WR)
            while part := line.recv(65536):
                got += part
        except OSError:
            reset = True
    got = DATE.sub(b"", got).replace(b":%d/" % worker.port, b":PORT/")
    # With one half closed, FastAPI's response may be the last, if it comes after that.
    return Exchange(got.replace(b"connection: close\r\n", b"") if half_close else got, reset)


def counts(worker: Worker) -> dict[str, str]:
    text = Sent(path="/-/metrics", headers=()).answer(worker).decode()
    return dict(
        re.findall(
            r"^directory_gateway_((?:requests|cache_hits|cache_misses"
            r"|connections_dropped)_total\S*)"
            r" (\S+)$",
            text,
            re.MULTILINE,
        )
    )


@pytest.fixture(scope="module")
def pair(directory: Settings) -> Iterator[tuple[Worker, Worker]]:
    with Worker(directory) as with_cache, Worker(directory, cached=False) as without:
        for worker in (with_cache, without):
            # FastAPI is loaded.
            USUAL.answer(worker)
            assert b" 404 " in replace(USUAL, path="/nothing").answer(worker)
        yield with_cache, without


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=exchanges(),
    source=st.sampled_from(["127.0.0.1", "127.77.0.1", "127.99.0.1"]),
    half_close=st.booleans(),
)
def test_random_requests_get_the_same_with_the_cache_and_by_asgi(
    pair: tuple[Worker, Worker], pieces: tuple[bytes, ...], source: str, half_close: bool
) -> None:
    with_cache, without = pair
    ours = exchange(with_cache, pieces, source, half_close)
    # After a single byte, the front protocol leaves the connection to uvicorn's.
    theirs = exchange(without, (pieces[0][:1], pieces[0][1:], *pieces[1:]), source, half_close)
    if ours.reset or theirs.reset:
        # Closed amid the client's bytes: then the system may discard the last of the response.
        assert ours.got.startswith(theirs.got) or theirs.got.startswith(ours.got)
    else:
        assert ours.got == theirs.got


def test_and_all_were_counted_alike(pair: tuple[Worker, Worker]) -> None:
    for _ in range(5):
        for worker in pair:
            USUAL.answer(worker)
    with_cache, without = map(counts, pair)
    assert 6 == len(with_cache)
    assert with_cache == without
    assert pair[0].cache.hits > 3
    assert 0 == pair[1].cache.hits

"""Each failure of a CardDAV server or its proxy gives one sentence and no partial list."""

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.carddav.webdav import read_multistatus
from connectors.http_client.responses import Response
from tests.connectors.carddav.server import STEPS, caught, connector_for, five_people
from tests.connectors.contract import everything
from tests.connectors.time_limits import time_limits
from tests.support.fakes.dav_answers import Raw
from tests.support.fakes.dav_login import PASSWORD, USER
from tests.support.fakes.dav_server import FakeDav, Seen
from tests.support.fakes.raw_server import raw_server
from tests.support.patience import PATIENCE, SHORT
from tests.support.servers.processes import free_port

BOMB = b"""<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<multistatus xmlns="DAV:"><response><href>&c;</href></response></multistatus>"""
PAGE = (
    b"<!DOCTYPE html><html><head><title>Welcome to our WLAN</title></head><body>Please log"
    b" in</body></html>"
)
HTML = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.fixture
def fake() -> Iterator[FakeDav]:
    yield from five_people()


@pytest.mark.parametrize("step", ["discovery", "books"])
def test_a_server_that_fails_with_every_request_is_tried_again(fake: FakeDav, step: str) -> None:
    fake.faults.append(lambda seen: Raw(500) if STEPS[step] in seen.body else None)
    error = caught(fake)
    assert SourceUnavailable is type(error)
    assert "cannot answer now (status 500 Internal Server Error)" in str(error)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "raw, kind, text",
    [
        (Raw(200, PAGE, HTML), SourceRefused, "web page instead of address books"),
        (Raw(207, PAGE, HTML), SourceRefused, "web page instead of address books"),
        (Raw(207, BOMB), SourceRefused, "a DTD or entities"),
        (
            Raw(503, b"", (("Retry-After", "120"),)),
            SourceUnavailable,
            "status 503 Service Unavailable",
        ),
        (Raw(429), SourceUnavailable, "status 429"),
        (
            Raw(207, b"<multistatus xmlns='DAV:'><resp", cut=12),
            SourceUnavailable,
            "stopped in the middle",
        ),
    ],
    ids=["page", "page as 207", "bomb", "503", "429", "cut"],
)
def test_a_fault_at_any_step_is_an_error_of_its_kind(
    fake: FakeDav, step: str, raw: Raw, kind: type[SourceError], text: str
) -> None:
    if step == "cards" and raw.status == 200:
        fake.faults.append(lambda seen: raw if seen.method == "GET" else None)
    fake.faults.append(lambda seen: raw if STEPS[step] in seen.body else None)
    error = caught(fake)
    assert kind is type(error)
    assert text in str(error)


@pytest.mark.parametrize("step", ["discovery", "books", "listing"])
def test_half_an_answer_is_never_a_list(fake: FakeDav, step: str) -> None:
    whole: list[bytes] = []
    everything(connector_for(f"{fake.url}/dav/book/"))

    def half(seen: Seen) -> Raw | None:
        if STEPS[step] not in seen.body:
            return None
        whole.append(fake.answer(seen).body)
        return Raw(207, whole[-1][: len(whole[-1]) // 2])

    fake.faults.append(half)
    error = caught(fake)
    assert SourceUnavailable is type(error) or "BrokenXml" == type(error).__name__
    assert "cut or no XML" in str(error)


def test_half_a_batch_is_asked_for_again_card_by_card(fake: FakeDav) -> None:
    fake.faults.append(
        lambda seen: (
            Raw(207, b"<multistatus xmlns='DAV:'><response>") if b"multiget" in seen.body else None
        )
    )
    assert 5 == len(everything(connector_for(f"{fake.url}/dav/book/")).contacts)


@pytest.mark.parametrize(
    "header, seconds",
    [
        ("120", 120.0),
        ("0", 0.0),
        ("9" * 30, 86_400.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Sun, 21 Oct 2080 07:28:00 GMT", 86_400.0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_passed_on(fake: FakeDav, header: str, seconds: float | None) -> None:
    fake.faults.append(lambda seen: Raw(503, b"", (("Retry-After", header),)))
    error = caught(fake)
    assert isinstance(error, SourceUnavailable)
    assert seconds == error.retry_after


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200) | st.text("<>/adr:spone m'=&;xML\"!?[]D", max_size=200).map(str.encode)
)
def test_no_answer_raises_anything_but_ours(body: bytes) -> None:
    row = (
        b"<multistatus xmlns='DAV:'><response><href>/x</href>" + body + b"</response></multistatus>"
    )
    for sent in (body, row):
        with suppress(SourceError):
            read_multistatus(Response(207, "http://127.0.0.1/x", "", sent))


def test_a_captive_portal_that_redirects_to_its_login_is_a_web_page(fake: FakeDav) -> None:
    with FakeDav() as portal:
        portal.faults.append(lambda seen: Raw(200, PAGE, HTML))
        fake.faults.append(
            lambda seen: Raw(302, b"", (("Location", f"{portal.url}/login?from=x"),))
        )
        error = caught(fake)
    assert "web page instead of address books" in str(error)
    assert portal.url in str(error)


@pytest.mark.parametrize(
    "endless", [b"x" * 65_536, gzip.compress(b"x" * 10_000_000)], ids=["plain", "packed"]
)
def test_an_answer_without_end_is_cut_off(fake: FakeDav, endless: bytes) -> None:
    packed = (("Content-Encoding", "gzip"),) if endless[:2] == b"\x1f\x8b" else ()
    fake.faults.append(
        lambda seen: (
            Raw(207, endless=endless, headers=packed) if b"displayname" in seen.body else None
        )
    )
    error = caught(fake)
    assert SourceRefused in type(error).__mro__
    assert "more than 64 MB" in str(error)


@pytest.mark.parametrize("tag", [b"<a/>", b"<a>"], ids=["flat", "deep"])
def test_an_answer_of_nothing_but_tags_is_not_made_into_a_tree(fake: FakeDav, tag: bytes) -> None:
    fake.faults.append(
        lambda seen: (
            Raw(207, b"<multistatus xmlns='DAV:'>" + tag * 4_000_000)
            if b"sync-collection" in seen.body
            else None
        )
    )
    assert "sent XML of more than 4,000,000 tags" in str(caught(fake))


def test_an_announced_giant_is_not_read() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        error = _answered_by(
            listener, b"HTTP/1.1 207 Multi-Status\r\nContent-Length: 200000000\r\n\r\n"
        )
    assert "more than 64 MB" in str(error)


def test_a_trickle_is_given_up_in_the_end() -> None:
    with FakeDav() as fake:
        fake.faults.append(lambda seen: Raw(207, endless=b" ", pause=0.01))
        with (
            time_limits(whole=0.5) as timeout,
            pytest.raises(SourceUnavailable, match=r"still sending after 0.5 s. Raise timeout"),
        ):
            connector_for(f"{fake.url}/", timeout=timeout).fetch(None)


def test_a_packed_answer_is_unpacked(fake: FakeDav) -> None:
    def pack(seen: Seen) -> Raw:
        raw = fake.answer(seen)
        return Raw(
            raw.status, gzip.compress(raw.body), (*raw.headers, ("Content-Encoding", "gzip"))
        )

    fake.faults.append(pack)
    assert 5 == len(everything(connector_for(f"{fake.url}/")).contacts)


@pytest.mark.parametrize(
    "packed", [gzip.compress(PAGE * 100)[:50], b"no gzip at all"], ids=["cut", "other"]
)
def test_a_packed_answer_that_is_broken_is_unavailable(fake: FakeDav, packed: bytes) -> None:
    fake.faults.append(lambda seen: Raw(207, packed, (("Content-Encoding", "gzip"),)))
    assert isinstance(caught(fake), SourceUnavailable)


def _answered_by(listener: socket.socket, *pieces: bytes, timeout: float = PATIENCE) -> SourceError:
    """Fetch from a socket that answers the first request with these bytes and waits."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(PATIENCE)
            connection.recv(65_536)
            for piece in pieces:
                connection.sendall(piece)
            while connection.recv(65_536):
                pass

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(SourceError) as caught:
            connector_for(url, timeout=timeout).fetch(None)
    finally:
        thread.join()
    return caught.value


@pytest.mark.parametrize(
    "pieces",
    [(), (b"HTTP/1.1 207 OK\r\n",), (b"HTTP/1.1 207 OK\r\nContent-Length: 9\r\n\r\n<mul",)],
    ids=["silent", "in head", "in body"],
)
def test_a_server_that_falls_silent_is_given_up(pieces: tuple[bytes, ...]) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with time_limits(step=SHORT) as timeout:
            error = _answered_by(listener, *pieces, timeout=timeout)
    assert isinstance(error, SourceUnavailable)
    assert "did not answer within 0.3 s" in str(error)


def test_something_that_is_no_http_is_unavailable() -> None:
    def greet(peer: socket.socket) -> None:
        peer.recv(65_536)
        peer.sendall(b"220 mail.example.com ESMTP\r\n")

    with raw_server(greet) as port, pytest.raises(SourceUnavailable, match="stopped in the middle"):
        connector_for(f"http://127.0.0.1:{port}/").fetch(None)


def test_nobody_listening_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable, match=r"cannot be reached. Check that the server runs"):
        connector_for(f"http://127.0.0.1:{free_port()}/").fetch(None)


def test_an_unknown_host_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable, match=r"cannot be looked up. Check url"):
        connector_for("http://no-such-host.invalid/").fetch(None)


def test_a_wrong_path_is_refused(fake: FakeDav) -> None:
    error = caught(fake, "/dav/bok/")
    assert f"There is nothing at {fake.url}/dav/bok/ (status 404). Check url." == str(error)


def test_a_server_without_dav_is_refused(fake: FakeDav) -> None:
    fake.faults.append(lambda seen: Raw(405))
    assert "status 405 Method Not Allowed" in str(caught(fake, "/"))


def test_a_proxy_that_wants_a_login_is_named(fake: FakeDav) -> None:
    fake.faults.append(lambda seen: Raw(407))
    assert "A proxy before" in str(caught(fake))


def test_cookies_are_never_sent_back(fake: FakeDav) -> None:
    everything(connector_for(f"{fake.url}/"))
    assert {""} == {seen.cookie for seen in fake.seen}


def test_a_connection_that_died_between_two_requests_is_replaced(fake: FakeDav) -> None:
    first = everything(connector_for(f"{fake.url}/dav/book/"))
    died: list[Seen] = []

    def die_once(seen: Seen) -> Raw | None:
        if b"sync-collection" in seen.body and not died:
            died.append(seen)
            raise ConnectionResetError
        return None

    fake.faults.append(die_once)
    assert len(first.contacts) == len(everything(connector_for(f"{fake.url}/dav/book/")).contacts)
    assert died


def test_no_name_no_number_and_no_secret_is_logged(
    fake: FakeDav, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        everything(connector_for(f"{fake.url}/", username=USER, password=PASSWORD))
    assert "" == "".join(
        record.getMessage() for record in caplog.records if "127.0.0.1" in record.getMessage()
    )

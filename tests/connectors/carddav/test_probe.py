"""Servers whose answer to the first request misleads about the login.

They answer without a login, dislike an empty one, or offer a scheme that does not work.
TLS also meets plain HTTP.
"""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from tests.connectors.carddav.server import caught, connector_for, five_people
from tests.connectors.contract import everything
from tests.support.fakes.dav_answers import Raw
from tests.support.fakes.dav_login import PASSWORD, USER
from tests.support.fakes.dav_server import Dialect, FakeDav, Seen
from tests.support.fakes.raw_server import raw_server
from tests.support.servers.ca import Authority, make_authority

EMPTY = "Basic Og=="
BASIC = 'Basic realm="here"'
LOGIN = {"username": USER, "password": PASSWORD}
OFFERS = {
    "Basic": Dialect(challenges=(BASIC,), anonymous_root=True),
    "Digest": Dialect(digest=("MD5-sess", "auth"), anonymous_root=True),
}
ANSWERS = {
    "500 of Cyrus": Raw(500, b"All-whitespace username."),
    "503": Raw(503),
    "503 that says when": Raw(503, b"", (("Retry-After", "60"),)),
    "400": Raw(400),
    "403": Raw(403),
    "404": Raw(404),
    "429": Raw(429),
    "200 page": Raw(200, b"<html>Please sign in</html>", (("Content-Type", "text/html"),)),
    "401 that offers nothing": Raw(401),
    "redirect to a page": Raw(302, b"", (("Location", "http://127.0.0.1:9/login"),)),
}


@pytest.fixture
def fake() -> Iterator[FakeDav]:
    yield from five_people()


@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_server_that_dislikes_an_empty_login_is_logged_in_to(
    fake: FakeDav, offer: str, answer: str
) -> None:
    fake.dialect = OFFERS[offer]
    fake.faults.append(lambda seen: ANSWERS[answer] if seen.authorization == EMPTY else None)
    connector = connector_for(f"{fake.url}/", **LOGIN)
    first = everything(connector)
    assert 5 == len(first.contacts)
    assert 1 == sum(seen.authorization == EMPTY for seen in fake.seen)
    assert {"", EMPTY.partition(" ")[0], offer} == {
        seen.authorization.partition(" ")[0] for seen in fake.seen
    }
    fake.put("9.vcf", b"BEGIN:VCARD\r\nFN:Ann 9\r\nEND:VCARD\r\n")
    assert "Ann 9" in repr(connector.fetch(first.checkpoint))


def test_a_connection_that_breaks_at_an_empty_login_says_that_one_is_wanted(fake: FakeDav) -> None:
    fake.dialect = OFFERS["Basic"]

    def hang_up(seen: Seen) -> Raw | None:
        if seen.authorization == EMPTY:
            raise ConnectionResetError
        return None

    fake.faults.append(hang_up)
    assert 5 == len(everything(connector_for(f"{fake.url}/", **LOGIN)).contacts)


def test_where_no_address_offers_anything_the_login_is_basic(fake: FakeDav) -> None:
    fake.dialect = OFFERS["Basic"]
    fake.faults.append(lambda seen: Raw(500) if seen.authorization == EMPTY else None)
    fake.faults.append(lambda seen: Raw(404) if "well-known" in seen.path else None)
    assert 5 == len(everything(connector_for(f"{fake.url}/", **LOGIN)).contacts)


def test_a_root_that_takes_any_login_is_asked_with_the_one_that_well_known_wants(
    fake: FakeDav,
) -> None:
    fake.dialect = OFFERS["Basic"]
    fake.faults.append(
        lambda seen: (
            fake.answer(replace(seen, authorization="")) if seen.authorization == EMPTY else None
        )
    )
    assert 5 == len(everything(connector_for(f"{fake.url}/", **LOGIN)).contacts)


def test_a_server_that_is_down_for_a_good_login_too_is_tried_again(fake: FakeDav) -> None:
    fake.dialect = OFFERS["Basic"]
    fake.faults.append(lambda seen: Raw(500) if seen.authorization else None)
    assert isinstance(caught(fake, "/", **LOGIN), SourceUnavailable)


def test_a_wrong_password_behind_an_open_root_is_told_as_one(fake: FakeDav) -> None:
    fake.dialect = OFFERS["Basic"]
    fake.faults.append(lambda seen: Raw(500) if seen.authorization == EMPTY else None)
    error = caught(fake, "/", username=USER, password="wrong")
    assert "refused the login. Check username and password" in str(error)


def test_a_root_that_is_closed_to_strangers_without_asking_for_a_login_is_asked_with_one(
    fake: FakeDav,
) -> None:
    fake.dialect = Dialect(challenges=(BASIC,))
    fake.faults.append(
        lambda seen: Raw(403) if not seen.authorization and seen.path == "/" else None
    )
    assert 5 == len(everything(connector_for(f"{fake.url}/", **LOGIN)).contacts)


BOTH = {
    "in two lines": ('Digest realm="x", nonce="n1", algorithm=md5-sess, qop="auth"', BASIC),
    "in one line": (f'Digest realm="x", nonce="n1", algorithm=MD5, qop="auth", {BASIC}',),
    "Basic first": (BASIC, 'Digest realm="x", nonce="n1", algorithm=SHA-256, qop="auth"'),
}
"""Digests that this account cannot use, beside Basic, which is what the fake proves."""


@pytest.mark.parametrize("form", BOTH)
def test_a_refused_digest_gives_way_to_basic_which_is_remembered(fake: FakeDav, form: str) -> None:
    fake.dialect = Dialect(challenges=BOTH[form])
    connector = connector_for(f"{fake.url}/dav/book/", **LOGIN)
    first = everything(connector)
    assert 5 == len(first.contacts)
    kinds = [seen.authorization.partition(" ")[0] for seen in fake.seen]
    assert ["", "Digest", "Basic"] == kinds[:3]
    assert {"Basic"} == set(kinds[3:])
    fake.seen.clear()
    connector.fetch(first.checkpoint)
    assert {"Basic"} == {seen.authorization.partition(" ")[0] for seen in fake.seen}


def test_a_digest_that_stops_working_in_the_middle_gives_way_to_basic(fake: FakeDav) -> None:
    fake.dialect = Dialect(digest=("MD5", "auth"))

    def switch(seen: Seen) -> None:
        if b"multiget" in seen.body:
            fake.dialect = Dialect(challenges=BOTH["in two lines"])

    fake.faults.append(switch)
    assert 5 == len(everything(connector_for(f"{fake.url}/dav/book/", **LOGIN)).contacts)


@pytest.mark.parametrize("form", BOTH)
def test_a_password_that_neither_way_takes_is_tried_once_by_each_and_told(
    fake: FakeDav, form: str
) -> None:
    fake.dialect = Dialect(challenges=BOTH[form])
    error = caught(fake, username=USER, password="wrong")
    assert isinstance(error, SourceRefused)
    assert "refused the login by Digest, and by Basic as well. Check username and password" in str(
        error
    )
    assert ["", "Digest", "Basic"] == [seen.authorization.partition(" ")[0] for seen in fake.seen]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"))


def _failure(url: str) -> SourceError:
    with pytest.raises(SourceError) as found:
        connector_for(url).fetch(None)
    return found.value


@pytest.mark.parametrize("clients", [False, True], ids=["any client", "clients with a certificate"])
def test_plain_http_to_a_tls_port_says_to_write_https(authority: Authority, clients: bool) -> None:
    certificate = authority.issue("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.file)
    with FakeDav(context=context) as fake:
        error = _failure(f"http://127.0.0.1:{fake.port}/")
        assert f"127.0.0.1:{fake.port} speaks TLS on this port. Write https:// in url." == str(
            error
        )
        assert isinstance(error, SourceRefused)
        assert [] == fake.seen


@pytest.mark.parametrize(
    "words",
    [
        "The plain HTTP request was sent to HTTPS port",
        "Client sent an HTTP request to an HTTPS server.",
    ],
)
def test_a_tls_port_that_answers_plain_http_with_a_page_of_its_own_is_told_the_same(
    authority: Authority, words: str
) -> None:
    certificate = authority.issue("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)

    def serve(peer: socket.socket) -> None:
        if peer.recv(1, socket.MSG_PEEK) == b"\x16":
            with context.wrap_socket(peer, server_side=True) as secure:
                secure.recv(1)
        else:
            peer.recv(65_536)
            peer.sendall(
                f"HTTP/1.1 400 Bad Request\r\nContent-Length: {len(words)}\r\n\r\n{words}".encode()
            )

    with raw_server(serve) as port:
        assert "Write https:// in url." in str(_failure(f"http://127.0.0.1:{port}/"))


def test_a_400_of_a_plain_server_says_nothing_of_tls(fake: FakeDav) -> None:
    fake.faults.append(lambda seen: Raw(400))
    assert "status 400" in str(caught(fake))


def _answer_plain(peer: socket.socket) -> None:
    first = peer.recv(65_536)
    if first.startswith(b"OPTIONS"):
        peer.sendall(b"HTTP/1.0 405 No\r\n\r\n")
    elif first[:1] == b"\x16":
        return  # a TLS greeting: hang up without a word
    else:
        peer.sendall(b"HTTP/1.0 404 No\r\n\r\n")


def _answer_greetings_in_http(peer: socket.socket) -> None:
    peer.recv(65_536)
    peer.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize("serve", [_answer_plain, _answer_greetings_in_http])
def test_https_to_a_plain_port_says_so_however_the_server_takes_the_greeting(serve: object) -> None:
    with raw_server(serve) as port:  # type: ignore[arg-type]
        error = _failure(f"https://127.0.0.1:{port}/")
    assert (
        "does not speak TLS on this port. Check the port in url, or write http:// if it has no TLS."
        in str(error)
    )
    assert isinstance(error, SourceRefused)

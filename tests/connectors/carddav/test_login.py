"""Logins and redirects as the server sees them.

They cover every scheme, and the servers that the password never reaches.
"""

import hashlib
from collections.abc import Iterator

import pytest

from connectors.base import SourceRefused
from connectors.http_client.auth import (
    Challenge,
    Digest,
    choose_challenge,
    may_send_login,
    parse_challenges,
)
from tests.connectors.carddav.server import STEPS, caught, connector_for, five_people
from tests.connectors.contract import everything
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_answers import Raw
from tests.support.fakes.dav_login import PASSWORD, TOKEN, USER
from tests.support.fakes.dav_server import Dialect, FakeDav, Seen

BASIC = 'Basic realm="here"'


@pytest.fixture
def fake() -> Iterator[FakeDav]:
    yield from five_people()


@pytest.mark.parametrize(
    "digest",
    [
        ("MD5", "auth"),
        ("MD5-sess", "auth"),
        ("SHA-256", "auth"),
        ("SHA-256-sess", "auth"),
        ("MD5", ""),
    ],
)
def test_five_kinds_of_digest(fake: FakeDav, digest: tuple[str, str]) -> None:
    fake.dialect = Dialect(digest=digest)
    assert 5 == len(
        everything(connector_for(f"{fake.url}/", username=USER, password=PASSWORD)).contacts
    )
    assert 1 == sum(not seen.authorization for seen in fake.seen)
    assert "digest" in {seen.authorization[:6].lower() for seen in fake.seen}
    assert not any(seen.authorization.startswith("Basic") for seen in fake.seen)


@pytest.mark.parametrize("digest", [("MD5", "auth"), ("SHA-256-sess", "auth")])
def test_a_wrong_password_over_digest_is_tried_once(fake: FakeDav, digest: tuple[str, str]) -> None:
    fake.dialect = Dialect(digest=digest)
    error = caught(fake, username=USER, password="wrong")
    assert isinstance(error, SourceRefused)
    assert "refused the login" in str(error)
    assert 1 == sum(bool(seen.authorization) for seen in fake.seen)


def test_what_we_cannot_do_is_passed_over(fake: FakeDav) -> None:
    odd = (f'Negotiate, Digest realm="x", nonce="n", algorithm=SHA-512-256, qop="auth", {BASIC}',)
    fake.dialect = Dialect(challenges=odd)
    assert 5 == len(
        everything(connector_for(f"{fake.url}/", username=USER, password=PASSWORD)).contacts
    )


def test_a_server_that_offers_nothing_we_know_is_named_with_its_offers(fake: FakeDav) -> None:
    fake.dialect = Dialect(
        challenges=("Negotiate", 'Digest realm="x", nonce="n", algorithm=SHA-512-256')
    )
    error = caught(fake, username=USER, password=PASSWORD)
    assert "offers no way that we know (Negotiate, Digest SHA-512-256)" in str(error)
    assert [""] == [seen.authorization for seen in fake.seen]


def test_a_wrong_password_over_basic_is_tried_once(fake: FakeDav) -> None:
    fake.dialect = Dialect(challenges=(BASIC,))
    error = caught(fake, username=USER, password="wrong")
    assert "refused the login. Check username and password" in str(error)
    assert 1 == sum(bool(seen.authorization) for seen in fake.seen)


def test_names_in_any_script_reach_the_server(fake: FakeDav) -> None:
    fake.dialect = Dialect(digest=("MD5", "auth"))
    assert "refused the login" in str(caught(fake, username="Zoë", password=PASSWORD))
    assert 'username="Zoë"' in fake.seen[-1].authorization.encode("latin-1").decode()


def test_a_bearer_token_is_sent_unasked(fake: FakeDav) -> None:
    fake.dialect = Dialect(bearer=True)
    assert 5 == len(everything(connector_for(f"{fake.url}/", token=TOKEN)).contacts)
    assert all(seen.authorization for seen in fake.seen)


def test_a_refused_token_names_its_key(fake: FakeDav) -> None:
    fake.dialect = Dialect(bearer=True)
    error = caught(fake, token="another")
    assert "refused the bearer token. Check token" in str(error)
    assert "another" not in str(error)


def test_a_server_that_changed_its_scheme_is_asked_again(fake: FakeDav) -> None:
    fake.dialect = Dialect(challenges=(BASIC,))
    connector = connector_for(f"{fake.url}/dav/book/", username=USER, password=PASSWORD)
    first = everything(connector)
    fake.dialect = Dialect(digest=("MD5", "auth"))
    fake.put("9.vcf", card("UID:9", "FN:Ann 9"))
    later = connector.fetch(first.checkpoint)
    assert "Ann 9" in repr(later)


def test_digest_is_preferred_where_nothing_hides_the_password_and_basic_under_tls() -> None:
    offered = parse_challenges(
        [
            f'{BASIC}, DIGEST realm="a, b", nonce="x", algorithm=MD5, qop="auth,auth-int"',
            'digest nonce="y",algorithm=SHA-256',
        ]
    )
    assert ["basic", "digest", "digest"] == [one.scheme for one in offered]
    assert Challenge("digest", realm="a, b", nonce="x", qop=("auth", "auth-int")) == offered[1]
    assert offered[0] == choose_challenge(offered, secure=True)
    assert offered[2] == choose_challenge(offered, secure=False)
    assert offered[0] == choose_challenge(offered[:1], secure=False)
    assert offered[1] == choose_challenge(offered[1:2], secure=True)
    assert (
        choose_challenge(parse_challenges(["Negotiate", 'Digest realm="no nonce"']), secure=True)
        is None
    )


@pytest.mark.parametrize(
    "line",
    [
        "",
        ",",
        '"',
        'Digest "',
        "Digest nonce=" + '"' * 5000,
        "Digest " + "a=b," * 5000,
        "=",
        "Basic realm",
        'Digest nonce="\\',
    ],
)
def test_odd_challenges_end_quickly_and_raise_nothing(line: str) -> None:
    assert isinstance(parse_challenges([line]), tuple)


@pytest.mark.parametrize(
    "algorithm, response",
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_example_of_rfc_7616(algorithm: str, response: str) -> None:
    challenge = Challenge(
        "digest",
        realm="http-auth@example.org",
        nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
        algorithm=algorithm,
        qop=("auth", "auth-int"),
    )
    login = Digest(
        challenge, "Mufasa", "Circle of Life", cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    )
    assert f'response="{response}"' in login.header("GET", "/dir/index.html", b"")
    assert "nc=00000002" in login.header("GET", "/dir/index.html", b"")
    assert "Circle of Life" not in repr(login)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def test_a_digest_of_the_body_where_the_server_offers_nothing_else() -> None:
    challenge = Challenge("digest", realm="r", nonce="n", qop=("auth-int",))
    header = Digest(challenge, "ann", "secret", cnonce="c").header("PUT", "/a", b"body")
    first, second = _md5("ann:r:secret"), _md5(f"PUT:/a:{_md5('body')}")
    assert f'response="{_md5(f"{first}:n:00000001:c:auth-int:{second}")}"' in header
    assert "qop=auth-int" in header


def test_a_user_name_is_quoted_in_the_header_and_plain_in_the_digest() -> None:
    challenge = Challenge("digest", realm='the "r"', nonce="n")
    header = Digest(challenge, "DOMAIN\\ann", "secret").header("GET", "/a", b"")
    assert r'username="DOMAIN\\ann", realm="the \"r\""' in header
    first, second = _md5('DOMAIN\\ann:the "r":secret'), _md5("GET:/a")
    assert f'response="{_md5(f"{first}:n:{second}")}"' in header


def test_a_session_digest_without_qop_names_its_cnonce() -> None:
    challenge = Challenge("digest", realm="r", nonce="n", algorithm="MD5-sess")
    header = Digest(challenge, "ann", "secret", cnonce="c").header("GET", "/a", b"")
    first, second = _md5(f"{_md5('ann:r:secret')}:n:c"), _md5("GET:/a")
    assert f'response="{_md5(f"{first}:n:{second}")}"' in header
    assert 'cnonce="c"' in header


@pytest.mark.parametrize(
    "target, allowed",
    [
        (("https", "contacts.icloud.com", 443), True),
        (("https", "p42-contacts.icloud.com", 443), True),
        (("https", "p42-contacts.icloud.com.cn", 443), True),
        (("http", "p42-contacts.icloud.com", 443), False),
        (("https", "p42-contacts.icloud.com", 8443), False),
        (("https", "p42-contacts.icloud.com.example.com", 443), False),
        (("https", "evil-contacts.icloud.com", 443), False),
        (("https", "example.com", 443), False),
    ],
)
def test_icloud_alone_hands_a_login_to_its_own_shards(
    target: tuple[str, str, int], allowed: bool
) -> None:
    assert allowed == may_send_login(("https", "contacts.icloud.com", 443), target)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("relative", [True, False])
def test_redirects_keep_method_and_body(fake: FakeDav, code: int, relative: bool) -> None:
    target = "/dav/book/" if relative else f"{fake.url}/dav/book/"
    fake.faults.append(
        lambda seen: Raw(code, b"", (("Location", target),)) if seen.path == "/old/" else None
    )
    assert 5 == len(everything(connector_for(f"{fake.url}/old/")).contacts)
    first, second = fake.seen[:2]
    assert ("PROPFIND", first.body, "0") == (second.method, second.body, second.depth)


@pytest.mark.parametrize("step", STEPS)
def test_a_redirect_loop_is_refused(fake: FakeDav, step: str) -> None:
    targets = {"/dav/book/": "/a/", "/a/": "/b/", "/b/": "/dav/book/"}

    def loop(seen: Seen) -> Raw | None:
        return (
            Raw(302, b"", (("Location", targets[seen.path]),)) if STEPS[step] in seen.body else None
        )

    fake.faults.append(loop)
    error = caught(fake)
    assert "redirects in a circle" in str(error)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_the_password_never_travels_to_another_origin(fake: FakeDav, code: int) -> None:
    fake.dialect = Dialect(challenges=('Basic realm="here"',))
    with FakeDav(Dialect(challenges=('Basic realm="there"',))) as stranger:
        fake.faults.append(
            lambda seen: (
                Raw(code, b"", (("Location", f"{stranger.url}{seen.path}"),))
                if b"sync-collection" in seen.body
                else None
            )
        )
        error = caught(fake, username=USER, password=PASSWORD)
        assert any(seen.authorization for seen in fake.seen)
        assert ["", ""] == [
            stranger.seen[0].authorization,
            "".join(seen.authorization for seen in stranger.seen),
        ]
        assert "which asks for a login; ours goes to the server in url alone" in str(error)
        assert f'url = "{stranger.url}/"' in str(error)


def test_a_home_on_another_origin_gets_no_password(fake: FakeDav) -> None:
    fake.dialect = Dialect(challenges=('Basic realm="here"',))
    with FakeDav(Dialect(challenges=('Basic realm="there"',))) as stranger:
        fake.faults.append(
            lambda seen: (
                Raw(
                    207,
                    fake.answer(seen).body.replace(
                        b"<href>/dav/</href>", f"<href>{stranger.url}/dav/</href>".encode()
                    ),
                )
                if seen.authorization and seen.path == "/"
                else None
            )
        )
        error = caught(fake, "/", username=USER, password=PASSWORD)
        assert stranger.seen
        assert {""} == {seen.authorization for seen in stranger.seen}
    assert "ours goes to the server in url alone" in str(error)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "http://[::1", "http://127.0.0.1:99999/", "mailto:a@b"]
)
def test_a_redirect_to_something_else_than_http_is_refused(fake: FakeDav, location: str) -> None:
    fake.faults.append(lambda seen: Raw(302, b"", (("Location", location),)))
    assert "no web address" in str(caught(fake))


@pytest.mark.parametrize("href", ["http://[::1/x.vcf", "http://127.0.0.1:99999/x.vcf"])
def test_an_href_that_is_no_address_is_refused(fake: FakeDav, href: str) -> None:
    fake.faults.append(
        lambda seen: (
            Raw(207, fake.answer(seen).body.replace(b"/dav/book/3.vcf", href.encode()))
            if b"sync-collection" in seen.body
            else None
        )
    )
    assert "something that is no address" in str(caught(fake))

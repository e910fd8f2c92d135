"""TLS of the CardDAV connector: trust, refusals with reasons, client certificates."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.base import Connector, SourceRefused
from connectors.carddav.connector import CardDavConnector
from tests.connectors.contract import everything, names
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_answers import Raw
from tests.support.fakes.dav_login import PASSWORD, USER
from tests.support.fakes.dav_server import Dialect, FakeDav
from tests.support.patience import PATIENCE
from tests.support.servers.ca import Authority, Certificate, make_authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"))


def _context(server: Certificate, clients: Path | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.key)
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)
    return context


@pytest.fixture
def serve(authority: Authority) -> Iterator[FakeDav]:
    with FakeDav(context=_context(authority.issue("127.0.0.1"))) as fake:
        fake.put("1.vcf", card("FN:Ann"))
        yield fake


def _connector(fake: FakeDav, **more: object) -> Connector:
    return CardDavConnector.model_validate({"url": f"{fake.url}/", "timeout": PATIENCE} | more)


def test_our_own_authority_is_trusted_where_it_is_named(
    serve: FakeDav, authority: Authority
) -> None:
    assert ["Ann"] == names(everything(_connector(serve, ca_file=str(authority.file))))


def test_an_unknown_authority_is_refused(serve: FakeDav, tmp_path: Path) -> None:
    with pytest.raises(
        SourceRefused, match=r"signed by an authority unknown here.*name its PEM file in ca_file"
    ):
        _connector(serve).fetch(None)
    with pytest.raises(SourceRefused, match="signed by an authority unknown here"):
        _connector(serve, ca_file=str(make_authority(tmp_path, "Stranger").file)).fetch(None)
    assert [] == serve.seen


@pytest.mark.parametrize("name", ["directory.example.com", "127.0.0.2"])
def test_a_certificate_for_another_name_is_refused(authority: Authority, name: str) -> None:
    with (
        FakeDav(context=_context(authority.issue(name))) as fake,
        pytest.raises(SourceRefused, match="is for another name"),
    ):
        _connector(fake, ca_file=str(authority.file)).fetch(None)


def test_an_expired_certificate_is_refused(authority: Authority) -> None:
    expired = authority.issue("127.0.0.1", expired=True)
    with (
        FakeDav(context=_context(expired)) as fake,
        pytest.raises(SourceRefused, match=r"has expired\. Renew it"),
    ):
        _connector(fake, ca_file=str(authority.file)).fetch(None)


def test_https_to_a_port_without_tls_says_so() -> None:
    with FakeDav() as fake, pytest.raises(SourceRefused, match="does not speak TLS on this port"):
        CardDavConnector.model_validate(
            {"url": f"https://127.0.0.1:{fake.port}/", "timeout": PATIENCE}
        ).fetch(None)


def test_a_client_certificate_opens_the_door(authority: Authority) -> None:
    context = _context(authority.issue("127.0.0.1"), clients=authority.file)
    ours = authority.issue("gateway", client=True)
    with FakeDav(context=context) as fake:
        fake.put("1.vcf", card("FN:Ann"))
        trusted = {"ca_file": str(authority.file)}
        connector = _connector(
            fake, certificate=str(ours.certificate), key=str(ours.key), **trusted
        )
        assert ["Ann"] == names(everything(connector))
        with pytest.raises(
            SourceRefused,
            match=r"asks for another client certificate than ours\. Check certificate and key",
        ):
            _connector(fake, **trusted).fetch(None)


@pytest.mark.parametrize("key", ["ca_file", "certificate"])
def test_a_file_that_is_none_is_named_at_the_fetch_and_not_before(
    serve: FakeDav, tmp_path: Path, key: str
) -> None:
    for path in (tmp_path / "missing.pem", tmp_path / "empty.pem"):
        connector = _connector(serve, **{key: str(path)})
        with pytest.raises(SourceRefused, match=key):
            connector.fetch(None)
        (tmp_path / "empty.pem").write_text("nothing")


def test_basic_is_taken_under_tls_where_both_are_offered(authority: Authority) -> None:
    dialect = Dialect(
        challenges=('Digest realm="x", nonce="n", algorithm=MD5, qop="auth"', 'Basic realm="x"')
    )
    with FakeDav(dialect, context=_context(authority.issue("127.0.0.1"))) as fake:
        fake.put("1.vcf", card("FN:Ann"))
        trusted = {"ca_file": str(authority.file)}
        assert ["Ann"] == names(
            everything(_connector(fake, username=USER, password=PASSWORD, **trusted))
        )


def test_a_redirect_from_tls_to_plain_is_refused_and_gets_nothing(
    serve: FakeDav, authority: Authority
) -> None:
    with FakeDav() as plain:
        serve.faults.append(lambda seen: Raw(301, b"", (("Location", f"{plain.url}/"),)))
        with pytest.raises(SourceRefused, match="redirects from TLS to plain"):
            _connector(serve, ca_file=str(authority.file), username=USER, password=PASSWORD).fetch(
                None
            )
        assert [] == plain.seen

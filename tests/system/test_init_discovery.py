"""What `init --yes` finds out by DNS and from the servers themselves."""

from collections.abc import Iterator
from pathlib import Path

import dns.resolver
import pytest
from typer.testing import CliRunner, Result

from app.cli.main import app
from app.settings.loader import load
from connectors.carddav.connector import CardDavConnector
from connectors.ldap.connector import LdapConnector
from tests.connectors.contract import person
from tests.connectors.vcard.cards import card_of
from tests.support.fakes.name_server import Records, name_server
from tests.support.servers.ca import Authority, Certificate
from tests.support.servers.ldap_fake import Done, Found, Reply, Request, fake_directory
from tests.support.servers.radicale import PASSWORD, Radicale

pytest_plugins = ["tests.connectors.ldap.fixtures"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GATEWAY_CONFIG", raising=False)
    return tmp_path


def init(*words: str, **more: str) -> Result:
    return CliRunner().invoke(app, ["init", "--yes", *words], **more)


def init_with_names(records: Records, *words: str, patch: pytest.MonkeyPatch) -> Result:
    """Run `init --yes` with a name server that knows only `records`."""
    with name_server(records) as resolver:
        patch.setattr(dns.resolver, "default_resolver", resolver)
        return init(*words)


@pytest.fixture(scope="module")
def radicale(
    tmp_path_factory: pytest.TempPathFactory, certificate: Certificate
) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"), certificate)
    yield server
    server.process.stop()


@pytest.mark.parametrize("by", ["mail", "domain"])
def test_a_carddav_server_is_found_by_dns(
    folder: Path,
    radicale: Radicale,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    client = radicale.client("max@example.com", authority.file)
    if by == "mail":
        client.make_book("/max@example.com/book/", "Friends")
        client.put("/max@example.com/book/1.vcf", card_of(person("1", given="Ada", family="Byron")))
    (folder / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    (folder / "password").chmod(0o600)
    records = {
        ("_carddavs._tcp.example.com", "SRV"): (
            f"20 1 {radicale.process.port} unreachable.example.com.",
            f"10 1 {radicale.process.port} localhost.",
        ),
        ("_carddavs._tcp.example.com", "TXT"): ('"path=/max@example.com/"',),
    }
    words = (
        *("--source", "carddav", "--username", "max@example.com", "--password-file", "password"),
        *("--country", "DE", "--ca-file", str(authority.file)),
        *("--url", "max@example.com" if by == "mail" else "example.com"),
    )
    shown = init_with_names(records, *words, patch=monkeypatch)
    assert 0 == shown.exit_code, shown.output
    connector = load(folder / "gateway.toml").sources[0].connector
    assert isinstance(connector, CardDavConnector)
    assert f"https://localhost:{radicale.process.port}/max@example.com/" == connector.url
    assert "Friends" in shown.output and PASSWORD not in shown.output
    # The given file is used as it is. No second one holds the password.
    assert {"password", "gateway.toml"} == {path.name for path in folder.iterdir()}


def active_directory(request: Request) -> tuple[Reply, ...]:
    """Answer as a domain controller without TLS does."""
    if request.kind == "extended":
        return (Done(2),)
    if request.kind == "bind":
        return (Done(),)
    if not request.name:
        root = {
            "namingContexts": (b"DC=example,DC=com", b"CN=Configuration,DC=example,DC=com"),
            "defaultNamingContext": (b"DC=example,DC=com",),
            "supportedCapabilities": (b"1.2.840.113556.1.4.800",),
        }
        return (Found("", root), Done())
    ada = {
        "objectGUID": (b"0123456789abcdef",),
        "displayName": (b"Ada Byron",),
        "telephoneNumber": (b"+49 89 5550001",),
    }
    return (Found("CN=Ada,DC=example,DC=com", ada), Done())


LDAP = ("--source", "ldap", "--username", "EXAMPLE\\reader", "--password-file", "-")


def test_a_domain_controller_is_found_by_dns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_directory(active_directory) as fake:
        port = fake.url.rpartition(":")[2]
        # A name of this machine that does not look like one.
        records = {("_ldap._tcp.example.com", "SRV"): (f"0 0 {port} 127.1.",)}
        with name_server(records) as resolver:
            monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
            words = (*LDAP, "--url", "example.com", "--country", "DE")
            shown = init(*words, "--unencrypted", "yes", input="its password\n")
        assert 0 == shown.exit_code, shown.output
    connector = load(folder / "gateway.toml").sources[0].connector
    assert isinstance(connector, LdapConnector)
    assert ((f"ldap://127.1:{port}",), "active-directory", ("DC=example,DC=com",)) == (
        connector.url,
        connector.preset,
        connector.base_dn,
    )
    assert "EXAMPLE\\reader" == connector.bind_dn
    secret = folder / "staff.password"
    assert ("its password\n", 0o600) == (secret.read_text(), secret.stat().st_mode & 0o777)
    assert "the password travels unencrypted" in shown.output


def test_no_password_is_sent_without_encryption_unless_it_is_allowed(folder: Path) -> None:
    with fake_directory(active_directory) as fake:
        url = fake.url.replace("127.0.0.1", "127.1")
        words = (*LDAP, "--url", url, "--country", "DE")
        shown = init(*words, input="its password\n")
        assert (1, True) == (shown.exit_code, "the password was not sent" in shown.stderr)
        assert {"extended"} == {request.kind for request in fake.requests}
    assert [] == list(folder.iterdir())


def test_a_domain_without_records_is_a_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "password").write_text("x")
    words = ("--source", "ldap", "--username", "cn=a", "--password-file", "password")
    records = {("_ldap._tcp.nowhere.test", "SRV"): ("0 0 0 .",)}
    shown = init_with_names(
        records, *words, "--url", "nowhere.test", "--country", "DE", patch=monkeypatch
    )
    assert (1, True) == (shown.exit_code, "ldaps://nowhere.test" in shown.stderr)
    assert "the name of the server was not found" in shown.stderr

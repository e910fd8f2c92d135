"""What a server's root entry says about it."""

from pathlib import Path

import pytest

from connectors.base import SourceRefused, SourceUnavailable
from connectors.ldap.connection import LoginOptions, parse_url
from connectors.ldap.discovery import RootEntry, describe_root, read_root
from connectors.ldap.errors import NoTls, UntrustedServer
from tests.connectors.ldap.server import SlapdWorld
from tests.support.servers.ca import Authority
from tests.support.servers.ldap_fake import Done, Reply, Request, fake_directory
from tests.support.servers.slapd import PASSWORD, READER, SUFFIX

pytest_plugins = ["tests.connectors.ldap.fixtures"]


def options(
    login: tuple[str, str] | None = (READER, PASSWORD),
    ca_file: Path | None = None,
    *,
    starttls: bool = False,
) -> LoginOptions:
    return LoginOptions(login, starttls, ca_file, (), 30.0)


@pytest.mark.parametrize(
    "values, root",
    [
        (
            {
                "namingcontexts": (
                    b"DC=example,DC=com",
                    b"CN=Configuration,DC=example,DC=com",
                    b"CN=Schema,CN=Configuration,DC=example,DC=com",
                    b"DC=DomainDnsZones,DC=example,DC=com",
                    b"DC=ForestDnsZones,DC=example,DC=com",
                ),
                "defaultnamingcontext": (b"DC=example,DC=com",),
                "supportedcapabilities": (b"1.2.840.113556.1.4.1670", b"1.2.840.113556.1.4.800"),
            },
            RootEntry("active-directory", ("DC=example,DC=com",)),
        ),
        (
            {
                "namingcontexts": (b"cn=changelog", b"dc=example,dc=com", b"o=ipaca"),
                "defaultnamingcontext": (b"dc=example,dc=com",),
                "vendorname": (b"389 Project",),
                "ipatopologypluginversion": (b"1.0",),
            },
            RootEntry("freeipa", ("cn=users,cn=accounts,dc=example,dc=com",)),
        ),
        (
            {"namingcontexts": (b"o=\xc3\xa4", b"dc=b"), "vendorname": (b"389 Project",)},
            RootEntry("389", ("o=ä", "dc=b")),
        ),
        (
            {"namingcontexts": (b"cn=config", b"cn=Monitor", b"dc=a")},
            RootEntry("openldap", ("dc=a",)),
        ),
        ({}, RootEntry("openldap", ())),
        ({"namingcontexts": (b"",)}, RootEntry("openldap", ())),
    ],
)
def test_kind_and_branches(values: dict[str, tuple[bytes, ...]], root: RootEntry) -> None:
    assert root == describe_root(values)


@pytest.mark.parametrize("login", [None, (READER, PASSWORD)])
def test_a_real_server(
    world: SlapdWorld, authority: Authority, login: tuple[str, str] | None
) -> None:
    slapd = world.server
    found = read_root(parse_url(slapd.tls_url), options(login, authority.file))
    assert RootEntry("openldap", (SUFFIX,)) == found
    assert found == read_root(parse_url(slapd.url), options(login, authority.file, starttls=True))


def test_refusals_keep_their_kind(world: SlapdWorld, authority: Authority) -> None:
    slapd = world.server
    with pytest.raises(SourceRefused, match="bind_dn or password is wrong"):
        read_root(parse_url(slapd.tls_url), options((READER, "wrong"), authority.file))
    with pytest.raises(UntrustedServer):
        read_root(parse_url(slapd.tls_url), options())


def test_a_server_without_tls_and_one_without_a_root_entry() -> None:
    def script(request: Request) -> tuple[Reply, ...]:
        return (Done(2 if request.kind == "extended" else 0),)

    with fake_directory(script) as fake:
        with pytest.raises(NoTls, match="does not offer StartTLS"):
            read_root(parse_url(fake.url), options(starttls=True))
        assert ["extended"] == [request.kind for request in fake.requests], "no password was sent"
        with pytest.raises(SourceUnavailable, match="shows nothing of itself"):
            read_root(parse_url(fake.url), options())

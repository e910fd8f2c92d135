"""A certificate authority and a slapd for a whole session of the LDAP tests.

A test module that wants them says `pytest_plugins =
["tests.connectors.ldap.fixtures"]`.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.ldap.server import OTHER_SCHEMA, Configured, SlapdWorld, configured, emptied
from tests.support.servers.ca import Authority, Certificate, make_authority
from tests.support.servers.slapd import PEOPLE, READER, Settings, Slapd, running


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority of the same name that signed nothing here."""
    return make_authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="session")
def certificate(authority: Authority) -> Certificate:
    return authority.issue("localhost", "127.0.0.1")


@pytest.fixture(scope="session")
def openldap(tmp_path_factory: pytest.TempPathFactory, certificate: Certificate) -> Iterator[Slapd]:
    """A slapd with the attributes of other servers.

    Its reader may read 500 entries at once, and pages without end.
    """
    folder = tmp_path_factory.mktemp("openldap")
    schema = folder / "windows.schema"
    schema.write_text(OTHER_SCHEMA)
    settings = Settings(
        schema=f"include {schema}",
        globals="attributeoptions lang- phonetic\nsizelimit 500\n",
        database=f'limits dn.exact="{READER}" size=500 size.prtotal=unlimited',
    )
    with running(folder / "server", certificate, settings) as server:
        yield server


@pytest.fixture
def world(openldap: Slapd) -> Iterator[SlapdWorld]:
    yield from emptied(SlapdWorld(openldap, configured))


@pytest.fixture
def slapd_with(tmp_path: Path, certificate: Certificate) -> Configured:
    """Start a slapd with global lines of its own and a number of people."""

    def start(
        people: int, *lines: str, signed: Certificate = certificate
    ) -> contextlib.AbstractContextManager[Slapd]:
        entries = (
            f"dn: uid={n},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: {n}\ncn: P{n}\nsn:"
            f" S{n}\nmobile: {n}\n"
            for n in range(people)
        )
        return running(tmp_path / "slapd", signed, Settings(globals="\n".join(lines)), entries)

    return start

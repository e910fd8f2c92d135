"""Servers for the tests of the LDAP connector: an authority, and a slapd that lives as long as the test session.

A test module that wants them says `pytest_plugins = ["tests.connectors.ldap_fixtures"]`.
"""

from collections.abc import Iterator

import pytest

from tests.connectors.ldap_world import OTHER_SCHEMA
from tests.servers.ca import Authority, Certificate, make_authority
from tests.servers.slapd import READER, Settings, Slapd, running


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
    """A slapd with the words of other servers; its reader may read 500 entries at once, and pages without end."""
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

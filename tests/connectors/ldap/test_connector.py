"""The contract of a connector, kept by the LDAP connector against a real slapd."""

from collections.abc import Iterator

import pytest

from tests.connectors.contract import ConnectorContract
from tests.connectors.ldap.server import (
    NetscapeWorld,
    SlapdWorld,
    WindowsWorld,
    configured,
    emptied,
)
from tests.support.servers.ca import Authority
from tests.support.servers.slapd import Slapd

pytest_plugins = ["tests.connectors.ldap.fixtures"]


class TestPlain(ConnectorContract):
    @pytest.fixture
    def world(self, openldap: Slapd) -> Iterator[SlapdWorld]:
        yield from emptied(SlapdWorld(openldap, configured))


class TestPagesOfTwo(ConnectorContract):
    @pytest.fixture
    def world(self, openldap: Slapd) -> Iterator[SlapdWorld]:
        yield from emptied(SlapdWorld(openldap, lambda server: configured(server, page_size=2)))


class TestEveryReadingFull(ConnectorContract):
    @pytest.fixture
    def world(self, openldap: Slapd) -> Iterator[SlapdWorld]:
        yield from emptied(SlapdWorld(openldap, lambda server: configured(server, sync="full")))


class TestStartTls(ConnectorContract):
    @pytest.fixture
    def world(self, openldap: Slapd, authority: Authority) -> Iterator[SlapdWorld]:
        yield from emptied(
            SlapdWorld(
                openldap, lambda server: configured(server, starttls=True, ca_file=authority.file)
            )
        )


class TestLdaps(ConnectorContract):
    @pytest.fixture
    def world(self, openldap: Slapd, authority: Authority) -> Iterator[SlapdWorld]:
        yield from emptied(
            SlapdWorld(
                openldap,
                lambda server: configured(server, url=server.tls_url, ca_file=authority.file),
            )
        )


class TestActiveDirectory(ConnectorContract):
    @pytest.fixture
    def world(self, openldap: Slapd) -> Iterator[SlapdWorld]:
        yield from emptied(
            WindowsWorld(openldap, lambda server: configured(server, preset="active-directory"))
        )


class TestChangesShownToTheSecond(ConnectorContract):
    @pytest.fixture
    def world(self, openldap: Slapd) -> Iterator[SlapdWorld]:
        yield from emptied(NetscapeWorld(openldap, lambda server: configured(server, preset="389")))

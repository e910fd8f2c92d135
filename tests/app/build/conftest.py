"""A PostgreSQL for the hosts of the tests, and a site of it for each test."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.build.host_exchange import open_exchange
from app.state.store import Store
from tests.support.servers.exchange_site import ExchangeSite, HostPair
from tests.support.servers.postgres import PostgresServer, running_postgres


@pytest.fixture(scope="package")
def server() -> Iterator[PostgresServer]:
    with running_postgres() as running:
        yield running


@pytest.fixture
def site(server: PostgresServer, tmp_path: Path) -> ExchangeSite:
    return ExchangeSite(server, tmp_path)


@pytest.fixture
def pair(site: ExchangeSite) -> Iterator[HostPair]:
    south = site.host("south")
    with closing(open_exchange(south)) as mine, closing(open_exchange(site.host("north"))) as other:
        store = Store(south.state_dir)
        store.open("test")
        yield HostPair(south, mine, store, other)

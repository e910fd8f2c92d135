"""A PostgreSQL for the hosts of the tests, and a site of it for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers.exchange_site import ExchangeSite
from tests.support.servers.postgres import PostgresServer, running_postgres


@pytest.fixture(scope="package")
def server() -> Iterator[PostgresServer]:
    with running_postgres() as running:
        yield running


@pytest.fixture
def site(server: PostgresServer, tmp_path: Path) -> ExchangeSite:
    return ExchangeSite(server, tmp_path)

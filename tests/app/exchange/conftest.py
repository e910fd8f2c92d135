"""One PostgreSQL for the tests of the exchange, and a database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.exchange.databases import Database
from tests.support.servers.postgres import PostgresServer, running_postgres


@pytest.fixture(scope="package")
def server() -> Iterator[PostgresServer]:
    with running_postgres() as running:
        yield running


@pytest.fixture
def database(server: PostgresServer, tmp_path: Path) -> Iterator[Database]:
    made = Database(server, tmp_path)
    yield made
    made.close()

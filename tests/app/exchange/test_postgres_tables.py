"""The tables of the exchange: made once, and brought up to date."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest

from app.exchange import schema
from app.exchange.base import ExchangeError, UnpreparedError
from app.exchange.postgres import PostgresExchange
from tests.app.exchange.databases import Database


def test_tables_of_a_newer_program_are_left_alone(database: Database) -> None:
    first = database.host("first")
    first.publish("000000a1")
    database.run("UPDATE directory_gateway.form SET form = 99")
    with pytest.raises(ExchangeError, match="made by a newer version of this program"):
        database.host("second").exchange.current()


def test_tables_of_the_first_form_are_brought_up_to_date(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        url = database.server.url(database.name)
        with psycopg.connect(url, password=database.server.password) as connection:
            schema.prepare(connection)
            connection.execute("""
                INSERT INTO directory_gateway.lease (host, holder, epoch, until)
                VALUES ('one', 'abc', 7, clock_timestamp() + interval '1 minute');
                INSERT INTO directory_gateway.generation
                VALUES ('000000a1', 6, 'digest', 'other', 0.5, 9);
                INSERT INTO directory_gateway.pointer (version, epoch) VALUES ('000000a1', 7);
                INSERT INTO directory_gateway.host
                VALUES ('one', 'berlin', '000000a0', 6, true, '[]', '{}', clock_timestamp());
                INSERT INTO directory_gateway.part VALUES ('000000a1', 'generation', 0, 'x');
                INSERT INTO directory_gateway.source VALUES ('staff', 7, 'digest', 'facts');
                INSERT INTO directory_gateway.source_part VALUES ('staff', 0, 'y');
            """)
    host = database.host("first")
    holder, (report,) = host.exchange.lease_holder(), host.exchange.hosts()
    assert holder is not None
    assert ("berlin", 7) == (holder.host, holder.epoch)
    assert (True, "") == (report.builds, report.release)
    # When it was published is not known: no later than now.
    assert report.lag > 0
    current = host.exchange.current()
    assert current is not None
    assert "000000a1" == current.published.version
    with database.server.admin(database.name) as connection:
        for row in (("000000a1", "generation", "part"), ("staff", "source", "source_part")):
            assert_belongs(connection, *row)


def assert_belongs(connection: psycopg.Connection, upload: str, owner: str, part: str) -> None:
    """Assert that the parts of an upload belong to a row of its owner."""
    query = (
        f"SELECT upload FROM directory_gateway.{owner} JOIN directory_gateway.{part} USING (upload)"
    )
    assert [(upload,)] == connection.execute(query).fetchall()


def tables(database: Database) -> int:
    """Return how many tables the database has."""
    query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'directory_gateway'"
    with database.server.admin(database.name) as connection:
        (found,) = connection.execute(query).fetchone() or (0,)
    return int(found)


def test_who_only_looks_makes_no_tables(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, password = database.server.url(database.name), database.server.password
    with closing(PostgresExchange(url, host="", password=lambda: password)) as looks:
        with pytest.raises(UnpreparedError, match="no host has used the exchange's database yet"):
            looks.hosts()
        assert 0 == tables(database)
        database.run(f"ALTER DATABASE {database.name} OWNER TO CURRENT_USER")
        with pytest.raises(ExchangeError, match="its role may not make them"):
            looks.hosts()
        database.run(f"ALTER DATABASE {database.name} OWNER TO {database.name}")
        database.host("first").exchange.lease()
        assert () == looks.hosts()
        newer = (*schema.MIGRATIONS, "SELECT 1")
        looks.close()
        monkeypatch.setattr(schema, "MIGRATIONS", newer)
        later = PostgresExchange(url, host="", password=lambda: password)
        with closing(later), pytest.raises(UnpreparedError, match="an earlier version"):
            later.hosts()


def test_hosts_that_start_at_once_make_the_tables_once(database: Database) -> None:
    hosts = [database.host(f"host-{number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        leases = list(pool.map(lambda host: host.exchange.lease(), hosts))
    assert 1 == sum(lease is not None for lease in leases)

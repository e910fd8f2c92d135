"""A host that stops at any point keeps no other one from building."""

import os
import select
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace

import psycopg
import pytest

from app.exchange.base import KEPT_GENERATIONS, ExchangeError, Fenced
from app.exchange.database import Database as ServerDatabase
from app.generation.files import file_name
from app.state.source_copies import SourceCopies, SourceCopy
from app.state.store import Store
from tests.app.exchange.databases import Database
from tests.support.patience import PATIENCE
from tests.support.servers.postgres import PostgresServer


class StopsInUpload(SourceCopies):
    """The data of a host that stops while it uploads them, until `go` is set."""

    def __init__(self, store: Store, go: threading.Event) -> None:
        super().__init__(store)
        self._go = go

    @contextmanager
    def copy(self, source: str) -> Iterator[SourceCopy]:
        with super().copy(source) as copy:
            yield replace(copy, parts=self._slowly(copy.parts))

    def _slowly(self, parts: Iterator[bytes]) -> Iterator[bytes]:
        yield next(parts)
        assert self._go.wait(PATIENCE)
        yield from parts


def until_uploading(database: Database) -> None:
    """Wait until a session of a host is in an upload."""
    until = time.monotonic() + PATIENCE
    query = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND query LIKE 'COPY%%'"
    with database.server.admin(database.name) as connection:
        while not connection.execute(query, (database.name,)).fetchone():
            assert time.monotonic() < until
            time.sleep(0.02)


def test_who_stops_while_it_saves_keeps_nobody_waiting(database: Database) -> None:
    first, second = database.host("first"), database.host("second")
    first.store_contacts(3)
    lease = first.held_lease()
    first.exchange.save(lease, first.data, "staff")
    first.store_contacts(40_000)
    go = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        data = StopsInUpload(first.store, go)
        saved = pool.submit(first.exchange.save, lease, data, "staff")
        try:
            until_uploading(database)
            database.end_lease()
            second.store_contacts(5)
            second.exchange.save(second.held_lease(), second.data, "staff")
            second.publish("000000a1")
        finally:
            go.set()
        with pytest.raises(Fenced):
            saved.result(PATIENCE)
    third = database.host("third")
    assert third.exchange.load(third.data, "staff")
    assert third.store.record("staff").contacts == 5


def test_who_stops_while_it_publishes_keeps_nobody_waiting(database: Database) -> None:
    """Not even another host that publishes the same version again."""
    first, second = database.host("first"), database.host("second")
    lease, publication = first.held_lease(), first.make_generation("000000a1")
    second.make_generation("000000a1")
    pipe = first.folder / file_name("000000a1")
    content = pipe.read_bytes()
    pipe.unlink()
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        published = pool.submit(first.exchange.publish, lease, first.folder, publication)
        try:
            until_uploading(database)
            database.end_lease()
            second.publish("000000a1")
        finally:
            pipe.write_bytes(content)
        with pytest.raises(Fenced):
            published.result(PATIENCE)
    second.exchange.fetch(publication, database.host("third").folder)


def test_parts_that_nothing_belongs_to_are_deleted(database: Database) -> None:
    first = database.host("first")
    for number in range(KEPT_GENERATIONS + 2):
        first.store_contacts(number + 1)
        first.exchange.save(first.held_lease(), first.data, "staff")
        first.publish(f"000000a{number}")
    with database.server.admin(database.name) as connection:
        for table, count in (("part", KEPT_GENERATIONS), ("source_part", 1)):
            found = connection.execute(
                f"SELECT count(DISTINCT upload) FROM directory_gateway.{table}"
            ).fetchone()
            assert (count,) == found


def test_the_server_ends_the_session_of_a_host_that_has_gone(
    server: PostgresServer, database: Database
) -> None:
    where = server.url(database.name)
    connections = ServerDatabase(where, lambda: server.password)
    with closing(connections):
        for opened in (connections.transaction, connections.snapshot):
            with opened() as connection:
                assert told(connection, "tcp_user_timeout") == "8000"
                assert told(connection, "tcp_keepalives_idle") == "4"
                assert told(connection, "idle_in_transaction_session_timeout") != "0"


def told(connection: psycopg.Connection, setting: str) -> str:
    (value,) = connection.execute(f"SHOW {setting}").fetchone() or ("",)
    return str(value)


def test_who_stands_still_in_a_transaction_is_told_so(
    server: PostgresServer, database: Database
) -> None:
    connections = ServerDatabase(server.url(database.name), lambda: server.password)

    def stand_still() -> None:
        with connections.transaction() as opened:
            opened.execute("SET LOCAL idle_in_transaction_session_timeout = 1")
            # The server has ended the session once there is something to read.
            assert select.select([opened.fileno()], [], [], PATIENCE)[0]
            opened.execute("SELECT 1")

    told = "This host stood still in the middle of a transaction"
    with closing(connections), pytest.raises(ExchangeError, match=told):
        stand_still()


def test_who_waits_for_a_lock_is_told_so(database: Database) -> None:
    first = database.host("first")
    first.held_lease()
    with database.server.admin(database.name) as connection, connection.transaction():
        connection.execute("SELECT FROM directory_gateway.lease FOR UPDATE")
        with pytest.raises(ExchangeError, match="Another session, of a host or of an admin"):
            first.exchange.lease()


def test_hosts_make_the_tables_of_an_emptied_database_again(database: Database) -> None:
    first, second = database.host("first"), database.host("second")
    published = first.publish("000000a1")
    assert second.exchange.current() == first.exchange.current()
    database.run("DROP SCHEMA directory_gateway CASCADE")
    with pytest.raises(ExchangeError, match="The database was emptied: the tables are made again"):
        second.exchange.current()
    assert second.exchange.current() is None
    assert first.held_lease().epoch == 1
    first.exchange.publish(first.held_lease(), first.folder, published)
    current = second.exchange.current()
    assert current is not None and published.published == current.published

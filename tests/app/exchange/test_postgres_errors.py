"""What the exchange says if the server fails, or refuses something."""

import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from app.exchange.base import ExchangeError
from app.exchange.connection import connect
from app.exchange.postgres import PostgresExchange
from app.exchange.postgres_errors import sentence
from tests.app.exchange.databases import Database
from tests.support.servers.postgres import PostgresServer, running_postgres


def test_a_server_that_was_stopped_is_used_again(tmp_path: Path) -> None:
    with running_postgres() as server:
        database = Database(server, tmp_path)
        host = database.host("first")
        published = host.publish("000000a1")
        server.stop()
        text = r"the exchange failed: .*{}.*\. Check that the server runs, and url under"
        with pytest.raises(ExchangeError, match=text.format("(closed the connection|terminating)")):
            host.exchange.current()
        with pytest.raises(
            ExchangeError, match=text.format(r"port \d+ failed: Connection refused")
        ):
            host.exchange.current()
        with pytest.raises(ExchangeError, match="the exchange failed"):
            host.exchange.lease()
        server.start()
        current = host.exchange.current()
        assert current is not None
        assert published.published == current.published
        assert host.exchange.lease() is not None
        server.stop()
        server.start()
        # The connection ended while nobody used it.
        assert host.exchange.lease() is not None
        host.exchange.close()


def test_a_server_that_does_not_answer_is_given_up(
    server: PostgresServer, database: Database
) -> None:
    where = psycopg.conninfo.make_conninfo(server.url(database.name), password=server.password)
    opened = connect(where, lambda: 0.2)
    with (
        pytest.raises(psycopg.OperationalError, match=r'server at "127.0.0.1", port \d+ has not'),
        server.frozen(),
        opened.transaction(),
    ):
        opened.execute("SELECT 1")
    assert opened.closed


def test_errors_say_what_to_do_and_hold_no_password(
    server: PostgresServer, database: Database
) -> None:
    url = server.url(database.name)
    wrong = PostgresExchange(url, host="one", password=lambda: "wrong-secret")
    with pytest.raises(ExchangeError) as found:
        wrong.current()
    assert "Check password_file and the role under [exchange]" in str(found.value)
    assert "wrong-secret" not in str(found.value)


def test_a_role_that_may_only_read_is_told_what_it_must_own(database: Database) -> None:
    host, reader = database.host("first"), f"{database.name}_reader"
    host.publish("000000a1")
    host.exchange.check_rights()
    assert host.exchange.current() is not None
    database.run(f"""
        CREATE ROLE {reader} LOGIN PASSWORD '{database.server.password}';
        GRANT USAGE ON SCHEMA directory_gateway TO {reader};
        GRANT SELECT ON ALL TABLES IN SCHEMA directory_gateway TO {reader};
    """)
    url = database.server.url(database.name, reader)
    with closing(
        PostgresExchange(url, host="", password=lambda: database.server.password)
    ) as exchange:
        assert exchange.current() is not None
        with pytest.raises(ExchangeError, match=r"permission denied for .* must own the"):
            exchange.check_rights()


def test_without_psycopg_this_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    exchange = PostgresExchange("postgresql://one@two/three", host="")
    with pytest.raises(ExchangeError) as found:
        exchange.current()
    assert f"{sys.executable} -m pip install 'psycopg[binary]>=3.2'" in str(found.value)


def test_a_server_that_did_not_answer_in_time_is_named() -> None:
    error = psycopg.errors.ConnectionTimeout("connection timeout expired")
    assert "the exchange failed: db1: connection timeout expired." in sentence(error, "db1")


@pytest.mark.parametrize(
    "url, text",
    [
        # A name with an empty part is asked of no server of names.
        ("postgresql://gw@no..host/db", "failed: no..host: "),
        ("postgresql://gw:hun#ter2@no..host/db", "failed: no..host: "),
        ("postgresql://gw:hun?ter2@no..host/db", "failed: no..host: "),
        ("postgresql://no..host/db?nonsense=1", "failed: url: invalid URI query parameter"),
    ],
)
def test_servers_are_named_as_libpq_reads_them(url: str, text: str) -> None:
    with (
        closing(PostgresExchange(url, host="one")) as exchange,
        pytest.raises(ExchangeError) as found,
    ):
        exchange.current()
    assert text in str(found.value) and "hun" not in str(found.value)

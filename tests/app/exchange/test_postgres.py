"""The contract on a real PostgreSQL, and what is particular there."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from app.exchange import schema
from app.exchange.base import ExchangeError, HostReport, UnpreparedError
from app.exchange.connection import connect
from app.exchange.postgres import PostgresExchange
from app.exchange.postgres_errors import sentence
from app.generation.files import file_name
from app.state import control
from app.state.control import Request
from tests.app.exchange.contract import ContractHost, ExchangeContract
from tests.app.exchange.databases import Database
from tests.support.servers.postgres import PostgresServer, running_postgres

BRIEF = 0.5


class TestPostgresExchange(ExchangeContract):
    @pytest.fixture
    def hosts(self, database: Database) -> tuple[ContractHost, ContractHost]:
        return database.host("first"), database.host("second")

    def vanish(self, host: ContractHost) -> None:
        """Its lease is not renewed; here it ends now instead of a minute later."""
        self.database.end_lease()

    @pytest.fixture(autouse=True)
    def known(self, database: Database) -> None:
        self.database = database


def test_a_lease_ends_by_the_clock_of_the_server(database: Database) -> None:
    first, second = database.host("first", BRIEF), database.host("second", BRIEF)
    before = first.held_lease()
    assert second.held_lease().epoch == before.epoch + 1


def test_a_host_need_not_wait_for_its_own_lease(
    server: PostgresServer, database: Database, tmp_path: Path
) -> None:
    """Its process was killed, and the next one has the lock of its state directory."""
    exchanges = [
        PostgresExchange(server.url(database.name), host="one", password=lambda: server.password)
        for _ in range(2)
    ]
    database.opened += exchanges
    before, after = exchanges[0].lease(), exchanges[1].lease()
    assert before is not None
    assert after is not None
    assert (before.epoch + 1, before.holder != after.holder) == (after.epoch, True)
    # The earlier process, if it still ran, would have lost it.
    assert exchanges[0].lease() is None


def test_a_reload_is_taken_once_by_each_host(database: Database) -> None:
    first, second = database.host("first"), database.host("second")
    reload = Request(control.RELOAD)
    first.exchange.ask(reload)
    assert (reload,) == first.exchange.requests(builds=True)
    assert (reload,) == second.exchange.requests(builds=False)
    assert () == first.exchange.requests(builds=True) + second.exchange.requests(builds=False)


def test_each_host_tells_about_itself(database: Database) -> None:
    first, second = database.host("first"), database.host("second")
    one = HostReport("berlin", "000000a1", 6, True, (("port", "12ab"),), b"{}", "1.2")
    other = HostReport("kassel", "", 6, False)
    first.held_lease()
    second.exchange.report(replace(other, version="000000a0"))
    second.exchange.report(other)
    first.exchange.report(one)
    found = second.exchange.hosts()
    assert all(0 <= report.age < 3600 for report in found)
    assert (one, other) == tuple(replace(report, age=0.0) for report in found)


def test_a_host_that_lost_the_lease_does_not_build(database: Database) -> None:
    """It was frozen, and its last report still says that it builds."""
    first, second = database.host("first"), database.host("second")
    first.held_lease()
    for host, name in ((first, "berlin"), (second, "kassel")):
        host.exchange.report(HostReport(name, "", 6, builds=host is first))
    holder = second.exchange.lease_holder()
    assert holder is not None
    assert "berlin" == holder.host
    assert [True, False] == [report.builds for report in second.exchange.hosts()]
    database.end_lease()
    assert [False, False] == [report.builds for report in second.exchange.hosts()]
    second.held_lease()
    holder = first.exchange.lease_holder()
    assert holder is not None
    assert "kassel" == holder.host
    assert [False, False] == [report.builds for report in first.exchange.hosts()]


def test_a_host_lags_since_the_first_publication_that_it_does_not_serve(
    database: Database,
) -> None:
    first, second = database.host("first"), database.host("second")

    def lags(version: str, other: str) -> list[float]:
        first.exchange.report(HostReport("berlin", version, 6, True))
        second.exchange.report(HostReport("kassel", other, 6, False))
        return [report.lag for report in second.exchange.hosts()]

    assert [0, 0] == lags("", "000000a1")
    first.publish("000000a1")
    assert [0, 0] == lags("000000a1", "000000a1")
    first.publish("000000a2")
    lag = lags("000000a2", "000000a1")[1]
    assert 0 < lag < 3600
    for version, hours in (("000000a1", 8), ("000000a2", 4)):
        database.run(
            f"UPDATE directory_gateway.publication SET at = at - interval '{hours} hours'"
            f" WHERE version = '{version}'"
        )
    first.publish("000000a3")
    assert [0, 4] == [lag // 3600 for lag in lags("000000a3", "000000a1")]
    # Of one that serves nothing, or what nobody knows any more, the last one counts.
    assert all(0 < lag < 3600 for lag in lags("", "000000zz"))
    # A failover brought the first one back.
    first.exchange.publish(first.held_lease(), first.folder, first.make_generation("000000a1"))
    lag, other = lags("000000a3", "000000a1")
    assert 0 < lag < 3600 and 0 == other


def test_publications_of_last_week_are_forgotten(database: Database) -> None:
    first = database.host("first")
    for version in ("000000a1", "000000a2", "000000a3"):
        first.publish(version)
        database.run("UPDATE directory_gateway.publication SET at = at - interval '4 days'")
    with database.server.admin(database.name) as connection:
        rows = connection.execute("SELECT version FROM directory_gateway.publication").fetchall()
    assert [("000000a2",), ("000000a3",)] == rows


def test_a_damaged_part_leaves_no_file(database: Database) -> None:
    first, second = database.host("first"), database.host("second")
    publication = first.publish("000000a1")
    database.run("UPDATE directory_gateway.part SET data = 'damaged' WHERE number = 1")
    with pytest.raises(ExchangeError, match="a part in the exchange is damaged"):
        second.exchange.fetch(publication, second.folder)
    database.run("DELETE FROM directory_gateway.part WHERE number > 0")
    with pytest.raises(ExchangeError, match="is not complete"):
        second.exchange.fetch(publication, second.folder)
    assert [] == list(second.folder.glob("*gen-*"))


def test_another_generation_of_the_same_version_is_refused(database: Database) -> None:
    first, second = database.host("first"), database.host("second")
    first.publish("000000a1")
    first.exchange.release()
    other = second.make_generation("000000a1", "other")
    with pytest.raises(ExchangeError, match="has another generation of version 000000a1"):
        second.exchange.publish(second.held_lease(), second.folder, other)


def test_files_that_are_there_are_not_fetched_again(database: Database) -> None:
    first = database.host("first")
    publication = first.publish("000000a1")
    database.run("DELETE FROM directory_gateway.part")
    path = first.folder / file_name("000000a1")
    before = path.stat().st_ino
    first.exchange.fetch(publication, first.folder)
    assert before == path.stat().st_ino


def test_a_server_that_was_stopped_is_used_again(tmp_path: Path) -> None:
    with running_postgres() as server:
        database = Database(server, tmp_path)
        host = database.host("first")
        published = host.publish("000000a1")
        server.stop()
        told = r"the exchange failed: .*{}.*\. Check that the server runs, and url under"
        with pytest.raises(ExchangeError, match=told.format("(closed the connection|terminating)")):
            host.exchange.current()
        with pytest.raises(
            ExchangeError, match=told.format(r"port \d+ failed: Connection refused")
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
    "url, told",
    [
        # A name with an empty part is asked of no server of names.
        ("postgresql://gw@no..host/db", "failed: no..host: "),
        ("postgresql://gw:hun#ter2@no..host/db", "failed: no..host: "),
        ("postgresql://gw:hun?ter2@no..host/db", "failed: no..host: "),
        ("postgresql://no..host/db?nonsense=1", "failed: url: invalid URI query parameter"),
    ],
)
def test_servers_are_named_as_libpq_reads_them(url: str, told: str) -> None:
    with (
        closing(PostgresExchange(url, host="one")) as exchange,
        pytest.raises(ExchangeError) as found,
    ):
        exchange.current()
    assert told in str(found.value) and "hun" not in str(found.value)


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

"""The contract on a real PostgreSQL, and what is particular there."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import pytest

from app.exchange.base import ExchangeError, HostReport
from app.exchange.postgres import PostgresExchange
from app.generation.files import file_name
from app.state import control
from app.state.control import Request
from tests.app.exchange.contract import ExchangeContract
from tests.app.exchange.contract_host import ContractHost
from tests.app.exchange.databases import Database
from tests.support.servers.postgres import PostgresServer

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


def test_a_host_takes_the_lease_of_its_earlier_process(
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


def test_a_lease_that_must_have_been_free_for_a_while_is_not_acquired_before(
    database: Database,
) -> None:
    first, second = database.host("first").exchange, database.host("second").exchange
    before = first.lease()
    assert before is not None
    first.release()
    assert first.lease(respite=60) is None
    after = second.lease()
    assert after is not None and after.epoch == before.epoch + 1
    # It is renewed, whatever happens.
    assert second.lease(respite=60) == replace(after, seconds_left=ANY)
    second.release()
    database.run("UPDATE directory_gateway.lease SET until = until - interval '1 minute'")
    assert first.lease(respite=60) is not None


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

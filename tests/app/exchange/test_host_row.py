"""Two running programs with one host id: the one that was started later goes on."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from app.exchange.base import HostReport
from app.exchange.postgres import PostgresExchange
from tests.support.servers.postgres import PostgresServer

NORTH, SOUTH = HostReport("north", "", 6, True), HostReport("south", "", 6, True)


class Twins:
    """Two exchanges of one host id, and the database in which they meet."""

    def __init__(self, server: PostgresServer) -> None:
        self._server, self._database = server, server.new_database()
        self.earlier, self.later = self.start(), self.start()

    def start(self, seconds: float = 60.0) -> PostgresExchange:
        """Return the exchange of another program with this id."""
        return PostgresExchange(
            self._server.url(self._database),
            host="one",
            password=lambda: self._server.password,
            lease_seconds=seconds,
        )

    def run(self, statement: str) -> None:
        """Execute a statement as the superuser, in this database."""
        with self._server.admin(self._database) as connection:
            connection.execute(statement)


@pytest.fixture
def twins(server: PostgresServer) -> Iterator[Twins]:
    made = Twins(server)
    with closing(made.earlier), closing(made.later):
        yield made


def test_the_earlier_one_holds_no_lease_and_replaces_no_report(twins: Twins) -> None:
    assert "" == twins.earlier.report(NORTH)
    before = twins.earlier.lease()
    assert before is not None
    assert "" == twins.later.report(SOUTH)
    assert ["south", "south"] == [twins.earlier.report(NORTH) for _ in range(2)]
    assert ["south"] == [report.name for report in twins.later.hosts()]
    assert twins.earlier.lease() is None
    # It was given back.
    assert twins.later.lease_holder() is None
    after = twins.later.lease()
    assert after is not None and before.epoch < after.epoch
    assert "" == twins.later.report(SOUTH)


def test_it_does_not_take_the_lease_back_before_it_has_reported(twins: Twins) -> None:
    leases = [exchange.lease() for exchange in (twins.earlier, twins.later) * 2]
    assert [1, 2, None, 2] == [lease and lease.epoch for lease in leases]


def test_the_earlier_one_goes_on_when_the_later_one_is_gone(twins: Twins) -> None:
    """One that is too busy to report is not gone: it renews the lease."""
    with closing(twins.start(seconds=0)) as earlier:
        earlier.report(NORTH)
        twins.later.report(SOUTH)
        assert twins.later.lease() is not None
        assert ["south", "south"] == [earlier.report(NORTH) for _ in range(2)]
        twins.later.release()
        assert "" == earlier.report(NORTH)
        assert earlier.lease() is not None
        # It was frozen.
        assert "north" == twins.later.report(SOUTH)
        assert twins.later.lease() is None


def test_what_a_failover_brings_back_is_not_another_host(twins: Twins) -> None:
    """The report of the program that ran here before, which is dead."""
    twins.earlier.report(NORTH)
    twins.later.report(SOUTH)
    twins.run("UPDATE directory_gateway.host SET run = 'dead', at = at - interval '1 second'")
    assert "" == twins.later.report(SOUTH)

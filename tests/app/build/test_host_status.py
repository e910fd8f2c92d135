"""What the exchange told of the hosts becomes a status."""

from app.build.host_status import exchange_status
from app.exchange.base import HostReport, LeaseHolder
from app.state.host_status import ExchangeStatus, HostStatus, LeaseStatus


def test_what_was_told_is_rounded() -> None:
    hosts = (
        HostReport("north", "000000a2", 6, True, release="1.2", age=1.0),
        HostReport("south", "000000a1", 6, False, release="1.3", age=2.04, lag=0.01),
    )
    holder = LeaseHolder("north", 4, held_seconds=60.04, seconds_left=12.0)
    assert exchange_status("south", hosts, holder, problem="down") == ExchangeStatus(
        "south",
        False,
        (
            HostStatus("north", "000000a2", True, 1.0, 0.0, "1.2"),
            # However short its lag is, it does not serve what is published.
            HostStatus("south", "000000a1", False, 2.0, 0.1, "1.3"),
        ),
        "down",
        LeaseStatus("north", 4, 60.0, 12.0),
    )


def test_a_host_that_builds_for_minutes_is_not_silent() -> None:
    """It renews the lease, and reports nothing meanwhile."""
    hosts = (HostReport("north", "", 6, True, age=300.0), HostReport("south", "", 6, False, age=90))
    holder = LeaseHolder("north", 4, held_seconds=300.0, seconds_left=11.0)
    assert [4.0, 90.0] == [host.age for host in exchange_status("me", hosts, holder).hosts]


def test_nothing_is_known_at_the_start() -> None:
    assert ExchangeStatus("south", True) == exchange_status("south", (), None, builds=True)

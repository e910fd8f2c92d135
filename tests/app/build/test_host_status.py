"""What a host knows of all hosts ages until the exchange is asked again."""

import pytest

from app.build.host_status import HostsSeen, exchange_status
from app.exchange.base import HostReport, LeaseHolder
from app.state.host_status import ExchangeStatus, HostStatus, LeaseStatus

SEEN = HostsSeen(
    (
        HostReport("north", "000000a2", 6, True, release="1.2", age=1.0),
        HostReport("south", "000000a1", 6, False, release="1.3", age=2.04, lag=0.01),
    ),
    LeaseHolder("north", 4, held_seconds=60.0, seconds_left=12.0),
    read_at=100.0,
)


def status(now: float, problem: str = "", seen: HostsSeen = SEEN) -> ExchangeStatus:
    return exchange_status("south", seen, now, builds=False, problem=problem)


def test_what_was_seen_is_told() -> None:
    assert status(100.0) == ExchangeStatus(
        "south",
        False,
        (
            HostStatus("north", "000000a2", True, 1.0, 0.0, "1.2"),
            # However short it is, it does not serve what is published.
            HostStatus("south", "000000a1", False, 2.0, 0.1, "1.3"),
        ),
        "",
        LeaseStatus("north", 4, 60.0, 12.0),
    )


@pytest.mark.parametrize(
    "problem, seconds, left",
    [
        ("", 5.0, 7.0),
        ("down", 5.0, 7.0),
        ("down", 11.0, 1.0),
        ("", 40.0, 0.0),
        ("down", 12.0, None),
    ],
)
def test_what_was_seen_ages(problem: str, seconds: float, left: float | None) -> None:
    found = status(100.0 + seconds, problem)
    assert [1.0 + seconds, 2.0 + seconds] == [host.age for host in found.hosts]
    assert [0.0, seconds] == [host.lag for host in found.hosts]
    # A lease that is over by now is nobody's, unless a long build kept the host from asking.
    expected = None if left is None else LeaseStatus("north", 4, 60.0 + seconds, left)
    assert (problem, expected) == (found.problem, found.lease)
    assert [left is not None, False] == [host.builds for host in found.hosts]


def test_nothing_is_known_at_the_start() -> None:
    found = status(5.0, "down", HostsSeen())
    assert ((), None, "down") == (found.hosts, found.lease, found.problem)

"""What the overview shows of the hosts."""

from datetime import UTC

import pytest

from app.state.host_status import ExchangeStatus, HostStatus, LeaseStatus
from app.state.status import Status
from app.web.console.hosts import hosts_shown

NOW = 1_795_957_752.0
NORTH = HostStatus("north", "000000a2", True, 1.0, 0.0, "1.2")
LEASE = LeaseStatus("north", 4, held_seconds=7200.0, seconds_left=9.0)


def status(*hosts: HostStatus, problem: str = "", lease: LeaseStatus | None = LEASE) -> Status:
    """Return a status that was written five seconds ago."""
    exchange = ExchangeStatus("south", False, hosts, problem, lease)
    return Status(written_at=NOW - 5, exchange=exchange)


def test_a_host_that_is_alone_shows_none() -> None:
    assert hosts_shown(Status(), NOW, UTC) is None


@pytest.mark.parametrize(
    "host, kind, word",
    [
        (NORTH, "ok", "builds"),
        (HostStatus("south", "000000a2", False, 1.0), "ok", "follows"),
        (HostStatus("south", "000000a1", False, 1.0, 30.0), "ok", "follows"),
        (HostStatus("south", "000000a1", False, 1.0, 90.0), "warn", "behind"),
        (HostStatus("south", "000000a1", False, 90.0, 90.0), "bad", "silent"),
    ],
)
def test_the_state_of_a_host(host: HostStatus, kind: str, word: str) -> None:
    for problem, expected in (("", (kind, word)), ("No answer.", ("idle", "not known"))):
        shown = hosts_shown(status(host, problem=problem), NOW, UTC)
        assert shown is not None
        (row,) = shown.rows
        assert expected == (row.kind, row.word)


def test_times_are_counted_from_when_the_status_was_written() -> None:
    behind = HostStatus("south", "", False, 15.0, 175.0, "1.3")
    shown = hosts_shown(status(NORTH, behind), NOW, UTC)
    assert shown is not None and shown.taken is not None
    assert ("north", "2 hours ago") == (shown.builder, shown.taken.relative)
    north, south = shown.rows
    assert (False, True, "1.3") == (north.is_this, south.is_this, south.release)
    assert north.behind_since is None and south.behind_since is not None
    assert ("20 seconds ago", "3 minutes ago") == (
        south.reported.relative,
        south.behind_since.relative,
    )


def test_nobody_may_have_the_right_to_build() -> None:
    shown = hosts_shown(status(NORTH, lease=None), NOW, UTC)
    assert shown is not None
    assert ("", None) == (shown.builder, shown.taken)

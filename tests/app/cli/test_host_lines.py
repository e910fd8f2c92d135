"""What `status` and `check` say of the hosts."""

import time

from app.cli.host_lines import host_lines
from app.state.host_status import ExchangeStatus, HostStatus, LeaseStatus
from app.state.status import iso_time


def test_each_host_has_a_line() -> None:
    hosts = (
        HostStatus("north", "000000a2", True, 1.2),
        HostStatus("so\x1buth", "000000a1", False, 2.0, 3.4),
        HostStatus("west", "", False, 0.0),
    )
    lines = tuple(host_lines(ExchangeStatus("north", True, hosts)))
    assert lines == (
        "lease: nobody is known to hold it",
        "host north: builds, serves 000000a2, told 1 s ago",
        "host south: follows, serves 000000a1, 3 s behind, told 2 s ago",
        "host west: follows, serves nothing yet, told 0 s ago",
    )


def test_who_holds_the_lease_is_told() -> None:
    lease = LeaseStatus("north", 4, time.time() - 1_700_000_000, 9.0)
    (line,) = host_lines(ExchangeStatus("north", True, lease=lease))
    since = iso_time(1_700_000_000)
    assert since is not None and since[:18] in line
    assert line.startswith("lease: north holds it since 2023-11-1") and line.endswith("(epoch 4)")

"""What the overview shows of the hosts of several machines."""

from dataclasses import dataclass
from datetime import tzinfo

from app.state.host_status import HostStatus
from app.state.status import Status
from app.web.console.times import Moment, tell_time


@dataclass(frozen=True, slots=True)
class HostRow:
    """One host: its state as `kind` and `word`, what it serves, and when it reported.

    `behind_since` is since when that has not been what is published, None if it is.
    """

    name: str
    is_this: bool
    kind: str
    word: str
    version: str
    behind_since: Moment | None
    reported: Moment
    release: str


@dataclass(frozen=True, slots=True)
class HostsShown:
    """All hosts; `builder` took the right to build when `taken` says, "" for nobody."""

    rows: tuple[HostRow, ...]
    builder: str
    taken: Moment | None


def hosts_shown(status: Status, now: float, zone: tzinfo | None) -> HostsShown | None:
    """Return what is known of the hosts, None on a host that is alone."""
    exchange = status.exchange
    if exchange is None:
        return None
    lease = exchange.lease

    def ago(seconds: float) -> Moment:
        # They have passed since the status was written.
        return tell_time(status.written_at - seconds, now, zone)

    rows = tuple(
        HostRow(
            host.name,
            host.name == exchange.name,
            *(("idle", "not known") if exchange.problem else _state(host)),
            host.version,
            ago(host.lag) if host.lag else None,
            ago(host.age),
            host.release,
        )
        for host in exchange.hosts
    )
    if lease is None:
        return HostsShown(rows, "", None)
    return HostsShown(rows, lease.host or "A host", ago(lease.held_seconds))


def _state(host: HostStatus) -> tuple[str, str]:
    if host.is_silent:
        return "bad", "silent"
    if host.is_behind:
        return "warn", "behind"
    return "ok", "builds" if host.builds else "follows"

"""What the exchange told of the hosts, as it stands in `status.json`."""

from dataclasses import dataclass

from app.exchange.base import Exchange, HostReport, LeaseHolder
from app.state.host_status import ExchangeStatus, HostStatus, LeaseStatus


@dataclass(frozen=True, slots=True)
class HostsSeen:
    """What the exchange told at `read_at`, in seconds of the host's monotonic clock."""

    hosts: tuple[HostReport, ...] = ()
    holder: LeaseHolder | None = None
    read_at: float = 0.0


def see_hosts(exchange: Exchange, now: float) -> HostsSeen:
    """Ask the exchange. Raises ExchangeError."""
    return HostsSeen(exchange.hosts(), exchange.lease_holder(), now)


def exchange_status(
    name: str, seen: HostsSeen, now: float, *, builds: bool, problem: str
) -> ExchangeStatus:
    """Return the status of the host called `name` at `now`.

    What was seen has aged since. While the exchange cannot be used, a lease that would
    have ended meanwhile is nobody's.
    """
    elapsed, holder = max(now - seen.read_at, 0.0), seen.holder
    lease = None
    if holder is not None and not (problem and elapsed >= holder.seconds_left):
        left = max(holder.seconds_left - elapsed, 0.0)
        held = holder.held_seconds + elapsed
        lease = LeaseStatus(holder.host, holder.epoch, round(held, 1), round(left, 1))
    hosts = tuple(
        HostStatus(
            host.name,
            host.version,
            host.builds and lease is not None,
            round(host.age + elapsed, 1),
            max(round(host.lag + elapsed, 1), 0.1) if host.lag else 0.0,
            host.release,
        )
        for host in seen.hosts
    )
    return ExchangeStatus(name, builds, hosts, problem, lease)

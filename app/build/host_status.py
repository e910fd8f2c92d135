"""What the exchange told of the hosts, as it stands in `status.json`."""

from app.exchange.base import HostReport, LeaseHolder
from app.state.host_status import ExchangeStatus, HostStatus, LeaseStatus


def exchange_status(
    name: str,
    hosts: tuple[HostReport, ...],
    holder: LeaseHolder | None,
    *,
    builds: bool = False,
    problem: str = "",
) -> ExchangeStatus:
    """Return the status of the host called `name` as the exchange has just told it."""
    lease = None
    if holder is not None:
        held, left = round(holder.held_seconds, 1), round(holder.seconds_left, 1)
        lease = LeaseStatus(holder.host, holder.epoch, held, left)
    statuses = tuple(
        HostStatus(
            host.name,
            host.version,
            host.builds,
            round(host.age, 1),
            # However short it is, what this host serves is not what is published.
            max(round(host.lag, 1), 0.1) if host.lag else 0.0,
            host.release,
        )
        for host in hosts
    )
    return ExchangeStatus(name, builds, statuses, problem, lease)

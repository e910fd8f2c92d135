"""What the exchange told of the hosts, as it stands in `status.json`."""

import math

from app.exchange.base import LEASE_SECONDS, HostReport, LeaseHolder
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
    lease, heard = None, math.inf
    if holder is not None:
        held, left = round(holder.held_seconds, 1), round(holder.seconds_left, 1)
        lease = LeaseStatus(holder.host, holder.epoch, held, left)
        heard = max(LEASE_SECONDS - holder.seconds_left, 0.0)
    statuses = tuple(
        HostStatus(
            host.name,
            host.version,
            host.builds,
            # A host that builds for minutes reports nothing meanwhile, but renews the lease.
            round(min(host.age, heard) if host.builds else host.age, 1),
            # However short it is, what this host serves is not what is published.
            max(round(host.lag, 1), 0.1) if host.lag else 0.0,
            host.release,
        )
        for host in hosts
    )
    return ExchangeStatus(name, builds, statuses, problem, lease)

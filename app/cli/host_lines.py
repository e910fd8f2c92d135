"""Lines of `status` and `check` about the hosts of several machines."""

import time
from collections.abc import Iterator

from app.model.text import clean
from app.state.host_status import ExchangeStatus
from app.state.status import iso_time


def host_lines(exchange: ExchangeStatus) -> Iterator[str]:
    """Yield who holds the lease, and what each host does."""
    lease = exchange.lease
    if lease is None:
        yield "lease: nobody is known to hold it"
    else:
        since = iso_time(time.time() - lease.held_seconds)
        yield f"lease: {clean(lease.host) or 'a host'} holds it since {since} (epoch {lease.epoch})"
    for host in exchange.hosts:
        does = "builds" if host.builds else "follows"
        serves = f"serves {host.version}" if host.version else "serves nothing yet"
        behind = f"{host.lag:.0f} s behind, " if host.lag else ""
        yield f"host {clean(host.name)}: {does}, {serves}, {behind}told {host.age:.0f} s ago"

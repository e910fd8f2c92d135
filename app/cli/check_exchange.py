"""What `check` finds out about the exchange of several hosts."""

import time
from collections.abc import Iterator
from contextlib import closing

from app.build.host_exchange import open_exchange
from app.build.host_status import HostsSeen, exchange_status, see_hosts
from app.cli.host_lines import host_lines
from app.model.text import clean, plural
from app.settings.config_keys import differing
from app.settings.loader import Settings
from app.state.host_status import SILENT_SECONDS, ExchangeStatus, host_problems


def read_hosts(settings: Settings) -> HostsSeen:
    """Return what the exchange tells of the hosts.

    Raises ExchangeError if the exchange does not answer.
    """
    with closing(open_exchange(settings, as_host=False)) as exchange:
        return see_hosts(exchange, time.monotonic())


def exchange_lines(seen: HostsSeen) -> Iterator[str]:
    """Yield that the exchange answers, who holds the lease, and what each host does."""
    yield f"exchange: it answers, and knows {plural(len(seen.hosts), 'host')}."
    yield from (f"{line}." for line in host_lines(_status(seen)))


def exchange_warnings(settings: Settings, seen: HostsSeen) -> Iterator[str]:
    """Yield what is wrong with the hosts: silent, behind, or of another configuration."""
    yield from map(clean, host_problems(_status(seen)))
    for host in seen.hosts:
        keys = differing(settings.keys, host.keys)
        if keys and host.age <= SILENT_SECONDS:
            yield (
                f"host {clean(host.name)} runs with another configuration than this file:"
                f" {', '.join(map(clean, keys))}. Make the files alike, and run"
                " directory-gateway reload."
            )


def _status(seen: HostsSeen) -> ExchangeStatus:
    return exchange_status("", seen, seen.read_at, builds=False, problem="")

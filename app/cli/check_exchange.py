"""What `check` finds out about the exchange of several hosts."""

from collections.abc import Iterator
from contextlib import closing

from app.build.host_exchange import open_exchange
from app.build.host_status import exchange_status
from app.cli.host_lines import host_lines
from app.exchange.base import HostReport
from app.model.text import clean, plural
from app.settings.config_keys import differing
from app.settings.loader import Settings
from app.state.host_status import SILENT_SECONDS, ExchangeStatus, host_problems


def read_hosts(settings: Settings) -> tuple[ExchangeStatus, tuple[HostReport, ...]]:
    """Return what the exchange tells of the hosts, and what each host said of itself.

    Raises ExchangeError if the exchange does not answer, or may not be written.
    """
    with closing(open_exchange(settings, as_host=False)) as exchange:
        exchange.check_rights()
        hosts = exchange.hosts()
        return exchange_status("", hosts, exchange.lease_holder()), hosts


def exchange_lines(status: ExchangeStatus) -> Iterator[str]:
    """Yield that the exchange answers, who holds the lease, and what each host does."""
    yield f"exchange: it answers, and knows {plural(len(status.hosts), 'host')}."
    yield from (f"{line}." for line in host_lines(status))


def exchange_warnings(
    settings: Settings, status: ExchangeStatus, hosts: tuple[HostReport, ...]
) -> Iterator[str]:
    """Yield what is wrong with the hosts: silent, behind, or of another configuration."""
    yield from map(clean, host_problems(status))
    for host in hosts:
        keys = differing(settings.keys, host.keys)
        if keys and host.age <= SILENT_SECONDS:
            yield (
                f"host {clean(host.name)} runs with another configuration than this file:"
                f" {', '.join(map(clean, keys))}. Make the files alike, and run"
                " directory-gateway reload."
            )

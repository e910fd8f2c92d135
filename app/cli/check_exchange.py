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
from app.settings.sources import Source
from app.state.host_status import SILENT_SECONDS, ExchangeStatus, host_problems
from app.state.status import Status


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
                f" {', '.join(map(clean, keys))}. Compare both files, correct the wrong one, and"
                " run directory-gateway reload on that host."
            )


def other_files(source: Source, contacts: int, status: Status) -> Iterator[str]:
    """Yield that a host that follows reads other files of a source than who builds.

    `contacts` is how many it reads. Nobody would notice until it builds itself.
    """
    exchange, told = status.exchange, status.sources.get(source.name)
    if exchange is None or exchange.builds or exchange.problem or told is None:
        return
    # Servers may have changed since the other host asked them; files are read within seconds.
    if source.connector.watched_folders() and told.state == "ok" and told.contacts != contacts:
        yield (
            f"this host would read {contacts}; the host that builds read {told.contacts}. Compare"
            " the files on both hosts."
        )

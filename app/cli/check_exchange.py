"""What `check` finds out about the exchange of several hosts."""

from collections.abc import Iterator
from contextlib import closing

from app.build.host_exchange import open_exchange
from app.exchange.base import HostReport
from app.model.text import clean, plural
from app.settings.config_keys import differing
from app.settings.loader import Settings

SILENT_SECONDS = 60.0
"""A host that has told nothing for so long does not run, or does not reach the exchange."""


def read_hosts(settings: Settings) -> tuple[HostReport, ...]:
    """Return what each host of the exchange said of itself.

    Raises ExchangeError if the exchange does not answer.
    """
    with closing(open_exchange(settings, as_host=False)) as exchange:
        return exchange.hosts()


def host_lines(hosts: tuple[HostReport, ...]) -> Iterator[str]:
    """Yield that the exchange answers, and what each host does."""
    yield f"exchange: it answers, and knows {plural(len(hosts), 'host')}."
    for host in hosts:
        does = "builds" if host.builds else "follows"
        serves = f"serves {host.version}" if host.version else "serves nothing yet"
        yield f"host {clean(host.name)}: {does}, {serves}, told {host.age:.0f} s ago."


def host_warnings(settings: Settings, hosts: tuple[HostReport, ...]) -> Iterator[str]:
    """Yield what is wrong with the hosts: silent, or of another configuration."""
    present = [host for host in hosts if host.age <= SILENT_SECONDS]
    for host in hosts:
        if host not in present:
            yield (
                f"host {clean(host.name)} has told nothing for {host.age:.0f} s: it does not run,"
                " or does not reach the exchange. It is forgotten after a week."
            )
    if present and not any(host.builds for host in present):
        yield "no host builds now. If this stays so, see the log of each host."
    for host in present:
        keys = differing(settings.keys, host.keys)
        if keys:
            yield (
                f"host {clean(host.name)} runs with another configuration than this file:"
                f" {', '.join(map(clean, keys))}. Make the files alike, and run"
                " directory-gateway reload."
            )
    names = [host.name for host in present]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield (
            f"{names.count(name)} hosts are called {clean(name)}. Give each a name of its own: name"
            " under [exchange]."
        )

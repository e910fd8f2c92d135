"""What a host of several knows of all of them, as it stands in `status.json`."""

from collections import Counter

import msgspec

SILENT_SECONDS = 60.0
"""A host that has told nothing for so long does not run, or does not reach the exchange."""
BEHIND_SECONDS = 60.0
"""A host that has not served what is published for so long does not follow."""


class HostStatus(msgspec.Struct, frozen=True):
    """What a host of several said of itself, `age` seconds before this was written.

    `version` is what it serves; for `lag` seconds that has not been what is published,
    0 if it is. `builds` is whether it is the one that builds. `release` is that of its
    program.
    """

    name: str
    version: str
    builds: bool
    age: float
    lag: float = 0.0
    release: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether nothing has come from it; who builds may take a minute for that."""
        return self.age > SILENT_SECONDS and not self.builds

    @property
    def is_behind(self) -> bool:
        """Whether it does not follow though it reports."""
        return self.lag > BEHIND_SECONDS and not self.is_silent


class LeaseStatus(msgspec.Struct, frozen=True):
    """Who has the right to build, when this was written.

    `host` has had it for `held_seconds`, and for `seconds_left` at least. `epoch` grows
    by one with each holder.
    """

    host: str
    epoch: int
    held_seconds: float
    seconds_left: float


class ExchangeStatus(msgspec.Struct, frozen=True):
    """This host among several: its name, whether it builds, and what it knows of all.

    `problem` is why the exchange cannot be used, "" if it can. `lease` is None while
    nobody is known to have it.
    """

    name: str
    builds: bool
    hosts: tuple[HostStatus, ...] = ()
    problem: str = ""
    lease: LeaseStatus | None = None


def aged(exchange: ExchangeStatus, seconds: float) -> ExchangeStatus:
    """Return what was known `seconds` ago, with all durations as they are now.

    While the exchange cannot be used, a lease that would have ended is nobody's.
    """
    seconds, lease, replace = max(seconds, 0.0), exchange.lease, msgspec.structs.replace
    if lease is not None:
        is_over = exchange.problem and lease.seconds_left <= seconds
        held = round(lease.held_seconds + seconds, 1)
        left = round(max(lease.seconds_left - seconds, 0.0), 1)
        lease = None if is_over else replace(lease, held_seconds=held, seconds_left=left)
    hosts = tuple(
        replace(
            host,
            builds=host.builds and lease is not None,
            age=round(host.age + seconds, 1),
            lag=round(host.lag + seconds, 1) if host.lag else 0.0,
        )
        for host in exchange.hosts
    )
    return replace(exchange, hosts=hosts, lease=lease)


def host_problems(exchange: ExchangeStatus) -> tuple[str, ...]:
    """Return what is wrong with the hosts, a sentence for each.

    While the exchange cannot be used, nothing is known of them.
    """
    if exchange.problem:
        return ()
    present = [host for host in exchange.hosts if not host.is_silent]
    problems = [
        f"host {host.name} has told nothing for {host.age:.0f} s: it does not run, or does not"
        " reach the exchange. It is forgotten after a week."
        for host in exchange.hosts
        if host.is_silent
    ]
    if present and not any(host.builds for host in present):
        problems.append("no host builds now. If this stays so, see the log of each host.")
    problems += [
        f"host {host.name} has not served what is published for {host.lag:.0f} s. Its status and"
        " its log say why."
        for host in present
        if host.is_behind
    ]
    names = Counter(host.name for host in present)
    problems += [
        f"{count} hosts are called {name}. Give each a name of its own: name under [exchange]."
        for name, count in sorted(names.items())
        if count > 1
    ]
    if len({host.release for host in present}) > 1:
        releases = ", ".join(f"{host.name} {host.release or 'unknown'}" for host in present)
        problems.append(f"the hosts have different releases: {releases}. Upgrade the others too.")
    return tuple(problems)

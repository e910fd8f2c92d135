"""What a host does next, from what it knows of its lease, the exchange and its disk.

These functions read no clock and do no I/O, so that a simulation can run them
(`tests/app/exchange/simulation.py`). All times are seconds of the host's own monotonic
clock.
"""

import math
from dataclasses import dataclass, replace

from app.exchange.base import LEASE_SECONDS, Lease, Publication

RENEW_SECONDS = 5.0
"""After so long a lease is renewed, or asked for by a host that has none."""
SAFETY_SECONDS = 3.0
"""A host stops building so long before its lease can end."""
LOOK_SECONDS = 2.0
"""After so long `current` is read, whether or not there was a notification."""
MIN_RETRY_SECONDS, MAX_RETRY_SECONDS = 2.0, 60.0


@dataclass(frozen=True, slots=True)
class Host:
    """What a host knows.

    `lease` is what it holds, `asked` when it last asked for it, `renewed` when it asked
    for the renewal that it got last: the lease cannot have begun earlier, so its end is
    counted from there. `looked` is when it last read `current`, `seen` what it read.
    `served` is the version on its own disk. `published` is what it published last under
    this lease, `has_taken_over` whether it has restored what its predecessor saved.
    `failures` in a row make it wait until `retry_at`.
    """

    lease: Lease | None = None
    asked: float = -math.inf
    renewed: float = -math.inf
    looked: float = -math.inf
    seen: Publication | None = None
    served: str = ""
    published: Publication | None = None
    has_taken_over: bool = False
    failures: int = 0
    retry_at: float = -math.inf


@dataclass(frozen=True, slots=True)
class Ask:
    """Acquire or renew the lease."""


@dataclass(frozen=True, slots=True)
class Look:
    """Read what is current."""


@dataclass(frozen=True, slots=True)
class StepDown:
    """Stop building, and forget the lease: another host may hold it by now."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Fetch this publication, and serve it."""

    publication: Publication


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Restore the sources' data as the last holder of the lease saved them."""


@dataclass(frozen=True, slots=True)
class PublishAgain:
    """Publish this generation again: the exchange has lost it in a failover."""

    publication: Publication


@dataclass(frozen=True, slots=True)
class Build:
    """Build whenever the sources have changed."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing until `until`, or until there is a notification."""

    until: float


Action = Ask | Look | StepDown | Fetch | TakeOver | PublishAgain | Build | Wait


def may_build(host: Host, now: float) -> bool:
    """Return whether a host may still build and publish under its lease."""
    return host.lease is not None and now < host.renewed + LEASE_SECONDS - SAFETY_SECONDS


def decide(host: Host, now: float, schema: int) -> Action:
    """Return what a host does next. `schema` is the form of generations that it reads."""
    if host.lease is not None and not may_build(host, now):
        return StepDown()
    if now >= host.asked + RENEW_SECONDS:
        return Ask()
    if now >= host.looked + LOOK_SECONDS:
        return Look()
    soon = min(host.asked + RENEW_SECONDS, host.looked + LOOK_SECONDS)
    if now < host.retry_at:
        return Wait(min(soon, host.retry_at))
    seen = host.seen
    if host.lease is not None and host.published is not None:
        if seen is None or seen.published != host.published.published:
            return PublishAgain(host.published)
        return Build()
    # Also a host that has just got the lease first serves what is published.
    if seen is not None and seen.published.version != host.served and seen.schema == schema:
        return Fetch(seen)
    if host.lease is None:
        return Wait(soon)
    return Build() if host.has_taken_over else TakeOver()


def after_asking(host: Host, asked: float, lease: Lease | None) -> Host:
    """Return what a host knows after the exchange's reply to `Ask`, sent at `asked`."""
    host = replace(host, asked=asked)
    if lease is None:
        return without_lease(host)
    if host.lease is None or (lease.epoch, lease.holder) != (host.lease.epoch, host.lease.holder):
        # Another host may have built since. What it saved and published comes first.
        host = replace(without_lease(host), looked=-math.inf)
    return replace(host, lease=lease, renewed=asked)


def without_lease(host: Host) -> Host:
    """Return what a host knows that holds no lease any more."""
    return replace(host, lease=None, renewed=-math.inf, published=None, has_taken_over=False)


def after_looking(host: Host, looked: float, seen: Publication | None) -> Host:
    """Return what a host knows after it read `current` at `looked`."""
    return replace(host, looked=looked, seen=seen)


def after_failure(host: Host, now: float) -> Host:
    """Return what a host knows after the exchange or the disk failed: it waits longer."""
    failures = host.failures + 1
    wait = min(MIN_RETRY_SECONDS * 2 ** (failures - 1), MAX_RETRY_SECONDS)
    return replace(host, failures=failures, retry_at=now + wait)


def after_success(host: Host) -> Host:
    """Return what a host knows after something succeeded that may fail."""
    return replace(host, failures=0, retry_at=-math.inf)

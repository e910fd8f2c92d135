"""What a host does next, from what it knows of its lease, the exchange and its disk.

These functions read no clock and do no I/O, so that a simulation can run them
(`tests/app/exchange/simulation.py`). All times are seconds of the host's own monotonic
clock.
"""

import math
from dataclasses import dataclass, replace

from app.exchange.base import LEASE_SECONDS, Lease, Publication
from app.generation.files import Published

RENEW_SECONDS = 5.0
"""After so long a lease is renewed."""
LOOK_SECONDS = 2.0
"""After so long `current` is read, and a lease is asked for that another host has."""
SAFETY_SECONDS = 3.0
"""A host stops building so long before its lease can end."""
MIN_RETRY_SECONDS, MAX_RETRY_SECONDS = 1.0, 8.0
"""How long a host waits after a failure; twice as long after each further one."""


MAX_FAILURES = 5
"""After so many in a row a host that holds the lease gives it back. The waits between
them are longer than a lease: while the exchange does not answer, it has ended before."""

RESPITE_SECONDS = 3.0
"""A host that gave the lease back leaves it to others for so long: they ask every two."""
HALVING_SECONDS, FORGIVEN_SECONDS = 2.5, 120.0
"""It is longer by the first for each halving of the second since the giving back. Where
two hosts take turns in failing, a third one gave it back at least twice as long ago as
the next of them, so it asks before that one. A host that is alone waits for 11 s."""

NOTHING = Published()


@dataclass(frozen=True, slots=True)
class Host:
    """What a host knows.

    `lease` is what it holds. `asked` is when it last asked for it, `renewed` when it
    sent the question that was last granted: the lease began no earlier, so its end is
    counted from there. `has_taken_over` means that under this lease it serves what was
    published, and has the sources' data as they were saved. `looked` is when it last
    read `current`, `seen` what it read, `served` what its own disk names. After
    `failures` in a row it waits until `retry_at`. `gave_back` is when it gave the lease
    back because it could not do its work, if it has served nothing since.
    """

    lease: Lease | None = None
    asked: float = -math.inf
    renewed: float = -math.inf
    has_taken_over: bool = False
    looked: float = -math.inf
    seen: Publication | None = None
    served: Published = NOTHING
    failures: int = 0
    retry_at: float = -math.inf
    gave_back: float = -math.inf


@dataclass(frozen=True, slots=True)
class Look:
    """Read what is current."""


@dataclass(frozen=True, slots=True)
class StepDown:
    """Stop building, and forget the lease: another host may hold it by now."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Serve this publication; fetch the files that are not on the disk."""

    publication: Publication


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Restore the sources' data as the last holder of the lease saved them."""


@dataclass(frozen=True, slots=True)
class PublishAgain:
    """Publish what this host serves: the exchange lost it in a failover, or has none."""


@dataclass(frozen=True, slots=True)
class Build:
    """Read the sources, and build whenever they have changed."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing until `until`, or until there is a notification."""

    until: float


Action = Look | StepDown | Fetch | TakeOver | PublishAgain | Build | Wait


def must_ask(host: Host, now: float) -> bool:
    """Return whether a host must now renew its lease, or ask for it.

    It does so beside everything else: a build may take longer than a lease.
    """
    if host.lease is not None:
        return now >= host.asked + RENEW_SECONDS
    return now >= host.asked + LOOK_SECONDS


def respite(host: Host, now: float) -> float:
    """Return for how many seconds nobody must have held the lease that a host acquires.

    One that gave it back would fail again: all others come first, and of those that
    gave it back too the one that did so the longest ago.
    """
    if host.gave_back == -math.inf:
        return 0.0
    ago = max(now - host.gave_back, 1.0)
    return RESPITE_SECONDS + HALVING_SECONDS * max(math.log2(FORGIVEN_SECONDS / ago), 0.0)


def may_build(host: Host, now: float) -> bool:
    """Return whether a host may still build and publish under its lease."""
    return host.lease is not None and now < host.renewed + LEASE_SECONDS - SAFETY_SECONDS


def decide(host: Host, now: float, schema: int) -> Action:
    """Return what a host does next. `schema` is the form of generations that it reads."""
    if host.lease is not None and not may_build(host, now):
        return StepDown()
    if now < host.retry_at:
        return Wait(host.retry_at)
    if now >= host.looked + LOOK_SECONDS:
        return Look()
    seen = host.seen
    is_served = seen is not None and seen.published == host.served
    if host.lease is None or not host.has_taken_over:
        if seen is not None and not is_served and seen.schema == schema:
            return Fetch(seen)
        return Wait(host.looked + LOOK_SECONDS) if host.lease is None else TakeOver()
    if is_served:
        return Build()
    # The host's own publication, of which it did not get the reply: versions only grow under one
    # lease. Anything else that differs was brought back by a failover.
    is_own = seen is not None and seen.epoch == host.lease.epoch
    if seen is not None and is_own and seen.published.version > host.served.version:
        return Fetch(seen)
    return PublishAgain() if host.served.version else Build()


def may_use_own(host: Host, own: str, served: str | None) -> bool:
    """Return whether a host may build from its own contacts of a source.

    Of this source nothing is saved. `own` is their digest, `served` that of what the
    file that `current` on its disk names was built from: "" if there is none, None if
    the file cannot be read. Contacts that are not those served may be older than what
    phones see.
    """
    if host.seen is not None and host.seen.published != host.served:
        return False
    return served is not None and served in ("", own)


def is_outdated(host: Host, own: str, served: str | None) -> bool:
    """Return whether restored contacts of a source may be older than what is published.

    A failover may have lost what was saved just before a publication, and not that. The
    digests are those of `may_use_own`.
    """
    is_published = host.seen is not None and host.seen.published == host.served
    return is_published and served not in (None, "", own)


def after_sending(host: Host, sent: float) -> Host:
    """Return what a host knows once it asks for the lease, or for its renewal."""
    return replace(host, asked=sent)


def after_looking(host: Host, looked: float, seen: Publication | None, lease: Lease | None) -> Host:
    """Return what a host knows after it read `current`, beginning at `looked`.

    `lease` is what it held then. If it holds another one now, it looks again.
    """
    is_same = lease == host.lease or (
        lease is not None and host.lease is not None and lease.holder == host.lease.holder
    )
    return replace(host, looked=looked if is_same else -math.inf, seen=seen)


def after_serving(host: Host, publication: Publication) -> Host:
    """Return what a host knows once it serves a publication, which is current.

    Its disk can be used.
    """
    return replace(host, seen=publication, served=publication.published, gave_back=-math.inf)


def after_damage(host: Host) -> Host:
    """Return what a host knows once it finds the files that it serves damaged."""
    return replace(host, served=NOTHING)


def after_notification(host: Host) -> Host:
    """Return what a host knows after a notification: something may have changed."""
    return replace(host, looked=-math.inf)


def after_asking(host: Host, sent: float, lease: Lease | None) -> Host:
    """Return what a host knows after the reply to a question that it sent at `sent`.

    `lease` is None if another host holds it. After an error nothing is known, and the
    lease that the host holds ends in its time.
    """
    if lease is None or sent <= host.gave_back:
        return without_lease(host)
    if host.lease is None or lease.holder != host.lease.holder:
        # Another host may have built since it last looked.
        host = replace(without_lease(host), looked=-math.inf)
    return replace(host, lease=lease, renewed=sent)


def after_taking_over(host: Host, lease: Lease) -> Host:
    """Return what a host knows after it took over under a lease.

    It counts only if the host still holds that one: under another, others may have
    built meanwhile.
    """
    is_held = host.lease is not None and host.lease.holder == lease.holder
    return replace(host, has_taken_over=is_held)


def without_lease(host: Host) -> Host:
    """Return what a host knows that holds no lease any more."""
    return replace(host, lease=None, renewed=-math.inf, has_taken_over=False)


def after_giving_back(host: Host, now: float) -> Host:
    """Return what a host knows that gives the lease back: it cannot do its work."""
    return replace(without_lease(host), gave_back=now)


def after_failure(host: Host, now: float) -> Host:
    """Return what a host knows after the exchange or its disk failed: it waits longer.

    After several failures it gives back a lease that it can still renew: another host
    may not fail.
    """
    wait = min(MIN_RETRY_SECONDS * 2.0**host.failures, MAX_RETRY_SECONDS)
    host = replace(host, failures=host.failures + 1, retry_at=now + wait)
    is_useless = host.lease is not None and host.failures >= MAX_FAILURES
    return after_giving_back(host, now) if is_useless else host


def after_success(host: Host) -> Host:
    """Return what a host knows after something succeeded that may fail."""
    return replace(host, failures=0, retry_at=-math.inf)

"""What a host does next, by table."""

import math
from dataclasses import replace

import pytest

from app.exchange.base import LEASE_SECONDS, Lease, Publication
from app.exchange.decisions import (
    LOOK_SECONDS,
    MAX_FAILURES,
    MAX_RETRY_SECONDS,
    SAFETY_SECONDS,
    Action,
    Build,
    Fetch,
    Host,
    Look,
    PublishAgain,
    StepDown,
    TakeOver,
    Wait,
    after_asking,
    after_damage,
    after_failure,
    after_giving_back,
    after_looking,
    after_notification,
    after_serving,
    after_success,
    after_taking_over,
    decide,
    is_outdated,
    may_build,
    may_use_own,
    must_ask,
    respite,
)
from app.generation.files import Published

NOW = 1000.0
LEASE = Lease(epoch=3, holder="one", seconds_left=LEASE_SECONDS)
OLD, NEW = Published("0000000a", "digest-a"), Published("0000000b", "digest-b")


def publication(published: Published, *, epoch: int = 3, schema: int = 1) -> Publication:
    return Publication(published, schema, 100, epoch)


FOLLOWS = Host(asked=NOW, looked=NOW, seen=publication(OLD), served=OLD)
LEADS = replace(FOLLOWS, lease=LEASE, renewed=NOW, has_taken_over=True)
NEW_LEADER = replace(LEADS, has_taken_over=False)


@pytest.mark.parametrize(
    "host, action",
    [
        (Host(), Look()),
        (FOLLOWS, Wait(NOW + 2)),
        (replace(FOLLOWS, looked=NOW - 2), Look()),
        (replace(FOLLOWS, seen=publication(NEW)), Fetch(publication(NEW))),
        # A failover brought an earlier one back: followers go where it points.
        (replace(FOLLOWS, served=NEW), Fetch(publication(OLD))),
        # The same version with other bytes.
        (replace(FOLLOWS, served=replace(OLD, digest="other")), Fetch(publication(OLD))),
        (replace(FOLLOWS, seen=publication(NEW, schema=2)), Wait(NOW + 2)),
        (replace(FOLLOWS, retry_at=NOW + 1, seen=publication(NEW)), Wait(NOW + 1)),
        (replace(FOLLOWS, seen=None), Wait(NOW + 2)),
        (NEW_LEADER, TakeOver()),
        (replace(NEW_LEADER, seen=publication(NEW)), Fetch(publication(NEW))),
        # It cannot read what is published, and builds what it can.
        (replace(NEW_LEADER, seen=publication(NEW, schema=2)), TakeOver()),
        (replace(NEW_LEADER, seen=None), TakeOver()),
        (LEADS, Build()),
        (replace(LEADS, seen=None, served=Published()), Build()),
        # It can read nothing of what is published, and has nothing to publish again.
        (replace(LEADS, seen=publication(NEW, epoch=2, schema=2), served=Published()), Build()),
        (replace(LEADS, seen=None), PublishAgain()),
        (replace(LEADS, served=NEW), PublishAgain()),
        # Its own publication, whose reply was lost.
        (replace(LEADS, seen=publication(NEW)), Fetch(publication(NEW))),
        (replace(LEADS, seen=publication(NEW, epoch=2)), PublishAgain()),
        (replace(LEADS, renewed=NOW - LEASE_SECONDS + SAFETY_SECONDS), StepDown()),
        (replace(LEADS, renewed=NOW - LEASE_SECONDS + SAFETY_SECONDS + 0.01), Build()),
        # It steps down also while it waits after a failure.
        (replace(LEADS, renewed=NOW - 60, retry_at=NOW + 5), StepDown()),
    ],
)
def test_decide(host: Host, action: Action) -> None:
    assert action == decide(host, NOW, schema=1)


@pytest.mark.parametrize(
    "host, own, served, expected",
    [
        # Nothing is published anywhere.
        (Host(), "", "", True),
        (Host(), "stored", "", True),
        (FOLLOWS, "stored", "stored", True),
        # What is served has nothing of this source.
        (FOLLOWS, "stored", "", True),
        (FOLLOWS, "earlier", "stored", False),
        (FOLLOWS, "", "stored", False),
        # A failover lost what is published, and this host serves it.
        (replace(FOLLOWS, seen=None), "stored", "stored", True),
        (replace(FOLLOWS, seen=None), "earlier", "stored", False),
        # What is published is not what this host serves: it cannot read or fetch it.
        (replace(FOLLOWS, seen=publication(NEW)), "stored", "stored", False),
        (replace(FOLLOWS, seen=publication(NEW, schema=2)), "stored", "stored", False),
        (replace(FOLLOWS, served=Published()), "stored", "", False),
        # What `current` names cannot be read, such as after an upgrade.
        (FOLLOWS, "stored", None, False),
        (Host(), "stored", None, False),
    ],
)
def test_may_use_own(host: Host, own: str, served: str | None, expected: bool) -> None:
    assert expected == may_use_own(host, own, served)


def test_restored_contacts_that_are_not_those_published_may_be_older() -> None:
    assert is_outdated(FOLLOWS, "earlier", "stored")
    assert not is_outdated(FOLLOWS, "stored", "stored")
    assert not is_outdated(FOLLOWS, "stored", "")
    # It cannot read what is published: only what was saved is left.
    assert not is_outdated(replace(FOLLOWS, served=Published()), "stored", None)


@pytest.mark.parametrize(
    "host, expected",
    [
        (Host(), True),
        (replace(FOLLOWS, asked=NOW - 1.9), False),
        (replace(FOLLOWS, asked=NOW - 2), True),
        (replace(LEADS, asked=NOW - 4.9), False),
        (replace(LEADS, asked=NOW - 5), True),
    ],
)
def test_must_ask(host: Host, expected: bool) -> None:
    assert expected == must_ask(host, NOW)


def test_a_lease_is_counted_from_the_question() -> None:
    host = after_asking(replace(FOLLOWS, asked=NOW), NOW, LEASE)
    assert host.lease == LEASE
    assert may_build(host, NOW + LEASE_SECONDS - SAFETY_SECONDS - 0.01)
    assert not may_build(host, NOW + LEASE_SECONDS - SAFETY_SECONDS)
    # The reply came so late that the lease may have ended.
    assert isinstance(decide(host, NOW + 60, schema=1), StepDown)


def test_a_renewal_keeps_what_was_taken_over() -> None:
    renewed = replace(LEASE, seconds_left=14.0)
    host = after_asking(LEADS, NOW + 5, renewed)
    assert (host.lease, host.renewed, host.has_taken_over) == (renewed, NOW + 5, True)


def test_a_new_lease_begins_with_a_look_and_takes_over_again() -> None:
    host = after_asking(LEADS, NOW + 5, replace(LEASE, epoch=5, holder="two"))
    assert not host.has_taken_over
    assert Look() == decide(host, NOW + 5, schema=1)


def test_a_refused_lease_is_forgotten() -> None:
    host = after_asking(LEADS, NOW + 5, None)
    assert (host.lease, host.has_taken_over) == (None, False)
    assert not may_build(host, NOW + 5)


def test_what_was_taken_over_under_another_lease_does_not_count() -> None:
    assert after_taking_over(NEW_LEADER, LEASE).has_taken_over
    assert not after_taking_over(NEW_LEADER, replace(LEASE, holder="earlier")).has_taken_over
    assert not after_taking_over(FOLLOWS, LEASE).has_taken_over


def test_failures_wait_longer_and_longer_up_to_a_limit() -> None:
    host, waits = FOLLOWS, []
    for _ in range(6):
        host = after_failure(host, NOW)
        waits.append(host.retry_at - NOW)
    assert [1, 2, 4, 8, 8, 8] == waits
    assert waits[-1] == MAX_RETRY_SECONDS
    assert after_failure(after_success(host), NOW).retry_at == NOW + 1


def test_a_host_that_fails_gives_back_the_lease_and_lets_others_have_it() -> None:
    host, now = LEADS, NOW
    for _ in range(MAX_FAILURES - 1):
        host = after_failure(host, now)
        now = host.retry_at
        # It renews meanwhile; an outage of the exchange would have ended the lease.
        host = after_asking(host, now, LEASE)
    assert now - NOW >= LEASE_SECONDS
    assert host.lease == LEASE
    host = after_failure(host, now)
    assert (host.lease, host.has_taken_over) == (None, False)
    assert must_ask(host, now + LOOK_SECONDS)
    assert respite(host, now) > 0


@pytest.mark.parametrize("after, seconds", [(15, 10.5), (30, 8), (60, 5.5), (120, 3), (900, 3)])
def test_who_gave_the_lease_back_last_waits_longest(after: float, seconds: float) -> None:
    """Longer than other hosts wait between two questions."""
    assert seconds == respite(after_giving_back(LEADS, NOW), NOW + after)
    assert seconds > LOOK_SECONDS


def test_a_host_that_serves_again_asks_as_any_other() -> None:
    host = after_giving_back(LEADS, NOW)
    assert respite(after_success(host), NOW + 1) > 0
    assert respite(after_serving(host, publication(NEW)), NOW + 1) == 0


def test_failures_of_a_host_without_the_lease_give_nothing_back() -> None:
    host = FOLLOWS
    for _ in range(2 * MAX_FAILURES):
        host = after_failure(host, NOW)
    assert must_ask(host, NOW + 2)


def test_a_renewal_that_was_under_way_is_given_back_too() -> None:
    host = after_giving_back(LEADS, NOW)
    assert after_asking(host, NOW - 0.1, LEASE).lease is None
    assert after_asking(host, NOW + 0.1, LEASE).lease == LEASE


@pytest.mark.parametrize(
    "held, holds, looked",
    [
        (None, None, NOW),
        (LEASE, replace(LEASE, seconds_left=3.0), NOW),
        # It was not the one that could build while it looked: others may have built since.
        (None, LEASE, -math.inf),
        (LEASE, None, -math.inf),
        (LEASE, replace(LEASE, holder="two"), -math.inf),
    ],
)
def test_a_look_counts_for_the_lease_under_which_it_began(
    held: Lease | None, holds: Lease | None, looked: float
) -> None:
    host = after_looking(replace(FOLLOWS, lease=holds), NOW, publication(NEW), held)
    assert (host.looked, host.seen) == (looked, publication(NEW))


def test_a_host_looks_after_a_notification() -> None:
    assert Look() == decide(after_notification(FOLLOWS), NOW, schema=1)


def test_damaged_files_are_fetched_or_built_again() -> None:
    assert Fetch(publication(OLD)) == decide(after_damage(FOLLOWS), NOW, schema=1)
    assert Build() == decide(after_damage(replace(LEADS, seen=None)), NOW, schema=1)

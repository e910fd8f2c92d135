"""What the brake holds back, what passes by itself and when, and what a person accepts."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs

from app.state.changes import Change
from app.state.source_records import SourceRecord
from connectors.base import Delta, Full
from connectors.contact import Contact
from tests.support.refreshing import DOWN, INTERVAL, START, Bench
from tests.support.servers.steered import crowd

HOLD = 3 * 86_400.0


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize(
    "before, after, max_loss, allow_empty, passes",
    [
        (10, 5, 0.5, False, True),
        (10, 4, 0.5, False, False),
        (9, 1, 0.5, False, True),
        (9, 0, 0.5, False, False),
        (1, 0, 0.5, False, False),
        (1, 0, 0.5, True, True),
        (10, 0, 0.5, True, True),
        (10, 9, 0.0, False, False),
        (10, 10, 0.0, False, True),
        (10, 1, 1.0, False, True),
        (10, 0, 1.0, False, False),
        (1000, 899, 0.1, False, False),
        (1000, 900, 0.1, False, True),
        (0, 0, 0.5, False, False),
        (0, 0, 0.5, True, True),
    ],
)
@pytest.mark.parametrize("delta", [False, True])
def test_the_brake(
    tmp_path: Path,
    before: int,
    after: int,
    max_loss: float,
    allow_empty: bool,
    passes: bool,
    delta: bool,
) -> None:
    bench = Bench(tmp_path, max_loss=max_loss, allow_empty=allow_empty)
    people = crowd(before)
    if before:
        bench.full(people, "first")
    if delta and before:
        bench.refresher.handle_result(
            Delta((), tuple(person.id for person in people[after:]), "second")
        )
    else:
        bench.full(people[:after], "second")
    assert ("ok" if passes else "held") == bench.state()
    assert (after if passes else before) == bench.held() == bench.refresher.status.contacts
    assert ("second" if passes else "first" if before else None) == bench.store.record(
        "staff"
    ).checkpoint


def test_replaced_people_are_lost_people(bench: Bench) -> None:
    bench.full(crowd(20))
    assert not bench.full(crowd(20, first=100))
    assert ("held", 20) == (bench.state(), bench.held())
    assert "it lost 20 of 20 contacts" in bench.refresher.status.error


def without_numbers(people: tuple[Contact, ...]) -> tuple[Contact, ...]:
    return tuple(msgspec.structs.replace(person, numbers=()) for person in people)


@pytest.mark.parametrize("delta", [False, True])
@pytest.mark.parametrize(
    "silent, gone, words",
    [
        (12, 0, "it holds nobody with a number now, 12 contacts before"),
        (7, 5, "it holds nobody with a number now, 12 contacts before"),
        (7, 0, "it lost 7 of 12 contacts (7 of them still there, but without a number)"),
        (4, 4, "it lost 8 of 12 contacts (4 of them still there, but without a number)"),
        (6, 0, ""),
    ],
)
def test_people_who_lose_their_numbers_are_lost_people(
    bench: Bench, silent: int, gone: int, words: str, delta: bool
) -> None:
    # A right on the attribute alone, or a column that an export leaves empty: everybody is there,
    # and nobody on the phones.
    people = crowd(12)
    bench.full(people)
    changed, removed = without_numbers(people[:silent]), people[silent : silent + gone]
    result = (
        Delta(changed, tuple(person.id for person in removed))
        if delta
        else Full((*changed, *people[silent + gone :]))
    )
    bench.refresher.handle_result(result)
    assert ("held" if words else "ok") == bench.state() and words in bench.refresher.status.error
    if not words:
        return
    assert {person.name for person in people[: silent + gone]} == set(bench.store.going("staff"))
    bench.now += 30 * 86_400
    bench.refresher.handle_result(result)
    assert ("held" if "nobody" in words else "ok") == bench.state()
    bench.full(people)
    bench.refresher.handle_result(result)
    bench.accept()
    assert bench.refresher.handle_result(result) and "ok" == bench.state()


def test_people_who_never_had_numbers_are_no_loss(bench: Bench) -> None:
    people = without_numbers(crowd(30))
    for count in (30, 29, 15):
        assert bench.full(people[:count]) and "ok" == bench.state()
    # One with a number comes and goes: then nobody would be left on the phones.
    assert bench.full((*people[:15], *crowd(1, first=50))) and not bench.full(people[:15])
    assert ("held", 16) == (bench.state(), bench.held())


def test_a_held_result_says_what_to_type(bench: Bench) -> None:
    bench.full(crowd(12))
    bench.full(())
    assert bench.refresher.status.error.startswith(
        "source 'staff': it holds nothing now, 12 contacts before; the phones keep what they had."
    )
    assert "directory-gateway accept staff" in bench.refresher.status.error


def test_a_first_result_that_holds_nothing_speaks_of_nobody_before(bench: Bench) -> None:
    bench.full(())
    assert bench.refresher.status.error.startswith(
        "source 'staff': it holds nothing; the phones keep what they had."
    )


def test_a_first_result_that_holds_nothing_is_released_by_a_person(bench: Bench) -> None:
    bench.full(())
    bench.accept()
    bench.full(())
    assert ("ok", 0) == (bench.state(), bench.held())


@pytest.mark.parametrize("before", [1, 9, 12])
def test_what_holds_nothing_never_passes_by_itself(bench: Bench, before: int) -> None:
    bench.full(crowd(before))
    for _ in range(40):
        bench.now += 86_400
        assert not bench.full(())
        assert ("held", before) == (bench.state(), bench.held())
    assert "it is never accepted automatically" in bench.refresher.status.error


@pytest.mark.parametrize(
    "steps, released",
    [
        (((INTERVAL, 4),), False),
        (((HOLD - 1, 4),), False),
        (((HOLD, 4),), True),
        (((HOLD + 86_400, 4),), True),
        # What loses as much all the time is the same loss, be it of others each time.
        (((HOLD / 2, 3), (HOLD / 2, 4)), True),
        (((HOLD / 2, 3), (HOLD / 2 - 1, 3)), False),
        # A reading that loses nothing, or little, ends it.
        (((HOLD / 2, 10), (HOLD / 2, 4)), False),
        (((HOLD / 2, 10), (HOLD / 2, 4), (HOLD, 4)), True),
        (((HOLD / 2, 6), (HOLD / 2, 4)), True),  # 4 of 6, which are few
        # Nobody at all is another matter: what comes after it begins anew.
        (((HOLD, 0), (INTERVAL, 4)), False),
        (((HOLD / 2, 0), (HOLD / 2, 4), (HOLD / 2, 4)), False),
        (((HOLD / 2, 0), (HOLD / 2, 4), (HOLD, 4)), True),
        (((HOLD, 0), (HOLD, 0)), False),
        # A clock that is set back holds nothing back for longer, and lets nothing pass earlier.
        (((HOLD / 2, 4), (-86_400.0 * 30, 4), (HOLD / 2 - 1, 4)), False),
        (((HOLD / 2, 4), (-86_400.0 * 30, 4), (HOLD / 2, 4)), True),
        (((-86_400.0 * 30, 4), (HOLD, 4)), True),
    ],
)
@pytest.mark.parametrize("restarts", [False, True])
def test_a_large_loss_passes_after_hold(
    bench: Bench, steps: tuple[tuple[float, int], ...], released: bool, restarts: bool
) -> None:
    bench.full(crowd(10))
    bench.full(crowd(4))
    for seconds, left in steps:
        bench.now += seconds
        if restarts:
            bench.restart()
        with capture_logs() as lines:
            bench.full(crowd(left))
    assert ("ok" if released else "held") == bench.state()
    assert (steps[-1][1] if released else 10) == bench.held()
    believed = [line for line in lines if line["event"] == "source_loss_believed"]
    by_itself = released and steps[0][1] != 6
    assert ["warning"] * by_itself == [line["log_level"] for line in believed]


def test_hold_is_of_each_source(tmp_path: Path) -> None:
    bench = Bench(tmp_path, hold=3600.0)
    bench.full(crowd(10))
    bench.full(crowd(4))
    bench.now += 3599
    assert not bench.full(crowd(4))
    bench.now += 1
    assert bench.full(crowd(4))


def test_a_failure_in_between_and_a_hold_of_nothing_let_nothing_pass(tmp_path: Path) -> None:
    bench = Bench(tmp_path, hold=0.001)
    bench.full(crowd(10))
    assert not bench.full(crowd(4)), "the first reading is never long enough"
    assert not bench.full(crowd(4)), "nor another one at the same moment"
    bench.refresher.handle_result(DOWN)
    assert (START, "failing") == (bench.refresher.status.held_since, bench.state())
    bench.now += 1
    assert bench.full(crowd(4))
    assert bench.refresher.status.held_since is None


def test_another_configuration_is_another_loss(bench: Bench) -> None:
    bench.full(crowd(10))
    bench.full(crowd(4))
    bench.now += HOLD
    bench.restart(replace(bench.source, fingerprint="another"))
    assert not bench.full(crowd(4))
    assert bench.now == bench.refresher.status.held_since
    bench.now += HOLD
    assert bench.full(crowd(4))


def test_since_when_it_is_held_outlives_failures_and_restarts(bench: Bench) -> None:
    bench.full(crowd(10))
    assert bench.refresher.status.held_since is None
    bench.full(())
    for step in (
        lambda: bench.full(crowd(4)),
        lambda: bench.refresher.handle_result(DOWN),
        bench.restart,
        lambda: bench.full(()),
    ):
        bench.now += INTERVAL
        step()
        assert START == bench.refresher.status.held_since
    bench.restart()
    assert "directory-gateway accept staff" in bench.refresher.status.error
    bench.full(crowd(9))
    assert bench.refresher.status.held_since is None
    bench.restart()
    assert ("ok", None, "") == (
        bench.state(),
        bench.refresher.status.held_since,
        bench.refresher.status.error,
    )


def test_one_that_is_no_loss_releases_at_once(bench: Bench) -> None:
    bench.full(crowd(10))
    bench.full(crowd(4))
    assert bench.full(crowd(9))
    assert ("ok", 9, None, ()) == (
        bench.state(),
        bench.held(),
        bench.store.held("staff"),
        bench.store.going("staff"),
    )


@pytest.mark.parametrize("delta", [False, True])
def test_who_would_go_is_kept_with_the_digest(bench: Bench, delta: bool) -> None:
    people = crowd(10)
    bench.full(people)
    bench.refresher.handle_result(
        Delta((), tuple(person.id for person in people[4:])) if delta else Full(people[:4])
    )
    held = bench.store.held("staff")
    assert held is not None and (10, 4, 6) == (held.before, held.after, held.lost)
    assert tuple(person.name for person in people[4:]) == bench.store.going("staff")
    assert 0o600 == (bench.store.folder / "sources.sqlite").stat().st_mode & 0o777
    bench.full(people[:3])
    assert tuple(person.name for person in people[3:]) == bench.store.going("staff")


@pytest.mark.parametrize(
    "then, passes",
    [
        ((0, 4), True),
        ((0, 5), True),  # one of those who would have gone is back
        ((0, 3), False),  # and here one more would go
        ((0, 0), False),
        ((1, 5), False),  # as many as were accepted, but another one
    ],
)
@pytest.mark.parametrize("newcomers", [0, 3])
@pytest.mark.parametrize("delta", [False, True])
def test_accept_accepts_whom_it_costs_and_nobody_else(
    bench: Bench, then: tuple[int, int], passes: bool, newcomers: int, delta: bool
) -> None:
    people = crowd(12)
    bench.full(people)
    bench.full(people[:4])
    bench.accept()
    bench.refresher.handle_result(DOWN)
    bench.restart()
    left = people[then[0] : then[1]]
    if left or newcomers == 0:
        new = crowd(newcomers, first=100)
        gone = tuple(person.id for person in people if person not in left)
        bench.refresher.handle_result(Delta(new, gone) if delta else Full((*left, *new)))
        assert ("ok" if passes else "held") == bench.state()
        assert (len(left) + newcomers if passes else 12) == bench.held()
        if not passes:
            # What was accepted before is accepted no more: it is another result that is held.
            bench.full(people[:4])
            assert ("held", 12) == (bench.state(), bench.held())


def test_nobody_at_all_that_was_accepted_lets_fewer_go_too(bench: Bench) -> None:
    bench.full(crowd(12))
    bench.full(())
    bench.accept()
    assert bench.full(crowd(3))
    assert not bench.full(()), "it was accepted once"
    assert ("held", 3) == (bench.state(), bench.held())


def test_what_is_accepted_while_the_same_is_judged_again_stays_accepted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.full(crowd(12))
    bench.full(crowd(4))
    judge = bench.store.compare

    def judged_meanwhile(record: SourceRecord, result: Full | Delta) -> Change:
        change = judge(record, result)
        bench.accept()
        return change

    with monkeypatch.context() as patch:
        patch.setattr(bench.store, "compare", judged_meanwhile)
        bench.full(crowd(4))
    bench.full(crowd(4))
    assert ("ok", 4) == (bench.state(), bench.held())


def test_what_is_accepted_is_what_is_held_just_then(bench: Bench) -> None:
    bench.full(crowd(12))
    bench.full(crowd(4))
    held = bench.store.held("staff")
    assert held is not None
    bench.full(crowd(3))
    assert not bench.store.accept("staff", held.digest)
    assert not bench.full(crowd(4))
    assert not bench.store.accept("other", held.digest)

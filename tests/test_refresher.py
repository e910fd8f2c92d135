"""Decisions over fetch results, with a clock in hand: when to ask again, what to ask for, what to believe."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.refresher import Refresher
from app.settings import Source, parse
from app.store import Store
from connectors.base import Delta, Full, Skipped, SourceRefused, SourceUnavailable
from connectors.contact import Contact
from tests.house import stored
from tests.servers.steered import crowd

START = 1_800_000_000.0
INTERVAL = 900.0
DOWN = SourceUnavailable("the server does not answer")


class Bench:
    """A refresher on a store of its own, with a clock that stands still until it is moved, and no jitter."""

    def __init__(self, folder: Path, chance: Callable[[], float] = lambda: 0.5, **source: object) -> None:
        self.now = START
        self._chance = chance
        data = {"state_dir": str(folder), "sources": {"staff": {"connector": "csv", "path": "staff.csv"}}}
        (self.source,) = parse(data, folder / "gateway.toml").sources
        self.source = replace(self.source, **{"refresh": INTERVAL, **source})  # type: ignore[arg-type]
        self.store = Store(folder)
        self.store.open("now")
        self.restart()

    def restart(self, source: Source | None = None) -> None:
        """Begin anew on the same store, as after a restart."""
        self.source = source or self.source
        self.refresher = Refresher(self.source, self.store, lambda: self.now, self._chance)

    def full(self, people: tuple[Contact, ...], checkpoint: str = "c", *, by_file: bool = False) -> bool:
        """Settle a full result; returns whether anything changed."""
        return self.refresher.settle(Full(people, checkpoint), by_file=by_file)

    def state(self) -> str:
        """Return the state."""
        return self.refresher.status.state

    def held(self) -> int:
        """Return how many contacts are served."""
        return len(list(stored(self.store.folder, "staff")))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_back_off_doubles_up_to_the_interval(bench: Bench) -> None:
    waits = []
    for _ in range(12):
        bench.refresher.settle(DOWN)
        waits.append(bench.refresher.wait())
    assert [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900] == waits
    bench.full(crowd(1))
    assert INTERVAL == bench.refresher.wait()
    bench.refresher.settle(DOWN)
    assert 5 == bench.refresher.wait()


@pytest.mark.parametrize("refresh, waits", [(1.0, [1, 1, 1]), (12.0, [5, 10, 12]), (86_400.0, [5, 10, 20])])
def test_back_off_never_exceeds_the_interval(tmp_path: Path, refresh: float, waits: list[float]) -> None:
    bench = Bench(tmp_path, refresh=refresh)
    told = []
    for _ in range(3):
        bench.refresher.settle(DOWN)
        told.append(bench.refresher.wait())
    assert waits == told


@pytest.mark.parametrize("chance, wait", [(0.0, 855.0), (0.5, 900.0), (1.0, 945.0)])
def test_jitter_is_a_twentieth_to_either_side(tmp_path: Path, chance: float, wait: float) -> None:
    bench = Bench(tmp_path, chance=lambda: chance)
    bench.full(crowd(1))
    assert wait == pytest.approx(bench.refresher.wait())


@pytest.mark.parametrize("asked, wait", [(120.0, 120.0), (7200.0, 7200.0), (0.0, 1.0), (-5.0, 1.0), (1e12, 86_400.0), (float("nan"), 1.0)])
def test_what_the_source_asks_for_wins_within_reason(bench: Bench, asked: float, wait: float) -> None:
    bench.refresher.settle(SourceUnavailable("busy", retry_after=asked))
    assert wait == bench.refresher.wait()


def test_refused_is_tried_once_per_interval_whatever_came_before(bench: Bench) -> None:
    for _ in range(3):
        bench.refresher.settle(DOWN)
    for _ in range(3):
        bench.refresher.settle(SourceRefused("wrong password"))
        assert ("refused", INTERVAL) == (bench.state(), bench.refresher.wait())
    bench.refresher.settle(DOWN)
    assert ("failing", 5) == (bench.state(), bench.refresher.wait())


def test_refused_may_name_a_file_and_anything_else_forgets_it(bench: Bench, tmp_path: Path) -> None:
    token = tmp_path / "token.json"
    for after in (DOWN, SourceRefused("wrong password"), ValueError("x"), Full(crowd(1))):
        bench.refresher.settle(SourceRefused("expired", until_changed=token))
        assert token == bench.refresher.until_changed
        bench.refresher.settle(after)
        assert bench.refresher.until_changed is None


@pytest.mark.parametrize("outcome", [DOWN, SourceRefused("wrong password"), ValueError("Ann Smith"), Full(()), Full(crowd(4))])
def test_whatever_goes_wrong_the_contacts_stay(bench: Bench, outcome: Full | Exception) -> None:
    bench.full(crowd(10))
    bench.now += INTERVAL
    assert not bench.refresher.settle(outcome)
    told = bench.refresher.status
    assert (10, 10, START) == (bench.held(), told.contacts, told.last_success)
    assert told.error and "Ann" not in told.error
    assert "c" == bench.store.record("staff").checkpoint
    assert INTERVAL >= bench.refresher.wait() > 0


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
def test_the_brake(tmp_path: Path, before: int, after: int, max_loss: float, allow_empty: bool, passes: bool, delta: bool) -> None:
    bench = Bench(tmp_path, max_loss=max_loss, allow_empty=allow_empty)
    people = crowd(before)
    if before:
        bench.full(people, "first")
    if delta and before:
        bench.refresher.settle(Delta((), tuple(person.id for person in people[after:]), "second"))
    else:
        bench.full(people[:after], "second")
    assert ("ok" if passes else "held") == bench.state()
    assert (after if passes else before) == bench.held() == bench.refresher.status.contacts
    assert ("second" if passes else "first" if before else None) == bench.store.record("staff").checkpoint


def test_replaced_people_are_lost_people(bench: Bench) -> None:
    bench.full(crowd(20))
    assert not bench.full(crowd(20, first=100))
    assert ("held", 20) == (bench.state(), bench.held())
    assert "it lost 20 of 20 contacts" in bench.refresher.status.error


def test_a_held_result_says_what_to_type(bench: Bench) -> None:
    bench.full(crowd(12))
    bench.full(())
    assert bench.refresher.status.error.startswith(
        "source 'staff': it holds nothing now, 12 contacts before; the phones keep what they had."
    )
    assert "directory-gateway accept staff" in bench.refresher.status.error


def test_a_first_result_that_holds_nothing_speaks_of_nobody_before(bench: Bench) -> None:
    bench.full(())
    assert bench.refresher.status.error.startswith("source 'staff': it holds nothing; the phones keep what they had.")


@pytest.mark.parametrize(
    "steps, released",
    [
        (((INTERVAL, False, 4),), True),
        (((INTERVAL / 2, False, 4),), False),
        (((INTERVAL / 2, False, 4), (INTERVAL / 2, False, 4)), True),
        (((INTERVAL, True, 4),), False),
        (((INTERVAL, True, 4), (INTERVAL * 9, True, 4)), False),
        (((INTERVAL, True, 4), (1.0, False, 4)), True),
        (((INTERVAL, False, 3),), False),
        (((INTERVAL, False, 3), (INTERVAL, False, 4)), False),
        (((INTERVAL, False, 3), (INTERVAL, False, 3)), True),
        (((-86_400.0, False, 4), (INTERVAL, False, 4)), True),
    ],
)
def test_the_same_again_one_whole_interval_later_is_believed(
    bench: Bench, steps: tuple[tuple[float, bool, int], ...], released: bool
) -> None:
    bench.full(crowd(10))
    bench.full(crowd(4))
    for seconds, by_file, left in steps:
        bench.now += seconds
        bench.full(crowd(left), by_file=by_file)
    assert ("ok" if released else "held") == bench.state()
    assert (steps[-1][2] if released else 10) == bench.held()


def test_one_that_is_no_loss_releases_at_once(bench: Bench) -> None:
    bench.full(crowd(10))
    bench.full(crowd(4))
    assert bench.full(crowd(9))
    assert ("ok", 9, "") == (bench.state(), bench.held(), bench.store.record("staff").held)


def test_held_survives_a_restart_and_so_does_its_hour(bench: Bench) -> None:
    bench.full(crowd(10))
    bench.full(crowd(4))
    bench.now += INTERVAL
    bench.restart()
    assert bench.full(crowd(4))
    assert ("ok", 4) == (bench.state(), bench.held())


def test_accept_lets_one_result_pass(bench: Bench) -> None:
    bench.full(crowd(10))
    bench.full(crowd(4))
    bench.refresher.accept()
    bench.refresher.settle(DOWN)
    assert bench.full(crowd(2)), "the next one that arrives, failures between"
    assert ("ok", 2) == (bench.state(), bench.held())
    assert not bench.full(())
    assert ("held", 2) == (bench.state(), bench.held())


def test_since_is_the_checkpoint_until_a_day_has_passed(bench: Bench) -> None:
    assert bench.refresher.since() is None
    bench.full(crowd(3), "one")
    for hours, expected in ((1, "one"), (23, "one"), (25, None), (-2, None)):
        bench.now = START + hours * 3600
        assert expected == bench.refresher.since(), hours
    bench.now = START + 3600 * 12
    bench.refresher.settle(Delta((), (), "two"))
    assert "two" == bench.refresher.since()
    bench.now = START + 3600 * 25
    assert bench.refresher.since() is None, "a Delta is no full reading"
    bench.full(crowd(3), "three")
    assert "three" == bench.refresher.since()


def test_a_changed_configuration_reads_everything(bench: Bench) -> None:
    bench.full(crowd(3), "one")
    bench.restart(replace(bench.source, fingerprint="another"))
    assert bench.refresher.since() is None
    assert ("ok", 3) == (bench.state(), bench.held()), "what was read before is served meanwhile"
    bench.full(crowd(3), "two")
    assert "two" == bench.refresher.since()


def test_unchanged_moves_only_the_clock(bench: Bench) -> None:
    assert bench.full(crowd(3), "one")
    for result in (
        Full(crowd(3), "two"),
        Full(tuple(reversed(crowd(3))), "three"),
        Delta((), (), "four"),
        Delta(crowd(1), ("gone",), "five"),
    ):
        bench.now += INTERVAL
        assert not bench.refresher.settle(result)
        assert (bench.now, result.checkpoint) == (bench.refresher.status.last_success, bench.store.record("staff").checkpoint)


def test_skipped_are_counted_by_reason_and_kept_by_a_delta_that_says_nothing(bench: Bench) -> None:
    skipped = (Skipped("no name", "line 2"), Skipped("no name", "line 5"), Skipped("cut", "line 9"))
    bench.refresher.settle(Full(crowd(1), "one", skipped))
    assert {"no name": 2, "cut": 1} == bench.refresher.status.skipped
    bench.refresher.settle(Delta(crowd(2), (), "two"))
    assert {"no name": 2, "cut": 1} == bench.refresher.status.skipped
    bench.restart()
    assert {"no name": 2, "cut": 1} == bench.refresher.status.skipped
    bench.refresher.settle(Delta((), (), "three", ()))
    assert {} == bench.refresher.status.skipped


@pytest.mark.parametrize("jump", [-400 * 86_400.0, -3600.0, 3600.0, 400 * 86_400.0])
def test_clock_jumps_make_no_wait_longer_than_was_decided(bench: Bench, jump: float) -> None:
    for outcome, longest in ((Full(crowd(3)), INTERVAL), (DOWN, 5.0), (SourceRefused("wrong password"), INTERVAL), (Full(()), INTERVAL)):
        bench.refresher.settle(outcome)
        bench.now += jump
        assert 0 <= bench.refresher.wait() <= longest
        assert (0.0 if jump > 0 else longest) == bench.refresher.wait()


def test_failing_since_is_the_first_failure_whatever_its_kind(bench: Bench) -> None:
    bench.refresher.settle(DOWN)
    bench.now += 60
    bench.refresher.settle(SourceRefused("wrong password"))
    bench.now += 60
    bench.refresher.settle(ValueError())
    assert ("failing", START) == (bench.state(), bench.refresher.status.failing_since)
    bench.full(crowd(1))
    assert bench.refresher.status.failing_since is None


def test_logged_are_transitions_only(bench: Bench) -> None:
    outcomes = (DOWN, DOWN, SourceRefused("no"), SourceRefused("no"), ValueError("a"), ValueError("b"), Full(crowd(9)), Full(crowd(9)))
    with capture_logs() as told:
        for outcome in outcomes:
            bench.refresher.settle(outcome)
    assert ["source_failing", "source_refused", "source_crashed", "source_failing", "source_recovered"] == [line["event"] for line in told]

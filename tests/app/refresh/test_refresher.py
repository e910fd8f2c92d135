"""Decisions on fetch results with a clock of the test: when to fetch, and what to keep."""

import math
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from connectors.base import Delta, Full, Skipped, SourceRefused, SourceUnavailable
from tests.support.refreshing import DOWN, INTERVAL, START, Bench
from tests.support.servers.steered import crowd


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_back_off_doubles_up_to_the_interval(bench: Bench) -> None:
    waits = []
    for _ in range(12):
        bench.refresher.handle_result(DOWN)
        waits.append(bench.refresher.wait())
    assert [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900] == waits
    bench.full(crowd(1))
    assert INTERVAL == bench.refresher.wait()
    bench.refresher.handle_result(DOWN)
    assert 5 == bench.refresher.wait()


@pytest.mark.parametrize(
    "refresh, waits", [(1.0, [1, 1, 1]), (12.0, [5, 10, 12]), (86_400.0, [5, 10, 20])]
)
def test_back_off_never_exceeds_the_interval(
    tmp_path: Path, refresh: float, waits: list[float]
) -> None:
    bench = Bench(tmp_path, refresh=refresh)
    pauses = []
    for _ in range(3):
        bench.refresher.handle_result(DOWN)
        pauses.append(bench.refresher.wait())
    assert waits == pauses


@pytest.mark.parametrize("chance, wait", [(0.0, 855.0), (0.5, 900.0), (1.0, 945.0)])
def test_jitter_is_a_twentieth_to_either_side(tmp_path: Path, chance: float, wait: float) -> None:
    bench = Bench(tmp_path, chance=lambda: chance)
    bench.full(crowd(1))
    assert wait == pytest.approx(bench.refresher.wait())


@pytest.mark.parametrize(
    "retry_after, wait",
    [
        (120.0, 120.0),
        (7200.0, 7200.0),
        (0.0, 1.0),
        (-5.0, 1.0),
        (1e12, 86_400.0),
        (float("nan"), 1.0),
    ],
)
def test_what_the_source_asks_for_wins_within_reason(
    bench: Bench, retry_after: float, wait: float
) -> None:
    bench.refresher.handle_result(SourceUnavailable("busy", retry_after=retry_after))
    assert wait == bench.refresher.wait()


def test_refused_pauses_double_from_the_interval_up_to_twelve_hours(bench: Bench) -> None:
    waits = []
    for _ in range(8):
        bench.refresher.handle_result(SourceRefused("wrong password"))
        waits.append(bench.refresher.wait())
    assert [INTERVAL * 2**n for n in range(6)] + [12 * 3600.0] * 2 == waits
    assert bench.refresher.status.next_try == START + 12 * 3600


def test_a_server_that_is_down_in_between_has_not_taken_the_login(bench: Bench) -> None:
    for expected in (INTERVAL, INTERVAL * 2, INTERVAL * 4):
        bench.refresher.handle_result(SourceRefused("wrong password"))
        assert ("refused", expected) == (bench.state(), bench.refresher.wait())
        bench.refresher.handle_result(DOWN)
        assert ("failing", 5) == (bench.state(), bench.refresher.wait())
    bench.full(crowd(3))
    bench.refresher.handle_result(SourceRefused("wrong password"))
    assert INTERVAL == bench.refresher.wait(), "a login that was taken begins anew"


@pytest.mark.parametrize("refresh", [1.0, 3600.0, 43_200.0, 86_400.0, 7 * 86_400.0])
def test_refused_is_never_asked_more_often_than_the_interval(
    tmp_path: Path, refresh: float
) -> None:
    bench = Bench(tmp_path, refresh=refresh)
    for _ in range(40):
        bench.refresher.handle_result(SourceRefused("wrong password"))
        assert refresh <= bench.refresher.wait() <= max(refresh, 12 * 3600.0)


def test_a_restart_tries_a_refused_source_once(bench: Bench) -> None:
    for _ in range(5):
        bench.refresher.handle_result(SourceRefused("wrong password"))
    bench.restart()
    assert 0 == bench.refresher.wait()
    bench.refresher.handle_result(SourceRefused("wrong password"))
    assert INTERVAL == bench.refresher.wait()


def test_refused_may_name_a_file_and_anything_else_forgets_it(bench: Bench, tmp_path: Path) -> None:
    token = tmp_path / "token.json"
    for after in (DOWN, SourceRefused("wrong password"), ValueError("x"), Full(crowd(1))):
        bench.refresher.handle_result(SourceRefused("expired", until_changed=token))
        assert token == bench.refresher.retry_when_changed
        assert (math.inf, None, (str(token),)) == (
            bench.refresher.wait(),
            (status := bench.refresher.status).next_try,
            status.waits_for,
        )
        bench.refresher.handle_result(after)
        assert bench.refresher.retry_when_changed is None
        assert () == bench.refresher.status.waits_for
        assert 0 < bench.refresher.wait() <= 12 * 3600


@pytest.mark.parametrize(
    ("outcome", "secret", "log_facts"),
    [
        (DOWN, "", {"next_try": START + 5}),
        (ValueError("x"), "", {"next_try": START + 5}),
        (SourceRefused("wrong password"), "", {"next_try": START + INTERVAL}),
        (
            SourceRefused("wrong password"),
            "password",
            {"next_try": START + INTERVAL, "waits_for": "password"},
        ),
        (SourceRefused("expired", until_changed=Path("token")), "", {"waits_for": "token"}),
    ],
)
def test_the_log_tells_when_it_is_tried_again(
    tmp_path: Path, outcome: Exception, secret: str, log_facts: dict[str, object]
) -> None:
    secrets = ((Path(secret), (0, 0)),) if secret else ()
    bench = Bench(tmp_path, secrets=secrets)
    with capture_logs() as lines:
        bench.refresher.handle_result(outcome)
    facts = {name: lines[-1][name] for name in ("next_try", "waits_for") if name in lines[-1]}
    if "next_try" in facts:
        facts["next_try"] = datetime.fromisoformat(facts["next_try"]).timestamp()
    assert log_facts == facts


@pytest.mark.parametrize(
    "outcome",
    [DOWN, SourceRefused("wrong password"), ValueError("Ann Smith"), Full(()), Full(crowd(4))],
)
def test_whatever_goes_wrong_the_contacts_stay(bench: Bench, outcome: Full | Exception) -> None:
    bench.full(crowd(10))
    bench.now += INTERVAL
    assert not bench.refresher.handle_result(outcome)
    status = bench.refresher.status
    assert (10, 10, START) == (bench.held(), status.contacts, status.last_success)
    assert status.error and "Ann" not in status.error
    assert "c" == bench.store.record("staff").checkpoint
    assert INTERVAL >= bench.refresher.wait() > 0


def test_since_is_the_checkpoint_until_a_day_has_passed(bench: Bench) -> None:
    assert bench.refresher.since() is None
    bench.full(crowd(3), "one")
    for hours, expected in ((1, "one"), (23, "one"), (25, None), (-2, None)):
        bench.now = START + hours * 3600
        assert expected == bench.refresher.since(), hours
    bench.now = START + 3600 * 12
    bench.refresher.handle_result(Delta((), (), "two"))
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
        assert not bench.refresher.handle_result(result)
        assert (bench.now, result.checkpoint) == (
            bench.refresher.status.last_success,
            bench.store.record("staff").checkpoint,
        )


def test_skipped_are_counted_by_reason_and_kept_by_a_delta_that_says_nothing(bench: Bench) -> None:
    skipped = (Skipped("no name", "line 2"), Skipped("no name", "line 5"), Skipped("cut", "line 9"))
    bench.refresher.handle_result(Full(crowd(1), "one", skipped))
    assert {"no name": 2, "cut": 1} == bench.refresher.status.skipped
    bench.refresher.handle_result(Delta(crowd(2), (), "two"))
    assert {"no name": 2, "cut": 1} == bench.refresher.status.skipped
    bench.restart()
    assert {"no name": 2, "cut": 1} == bench.refresher.status.skipped
    bench.refresher.handle_result(Delta((), (), "three", ()))
    assert {} == bench.refresher.status.skipped


@pytest.mark.parametrize("jump", [-400 * 86_400.0, -3600.0, 3600.0, 400 * 86_400.0])
def test_clock_jumps_make_no_wait_longer_than_was_decided(bench: Bench, jump: float) -> None:
    refused = SourceRefused("wrong password")
    for outcome, longest in (
        (Full(crowd(3)), INTERVAL),
        (DOWN, 5.0),
        (refused, INTERVAL),
        (Full(()), INTERVAL),
    ):
        bench.refresher.handle_result(outcome)
        bench.now += jump
        assert 0 <= bench.refresher.wait() <= longest
        assert (0.0 if jump > 0 else longest) == bench.refresher.wait()


def test_failing_since_is_the_first_failure_whatever_its_kind(bench: Bench) -> None:
    bench.refresher.handle_result(DOWN)
    bench.now += 60
    bench.refresher.handle_result(SourceRefused("wrong password"))
    bench.now += 60
    bench.refresher.handle_result(ValueError())
    assert ("failing", START) == (bench.state(), bench.refresher.status.failing_since)
    bench.full(crowd(1))
    assert bench.refresher.status.failing_since is None


def test_logged_are_transitions_only(bench: Bench) -> None:
    outcomes = (
        DOWN,
        DOWN,
        SourceRefused("no"),
        SourceRefused("no"),
        ValueError("a"),
        ValueError("b"),
        Full(crowd(9)),
        Full(crowd(9)),
    )
    with capture_logs() as lines:
        for outcome in outcomes:
            bench.refresher.handle_result(outcome)
    assert [
        "source_failing",
        "source_refused",
        "source_crashed",
        "source_failing",
        "source_recovered",
    ] == [line["event"] for line in lines]


@pytest.mark.parametrize(
    "later, changed, waits",
    [
        (60.0, "", 2 * INTERVAL - 60),
        (2 * INTERVAL, "", 0.0),
        (400 * 86_400.0, "", 0.0),
        (-400 * 86_400.0, "", 0.0),  # the clock was set back: the refusal lies in the future
        (60.0, "gateway.toml", 0.0),
        (60.0, "token.json", 0.0),
    ],
)
@pytest.mark.parametrize("until_changed", [False, True])
def test_another_process_waits_on(
    bench: Bench, tmp_path: Path, later: float, changed: str, waits: float, until_changed: bool
) -> None:
    files = {name: tmp_path / name for name in ("gateway.toml", "token.json")}
    for path in files.values():
        path.write_text("x")
        os.utime(path, (START - 10, START - 10))
    refused = SourceRefused(
        "wrong password", until_changed=files["token.json"] if until_changed else None
    )
    for _ in range(2):
        bench.refresher.handle_result(refused)
    before = bench.refresher.status
    if changed:
        os.utime(files[changed], (START + 30, START + 30))
    bench.now += later
    bench.restart()
    bench.refresher.resume(before, files["gateway.toml"])
    if changed == "token.json" and not until_changed:
        waits = 2 * INTERVAL - later  # nobody reads that file
    elif until_changed and not changed and later > 0:
        waits = math.inf
    assert waits == bench.refresher.wait()
    if waits:
        assert (before.state, before.error, before.waits_for) == (
            bench.state(),
            bench.refresher.status.error,
            bench.refresher.status.waits_for,
        )
        bench.refresher.handle_result(SourceRefused("wrong password"))
        assert 4 * INTERVAL == bench.refresher.wait(), "the pauses go on"


@pytest.mark.parametrize("outcome", [DOWN, Full(crowd(3)), Full(())])
def test_only_a_refusal_is_waited_for_by_another_process(
    bench: Bench, tmp_path: Path, outcome: Full | Exception
) -> None:
    bench.refresher.handle_result(SourceRefused("wrong password"))
    bench.refresher.handle_result(outcome)
    before = bench.refresher.status
    bench.restart()
    bench.refresher.resume(before, tmp_path / "gateway.toml")
    assert 0 == bench.refresher.wait()
    bench.refresher.resume(None, tmp_path / "gateway.toml")
    assert 0 == bench.refresher.wait()

"""How the gateway is: one sentence, and the worst first."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.settings.loader import Settings, parse
from app.state.host_status import ExchangeStatus, HostStatus
from app.state.reload_state import write_reload_problem
from app.state.status import SourceStatus, Status
from app.web.console.condition import find_condition

NOW = 1_795_957_752.0
OK = SourceStatus(state="ok", contacts=3, last_success=NOW)
HELD = SourceStatus(
    state="held",
    contacts=92,
    last_success=NOW,
    held_since=NOW,
    error="source 'b': it lost 61 of 92 contacts (else on 2026-12-02T13:09:12+00:00).",
)
FAILING = SourceStatus(state="failing", contacts=412, last_success=NOW, error="No answer.")
REFUSED = SourceStatus(state="refused", error="The password is wrong.")
SERVED: Any = SimpleNamespace()


def settings(folder: Path, *names: str) -> Settings:
    sources = {name: {"connector": "csv", "path": f"{name}.csv"} for name in names}
    data = {"state_dir": str(folder), "timezone": "UTC", "sources": sources}
    return parse(data, folder / "gateway.toml")


@pytest.mark.parametrize(
    "sources, kind, sentence, about",
    [
        ([OK, OK], "ok", "All is well", []),
        ([OK, HELD], "warn", "One source needs you", ["b"]),
        ([HELD, REFUSED], "bad", "2 sources need you", ["b", "a"]),
        ([FAILING, HELD], "warn", "One source needs you", ["b", "a"]),
        ([FAILING, OK], "warn", "One source cannot be read", ["a"]),
        ([FAILING, FAILING], "warn", "2 sources cannot be read", ["a", "b"]),
        ([OK], "idle", "The first reading is under way: 1 of 2 sources read", []),
    ],
)
def test_the_worst_is_first(
    tmp_path: Path, sources: list[SourceStatus], kind: str, sentence: str, about: list[str]
) -> None:
    status = Status(sources=dict(zip("ab", sources, strict=False)))
    found = find_condition(settings(tmp_path, "a", "b"), SERVED, status, NOW)
    assert (kind, sentence) == (found.kind, found.sentence)
    assert about == [finding.source for finding in found.findings]


def test_a_problem_of_the_gateway_is_worse_than_every_source(tmp_path: Path) -> None:
    status = Status(sources={"a": REFUSED}, problem="The disk is full.")
    found = find_condition(settings(tmp_path, "a"), SERVED, status, NOW)
    assert ("bad", "The gateway needs you") == (found.kind, found.sentence)
    assert ["", "a"] == [finding.source for finding in found.findings]


def test_no_problem_of_the_gateway_hides_another_one(tmp_path: Path) -> None:
    write_reload_problem(tmp_path, "there is no source 'x'")
    found = find_condition(settings(tmp_path, "a"), SERVED, Status(problem="It is full"), NOW)
    (finding,) = found.findings
    assert finding.text.startswith("It is full. The reload of ")
    assert finding.text.endswith(" was not taken: there is no source 'x'")


@pytest.mark.parametrize(
    "source, problem, kind, sentence, count",
    [
        (OK, "", "warn", "Not all hosts are well", 1),
        (FAILING, "", "warn", "One source cannot be read", 2),
        (REFUSED, "", "bad", "One source needs you", 2),
        # Nothing is known of the hosts; the cause is told instead.
        (OK, "No answer.", "bad", "The gateway needs you", 1),
    ],
)
def test_hosts_that_are_not_well_are_told_last(
    tmp_path: Path, source: SourceStatus, problem: str, kind: str, sentence: str, count: int
) -> None:
    hosts = (HostStatus("north", "", builds=True, age=1.0), HostStatus("south", "", False, 90.0))
    exchange = ExchangeStatus("north", True, hosts, problem)
    status = Status(sources={"a": source}, problem=problem, exchange=exchange)
    found = find_condition(settings(tmp_path, "a"), SERVED, status, NOW)
    assert (kind, sentence, count) == (found.kind, found.sentence, len(found.findings))
    if not problem:
        assert found.findings[-1].text.startswith("Host south has told nothing for 90 s: it does")


def test_nothing_is_served_at_the_first_start(tmp_path: Path) -> None:
    found = find_condition(settings(tmp_path, "a"), None, Status(), NOW)
    assert ("idle", "starting") == (found.kind, found.word)
    assert "The first reading is under way: 0 of 1 source read" == found.sentence


def test_a_finding_says_what_to_do_and_what_the_phones_have(tmp_path: Path) -> None:
    status = Status(sources={"a": FAILING, "b": HELD})
    held, failing = find_condition(settings(tmp_path, "a", "b"), SERVED, status, NOW).findings
    assert "It lost 61 of 92 contacts (else on Wednesday 13:09)." == held.text
    assert held.is_held
    assert "No answer. The phones keep 412 contacts of 13:09." == failing.text
    assert not failing.is_held

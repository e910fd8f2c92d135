"""What the overview shows of each source."""

from pathlib import Path

from app.settings.loader import parse
from app.state.status import SourceStatus, Status
from app.web.console.sources import source_rows

NOW = 1_795_957_752.0


def test_sources_that_need_a_person_come_first(tmp_path: Path) -> None:
    states = ("ok", "never", "failing", "held", "refused")
    sources = {state: {"connector": "csv", "path": "a.csv"} for state in states}
    settings = parse({"timezone": "UTC", "sources": sources}, tmp_path / "gateway.toml")
    status = Status(sources={state: SourceStatus(state=state) for state in states[2:] + states[:1]})
    rows = source_rows(settings, status, NOW)
    assert [
        ("refused", "bad", "refused"),
        ("held", "warn", "held"),
        ("failing", "warn", "failing"),
        ("never", "idle", "not read yet"),
        ("ok", "ok", "well"),
    ] == [(row.name, row.kind, row.word) for row in rows]


def test_times_and_what_was_skipped(tmp_path: Path) -> None:
    sources = {"a": {"connector": "csv", "path": "a.csv"}}
    settings = parse({"timezone": "UTC", "sources": sources}, tmp_path / "gateway.toml")
    source = SourceStatus(
        state="ok", last_success=NOW - 180, next_try=NOW - 5, skipped={"no name": 2, "broken": 14}
    )
    (row,) = source_rows(settings, Status(sources={"a": source}), NOW)
    assert ((14, "broken"), (2, "no name")) == row.skipped
    assert row.read is not None and "3 minutes ago" == row.read.relative
    assert row.next_try is not None and "now" == row.next_try.relative
    assert row.failing_since is None and row.held_since is None

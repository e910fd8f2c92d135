"""Tests of the notes on old data."""

from pathlib import Path

import pytest

from app.settings.loader import parse
from app.state.status import SourceStatus, Status
from app.web.stale_notes import STALE_INTERVALS, stale_notes

NOON = 1_763_463_600.0  # 18 November 2025, 12:00 in Berlin
HOUR = 3600.0
CONFIG = {
    "timezone": "Europe/Berlin",
    "sources": {
        name: {"connector": "csv", "path": f"{name}.csv"} for name in ("staff", "shop", "late")
    },
    "books": {
        "staff": {"sources": ["staff"]},
        "all": {"sources": ["staff", "shop", "late"]},
        "late": {"sources": ["late"]},
    },
}


def status(**last_success: float | None) -> Status:
    """Return a status of sources that are refreshed once an hour."""
    return Status(
        sources={
            name: SourceStatus(last_success=seconds, refresh=HOUR)
            for name, seconds in last_success.items()
        }
    )


@pytest.mark.parametrize(
    "hours, expected",
    [
        ({}, ()),
        ({"staff": STALE_INTERVALS, "shop": 0}, ()),
        ({"staff": STALE_INTERVALS + 1}, (("staff", "08:00"), ("all", "08:00"))),
        ({"staff": STALE_INTERVALS + 2, "shop": 5.5}, (("staff", "07:00"), ("all", "06:30"))),
        ({"shop": STALE_INTERVALS + 1, "late": 0}, (("all", "08:00"),)),
    ],
)
def test_a_note_has_the_time_of_the_oldest_data(
    tmp_path: Path, hours: dict[str, float], expected: tuple[tuple[str, str], ...]
) -> None:
    settings = parse(CONFIG, tmp_path / "gateway.toml")
    sources = status(**{name: NOON - passed * HOUR for name, passed in hours.items()})
    found = stale_notes(settings, sources, NOON)
    assert expected == tuple((book, f"{then:%H:%M}") for book, then in found)
    assert {f"{then:%Y-%m-%d %Z}" for _, then in found} <= {"2025-11-18 CET"}


def test_a_source_that_was_never_read_has_no_time(tmp_path: Path) -> None:
    settings = parse(CONFIG, tmp_path / "gateway.toml")
    assert () == stale_notes(settings, status(staff=None), NOON)

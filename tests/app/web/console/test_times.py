"""Times as people tell them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.web.console.times import tell_time

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 29, 4, 28, 0, tzinfo=BERLIN)  # a Sunday


@pytest.mark.parametrize(
    "then, relative, clock",
    [
        ("2026-11-29 04:28:00", "now", "04:28"),
        ("2026-11-29 04:27:59", "1 second ago", "04:27"),
        ("2026-11-29 04:25:00", "3 minutes ago", "04:25"),
        ("2026-11-29 04:40:00", "in 12 minutes", "04:40"),
        ("2026-11-29 02:00:00", "2 hours ago", "02:00"),
        ("2026-11-28 23:59:00", "4 hours ago", "Saturday 23:59"),
        ("2026-11-26 09:12:00", "2 days ago", "Thursday 09:12"),
        ("2026-12-02 13:09:00", "in 3 days", "Wednesday 13:09"),
        ("2026-11-18 09:12:00", "10 days ago", "18 November 09:12"),
        ("2025-11-18 09:12:00", "375 days ago", "18 November 2025 09:12"),
    ],
)
def test_times(then: str, relative: str, clock: str) -> None:
    seconds = datetime.fromisoformat(then).replace(tzinfo=BERLIN).timestamp()
    text = tell_time(seconds, NOW.timestamp(), BERLIN)
    assert (relative, clock) == (text.relative, text.clock)
    assert seconds == datetime.fromisoformat(text.iso).timestamp()

"""Phones are served again after the builder or the web worker is killed.

One of them is killed 20 times at random while the directory changes.
"""

from pathlib import Path

from tests.bench.kill import kill_at_random


def test_twenty_kills_at_random_leave_nothing_broken(tmp_path: Path) -> None:
    seen = kill_at_random(tmp_path, 20)
    assert seen.builders + seen.workers == 20
    assert seen.builders > 3 and seen.workers > 3
    assert seen.versions > 1

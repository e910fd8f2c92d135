"""The bar that shows how far the reading of a source is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from app.cli import reading
from connectors.base import Full


@pytest.mark.parametrize(
    ("done", "total", "shown"),
    [
        (0, 40, "staff: [....................] 0 of 40"),
        (10, 40, "staff: [#####...............] 10 of 40"),
        (40, 40, "staff: [####################] 40 of 40"),
        # A server that said too little.
        (50, 40, "staff: [####################] 50 of 40"),
        (7, None, "staff: 7"),
        (0, 0, "staff: 0"),
    ],
)
def test_progress_is_a_bar_if_the_total_is_known(
    monkeypatch: pytest.MonkeyPatch, done: int, total: int | None, shown: str
) -> None:
    lines: list[str] = []

    @contextmanager
    def working(text: str) -> Iterator[Callable[[str], None]]:
        yield lines.append

    def fetch(since: str | None, progress: Callable[[int, int | None], None]) -> Full:
        progress(done, total)
        return Full(())

    monkeypatch.setattr(reading, "working", working)
    monkeypatch.setattr(reading, "fetch_once", lambda source, *rest: fetch(*rest))
    assert Full(()) == reading.read_source(SimpleNamespace(name="staff", word="csv"))
    assert [shown] == lines

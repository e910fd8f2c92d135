"""Read a source in the foreground, with its progress on the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.cli.terminal import progress_line
from app.refresh.messages import with_source_name
from app.refresh.source_thread import fetch_once
from app.settings.sources import Source
from connectors.base import Full, Progress, SourceError

_BAR = 20
"""Characters of the bar of progress."""


def read_source(source: Source) -> Full:
    """Return all contacts of a source; raise SourceError if it cannot be read."""
    with _progress(source.name) as progress:
        result = fetch_once(source, None, progress)
    if isinstance(result, SourceError):
        raise SourceError(with_source_name(str(result), source.name)) from result
    if isinstance(result, Exception):
        raise result
    if not isinstance(result, Full):
        raise TypeError(f"connector {source.word!r} returned a Delta without a checkpoint")
    return result


@contextmanager
def _progress(name: str) -> Iterator[Progress | None]:
    """Yield a function that draws progress on the terminal; None without a terminal."""
    with progress_line() as draw_line:
        if draw_line is None:
            yield None
            return

        def draw(done: int, total: int | None) -> None:
            draw_line(f"{name}: {_bar(done, total)}")

        yield draw


def _bar(done: int, total: int | None) -> str:
    if not total:
        return str(done)
    filled = min(_BAR, _BAR * done // total)
    return f"[{'#' * filled}{'.' * (_BAR - filled)}] {done} of {total}"

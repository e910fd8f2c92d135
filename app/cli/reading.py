"""Read a source in the foreground, with its progress on the terminal."""

from app.cli.terminal import working
from app.refresh.messages import with_source_name
from app.refresh.source_thread import fetch_once
from app.settings.sources import Source
from connectors.base import Full, SourceError

_BAR = 20
"""Characters of the bar of progress."""


def read_source(source: Source) -> Full:
    """Return all contacts of a source; raise SourceError if it cannot be read."""
    with working(f"{source.name}: reading") as show:

        def progress(done: int, total: int | None) -> None:
            show(f"{source.name}: {_bar(done, total)}")

        result = fetch_once(source, None, progress)
    if isinstance(result, SourceError):
        raise SourceError(with_source_name(str(result), source.name)) from result
    if isinstance(result, Exception):
        raise result
    if not isinstance(result, Full):
        raise TypeError(f"connector {source.word!r} returned a Delta without a checkpoint")
    return result


def _bar(done: int, total: int | None) -> str:
    if not total:
        return str(done)
    filled = min(_BAR, _BAR * done // total)
    return f"[{'#' * filled}{'.' * (_BAR - filled)}] {done} of {total}"

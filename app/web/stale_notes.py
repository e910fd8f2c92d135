"""Find the books whose data is old, which their screens note."""

from datetime import datetime

from app.settings.loader import Settings
from app.state.status import Status

STALE_INTERVALS = 3
"""Refresh intervals without a successful fetch after which a source's data is old."""


def stale_notes(settings: Settings, status: Status, now: float) -> tuple[tuple[str, datetime], ...]:
    """Return (book, time) for each book with a source whose data is old.

    The time is that of the oldest data, to the minute, in the configured time zone.
    `now` is in seconds since 1970.
    """
    stale = {
        name: source.last_success
        for name, source in status.sources.items()
        if source.last_success is not None
        and now - source.last_success > STALE_INTERVALS * source.refresh
    }
    books = {book.name: book for profile in settings.profiles for book in profile.books}
    return tuple(
        (
            book.name,
            _local_time(min(stale[name] for name in book.sources if name in stale), settings),
        )
        for book in books.values()
        if not stale.keys().isdisjoint(book.sources)
    )


def _local_time(since: float, settings: Settings) -> datetime:
    then = (
        datetime.fromtimestamp(since, settings.timezone)
        if settings.timezone
        else datetime.fromtimestamp(since).astimezone()
    )
    return then.replace(second=0, microsecond=0)

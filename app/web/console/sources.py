"""What the overview shows of each source."""

from dataclasses import dataclass

from app.settings.loader import Settings
from app.state.status import SourceStatus, Status
from app.web.console.times import Moment, tell_time

MAX_OPEN = 12
"""Number of sources up to which those that are well are shown without being asked for."""

_WORDS = {
    "ok": ("ok", "well"),
    "failing": ("warn", "failing"),
    "refused": ("bad", "refused"),
    "held": ("warn", "held"),
    "never": ("idle", "not read yet"),
}
_ORDER = ("refused", "held", "failing", "never", "ok")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source.

    `kind` and `word` are its state. `skipped` is what could not be read, as count and
    reason, most first.
    """

    name: str
    kind: str
    word: str
    contacts: int
    read: Moment | None
    next_try: Moment | None
    waits_for: tuple[str, ...]
    failing_since: Moment | None
    held_since: Moment | None
    skipped: tuple[tuple[int, str], ...]


def source_rows(settings: Settings, status: Status, now: float) -> tuple[SourceRow, ...]:
    """Return the sources, those that need a person first."""
    rows = [
        (status.sources.get(source.name) or SourceStatus(), source.name)
        for source in settings.sources
    ]
    rows.sort(key=lambda row: _ORDER.index(row[0].state))

    def moment(seconds: float | None) -> Moment | None:
        return None if seconds is None else tell_time(seconds, now, settings.timezone)

    return tuple(
        SourceRow(
            name,
            *_WORDS[source.state],
            contacts=source.contacts,
            read=moment(source.last_success),
            next_try=None if source.next_try is None else moment(max(source.next_try, now)),
            waits_for=source.waits_for,
            failing_since=moment(source.failing_since),
            held_since=moment(source.held_since),
            skipped=tuple(
                sorted(((count, reason) for reason, count in source.skipped.items()), reverse=True)
            ),
        )
        for source, name in rows
    )

"""Tell times as people tell them: "3 minutes ago (04:25)"."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.model.text import plural

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_WEEK_DAYS = 6


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as text relative to now, as clock time or date, and in ISO 8601."""

    relative: str
    clock: str
    iso: str


def tell_time(seconds: float, now: float, zone: tzinfo | None) -> Moment:
    """Return a time for people; `zone` None is the system's time zone.

    Both times are in seconds since 1970.
    """
    then, today = (
        datetime.fromtimestamp(value, zone) if zone else datetime.fromtimestamp(value).astimezone()
        for value in (seconds, now)
    )
    return Moment(_relative(seconds - now), _clock(then, today), then.isoformat(timespec="seconds"))


def _relative(distance: float) -> str:
    size, unit = next((item for item in _UNITS if abs(distance) >= item[0]), (1, "second"))
    count = int(abs(distance) // size)
    if not count:
        return "now"
    return f"in {plural(count, unit)}" if distance > 0 else f"{plural(count, unit)} ago"


def _clock(then: datetime, today: datetime) -> str:
    days = abs((then.date() - today.date()).days)
    if not days:
        return f"{then:%H:%M}"
    if days <= _WEEK_DAYS:
        return f"{then:%A %H:%M}"
    year = f" {then.year}" if then.year != today.year else ""
    return f"{then.day} {then:%B}{year} {then:%H:%M}"

"""The brake decides which results of a source are held back, and for how long."""

from app.model.text import plural
from app.settings.sources import Source
from app.state.changes import Change
from app.state.held_results import Held
from app.state.status import iso_time

MIN_BRAKED = 10


def is_braked(source: Source, change: Change) -> bool:
    """Return whether the brake must hold a change back.

    It does so if no contact with a number is left, unless `allow_empty` is set. It also
    does so if a source of at least MIN_BRAKED contacts would lose more than `max_loss`
    of them.
    """
    if not change.altered:
        return False
    if change.empty and not source.allow_empty:
        return True
    if change.after == 0:
        return False
    return change.before >= MIN_BRAKED and change.lost > source.max_loss * change.before


def make_held(source: Source, change: Change, before: Held | None, now: float) -> Held:
    """Return the held result of this fetch, with the times of the fetches before it.

    `before` is the held result of the previous fetch, None if nothing was held.
    """
    if before is not None and before.fingerprint != source.fingerprint:
        before = None  # another configuration fetched other contacts
    # If the clock was set back, the times move with it, so nothing is held for longer.
    shift = min(now - before.seen, 0.0) if before is not None else 0.0
    losing = None
    if not change.empty:
        losing = (
            before.losing_since + shift
            if before is not None and before.losing_since is not None
            else now
        )
    return Held(
        source=source.name,
        digest=change.digest,
        fingerprint=source.fingerprint,
        since=before.since + shift if before is not None else now,
        losing_since=losing,
        seen=now,
        before=change.before,
        after=change.after,
        lost=change.lost,
        silent=change.silent,
    )


def is_held_long_enough(source: Source, held: Held) -> bool:
    """Return whether a large loss was fetched again and again for the source's `hold`.

    A result that leaves no contact with a number is never held for long enough.
    """
    return (
        held.losing_since is not None
        and held.losing_since < held.seen
        and held.seen - held.losing_since >= source.hold
    )


def describe_loss(held: Held) -> str:
    """Return the loss of a held result, as words to follow the source's name."""
    if held.losing_since is None:
        what = "it holds nobody with a number" if held.after else "it holds nothing"
        return what + (f" now, {plural(held.before, 'contact')} before" if held.before else "")
    still = f" ({held.silent} of them still there, but without a number)" if held.silent else ""
    return f"it lost {held.lost} of {plural(held.before, 'contact')}{still}"


def describe_held(source: Source, held: Held) -> str:
    """Return the message about a held result, with the command that accepts it."""
    if held.losing_since is not None:
        otherwise = (
            f"else it is accepted automatically on {iso_time(held.losing_since + source.hold)}, if"
            " the source still returns it then"
        )
    else:
        otherwise = "it is never accepted automatically"
    advice = f"If that is correct, run: directory-gateway accept {held.source} ({otherwise})."
    return f"source {held.source!r}: {describe_loss(held)}; the phones keep what they had. {advice}"

"""Implement the commands `accept`, for a held result, and `refresh`.

The lines contain names of people and are only for the terminal. Nothing here is logged.
"""

from collections.abc import Iterator

from app.model.text import clean, plural
from app.refresh.brake import loss
from app.settings.errors import SettingsError
from app.settings.loader import Settings
from app.state import control
from app.state.directory import describe_error
from app.state.locks import is_held
from app.state.status import iso_time
from app.state.store import FILE, Store
from connectors.base import SourceError

MAX_SHOWN = 100


def accept_lines(
    settings: Settings, name: str, *, everybody: bool = False, look: bool = False
) -> Iterator[str]:
    """Accept a source's held result, and yield the contacts that are lost by it.

    `everybody` shows all names, not the first MAX_SHOWN. `look` shows them and accepts
    nothing. Raises SettingsError if the source is unknown or state_dir cannot be
    written. Raises SourceError if another result is held by now, or StoreError.
    """
    _refuse_unknown(settings, name)
    store = Store(settings.state_dir)
    held = store.held(name) if (settings.state_dir / FILE).is_file() else None
    if held is None:
        yield f"{name}: nothing of it is held back, so there is nothing to accept."
        return
    names = store.going(name)
    yield (
        f"{name}: {loss(held)}; held since {iso_time(held.since)}. It costs"
        f" {plural(len(names), 'contact')}{':' if names else '.'}"
    )
    shown = names if everybody else names[:MAX_SHOWN]
    yield from (f"  {clean(one)}" for one in shown)
    if len(shown) < len(names):
        yield f"  and {len(names) - len(shown)} more (--all shows them)"
    if look:
        yield f"{name}: nothing was accepted."
        return
    if not store.accept(name, held.digest):
        raise SourceError(
            f"{name}: the source has answered something else meanwhile. Nothing was accepted; see"
            " what is held now."
        )
    builder = is_held(settings.state_dir)
    if builder:
        _ask(settings, control.REFRESH, name)
    when = (
        "the builder reads it now"
        if builder
        else "no builder runs: it waits for serve, build or build --once"
    )
    yield (
        f"{name}: what was held back passes at the next reading; {when}. If that loses anybody"
        " else, it is held again."
    )


def refresh_line(settings: Settings, name: str, *, full: bool = False) -> str:
    """Request a refresh of a source and return a message for the terminal.

    If no builder runs, the request waits for the next one. `full` requests everything,
    not only changes. Raises SettingsError if the source is unknown or state_dir cannot
    be written.
    """
    _refuse_unknown(settings, name)
    _ask(settings, control.FULL if full else control.REFRESH, name)
    what = "everything" if full else "it"
    if is_held(settings.state_dir):
        return f"{name}: the builder reads {what} now; directory-gateway status tells what came."
    return (
        f"{name}: no builder runs that could read {what}: it waits for serve, build or build"
        " --once."
    )


def _ask(settings: Settings, verb: str, name: str) -> None:
    try:
        control.send(settings.state_dir, verb, name)
    except OSError as error:
        raise SettingsError(f"state_dir {settings.state_dir}", (describe_error(error),)) from error


def _refuse_unknown(settings: Settings, name: str) -> None:
    if settings.source(name) is None:
        names = ", ".join(item.name for item in settings.sources)
        raise SettingsError(
            str(settings.origin), (f'there is no source "{name}". There are: {names}.',)
        )

"""Implement the command `accept`.

The lines contain names of people and are only for the terminal. Nothing here is logged.
"""

from collections.abc import Iterator

from app.cli.selection import find_source
from app.cli.state_dir import usable
from app.model.text import clean, plural
from app.refresh.acceptance import accept_held, find_held_loss
from app.refresh.brake import describe_loss
from app.settings.loader import Settings
from app.state.locks import is_held
from app.state.status import iso_time, read_status
from connectors.base import SourceError

MAX_SHOWN = 100


def accept_lines(
    settings: Settings, name: str, *, all_names: bool = False, dry_run: bool = False
) -> Iterator[str]:
    """Accept a source's held result, and yield the contacts that it removes.

    `all_names` yields all of them, not only the first MAX_SHOWN. `dry_run` accepts
    nothing. Raises WrongWord if the source is unknown, SettingsError if state_dir
    cannot be written, SourceError if another result is held by now, or StoreError.
    """
    find_source(settings, name)
    found = find_held_loss(settings.state_dir, name)
    if found is None:
        yield f"{name}: no result is held back, so there is nothing to accept."
        return
    held, names = found.held, found.names
    effect = f"Accepting it removes {plural(len(names), 'contact')}{':' if names else '.'}"
    yield f"{name}: {describe_loss(held)}; held since {iso_time(held.since)}. {effect}"
    shown = names if all_names else names[:MAX_SHOWN]
    yield from (f"  {clean(contact)}" for contact in shown)
    if len(shown) < len(names):
        yield f"  and {len(names) - len(shown)} more (--all lists them)"
    if dry_run:
        yield f"{name}: nothing was accepted."
        return
    with usable(settings.state_dir) as folder:
        is_accepted = accept_held(folder, name, held.digest)
    if not is_accepted:
        raise SourceError(
            f"{name}: the source has returned another result meanwhile. Nothing was accepted. Run"
            " the command again to see what is held now."
        )
    if not is_held(settings.state_dir):
        when = "no builder runs: it waits for serve, build or build --once"
    elif read_status(settings.state_dir).exchange_problem:
        when = "that waits until the exchange answers (directory-gateway status)"
    else:
        when = "the builder reads the source now"
    yield (
        f"{name}: accepted. The result is used when the source is read next; {when}. A result that"
        " loses other contacts is held back again."
    )

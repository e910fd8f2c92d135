"""Accept a result that the brake holds back, from the command line or the console."""

from dataclasses import dataclass
from pathlib import Path

from app.state import control
from app.state.held_results import Held
from app.state.store import FILE, Store


@dataclass(frozen=True, slots=True)
class HeldLoss:
    """A held result, and the names of the contacts that accepting it removes."""

    held: Held
    names: tuple[str, ...]


def find_held_loss(folder: Path, source: str) -> HeldLoss | None:
    """Return the held result of a source in a state directory, None if nothing is held.

    Raises StoreError if the store cannot be read.
    """
    if not (folder / FILE).is_file():
        return None
    store = Store(folder)
    held = store.held(source)
    return HeldLoss(held, store.going(source)) if held is not None else None


def accept_held(folder: Path, source: str, digest: str) -> bool:
    """Accept the held result with this digest, and request that the source is read.

    Returns False if another one, or none, is held by now. Raises StoreError or OSError
    if the state directory cannot be written.
    """
    is_accepted = (folder / FILE).is_file() and Store(folder).accept(source, digest)
    if is_accepted:
        control.send(folder, control.REFRESH, source)
    return is_accepted

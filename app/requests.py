"""Requests to a running builder or supervisor, as files in `state_dir/requests/`: accept, refresh, rebuild, reload.

Law of this file: names of files. Whoever may write the state directory may ask; nobody else can.
"""

from contextlib import suppress
from pathlib import Path

from app.state import REQUESTS as FOLDER

ACCEPT = "accept"
REFRESH = "refresh"
REBUILD = "rebuild"
RELOAD = "reload"


def ask(folder: Path, verb: str, source: str = "") -> None:
    """Leave a request in a state directory. Raises OSError where that cannot be written."""
    box = folder / FOLDER
    box.mkdir(mode=0o700, exist_ok=True)
    (box / (f"{verb}-{source}" if source else verb)).touch(mode=0o600)


def waits(folder: Path, verb: str) -> bool:
    """Tell whether a request without a source still waits to be taken."""
    return (folder / FOLDER / verb).exists()


def take(folder: Path, *verbs: str) -> tuple[tuple[str, str], ...]:
    """Take the waiting requests with these verbs, as (verb, source or ""); each is returned once."""
    taken = []
    with suppress(OSError):
        for path in sorted((folder / FOLDER).iterdir()):
            verb, _, source = path.name.partition("-")
            if verb in verbs:
                path.unlink(missing_ok=True)
                taken.append((verb, source))
    return tuple(taken)

"""Requests to a running builder or supervisor, as files in `state_dir/requests/`: refresh, full, rebuild, reload; and answers.

Law of this file: names of files. Whoever may write the state directory may ask; nobody else can.
"""

from contextlib import suppress
from pathlib import Path

from app.state.directory import REQUESTS as FOLDER

REFRESH = "refresh"
FULL = "full"
REBUILD = "rebuild"
RELOAD = "reload"
_ANSWER = "answer"


def send(folder: Path, verb: str, source: str = "") -> None:
    """Leave a request in a state directory. Raises OSError where that cannot be written."""
    box = folder / FOLDER
    box.mkdir(mode=0o700, exist_ok=True)
    (box / (f"{verb}-{source}" if source else verb)).touch(mode=0o600)


def reply(folder: Path, verb: str, text: str) -> None:
    """Leave the answer to a request without a source that was taken, as far as it can be written."""
    box = folder / FOLDER
    with suppress(OSError):
        (box / f".{verb}").write_text(text, encoding="utf-8")
        (box / f".{verb}").replace(box / f"{_ANSWER}-{verb}")


def take_reply(folder: Path, verb: str) -> str | None:
    """Take the answer to a request, None while there is none."""
    path = folder / FOLDER / f"{_ANSWER}-{verb}"
    try:
        text = path.read_text(encoding="utf-8")
        path.unlink()
    except OSError:
        return None
    return text


def receive(folder: Path, *verbs: str) -> tuple[tuple[str, str], ...]:
    """Take the waiting requests with these verbs, as (verb, source or ""); each is returned once."""
    taken = []
    with suppress(OSError):
        for path in sorted((folder / FOLDER).iterdir()):
            verb, _, source = path.name.partition("-")
            if verb in verbs:
                path.unlink(missing_ok=True)
                taken.append((verb, source))
    return tuple(taken)

"""Control channel from the command line to a running builder or supervisor.

A request is an empty file in `state_dir/requests/` named VERB or VERB-SOURCE. A reply
is a file named answer-VERB. File permissions of the state directory are the access
control.
"""

from contextlib import suppress
from pathlib import Path

from app.state.directory import REQUESTS

REFRESH = "refresh"
FULL = "full"
REBUILD = "rebuild"
RELOAD = "reload"
_ANSWER = "answer"


def send(folder: Path, verb: str, source: str = "") -> None:
    """Write a request into a state directory.

    Raises OSError if it cannot be written.
    """
    requests = folder / REQUESTS
    requests.mkdir(mode=0o700, exist_ok=True)
    (requests / (f"{verb}-{source}" if source else verb)).touch(mode=0o600)


def reply(folder: Path, verb: str, text: str) -> None:
    """Write the reply to a request that has no source.

    A reply that cannot be written is left out.
    """
    draft = folder / REQUESTS / f".{verb}"
    with suppress(OSError):
        draft.write_text(text, encoding="utf-8")
        draft.replace(draft.with_name(f"{_ANSWER}-{verb}"))


def take_reply(folder: Path, verb: str) -> str | None:
    """Return and delete the reply to a request; None while there is none."""
    path = folder / REQUESTS / f"{_ANSWER}-{verb}"
    try:
        text = path.read_text(encoding="utf-8")
        path.unlink()
    except OSError:
        return None
    return text


def receive(folder: Path, *verbs: str) -> tuple[tuple[str, str], ...]:
    """Return and delete the waiting requests with these verbs.

    Each request is returned once, as (verb, source); the source is "" if it has none.
    """
    requests = []
    with suppress(OSError):
        for path in sorted((folder / REQUESTS).iterdir()):
            verb, _, source = path.name.partition("-")
            if verb in verbs:
                path.unlink(missing_ok=True)
                requests.append((verb, source))
    return tuple(requests)

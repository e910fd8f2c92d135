"""Control channel from the command line to a running builder or supervisor.

A request is a file in `state_dir/requests/` named VERB or VERB-SOURCE. A reply
is a file named answer-VERB. File permissions of the state directory are the access
control.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.state.directory import REQUESTS, replace_file

REFRESH = "refresh"
FULL = "full"
REBUILD = "rebuild"
RELOAD = "reload"
ACCEPT = "accept"
_VERBS = (REFRESH, FULL, REBUILD, RELOAD, ACCEPT)
_ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Request:
    """What an operator asks of a builder or a supervisor.

    `source` is the source it is for, "" if the verb needs none. `digest` is that of the
    held result which ACCEPT accepts.
    """

    verb: str
    source: str = ""
    digest: str = ""


def send(folder: Path, verb: str, source: str = "", digest: str = "") -> None:
    """Write a request into a state directory.

    Raises OSError if it cannot be written, and ValueError if the verb is unknown or the
    source cannot be part of a file's name.
    """
    if verb not in _VERBS or "/" in source:
        raise ValueError("not a request")
    requests = folder / REQUESTS
    requests.mkdir(mode=0o700, exist_ok=True)
    name = f"{verb}-{source}" if source else verb
    replace_file(requests / name, digest.encode("ascii"))


def reply(folder: Path, verb: str, text: str) -> None:
    """Write the reply to a request that has no source.

    A reply that cannot be written is left out.
    """
    with suppress(OSError):
        replace_file(folder / REQUESTS / f"{_ANSWER}-{verb}", text.encode("utf-8", "replace"))


def take_reply(folder: Path, verb: str) -> str | None:
    """Return and delete the reply to a request; None while there is none."""
    path = folder / REQUESTS / f"{_ANSWER}-{verb}"
    try:
        text = path.read_text(encoding="utf-8")
        path.unlink()
    except OSError:
        return None
    return text


def receive(folder: Path, *verbs: str) -> tuple[Request, ...]:
    """Return and delete the waiting requests with these verbs, each once."""
    requests = []
    with suppress(OSError):
        for path in sorted((folder / REQUESTS).iterdir()):
            verb, _, source = path.name.partition("-")
            if verb in verbs:
                # A file that is no text, or is gone, still was a request.
                with suppress(OSError, ValueError):
                    digest = ""
                    digest = path.read_text(encoding="ascii")
                path.unlink(missing_ok=True)
                requests.append(Request(verb, source, digest))
    return tuple(requests)

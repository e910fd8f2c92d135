"""What the building side tells the web side and the operators: the contents of `status.json`.

Law of this file: values and their JSON form. It knows no source and no screen; times are seconds since 1970 (wall clock).
"""

import errno
import os
from datetime import datetime
from pathlib import Path

import msgspec

FILE = "status.json"
STATES = ("ok", "failing", "refused", "held", "never")
_BLOCK = 4096
_SPARE = 1024


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a source is. `state`: one of STATES; `skipped`: how often each reason.

    `held_since`: the first of the readings that the brake holds back, whatever the state is now. `waits_for`: files whose change is
    waited for; with `next_try` None nothing else is. `refused_at`, `refusals`: the last refused login, and how many there were in a row.
    """

    state: str = "never"
    contacts: int = 0
    skipped: dict[str, int] = {}
    refresh: float = 900.0
    last_success: float | None = None
    failing_since: float | None = None
    next_try: float | None = None
    held_since: float | None = None
    waits_for: tuple[str, ...] = ()
    refused_at: float | None = None
    refusals: int = 0
    error: str = ""
    notice: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the builder tells. `problem` is a sentence about the building itself ("" where all is well).

    `run` differs from one start of the gateway, or reload, to the next; it is the same for a builder that was started again.
    """

    written_at: float = 0.0
    builder: int = 0
    run: str = ""
    sources: dict[str, SourceStatus] = {}
    problem: str = ""
    builds: int = 0
    failed_builds: int = 0


def write(folder: Path, status: Status) -> None:
    """Replace a folder's status file by rename, readable by its owner alone. Raises OSError where that fails.

    The file is padded with spaces, so that on a full disk, where it is wanted most, it can be written over in its place.
    """
    data = msgspec.json.encode(status)
    data = data.ljust(-(-(len(data) + _SPARE) // _BLOCK) * _BLOCK)
    draft = folder / f".{FILE}-{os.getpid()}"
    try:
        _put(draft, data, os.O_CREAT | os.O_TRUNC)
        draft.replace(folder / FILE)
    except OSError:
        draft.unlink(missing_ok=True)
        if len(data) != (folder / FILE).stat().st_size:
            raise
        _put(folder / FILE, data, 0)


def _put(path: Path, data: bytes, how: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | how, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        if file.write(data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def read(folder: Path) -> Status:
    """Return a folder's status; an empty one where there is none, or it cannot be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Status)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Status()


def iso_time(seconds: float | None) -> str | None:
    """Return a moment (seconds since 1970) in ISO 8601 with the system's offset, None for None."""
    return None if seconds is None else datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")

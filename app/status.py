"""What the building side tells the web side and the operators: the contents of `status.json`.

Law of this file: values and their JSON form. It knows no source and no screen; times are seconds since 1970 (wall clock).
"""

import os
from pathlib import Path

import msgspec

FILE = "status.json"


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a source is. `state`: ok, failing, refused, held or never; `skipped`: how often each reason."""

    state: str = "never"
    contacts: int = 0
    skipped: dict[str, int] = {}
    refresh: float = 900.0
    last_success: float | None = None
    failing_since: float | None = None
    next_try: float | None = None
    error: str = ""
    notice: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the builder tells. `problem` is a sentence about the building itself ("" where all is well)."""

    written_at: float = 0.0
    builder: int = 0
    sources: dict[str, SourceStatus] = {}
    problem: str = ""
    builds: int = 0
    failed_builds: int = 0


def write(folder: Path, status: Status) -> None:
    """Replace a folder's status file by rename, readable by its owner alone. Raises OSError where that fails."""
    draft = folder / f".{FILE}-{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(status))
        draft.replace(folder / FILE)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def read(folder: Path) -> Status:
    """Return a folder's status; an empty one where there is none, or it cannot be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Status)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Status()

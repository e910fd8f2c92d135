"""What became of the last reload, as a file that the supervisor writes and operators' pages read."""

import os
from contextlib import suppress
from pathlib import Path

FILE = "reload-problem"


def write(folder: Path, problem: str) -> None:
    """Keep why the last reload was refused or not taken; "" removes it. What cannot be written is left out: the log has it."""
    with suppress(OSError):
        if not problem:
            (folder / FILE).unlink(missing_ok=True)
            return
        draft = folder / f".{FILE}-{os.getpid()}"
        draft.write_text(problem, encoding="utf-8")
        draft.chmod(0o600)
        draft.replace(folder / FILE)


def read(folder: Path) -> tuple[str, float]:
    """Return why the last reload was refused or not taken, and when (seconds since 1970); ("", 0.0) if it was taken."""
    try:
        return (folder / FILE).read_text(encoding="utf-8", errors="replace"), (folder / FILE).stat().st_mtime
    except OSError:
        return "", 0.0

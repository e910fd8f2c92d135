"""Result of the last reload, in a file that operators' pages read."""

from contextlib import suppress
from pathlib import Path

from app.state.directory import replace_file

FILE = "reload-problem"


def write_reload_problem(folder: Path, problem: str) -> None:
    """Write why the last reload was refused or not applied, "" if it was applied.

    The start of the gateway counts as a reload that was applied. Write errors are
    ignored: the log has the problem too.
    """
    with suppress(OSError):
        replace_file(folder / FILE, problem.encode("utf-8", "replace"))


def read_reload_problem(folder: Path) -> tuple[str, float | None]:
    """Return why the last reload was refused or not applied, and when.

    The first is "" if it was applied. The time is in seconds since 1970, None if it is
    not known.
    """
    path = folder / FILE
    try:
        return path.read_text(encoding="utf-8", errors="replace"), path.stat().st_mtime
    except OSError:
        return "", None

"""Use the state directory from a command, and tell what is wrong with it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.settings.errors import SettingsError
from app.state.directory import check_state_dir, describe_error
from app.state.locks import is_held


@contextmanager
def usable(folder: Path) -> Iterator[Path]:
    """Yield a state directory; raise SettingsError for an OSError of the block."""
    try:
        yield folder
    except OSError as error:
        raise SettingsError(f"state_dir {folder}", (describe_error(error),)) from error


def refuse_unreadable(folder: Path) -> None:
    """Raise SettingsError if a state directory exists and this user cannot read it."""
    if folder.exists() and not os.access(folder, os.R_OK | os.X_OK):
        raise SettingsError(
            f"state_dir {folder}",
            ("cannot be read. Run this as the user that the gateway runs as.",),
        )


def state_dir_warnings(folder: Path) -> Iterator[str]:
    """Yield why this user cannot use a state directory, if a builder does not use it."""
    if is_held(folder):
        return
    try:
        check_state_dir(folder)
    except OSError as error:
        yield f"state_dir {folder} (checked as user {os.geteuid()}) {describe_error(error)}"

"""Read a complete local file, up to a configured size; choose who reads a secret."""

import os
import stat
from pathlib import Path

from connectors.base import MEGABYTE, SourceRefused

_WITHOUT_WAITING = (
    getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)


class NotAFile(OSError):
    """The path is a folder, a device or a pipe; the text says which."""


def read_file(path: Path, max_size: int) -> bytes:
    """Return the content of a regular file, as long as it was when it was opened.

    What is appended later is not read. Raises NotAFile, SourceRefused if the file is
    larger than `max_size`, and OSError if it cannot be read.
    """
    if not path.is_file():
        raise NotAFile("a folder" if stat.S_ISDIR(path.stat().st_mode) else "not a regular file")
    # The path may since have become a pipe.
    with open(path, "rb", opener=open_without_waiting) as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise NotAFile("not a regular file")
        if state.st_size > max_size:
            raise SourceRefused(
                f"{path} is larger than {_megabytes(max_size)} MB: it has"
                f" {_megabytes(state.st_size)} MB. Check path, or raise max_size of the source if"
                " this really is an address book."
            )
        return file.read(state.st_size)


def open_without_waiting(path: str, flags: int) -> int:
    """Open a file, as the `opener` of `open`: a pipe without a writer does not block."""
    # `os.fdopen` in its place would leave a folder open, of which it makes no file.
    return os.open(path, flags | _WITHOUT_WAITING)


def secret_mode(folder: Path) -> int:
    """Return the mode of a new file with a secret in this folder: for its owner alone.

    A folder that gives its group to new files (setgid) was set up for that group, such
    as that of a service whose files root writes. There the group may read it too.
    """
    return 0o640 if folder.stat().st_mode & stat.S_ISGID else 0o600


def _megabytes(size: int) -> str:
    return f"{-(-size // MEGABYTE):,}"

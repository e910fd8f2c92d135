"""Read a complete local file, up to a configured size."""

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
    # The path may since have become a pipe without a writer, which would block here.
    with os.fdopen(os.open(path, os.O_RDONLY | _WITHOUT_WAITING), "rb") as file:
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


def _megabytes(size: int) -> str:
    return f"{-(-size // MEGABYTE):,}"

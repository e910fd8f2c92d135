"""Finds the CSV files that a configuration names, and reads each as it stood at one moment.

Law of this file: it knows paths, globs and that files are rewritten while we look. It knows nothing of what is in them.

A file that is being copied grows in steps: one that was written to within the last moments, or that is not the same
after it was read as before, is read again, and given up as "being written" rather than believed.
"""

import contextlib
import glob
import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from connectors.base import SourceUnavailable
from connectors.local_file import NotAFile, read_file

_SETTLED = 0.15
_TRIES = 10
"""Bytes of one file. Two million contacts, the most of a source, need less; a larger file would fill the memory."""


def watched_folders(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the folders in which the files lie; of a glob, the folder before its first wildcard too."""
    paths = tuple(paths)
    plain = [_plain_part(path) for path in paths]
    with contextlib.suppress(SourceUnavailable):
        plain += [path.parent for path in find(paths)]
    return tuple(dict.fromkeys(plain))


def file_state(paths: Iterable[Path]) -> str:
    """Return the names, sizes and times of the files: what differs when one of them was changed."""
    try:
        return "\n".join(f"{path} {_state(path.stat())}" for path in find(paths))
    except (OSError, SourceUnavailable) as error:
        return type(error).__name__


def find(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files, globs resolved, in the order of the configuration and then by name, each once.

    Raises SourceUnavailable when a glob matches no file, or a folder cannot be looked into.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not glob.has_magic(str(path)) or path.exists():
            found[path] = None
            continue
        folder = _plain_part(path)
        try:
            matches = sorted(match for match in folder.glob(str(path.relative_to(folder))) if _wanted(match))
        except OSError as error:
            raise SourceUnavailable(f"{folder} cannot be looked into ({error.strerror}). Correct its rights.") from error
        if not matches:
            raise SourceUnavailable(f"no file matches {path}. Correct path, or put the file there.")
        found.update(dict.fromkeys(matches))
    return tuple(found)


def _plain_part(path: Path) -> Path:
    folder = path.parent
    while glob.has_magic(str(folder)):
        folder = folder.parent
    return folder


def _wanted(path: Path) -> bool:
    """Hidden files and those that editors leave behind are no exports."""
    return not path.name.startswith((".", "~")) and path.is_file()


def read_stable(path: Path, max_size: int) -> bytes:
    """Return the whole content of a file that nobody wrote to meanwhile.

    Raises SourceUnavailable when it is missing, unreadable, no file, empty, or still being written, SourceRefused when it is
    larger than `max_size` bytes.
    """
    try:
        for _ in range(_TRIES):
            before = path.stat()
            age = time.time() - before.st_mtime
            if before.st_size <= max_size and stat.S_ISREG(before.st_mode) and 0 <= age < _SETTLED:
                time.sleep(_SETTLED - age)
                continue
            data = read_file(path, max_size)
            if _state(before) == _state(path.stat()) and len(data) == before.st_size:
                break
        else:
            raise SourceUnavailable(f"{path} is being written at this moment. It is read again shortly.", retry_after=2.0)
    except NotAFile as error:
        told = f'{path} is {error}. Name the file in path, or all of a folder with "{path}/*.csv".'
        raise SourceUnavailable(told) from error
    except FileNotFoundError as error:
        raise SourceUnavailable(f"{path} is not there. Correct path, or put the file back.") from error
    except OSError as error:
        raise SourceUnavailable(f"{path} cannot be read ({error.strerror}). Correct path, or the rights of the file.") from error
    if not data.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\0"):
        raise SourceUnavailable(f"{path} is empty. Export it again; its first line must name the columns.")
    return data


def _state(seen: os.stat_result) -> tuple[int, int, int]:
    return (seen.st_size, seen.st_mtime_ns, seen.st_ino)

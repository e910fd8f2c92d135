"""Find the configured CSV files, and read each as it stood at one moment.

A file that is being copied grows in steps. One that was written a moment ago, or that
changed during the read, is read again. After some tries it is reported as "being
written".
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


def watched_folders(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the folders of the files; for a glob, also that before its wildcard."""
    paths = tuple(paths)
    plain = [_plain_part(path) for path in paths]
    with contextlib.suppress(SourceUnavailable):
        plain += [path.parent for path in find(paths)]
    return tuple(dict.fromkeys(plain))


def file_state(paths: Iterable[Path]) -> str:
    """Return the names, sizes and times of the files, which differ after a change."""
    try:
        return "\n".join(f"{path} {_state(path.stat())}" for path in find(paths))
    except (OSError, SourceUnavailable) as error:
        return type(error).__name__


def find(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files with globs resolved, each once.

    They come in the order of the configuration, then by name. Raises SourceUnavailable
    if a glob matches no file or a folder is unreadable.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not glob.has_magic(str(path)) or path.exists():
            found[path] = None
            continue
        folder = _plain_part(path)
        try:
            matches = sorted(
                match for match in folder.glob(str(path.relative_to(folder))) if _is_export(match)
            )
        except OSError as error:
            raise SourceUnavailable(
                f"{folder} cannot be looked into ({error.strerror}). Correct its rights."
            ) from error
        if not matches:
            raise SourceUnavailable(f"no file matches {path}. Correct path, or put the file there.")
        found.update(dict.fromkeys(matches))
    return tuple(found)


def _plain_part(path: Path) -> Path:
    folder = path.parent
    while glob.has_magic(str(folder)):
        folder = folder.parent
    return folder


def _is_export(path: Path) -> bool:
    """Return whether a file is an export.

    Hidden files and those that editors leave behind are not.
    """
    return not path.name.startswith((".", "~")) and path.is_file()


def read_stable(path: Path, max_size: int) -> bytes:
    """Return the complete content of a file that was not written to meanwhile.

    Raises SourceUnavailable if it is missing, unreadable, not a file, empty, or still
    being written. Raises SourceRefused if it is larger than `max_size` bytes.
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
            raise SourceUnavailable(
                f"{path} is being written at this moment. It is read again shortly.",
                retry_after=2.0,
            )
    except NotAFile as error:
        message = (
            f'{path} is {error}. Name the file in path, or all of a folder with "{path}/*.csv".'
        )
        raise SourceUnavailable(message) from error
    except FileNotFoundError as error:
        raise SourceUnavailable(
            f"{path} is not there. Correct path, or put the file back."
        ) from error
    except OSError as error:
        raise SourceUnavailable(
            f"{path} cannot be read ({error.strerror}). Correct path, or the rights of the file."
        ) from error
    if not data.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\0"):
        raise SourceUnavailable(
            f"{path} is empty. Export it again; its first line must name the columns."
        )
    return data


def _state(seen: os.stat_result) -> tuple[int, int, int]:
    return (seen.st_size, seen.st_mtime_ns, seen.st_ino)

"""Write the new files, all of them or none, and never over an existing one."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from connectors.local_file import secret_mode

_READABLE = 0o644


class NotWritten(Exception):
    """A file exists already or cannot be written; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to write. `is_secret` lets only its owner read it (`secret_mode`)."""

    path: Path
    content: bytes = field(repr=False)
    is_secret: bool = False


def refuse_existing(path: Path, option: str = "--config") -> None:
    """Raise NotWritten if a file exists, or its folder cannot take it.

    `option` names what chooses another place.
    """
    if os.path.lexists(path):
        raise NotWritten(
            f"{path} exists already, and init writes over nothing. Rename or delete that file, or"
            f" write another one with {option}."
        )
    if not path.parent.is_dir():
        raise NotWritten(f"There is no folder {path.parent}. Make it first.")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise NotWritten(
            f"You may not write into {path.parent}. Start init in a folder of your own, or name"
            " the file with --config."
        )


@contextmanager
def written(files: Iterable[NewFile]) -> Iterator[None]:
    """Write new files, and delete them again if writing or the block fails.

    Raises NotWritten if one exists already or cannot be written.
    """
    done: list[Path] = []
    try:
        for file in files:
            _write(file, done)
        yield
    except BaseException:
        for path in done:
            with suppress(OSError):
                path.unlink()
        raise


def _write(file: NewFile, done: list[Path]) -> None:
    try:
        mode = secret_mode(file.path.parent) if file.is_secret else _READABLE
        number = os.open(file.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        done.append(file.path)
        with os.fdopen(number, "wb") as stream:
            stream.write(file.content)
            stream.flush()
            os.fsync(number)
    except FileExistsError as error:
        raise NotWritten(
            f"{file.path} exists by now, and init writes over nothing. Nothing was written."
        ) from error
    except OSError as error:
        raise NotWritten(
            f"{file.path} cannot be written ({error.strerror}). Nothing was written."
        ) from error

"""Find the configured vCard files, and read them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from connectors.base import SourceUnavailable
from connectors.local_file import NotAFile, read_file

_SUFFIXES = (".vcf", ".vcard")


def watched_folders(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the folders of the files; for a pattern, its part without wildcards."""
    return tuple(dict.fromkeys(_plain_part(path) for path in paths))


def file_state(paths: Iterable[Path]) -> str:
    """Return the names, sizes and times of the files, which differ after a change."""
    try:
        states = [(path, path.stat()) for path in find(paths)]
    except (OSError, SourceUnavailable) as error:
        return type(error).__name__
    return "\n".join(
        f"{path} {state.st_size} {state.st_mtime_ns} {state.st_ino}" for path, state in states
    )


def find(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files, with folders and patterns resolved, each once.

    Raises SourceUnavailable if a path has no file or is unreadable.
    """
    found: dict[Path, None] = {}
    for path in paths:
        try:
            matches = sorted(_matches(path))
        except OSError as error:
            raise SourceUnavailable(
                f"{path} cannot be listed ({error.strerror}). Check path and the rights on it."
            ) from error
        if not matches:
            raise SourceUnavailable(
                f"No vCard file is at {path}. Check path, and that its disk is mounted."
            )
        found.update(dict.fromkeys(matches))
    return tuple(found)


def read(path: Path, max_size: int) -> bytes:
    """Return the content of a file.

    Raises SourceUnavailable if it is unreadable or no file, SourceRefused if it is
    larger than `max_size` bytes.
    """
    try:
        return read_file(path, max_size)
    except NotAFile as error:
        raise SourceUnavailable(f"{path} is {error}, which holds no cards. Check path.") from error
    except OSError as error:
        raise SourceUnavailable(
            f"{path} cannot be read ({error.strerror}). Check path and the rights on it."
        ) from error


def _is_pattern(path: Path) -> bool:
    return any(letter in str(path) for letter in "*?[") and not path.exists()


def _plain_part(path: Path) -> Path:
    while _is_pattern(path):
        path = path.parent
        if not any(letter in str(path) for letter in "*?["):
            return path
    return path if path.is_dir() else path.parent


def _matches(path: Path) -> Iterator[Path]:
    if _is_pattern(path):
        anchor = _plain_part(path)
        yield from (
            found for found in anchor.glob(str(path.relative_to(anchor))) if found.is_file()
        )
    elif path.is_dir():
        for found in path.rglob("*"):
            hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
            if found.suffix.lower() in _SUFFIXES and not hidden and found.is_file():
                yield found
    else:
        yield path

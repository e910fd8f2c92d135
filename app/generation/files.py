"""Name, publish and delete generation files."""

import hashlib
import os
import re
import time
from pathlib import Path

CURRENT = "current"


_VERSION = re.compile(r"[0-9a-z]{6,12}\Z")


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_version(moment: float) -> str:
    """Return a version token of letters and digits for a moment (seconds since 1970).

    Tokens of later moments sort later.
    """
    count, token = int(moment * 1000), ""
    while count:
        count, digit = divmod(count, 36)
        token = _DIGITS[digit] + token
    return token.rjust(8, "0")


def is_version(token: str) -> bool:
    """Return whether a token from a link may be part of a file's name."""
    return _VERSION.match(token) is not None


def file_name(version: str) -> str:
    """Return the name of a generation's file."""
    return f"gen-{version}.sqlite"


def current_version(folder: Path) -> str | None:
    """Return the version that is published in a folder.

    Returns None if none is published or the `current` file is not readable.
    """
    return _pointer(folder)[0] or None


def current_digest(folder: Path) -> str:
    """Return the `file_digest` of the published file, or "" if `current` holds none."""
    return _pointer(folder)[1]


def _pointer(folder: Path) -> tuple[str, str]:
    try:
        words = (folder / CURRENT).read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return "", ""
    if not words or not is_version(words[0]):
        return "", ""
    return words[0], words[1] if len(words) > 1 else ""


def file_digest(path: Path) -> str:
    """Return the BLAKE2b digest of a file, 32 hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def publish(folder: Path, version: str, digest: str) -> None:
    """Publish a generation by an atomic rename of the `current` file.

    `digest` is the `file_digest` of the generation. A folder at the path of `current`
    is renamed aside. Raises OSError if publication fails.
    """
    draft = folder / f".{CURRENT}-{os.getpid()}"
    with draft.open("w", encoding="ascii") as file:
        file.write(f"{version}\n{digest}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(0o600)
    try:
        draft.replace(folder / CURRENT)
    except IsADirectoryError:
        (folder / CURRENT).rename(folder / f"{CURRENT}.aside-{time.time_ns()}")
        draft.replace(folder / CURRENT)


KEEP_DAMAGED = 7 * 86_400.0


def delete_old_generations(folder: Path, keep_seconds: float, most: int) -> None:
    """Delete old generations and what a killed build left behind.

    Deleted are generations superseded more than `keep_seconds` ago, and the oldest ones
    beyond `most`. The current one is always kept. Files marked damaged are deleted
    after `KEEP_DAMAGED` seconds. Raises OSError if the folder cannot be read.
    """
    current, now = current_version(folder), time.time()
    found: list[tuple[float, Path]] = []
    for path in folder.iterdir():
        name = path.name
        left = name.startswith((".current-", ".status.json-")) and not name.endswith(
            f"-{os.getpid()}"
        )
        if (
            left
            or name.startswith((".draft-gen-", ".scratch-"))
            or (".damaged-" in name and now - path.stat().st_mtime > KEEP_DAMAGED)
        ):
            path.unlink(missing_ok=True)
        elif (
            name.startswith("gen-")
            and name.endswith(".sqlite")
            and is_version(version := name[4:-7])
            and version != current
        ):
            found.append((path.stat().st_mtime, path))
    found.sort(reverse=True)
    # A generation is superseded when the next one is published. That is about when the next one's
    # file was last written.
    superseded = _publication_time(folder, current)
    for place, (written, path) in enumerate(found):
        if place + 1 >= most or now - superseded > keep_seconds:
            path.unlink(missing_ok=True)
        superseded = written


def _publication_time(folder: Path, current: str | None) -> float:
    try:
        return (folder / file_name(current)).stat().st_mtime if current is not None else time.time()
    except OSError:
        return time.time()

"""Name, publish and delete generation files.

The `current` file names the published version, and holds the digests of its files and
how long its build took.
"""

import hashlib
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

CURRENT = "current"
FORM = 1
"""The form of `current`: version, digest, seconds, digest of the people file, form."""

_VERSION = re.compile(r"[0-9a-z]{6,12}\Z")
_NAME = re.compile(r"(?:\.draft-)?gen-([0-9a-z]{6,12})\.sqlite\Z")
_PEOPLE_NAME = re.compile(r"people-([0-9a-z]{6,12})\.sqlite\Z")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Published:
    """The contents of a `current` file.

    `version` is "" if none is published or the file is not readable, also because of
    its `form` (FORM is the one that this program reads). `digest` is the
    `file_digest` of the generation and `people_digest` that of its people file, "" if
    an earlier program wrote the file.
    """

    version: str = ""
    digest: str = ""
    build_seconds: float = 0.0
    people_digest: str = ""
    form: int = FORM


def new_version(moment: float) -> str:
    """Return a version token of letters and digits for a moment (seconds since 1970).

    Tokens of later moments sort later.
    """
    return _token(int(moment * 1000))


def _token(count: int) -> str:
    token = ""
    while count:
        count, digit = divmod(count, 36)
        token = _DIGITS[digit] + token
    return token.rjust(8, "0")


def free_version(folder: Path) -> str:
    """Return a version token of this moment that no file in the folder has.

    It is later than the published one, also where a clock went back or is another
    host's.
    """
    current = current_version(folder)
    count = max(int(time.time() * 1000), int(current, 36) + 1 if current is not None else 0)
    while (folder / file_name(version := _token(count))).exists():
        count += 1
    return version


def moment_of(version: str) -> float:
    """Return the moment of a version token, in seconds since 1970."""
    return int(version, 36) / 1000


def is_version(token: str) -> bool:
    """Return whether a token from a link may be part of a file's name."""
    return _VERSION.match(token) is not None


def file_name(version: str) -> str:
    """Return the name of a generation's file."""
    return f"gen-{version}.sqlite"


def people_file_name(version: str) -> str:
    """Return the name of the people file beside a generation (`app.people`)."""
    return f"people-{version}.sqlite"


def version_of(name: str) -> str:
    """Return the version in the name of a generation's file or draft, or ""."""
    found = _NAME.match(name)
    return found[1] if found is not None else ""


def people_version_of(name: str) -> str:
    """Return the version in the name of a people file, or ""."""
    found = _PEOPLE_NAME.match(name)
    return found[1] if found is not None else ""


def current_version(folder: Path) -> str | None:
    """Return the version that is published in a folder, or None."""
    return read_current(folder).version or None


def read_current(folder: Path) -> Published:
    """Return what a folder's `current` file says, nothing if it cannot be read."""
    try:
        words = (folder / CURRENT).read_text(encoding="ascii").split()
        if not words or not is_version(words[0]):
            return Published()
        # Earlier programs wrote less: the version alone, or without what comes last.
        words += ["", "0", "", str(FORM)][len(words) - 1 :]
        version, digest, seconds, people, form = words[:5]
        if int(form) > FORM:
            return Published(form=int(form))
        return Published(version, digest, float(seconds), people)
    except (OSError, ValueError):
        return Published()


def file_digest(path: Path) -> str:
    """Return the BLAKE2b digest of a file, 32 hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def has_files(folder: Path, published: Published) -> bool:
    """Return whether a folder holds the files of a publication, undamaged."""
    version = published.version
    try:
        return published.digest == file_digest(
            folder / file_name(version)
        ) and published.people_digest == file_digest(folder / people_file_name(version))
    except OSError:
        return False


def publication_size(folder: Path, published: Published) -> int:
    """Return the size of a publication's files in bytes. Raises OSError."""
    names = (file_name(published.version), people_file_name(published.version))
    return sum((folder / name).stat().st_size for name in names)


def publish(folder: Path, published: Published) -> None:
    """Publish a generation by an atomic rename of the `current` file.

    A folder at the path of `current` is renamed aside. Raises OSError if publication
    fails.
    """
    draft = folder / f".{CURRENT}-{os.getpid()}"
    with draft.open("w", encoding="ascii") as file:
        file.write(
            f"{published.version}\n{published.digest}\n{published.build_seconds!r}\n"
            f"{published.people_digest}\n{FORM}\n"
        )
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
    """Delete old generations, their other files and what a killed build left behind.

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
            or name.startswith((".draft-gen-", ".draft-people-", ".scratch-"))
            or (".damaged-" in name and now - path.stat().st_mtime > KEEP_DAMAGED)
        ):
            path.unlink(missing_ok=True)
        elif name.startswith("gen-") and version_of(name) not in ("", current):
            found.append((path.stat().st_mtime, path))
    found.sort(reverse=True)
    # A generation is superseded when the next one is published. That is about when the next one's
    # file was last written.
    superseded = _publication_time(folder, current)
    for position, (written, path) in enumerate(found, 1):
        if position >= most or now - superseded > keep_seconds:
            path.unlink(missing_ok=True)
        superseded = written
    for path in folder.glob("memo-*.sqlite"):
        if current is None or not path.name.startswith(f"memo-{current}-"):
            path.unlink(missing_ok=True)
    for path in folder.glob("people-*.sqlite"):
        version = people_version_of(path.name)
        if version not in ("", current) and not (folder / file_name(version)).exists():
            path.unlink(missing_ok=True)


def _publication_time(folder: Path, current: str | None) -> float:
    try:
        return (folder / file_name(current)).stat().st_mtime if current is not None else time.time()
    except OSError:
        return time.time()

"""Put files into a folder, so that a reader of it never sees half of an export.

All new files are written aside first. Only if that succeeded are they renamed into
place, pages before the menus that link to them. Files that an export did not write are
never touched: a manifest says which it wrote.
"""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

OWN = ".directory-gateway"
"""The folder for the manifest, the lock and sample configurations; for its owner alone."""
_MANIFEST = "manifest.json"
_ASIDE = "new"
_LOCK = "lock"
_MAX_NAMED = 5


class CannotExport(Exception):
    """The folder cannot be written. Its text is for people and says what to do."""


@dataclass(frozen=True, slots=True)
class Exported:
    """How many files were written for the first time, changed, left, and deleted."""

    new: int
    changed: int
    unchanged: int
    deleted: int

    @property
    def total(self) -> int:
        """Return how many files the export has."""
        return self.new + self.changed + self.unchanged


class ExportFolder:
    """A folder that is locked for one export; see `open_folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.own = folder / OWN
        self._aside = self.own / _ASIDE

    def write(self, files: Iterable[tuple[str, bytes]]) -> Exported:
        """Make the folder hold these files, by path and content, and no older ones.

        The files are put in place in the reverse of their order. A file that has not
        changed is not touched. Raises CannotExport if a file of somebody else is in the
        way, and OSError if a file cannot be written; nothing is changed then.
        """
        before = self._read_manifest()
        shutil.rmtree(self._aside, ignore_errors=True)
        try:
            written, changed, unchanged = self._write_aside(files, before)
            # Until all is in place the manifest names old and new files, so that an export that is
            # interrupted leaves no file that nobody knows.
            after = {*written, *unchanged}
            for path in written:
                self._make_parents(self._folder / path)
            self._write_manifest(before | after)
        except BaseException:
            shutil.rmtree(self._aside, ignore_errors=True)
            raise
        for path in reversed(written):
            (self._aside / path).replace(self._folder / path)
        gone = before - after
        for path in gone:
            self._delete(path)
        self._write_manifest(after)
        shutil.rmtree(self._aside, ignore_errors=True)
        return Exported(len(written) - changed, changed, len(unchanged), len(gone))

    def write_own(self, name: str, text: str) -> Path:
        """Write a file beside the manifest, and return its path."""
        path = self.own / name
        draft = self.own / f"{name}.new"
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
        return path

    def _write_aside(
        self, files: Iterable[tuple[str, bytes]], before: set[str]
    ) -> tuple[list[str], int, list[str]]:
        """Write what differs; return these paths, how many exist, and the equal ones."""
        written: list[str] = []
        unchanged: list[str] = []
        in_the_way: list[str] = []
        changed = 0
        for path, data in files:
            problem = self._obstacle(path, before)
            if problem:
                in_the_way.append(problem)
                continue
            existing = self._content(path)
            if existing == data:
                unchanged.append(path)
                continue
            changed += existing is not None
            draft = self._aside / path
            draft.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(data)
            # The web server runs as another user, whatever the umask of this one is.
            draft.chmod(0o644)
            written.append(path)
        if in_the_way:
            more = len(in_the_way) - _MAX_NAMED
            named = ", ".join(in_the_way[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
            raise CannotExport(
                f"{self._folder}: these were not written by an export and are in the way: {named}."
                " Nothing was changed. Move them, or export to another folder."
            )
        return written, changed, unchanged

    def _obstacle(self, path: str, before: set[str]) -> str:
        """Return the part of a path that somebody else has put there, or ""."""
        parts = PurePosixPath(path).parts
        for depth in range(1, len(parts)):
            parent = self._folder.joinpath(*parts[:depth])
            if parent.is_symlink() or (parent.exists() and not parent.is_dir()):
                return "/".join(parts[:depth])
        target = self._folder / path
        is_there = target.is_symlink() or target.exists()
        is_ours = path in before and target.is_file() and not target.is_symlink()
        return path if is_there and not is_ours else ""

    def _content(self, path: str) -> bytes | None:
        try:
            return (self._folder / path).read_bytes()
        except FileNotFoundError:
            return None

    def _make_parents(self, target: Path) -> None:
        for parent in reversed(target.relative_to(self._folder).parents[:-1]):
            folder = self._folder / parent
            if not folder.is_dir():
                folder.mkdir()
                folder.chmod(0o755)

    def _delete(self, path: str) -> None:
        target = self._folder / path
        if target.is_file() and not target.is_symlink():
            target.unlink()
        for parent in target.relative_to(self._folder).parents[:-1]:
            with suppress(OSError):  # it still holds files
                (self._folder / parent).rmdir()

    def _read_manifest(self) -> set[str]:
        try:
            text = (self.own / _MANIFEST).read_text(encoding="utf-8")
            files = list(json.loads(text)["files"])
        except FileNotFoundError:
            return set()
        except (ValueError, KeyError, TypeError) as error:
            raise CannotExport(
                f"{self.own / _MANIFEST} is damaged, so it is not known which files an export has"
                " written. Delete them and this file, or export to another folder."
            ) from error
        # A path that leads out of the folder was never written by an export.
        return {path for path in files if isinstance(path, str) and _is_inside(path)}

    def _write_manifest(self, paths: Iterable[str]) -> None:
        self.write_own(_MANIFEST, json.dumps({"files": sorted(paths)}, indent=0) + "\n")


def _is_inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return bool(pure.parts) and not pure.is_absolute() and not {"..", OWN} & set(pure.parts)


@contextmanager
def open_folder(folder: Path) -> Iterator[ExportFolder]:
    """Yield a folder for one export, which is created if it does not exist.

    An exception in the block leaves nothing of ours in a folder that holds no export.
    Raises CannotExport if another export is writing it, or if it cannot be used.
    """
    own = folder / OWN
    missing = [path for path in (own, folder, *folder.parents) if not path.exists()]
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o755)
        own.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(own / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        _remove_empty(missing)
        raise CannotExport(f"{folder} cannot be written ({error.strerror}).") from error
    try:
        if not _take(lock, own / _LOCK):
            raise CannotExport(
                f"{folder}: another export is writing it. Nothing was changed; try again later."
            )
        try:
            yield ExportFolder(folder)
        except BaseException:
            if not (own / _MANIFEST).exists():
                (own / _LOCK).unlink(missing_ok=True)
                _remove_empty(dict.fromkeys((own, *missing)))
            raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        advice = "Make room there" if full else "Give this user the right to write there"
        raise CannotExport(
            f"{folder} cannot be written ({error.strerror}). {advice}, and export again."
        ) from error
    finally:
        os.close(lock)


def _take(lock: int, path: Path) -> bool:
    """Return whether an open lock file was locked and is still the one at its path."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    # An export that was refused has deleted its lock file.
    try:
        return os.path.samestat(os.fstat(lock), path.stat())
    except FileNotFoundError:
        return False


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove folders, the innermost first, that are there and hold nothing."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()

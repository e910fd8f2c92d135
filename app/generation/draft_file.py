"""SQLite files that are written as drafts, and deleted unless they get final names."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self


class BuildError(Exception):
    """A generation cannot be written.

    The reason may be space, permissions, or a screen that exceeds a limit. The text is
    a complete sentence.
    """


class DraftFile:
    """A draft, with other files beside it; a context manager that deletes them.

    Who commits a draft gives the files other names before that.
    """

    def __init__(self, folder: Path, what: str, path: Path, *others: Path) -> None:
        """`what` is written, such as "generation", for the texts of errors."""
        self._folder = folder
        self._what = what
        self.path = path
        self._others = others

    def __enter__(self) -> Self:
        with self._writing():
            try:
                for path in (self.path, *self._others):
                    path.unlink(missing_ok=True)
                    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
                self._copy()
                self._file = sqlite3.connect(self.path, isolation_level=None)
                try:
                    self._begin()
                except sqlite3.Error:
                    # The error's traceback would keep the connection open.
                    self._file.close()
                    raise
            except BaseException:
                # Python does not call `__exit__` if `__enter__` fails.
                self._unlink()
                raise
        return self

    def _copy(self) -> None:
        """Fill the empty files with what to begin with, which is nothing."""

    def _begin(self) -> None:
        """Prepare the open file."""
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("PRAGMA synchronous = OFF")

    def __exit__(self, *exception: object) -> None:
        self._file.close()
        self._unlink()

    def _unlink(self) -> None:
        with suppress(OSError):
            for path in (*self._others, self.path):
                path.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Raise BuildError for every error of the files."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise BuildError(
                f"{self._folder} cannot hold a new {self._what} ({error}). Check its permissions"
                " and free space (state_dir)."
            ) from error

    def _close(self) -> None:
        """End the transaction, close the file, and wait until it is on the disk."""
        self._file.execute("COMMIT")
        self._file.close()
        with self.path.open("rb") as file:
            os.fsync(file.fileno())

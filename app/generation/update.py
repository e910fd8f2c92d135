"""Write a generation as a copy of the last one with what changed since."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.generation.profile_update import ProfileUpdate
from app.generation.search_index import update_callers
from app.generation.writer import GenerationWriter


class GenerationUpdate(GenerationWriter):
    """A draft that begins as a copy; use it as a context manager, as its base class."""

    def __init__(self, folder: Path, base: Path, memo: Path) -> None:
        """`base` is the last generation, `memo` its memo; both are known to be sound."""
        super().__init__(folder)
        self._base, self._memo = base, memo

    def _copy(self) -> None:
        shutil.copyfile(self._base, self.path)
        shutil.copyfile(self._memo, self._scratch)

    def _prepare(self) -> None:
        """Create nothing: the copies have all tables."""
        # What is deleted is overwritten with zeros, so that no copy keeps a contact who is gone.
        self._file.execute("PRAGMA secure_delete = ON")

    def memo_meta(self) -> dict[str, str]:
        """Return the metadata of the memo. Raises BuildError."""
        with self._writing():
            return dict(self._file.execute("SELECT key, value FROM scratch.meta"))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Raise BuildError for every error of the files in the block."""
        with self._writing():
            yield

    def profile(self, number: int, limit: int) -> ProfileUpdate:
        """Return the rows of a profile, to be changed in a block of `changing`.

        `limit` is the maximum length of a name.
        """
        return ProfileUpdate(self._file, number, limit)

    def update_callers(self, keys: Iterable[int]) -> None:
        """Write the names for these caller keys again. Raises BuildError."""
        with self._writing():
            update_callers(self._file, keys)

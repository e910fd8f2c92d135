"""Write a generation as a copy of the last one with what changed since."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.generation.files import file_digest
from app.generation.memo import memo_digest
from app.generation.places import Unsuitable
from app.generation.profile_update import ProfileUpdate
from app.generation.search_index import update_callers
from app.generation.writer import GenerationWriter


class GenerationUpdate(GenerationWriter):
    """A draft that begins as a copy; use it as a context manager, as its base class."""

    def __init__(self, folder: Path, base: Path, digest: str, memo: Path) -> None:
        """`base` is the last generation, `digest` that of its bytes, `memo` its memo."""
        super().__init__(folder)
        self._base, self._digest, self._memo = base, digest, memo

    def _copy(self) -> None:
        """Copy generation and memo. Raises Unsuitable if one of them is damaged."""
        for path, digest, copy in (
            (self._base, self._digest, self.path),
            (self._memo, memo_digest(self._memo.name), self._scratch),
        ):
            shutil.copyfile(path, copy)
            if file_digest(copy) != digest:
                raise Unsuitable(f"{path.name} is damaged")

    def _prepare(self) -> None:
        """Create nothing: the copies have all tables."""

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

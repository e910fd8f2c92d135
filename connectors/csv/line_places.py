"""The lines at which contacts stand in their files, in four bytes each."""

from array import array
from collections.abc import Iterator


class LinePlaces:
    """The locations of contacts ("contacts.csv line 12"), in the order of reading."""

    def __init__(self) -> None:
        self._lines = array("I")
        self._files: list[tuple[str, int]] = []

    def begin(self, name: str) -> None:
        """Go on with another file."""
        self._files.append((name, len(self._lines)))

    def add(self, line: int) -> None:
        """Add the line of the next contact of this file, counted from 1."""
        self._lines.append(line)

    def __iter__(self) -> Iterator[str]:
        ends = (*(first for _, first in self._files[1:]), len(self._lines))
        for (name, first), end in zip(self._files, ends, strict=False):
            for line in self._lines[first:end]:
                yield f"{name} line {line}"

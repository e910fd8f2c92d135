"""Counters that several worker processes share: a small file without a name, mapped into the memory of each.

Law of this file: numbers in slots. Each slot has one writer, everybody may read all of them, so no lock is needed; what they count, others
decide. A worker that takes a slot over goes on from what its predecessor left there.

Facts: an aligned 64-bit word is read and written whole on every machine that Python runs on; the mapping is shared by every process that
was handed the descriptor, and gone with the last of them. A mapped page that finds no space kills its process (SIGBUS): hence
memory, or zeros that are written at once.
"""

import mmap
import os
from collections.abc import Sequence

from app.state import memfile

NAMES = ("phone", "refused", "other", "hits", "misses", "bytes", "dropped")
"""Requests answered for phones, refused, and others; pages out of the cache, and not; what the cache holds now; connections dropped."""

_GAUGES = ("bytes",)
_WORD = 8
_SLOT = _WORD * len(NAMES)


def make_file(slots: int) -> int:
    """Return the descriptor of a new nameless file with so many slots, all zero."""
    return memfile.create(bytes(_SLOT * slots))


class Counters:
    """One process's slot among all; a context manager, or `close` it. `descriptor`: see `make_file`; None for a file of its own."""

    def __init__(self, descriptor: int | None = None, slot: int = 0) -> None:
        own = make_file(1) if descriptor is None else descriptor
        try:
            self._map = mmap.mmap(own, 0)
        finally:
            if descriptor is None:
                os.close(own)
        self._words = memoryview(self._map).cast("Q")
        self._place = slot * len(NAMES)
        self._found = [0 if name in _GAUGES else self._words[self._place + number] for number, name in enumerate(NAMES)]

    def update(self, figures: Sequence[int]) -> None:
        """Write this process's figures, counted from its start, in the order of `NAMES`."""
        for number, figure in enumerate(figures):
            self._words[self._place + number] = self._found[number] + figure

    def totals(self) -> dict[str, int]:
        """Return the sum over all slots, by name."""
        return {name: sum(self._words[number :: len(NAMES)]) for number, name in enumerate(NAMES)}

    def close(self, figures: Sequence[int] | None = None) -> None:
        """Let the mapping go, with `figures` as the last word; what counts the present is zero then."""
        if figures is not None:
            self.update([0 if name in _GAUGES else figure for name, figure in zip(NAMES, figures, strict=True)])
        self._words.release()
        self._map.close()

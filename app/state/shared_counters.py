"""Counters that several worker processes share in one memory-mapped anonymous file.

Each slot has one writer and any number of readers, so no lock is needed. A worker that
takes a slot over continues from the values of its predecessor. Every process with the
descriptor shares the mapping; it vanishes with the last of them.
"""

from collections.abc import Sequence

from app.state import memfile

NAMES = ("phone", "refused", "other", "hits", "misses", "bytes", "dropped")
"""Names of a slot's counters, in order.

`phone`, `refused` and `other` count requests. `hits` and `misses` count cache look-ups.
`bytes` is the present size of the cache. `dropped` counts connections.
"""

_GAUGES = ("bytes",)
# An aligned 64-bit word is read and written at once on every machine that Python runs on.
_WORD = 8
_SLOT = _WORD * len(NAMES)


def make_file(slots: int) -> int:
    """Return the descriptor of a new anonymous file of `slots` slots, all zero."""
    # A mapped page that finds no space kills its process (SIGBUS). So the file is in memory, or its
    # zeros are written at once.
    return memfile.create(bytes(_SLOT * slots))


class Counters:
    """One process's slot in the shared file; `close` it after use.

    `descriptor` comes from `make_file`. With None the counters have a file of their
    own.
    """

    def __init__(self, descriptor: int | None = None, slot: int = 0) -> None:
        self._map = memfile.open_map(descriptor, lambda: make_file(1))
        self._words = memoryview(self._map).cast("Q")
        self._start = slot * len(NAMES)
        self._before = [
            0 if name in _GAUGES else self._words[self._start + number]
            for number, name in enumerate(NAMES)
        ]

    def update(self, counts: Sequence[int]) -> None:
        """Write this process's counts since its start, in the order of `NAMES`."""
        for number, count in enumerate(counts):
            self._words[self._start + number] = self._before[number] + count

    def totals(self) -> dict[str, int]:
        """Return the sum over all slots, by name."""
        return {name: sum(self._words[number :: len(NAMES)]) for number, name in enumerate(NAMES)}

    def close(self, counts: Sequence[int] | None = None) -> None:
        """Close the mapping; `counts` are the last counts to write.

        A counter of a present amount, such as `bytes`, becomes zero.
        """
        if counts is not None:
            named = zip(NAMES, counts, strict=True)
            self.update([0 if name in _GAUGES else count for name, count in named])
        self._words.release()
        self._map.close()

"""Cache what is computed of a text, for the words and names that come often."""

from collections.abc import Callable

CACHE_SIZE = 16_384
"""How many texts a cache holds.

Most words are common ones, and a cache of a million would need too much memory.
"""


class TextCache(dict[str, str]):
    """The results of a function of a text, computed when one is first asked for.

    `cache[text]` costs less than `functools.lru_cache`, most of all for a new text. A
    full cache is emptied.
    """

    def __init__(self, compute: Callable[[str], str], size: int = CACHE_SIZE) -> None:
        super().__init__()
        self._compute = compute
        self._size = size

    def __missing__(self, text: str) -> str:
        if len(self) >= self._size:
            self.clear()
        found = self[text] = self._compute(text)
        return found

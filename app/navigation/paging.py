"""Split a list into evenly filled pages and a tree of menus, and label the parts.

Positions and pages count from 0, ranges are half open. 33 rows on pages of 32 are 17 +
16. The tree has as few levels as `comfort` items per menu allow. Within these levels
the menus are as short as possible.
"""

import unicodedata
from collections.abc import Callable
from os.path import commonprefix

from app.model.names import fold
from app.model.text import truncate

Range = tuple[int, int]

_MIN_LETTERS = 2
_MAX_LETTERS = 29
_MAX_LETTERS_LONG_MENU = 16
_LONG_MENU_ITEMS = 60


def page_count(rows: int, page_rows: int) -> int:
    """Return how many pages of at most `page_rows` hold `rows` rows."""
    return -(-rows // page_rows)


def page_rows_of(page: int, rows: int, page_rows: int) -> Range:
    """Return the positions of the rows on a page, with all pages evenly filled."""
    even, longer = divmod(rows, page_count(rows, page_rows))
    start = page * even + min(page, longer)
    return start, start + even + (page < longer)


def page_at(position: int, rows: int, page_rows: int) -> int:
    """Return the page of a row.

    A position after the end is on the last page, one before the start on the first.
    """
    position = max(0, min(position, rows - 1))
    even, longer = divmod(rows, page_count(rows, page_rows))
    head = longer * (even + 1)
    return position // (even + 1) if position < head else longer + (position - head) // even


def split(pages: Range, comfort: int) -> tuple[Range, ...]:
    """Return the parts that a menu over a range of pages lists.

    They are single pages if those fit, else ranges that lead to further menus.
    """
    first, last = pages
    count = last - first
    if count <= comfort:
        return tuple((page, page + 1) for page in range(first, last))
    levels = 2
    while comfort**levels < count:
        levels += 1
    parts = 2
    while parts**levels < count:
        parts += 1
    bounds = [first + part * count // parts for part in range(parts + 1)]
    return tuple(zip(bounds, bounds[1:], strict=False))


def _distinct_prefix(
    text: str, max_letters: int, fold: Callable[[str], str], neighbour: str, *others: str
) -> str:
    """Return the shortest prefix of text that `neighbour` does not start with.

    It has at least two letters. If `neighbour` is the same (one person's rows on two
    pages), `others` count instead. If no prefix is distinct, the result is
    `max_letters` long.
    """
    names = (neighbour,) if neighbour != text else tuple(name for name in others if name != text)
    if neighbour == text and not any(names):
        return truncate(text, max_letters)
    folded_names = [fold(name) for name in names if name]
    shared = max((_shared_letters(text, name) for name in names), default=0)
    for length in range(max(_MIN_LETTERS, shared + 1), min(len(text), max_letters)):
        prefix = truncate(text, length)
        folded = fold(prefix)
        if prefix and folded and not any(name.startswith(folded) for name in folded_names):
            return prefix
    return truncate(text, max_letters)


def _shared_letters(text: str, name: str) -> int:
    """Return how many letters two names share at their beginnings.

    A last one that is followed by a mark counts no more: it is another letter.
    """
    # The names are no paths, but this is what the function compares: characters.
    shared = len(commonprefix((text, name)))  # noqa: RUF071
    is_marked = name[shared : shared + 1] and unicodedata.category(name[shared])[0] == "M"
    return shared - 1 if shared and is_marked else shared


def label(
    before: str,
    first: str,
    last: str,
    after: str,
    parts: int = 1,
    around: tuple[str, str] = ("", ""),
    fold: Callable[[str], str] = fold,
) -> str:
    """Return the label of a part of a list, such as "Ab - Be".

    It is made from the part's first and last names and those next to it ("" for none).
    `around` are the first name of the part before and the last one of the part after.
    `parts` is the number of parts. Labels of a long menu are shorter, so that its page
    stays small. `fold` tells which letters are the same to the reader.
    """
    max_letters = _MAX_LETTERS if parts <= _LONG_MENU_ITEMS else _MAX_LETTERS_LONG_MENU
    start = _distinct_prefix(first, max_letters, fold, before, around[0], last)
    end = _distinct_prefix(last, max_letters, fold, after, first, around[1])
    return start if fold(start) == fold(end) else f"{start} - {end}"

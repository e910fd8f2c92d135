"""Split a header into words and look up what each word means."""

import re
from collections.abc import Iterable
from functools import lru_cache

from connectors.contact import NumberKind
from connectors.csv.columns import fold_header
from connectors.csv.header_spelling import MAX_LENGTH, split_words
from connectors.csv.header_vocabulary import meanings

_DIGITS = re.compile(r"[0-9]+")
_ORDER = {kind: NumberKind(kind) for kind in ("fax", "pager")} | {"assistant": NumberKind.OTHER}
_ORDER |= {kind: NumberKind(kind) for kind in ("internal", "mobile", "main", "work", "home")} | {
    "first": NumberKind.MAIN
}
_JOINTS = ("s", "n", "e", "en", "es", "er")
_SHORT = frozenset({"nr", "no", "ip", "ext"})


def words_of(header: str) -> tuple[str, ...]:
    """Return the known words of a header, compounds split; unknown ones stay whole."""
    return tuple(
        part
        for word in without_digits(fold_header(split_words(header[:MAX_LENGTH]))).split()
        for part in _parts(word) or (word,)
    )


def meanings_of(word: str) -> frozenset[str]:
    """Return the meanings of a word in `header_vocabulary`."""
    return meanings().get(word, frozenset())


def strongest_kind(meanings: Iterable[str]) -> NumberKind:
    """Return the kind that outweighs the others in these meanings, or other."""
    kinds = {meaning.rpartition(" ")[2] for meaning in meanings if " " in meaning}
    return next((kind for word, kind in _ORDER.items() if word in kinds), NumberKind.OTHER)


def without_digits(spelling: str) -> str:
    """Return a folded header without digits: "phone 2" is "phone"."""
    return " ".join(_DIGITS.sub(" ", spelling).split())


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[str, ...]:
    """Return the words of a compound, the longest first; () if it is none.

    Examples are "mobilephone", "Geschäftstelefon" and "会社電話".
    """
    known = meanings()
    if word in known:
        return (word,)
    for end in range(len(word) - 1, 0, -1):
        head = word[:end]
        if head not in known or not _may_be_part(head):
            continue
        for joint in ("", *_JOINTS):
            rest = word[end:].removeprefix(joint)
            if (
                word[end:].startswith(joint)
                and rest
                and _may_be_part(rest)
                and (tail := _parts(rest))
            ):
                return (head, *tail)
    return ()


def _may_be_part(word: str) -> bool:
    return len(word) > 2 or word in _SHORT or not word.isascii()

"""Spell out the characters of a set as ranges of code points, for RE2.

Python's `re` decides what a set holds. In a text with marked boundaries
(`patterns`) ASCII word characters stand in a private plane, so that no set mistakes a
mark for one.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from re import _constants as code  # type: ignore[attr-defined]
from typing import Any

_CATEGORY_COST = 800  # ranges of characters that Unicode calls letters or digits
_SHIFT = 0xF0000  # a private plane (Unicode chapter 23.5)
_ASCII_WORD = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_FORWARD = {ord(letter): ord(letter) + _SHIFT for letter in _ASCII_WORD}
_BACK = {shifted: letter for letter, shifted in _FORWARD.items()}
_SURROGATES = range(0xD800, 0xE000)  # no characters of UTF-8 (RFC 3629, section 3)
_CATEGORIES = {
    code.CATEGORY_DIGIT: r"\d",
    code.CATEGORY_NOT_DIGIT: r"\D",
    code.CATEGORY_SPACE: r"\s",
    code.CATEGORY_NOT_SPACE: r"\S",
    code.CATEGORY_WORD: r"\w",
    code.CATEGORY_NOT_WORD: r"\W",
}

Ranges = tuple[tuple[int, int], ...]


def shift_words(text: str, *, back: bool = False) -> str:
    """Return a text with ASCII word characters moved to a private plane, or back."""
    return text.translate(_BACK if back else _FORWARD)


def set_cost(operator: Any, argument: Any) -> int:
    """Return about how many ranges of characters a set has."""
    if operator is not code.IN:
        return 1
    return sum(_CATEGORY_COST if kind is code.CATEGORY else 1 for kind, _ in argument)


def set_text(operator: Any, argument: Any) -> str:
    """Return a set in Python's syntax, every character escaped."""
    match operator:
        case code.ANY:
            return "."
        case code.LITERAL:
            return _escape(argument)
        case code.NOT_LITERAL:
            return f"[^{_escape(argument)}]"
    return "[" + "".join(_item_text(kind, value) for kind, value in argument) + "]"


def _item_text(kind: Any, value: Any) -> str:
    match kind:
        case code.NEGATE:
            return "^"
        case code.RANGE:
            return f"{_escape(value[0])}-{_escape(value[1])}"
        case code.CATEGORY:
            return _CATEGORIES[value]
    return _escape(value)


def _escape(character: int) -> str:
    return f"\\U{character:08x}"


@lru_cache(maxsize=1)
def _all_characters() -> str:
    return "".join(chr(number) for number in range(sys.maxunicode + 1) if number not in _SURROGATES)


@lru_cache(maxsize=1)
def _cased_characters() -> tuple[str, ...]:
    return tuple(
        character
        for character in _all_characters()
        if character.lower() != character or character.upper() != character
    )


@lru_cache(maxsize=512)
def set_ranges(text: str, flags: int) -> Ranges:
    """Return what a set holds as ranges of code points, without surrogates.

    Both ends of a range are included.
    """
    if not text.startswith(("[", ".")):
        compiled = re.compile(text, flags)
        found = {int(text[2:], 16)}
        if flags & re.IGNORECASE:
            found |= {
                ord(character) for character in _cased_characters() if compiled.match(character)
            }
        return _join((number, number) for number in sorted(found - set(_SURROGATES)))
    several = re.compile(f"(?:{text})+", flags)
    characters = _all_characters()
    return _join(
        pair
        for match in several.finditer(characters)
        for pair in _span(characters, match.start(), match.end() - 1)
    )


def _span(characters: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    start, end = ord(characters[first]), ord(characters[last])
    if start < _SURROGATES.start and end >= _SURROGATES.stop:
        yield start, _SURROGATES.start - 1
        start = _SURROGATES.stop
    yield start, end


def _join(pairs: Iterable[tuple[int, int]]) -> Ranges:
    joined: list[tuple[int, int]] = []
    for first, last in pairs:
        if joined and joined[-1][1] + 1 >= first:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def shift_ranges(ranges: Ranges) -> Ranges:
    """Return a set as it is in a text with marked boundaries.

    ASCII word characters are in the private plane, and nothing else is.
    """
    reserved = sorted([*_FORWARD, *_BACK])
    kept: list[tuple[int, int]] = []
    for first, last in ranges:
        for number in reserved:
            if first <= number <= last:
                if first < number:
                    kept.append((first, number - 1))
                first = number + 1
        if first <= last:
            kept.append((first, last))
    shifted = [
        (_FORWARD[number], _FORWARD[number])
        for number in _FORWARD
        if any(first <= number <= last for first, last in ranges)
    ]
    return _join(sorted([*kept, *shifted]))


def write_ranges(ranges: Ranges) -> str:
    """Return a set in RE2's syntax."""
    if not ranges:
        return r"[^\x00-\x{10FFFF}]"
    return (
        "["
        + "".join(
            f"\\x{{{first:X}}}" + (f"-\\x{{{last:X}}}" if last > first else "")
            for first, last in ranges
        )
        + "]"
    )

"""Write a Python regular expression in RE2's syntax, with every set of characters spelt
out.

Python's parser (`re._parser`) reads the pattern, so that its meaning is Python's; what
a set holds is asked of Python's `re` too. Look-around, back references, atomic groups
and possessive repeats have no linear-time equivalent.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MAX_COST = 200_000  # characters and ranges of the whole pattern, repeats multiplied out
_CATEGORY_COST = 800  # ranges of characters that Unicode calls letters or digits
MAX_REPEAT = 1000  # RE2 refuses more (re2.h, "repetition operators")
BOUNDARY = "x"  # an ASCII letter: the only one in a text with boundaries

_SHIFT = 0xF0000  # a private plane (Unicode chapter 23.5)
_ASCII_WORD = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_FORWARD = {ord(letter): ord(letter) + _SHIFT for letter in _ASCII_WORD}
_BACK = {moved_letter: letter for letter, moved_letter in _FORWARD.items()}
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


class Unsupported(Exception):
    """A part of a pattern that RE2 cannot express. The text names it."""


class TooLarge(Exception):
    """A pattern whose program would be too large."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A pattern for RE2.

    `has_boundaries`: it is meant for a text with marked boundaries (`patterns`).

    `prefers_nothing`: it may match nothing at a place where it could match something,
    which a replacement must not. `repeats_nothing`: it repeats a part that may match
    nothing and holds a group, which then is empty for Python and may not be for RE2.
    """

    text: str
    has_boundaries: bool
    prefers_nothing: bool
    repeats_nothing: bool


def moved(text: str, *, back: bool = False) -> str:
    """Return a text with ASCII word characters moved to a private plane, or back."""
    return text.translate(_BACK if back else _FORWARD)


def translate(pattern: str, flags: int, *, only_check: bool = False) -> Translated:
    """Return a pattern in RE2's syntax; with `only_check` an empty one, which spares
    looking at all characters.

    Raises Unsupported, TooLarge, or re.error if it is no pattern at all.
    """
    re.compile(pattern, flags)  # refuses what the parser alone lets pass
    tree = parser.parse(pattern, flags)
    has_boundaries = _has_boundaries(tree)
    writer = _Writer(has_boundaries=has_boundaries, only_check=only_check)
    text = writer.sequence(tree, tree.state.flags)
    least, _ = tree.getwidth()
    return Translated(
        text, has_boundaries, least == 0 and writer.prefers_nothing, writer.repeats_nothing
    )


def _has_boundaries(tree: Any) -> bool:
    return any(
        (operator is code.AT and argument is code.AT_BOUNDARY)
        or any(map(_has_boundaries, _parts(argument)))
        for operator, argument in tree
    )


def _has_group(tree: Any) -> bool:
    return any(
        (operator is code.SUBPATTERN and argument[0] is not None)
        or any(map(_has_group, _parts(argument)))
        for operator, argument in tree
    )


def _parts(argument: Any) -> Iterable[Any]:
    """Yield the patterns within an operator's argument."""
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for part in argument:
            yield from _parts(part)


class _Writer:
    """Writes one pattern, and counts what it costs."""

    def __init__(self, *, has_boundaries: bool, only_check: bool) -> None:
        self._has_boundaries = has_boundaries
        self._only_check = only_check
        self._cost = 0
        self._times = 1
        self.prefers_nothing = self.repeats_nothing = False

    def sequence(self, tree: Any, flags: int) -> str:
        return "".join(self._one(operator, argument, flags) for operator, argument in tree)

    def _one(self, operator: Any, argument: Any, flags: int) -> str:
        match operator:
            case code.LITERAL | code.NOT_LITERAL | code.IN | code.ANY:
                return self._set(operator, argument, flags)
            case code.BRANCH:
                self.prefers_nothing |= any(branch.getwidth()[0] == 0 for branch in argument[1])
                return f"(?:{'|'.join(self.sequence(branch, flags) for branch in argument[1])})"
            case code.SUBPATTERN:
                group, added, removed, tree = argument
                inner = self.sequence(tree, (flags | added) & ~removed)
                return f"(?:{inner})" if group is None else f"({inner})"
            case code.MAX_REPEAT | code.MIN_REPEAT:
                return self._repeat(operator, argument, flags)
            case code.AT:
                return self._at(argument, flags)
            case code.ASSERT | code.ASSERT_NOT:
                raise Unsupported("look-around, (?=...), (?!...), (?<=...) or (?<!...),")
            case code.GROUPREF | code.GROUPREF_EXISTS:
                raise Unsupported("a back reference, such as \\1,")
            case code.ATOMIC_GROUP:
                raise Unsupported("an atomic group, (?>...),")
            case code.POSSESSIVE_REPEAT:
                raise Unsupported("a possessive repeat, such as a++,")
        raise Unsupported(f"this part ({str(operator).lower()})")

    def _set(self, operator: Any, argument: Any, flags: int) -> str:
        self._cost += _set_cost(operator, argument) * self._times
        if self._cost > MAX_COST:
            raise TooLarge
        if self._only_check:
            return ""
        ranges = _ranges(
            _set_text(operator, argument), flags & (re.IGNORECASE | re.ASCII | re.DOTALL)
        )
        if not self._has_boundaries:
            return _written(ranges)
        # The mark of a boundary stands before the character behind it.
        return f"(?:{BOUNDARY}?{_written(_moved_ranges(ranges))})"

    def _repeat(self, operator: Any, argument: Any, flags: int) -> str:
        least, most, tree = argument
        count = least if most is code.MAXREPEAT else most
        self.prefers_nothing |= operator is code.MIN_REPEAT
        self.repeats_nothing |= most > 1 and tree.getwidth()[0] == 0 and _has_group(tree)
        self._times, before = self._times * max(int(count), 1), self._times
        if self._times > MAX_REPEAT:
            raise TooLarge
        inner = self.sequence(tree, flags)
        self._times = before
        upper = "" if most is code.MAXREPEAT else str(int(most))
        lazy = "?" if operator is code.MIN_REPEAT else ""
        return f"(?:(?:{inner}){{{int(least)},{upper}}}{lazy})"

    def _at(self, place: Any, flags: int) -> str:
        mark = f"{BOUNDARY}?" if self._has_boundaries else ""
        match place:
            case code.AT_BEGINNING:
                return "(?m:^)" if flags & re.MULTILINE else "\\A"
            case code.AT_BEGINNING_STRING:
                return "\\A"
            case code.AT_END:
                return f"(?:{mark}(?m:$))" if flags & re.MULTILINE else f"(?:{mark}\\z)"
            case code.AT_BOUNDARY if flags & re.ASCII:
                raise Unsupported("\\b with the flag (?a)")
            case code.AT_BOUNDARY:
                return "\\b"
            case code.AT_NON_BOUNDARY:
                # RE2 looks at bytes: it would match within a character too.
                raise Unsupported("\\B")
        raise Unsupported("\\Z ($ means nearly the same)")


def _set_cost(operator: Any, argument: Any) -> int:
    if operator is not code.IN:
        return 1
    return sum(_CATEGORY_COST if kind is code.CATEGORY else 1 for kind, _ in argument)


def _set_text(operator: Any, argument: Any) -> str:
    """Return a set in Python's syntax, every character escaped."""
    match operator:
        case code.ANY:
            return "."
        case code.LITERAL:
            return _escaped(argument)
        case code.NOT_LITERAL:
            return f"[^{_escaped(argument)}]"
    return "[" + "".join(_item_text(kind, value) for kind, value in argument) + "]"


def _item_text(kind: Any, value: Any) -> str:
    match kind:
        case code.NEGATE:
            return "^"
        case code.RANGE:
            return f"{_escaped(value[0])}-{_escaped(value[1])}"
        case code.CATEGORY:
            return _CATEGORIES[value]
    return _escaped(value)


def _escaped(character: int) -> str:
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
def _ranges(text: str, flags: int) -> Ranges:
    """Return what a set holds as ranges of code points, both ends included, without
    surrogates.
    """
    if not text.startswith(("[", ".")):
        compiled = re.compile(text, flags)
        found = {int(text[2:], 16)}
        if flags & re.IGNORECASE:
            found |= {
                ord(character) for character in _cased_characters() if compiled.match(character)
            }
        return _joined((number, number) for number in sorted(found - set(_SURROGATES)))
    several = re.compile(f"(?:{text})+", flags)
    characters = _all_characters()
    return _joined(
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


def _joined(pairs: Iterable[tuple[int, int]]) -> Ranges:
    joined: list[tuple[int, int]] = []
    for first, last in pairs:
        if joined and joined[-1][1] + 1 >= first:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def _moved_ranges(ranges: Ranges) -> Ranges:
    """Return a set as it is in a text with boundaries: ASCII word characters stand in
    the private plane, and nothing else does.
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
    return _joined(sorted([*kept, *shifted]))


def _written(ranges: Ranges) -> str:
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

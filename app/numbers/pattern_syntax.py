"""Write a Python regular expression in RE2's syntax, with sets of characters spelt out.

Python's parser (`re._parser`) reads the pattern, so its meaning is Python's. What a set
holds is found by Python's `re` too. Look-around, back references, atomic groups and
possessive repeats have no linear-time equivalent.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from app.numbers.character_sets import set_cost, set_ranges, set_text, shift_ranges, write_ranges

MAX_COST = 200_000  # characters and ranges of the whole pattern, repeats multiplied out
MAX_REPEAT = 1000  # RE2 refuses more (re2.h, "repetition operators")
BOUNDARY = "x"  # an ASCII letter: the only one in a text with boundaries


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


def translate(pattern: str, flags: int, *, only_check: bool = False) -> Translated:
    """Return a pattern in RE2's syntax, an empty one with `only_check`.

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
        self._cost += set_cost(operator, argument) * self._times
        if self._cost > MAX_COST:
            raise TooLarge
        if self._only_check:
            return ""
        ranges = set_ranges(
            set_text(operator, argument), flags & (re.IGNORECASE | re.ASCII | re.DOTALL)
        )
        if not self._has_boundaries:
            return write_ranges(ranges)
        # The mark of a boundary stands before the character behind it.
        return f"(?:{BOUNDARY}?{write_ranges(shift_ranges(ranges))})"

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

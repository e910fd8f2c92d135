"""Match the configuration's regular expressions as Python does, in linear time.

Python's own engine can take practically for ever on a short text, with the
interpreter's lock held. RE2 cannot (its documentation, "Why RE2?"). `problem` loads no
RE2, because the web processes check the same configuration without it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from app.numbers.character_sets import shift_words
from app.numbers.pattern_syntax import BOUNDARY, TooLarge, Unsupported, translate

# RE2's `\d`, `\w`, `\s`, `\b` and its way of ignoring case are ASCII's or of another Unicode
# version. So a pattern is parsed by Python and written anew in plain sets (`pattern_syntax`).
# Bytes for RE2's program and automaton; `pattern_syntax.MAX_COST` keeps programs far below.
_MAX_MEMORY = 256 << 20
# Three octal digits are a character for Python's `re`, not a group and digits; so is \0.
_GROUP = re.compile(r"\\(?![0-3][0-7]{2})([1-9][0-9]?)|\\g<(\w+)>")


def problem(pattern: str) -> str:
    """Return what is wrong with a pattern, "" if it can be used.

    The text is part of a sentence and begins in lower case.
    """
    try:
        translate(pattern, 0, only_check=True)
    except Unsupported as error:
        return f"{error} cannot be matched in linear time: write the pattern without it"
    except TooLarge:
        return "the pattern is too large: repeat less, 1000 times at most"
    except (re.error, OverflowError, RecursionError) as error:
        return f"not a regular expression ({error})"
    return ""


def replacement_problem(pattern: str, replacement: str) -> str:
    """Return what is wrong with a valid pattern's replacement, "" if it can be used."""
    compiled = re.compile(pattern)
    try:
        compiled.sub(replacement, "")
        translated = translate(pattern, 0, only_check=True)
    except (re.error, IndexError) as error:
        return (
            f"the replacement does not fit the pattern ({error}). A group is written '\\1', in"
            ' double quotes "\\\\1".'
        )
    if translated.prefers_nothing:
        return (
            "the pattern may match nothing where it could match something: write it without ?? or"
            " an empty alternative."
        )
    if translated.repeats_nothing and "\\" in replacement:
        return (
            "a group is repeated that may match nothing: which text it holds is not certain. Write"
            " + in place of * within it."
        )
    rest = _GROUP.sub("", replacement)
    if rest.strip("0123456789*#+"):
        return "the replacement may hold digits, *, #, + and groups only."
    return ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. Use `compile_pattern`."""

    _engine: Any
    _has_boundaries: bool
    _names: dict[str, int]

    def found_in(self, text: str) -> bool:
        """Return whether the pattern matches anywhere in a text."""
        if self._engine.search(self._encoded(text)) is not None:
            return True
        # `$` matches before a line's end at the end of the text too (Python's `re`).
        return text.endswith("\n") and self._engine.search(self._encoded(text[:-1])) is not None

    def replace(self, replacement: str, text: str) -> tuple[str, int]:
        """Return the text with all matches replaced, and their number, as `re.subn`.

        `replacement` must be one without `replacement_problem`.
        """
        parts: list[str] = []
        last = count = 0
        for start, end, groups in self._matches(text):
            parts += (
                text[last:start],
                _GROUP.sub(partial(self._text, groups=(text[start:end], *groups)), replacement),
            )
            last, count = end, count + 1
        return "".join((*parts, text[last:])), count

    def _text(self, reference: re.Match[str], groups: Sequence[str]) -> str:
        name = reference[1] or reference[2]
        return groups[int(name) if name.isdecimal() else self._names[name]]

    def _matches(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Yield start, end and groups of every match.

        An empty match may follow another one (re.sub since Python 3.7).
        """
        encoded = self._encoded(text)
        places = (
            [place for place, character in enumerate(encoded) if character != BOUNDARY]
            if self._has_boundaries
            else None
        )
        start = 0
        while start <= len(encoded) and (match := self._engine.search(encoded, start)) is not None:
            first, last = match.span()
            groups = tuple(
                _unshift(group or "", marked=self._has_boundaries) for group in match.groups()
            )
            if places is None:
                yield first, last, groups
            else:
                before = sum(place < first for place in places)
                yield before, before + sum(first <= place < last for place in places), groups
            if last > first and (places is None or any(first <= place < last for place in places)):
                start = last
            else:
                start = (
                    next((place + 1 for place in places if place >= last), len(encoded) + 1)
                    if places is not None
                    else last + 1
                )

    def _encoded(self, text: str) -> str:
        if not text.isascii():
            text = text.encode(
                "utf-8", "replace"
            ).decode()  # a lone surrogate is no character of UTF-8
        return _with_boundaries(text) if self._has_boundaries else text


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, *, ignore_case: bool = False) -> Pattern:
    """Return a pattern without `problem`, compiled. Loads RE2."""
    import re2

    translated = translate(pattern, re.IGNORECASE if ignore_case else 0)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    return Pattern(
        re2.compile(translated.text, options),
        translated.has_boundaries,
        dict(re.compile(pattern).groupindex),
    )


_WORD_BOUNDARY = re.compile(r"\b")


def _with_boundaries(text: str) -> str:
    """Return a text in which RE2's ASCII `\\b` matches where Python's Unicode one does.

    ASCII word characters are moved to a private plane, so that no character of the text
    is one for RE2; at each boundary stands a letter, which is one.
    """
    parts: list[str] = []
    last = 0
    for match in _WORD_BOUNDARY.finditer(text):
        parts += (shift_words(text[last : match.start()]), BOUNDARY)
        last = match.start()
    return "".join((*parts, shift_words(text[last:])))


def _unshift(text: str, *, marked: bool) -> str:
    return shift_words(text.replace(BOUNDARY, ""), back=True) if marked else text

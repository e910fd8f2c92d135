"""Score how probable the letters of a word are in a language.

A letter is judged with its two neighbours, by the language's common names. ASCII
letters are the same in every encoding, so they only identify the language. They count
by how much more common they are in it than in all languages together. Scores are
natural logarithms.
"""

import unicodedata
from collections import Counter
from functools import cache, lru_cache
from math import log

from connectors.csv.languages import LATIN, Language, languages

UNDECODABLE = -18.0
"""Score of a byte that an encoding does not know.

Also the score of a character that no text holds.
"""
_EDGE = " "
_MAX_SCORES = 20_000
_PRIOR, _PRIOR_ASCII, _PRIOR_HAN = 3.0, 5.0, 300.0
"""How many times a letter counts as seen beside any other, by its frequency.

Most pairs of Han characters are never seen.
"""
_ASCII_WEIGHT, _MAX_ASCII = 0.4, 2.0
_UNSEEN = {LATIN: 1 / 20_000, "han": 1 / 40_000}
_UNSEEN_ELSEWHERE = 1 / 3_000
_OTHER_SCRIPT = -14.0
_BESIDE_ASCII, _HAN_BESIDE_CAPITAL = -25.0, -4.0
"""A letter of another script is never beside an ASCII letter.

Only companies put capitals before Han characters.
"""
_INSIDE_WORDS = frozenset("’‘´·\xa0\u200c\u200d")
_PUNCTUATION = frozenset("“”„‘’«»‹›–—…•·®©™ºª\xa0。、・（）「」『』，：／〇〒＆＋")
_INSIDE, _STANDING, _STANDING_BY_WORD = -5.0, -4.5, -6.0
_SYMBOL = (-8.0, -13.0, -16.0)
_WRONG_CASE, _SMALL_FIRST = -6.0, -1.0
_RANGES = {
    LATIN: (0x80, 0x24F),
    "greek": (0x370, 0x3FF),
    "cyrillic": (0x400, 0x4FF),
    "hebrew": (0x590, 0x5FF),
    "arabic": (0x600, 0x6FF),
    "thai": (0xE00, 0xE7F),
    "han": (0x3001, 0xFFFF),
}


class Letters:
    """Counts of a language's letters and of their neighbours."""

    def __init__(self, language: Language) -> None:
        self._latin = language.script == LATIN
        self._first, self._last = _RANGES[language.script]
        self._unseen = _UNSEEN.get(language.script, _UNSEEN_ELSEWHERE)
        self._prior = _PRIOR_HAN if language.script == "han" else _PRIOR
        self._beside_capital = _HAN_BESIDE_CAPITAL if language.script == "han" else _BESIDE_ASCII
        self._single: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        self._befores: Counter[str] = Counter()
        self._afters: Counter[str] = Counter()
        for word in language.words:
            letters = f"{_EDGE}{_lower(word)}{_EDGE}"
            self._single.update(letters[1:-1])
            self._pairs.update(map("".join, zip(letters, letters[1:], strict=False)))
            self._befores.update(letters[:-1])
            self._afters.update(letters[1:])
        self._total = self._single.total()
        self._scores: dict[str, float] = {}

    def score(self, word: str) -> float:
        """Return the score of a word."""
        folded = (
            _lower(word)
            if self._latin
            else "".join(char if char.isascii() else _lower(char) for char in word)
        )
        padded = f"{_EDGE}{folded}{_EDGE}"
        total = 0.0
        known = self._scores.get
        for at in range(len(folded)):
            near = padded[at : at + 3]
            found = known(near)
            if found is None:
                if len(self._scores) >= _MAX_SCORES:
                    self._scores.clear()
                found = self._scores[near] = self._judge(*near)
            total += found
        return total

    def _judge(self, before: str, char: str, after: str) -> float:
        if char.isascii():
            if not self._latin:
                return 0.0
            own = self._frequency(before, char, after, _PRIOR_ASCII)
            gain = own - _frequency_in_all_latin(before, char, after)
            return max(-_MAX_ASCII, min(_MAX_ASCII, _ASCII_WEIGHT * gain))
        if not is_letter(char):
            return 0.0
        if not self._first <= ord(char) <= self._last:
            return _OTHER_SCRIPT
        score = self._frequency(before, char, after, self._prior)
        if not self._latin:
            score += sum(
                self._beside(other)
                for other in (before, after)
                if other.isascii() and other.isalpha()
            )
        return score

    def _beside(self, ascii_letter: str) -> float:
        return self._beside_capital if ascii_letter.isupper() else _BESIDE_ASCII

    def _frequency(self, before: str, char: str, after: str, prior: float) -> float:
        """Return the probability of a letter between two others, as if independent."""
        single = max(self._single[char] / self._total, self._unseen)
        behind = (self._pairs[before + char] + prior * single) / (self._befores[before] + prior)
        ahead = (self._pairs[char + after] + prior * single) / (self._afters[after] + prior)
        return log(behind) + log(ahead) - log(single)


@cache
def _all_latin() -> Letters:
    return Letters(
        Language(
            "",
            LATIN,
            tuple(
                word
                for language in languages()
                if language.script == LATIN
                for word in language.words
            ),
        )
    )


# Every language is compared with it at the same letters.
@lru_cache(_MAX_SCORES)
def _frequency_in_all_latin(before: str, char: str, after: str) -> float:
    return _all_latin()._frequency(before, char, after, _PRIOR_ASCII)


@cache
def letters() -> dict[str, Letters]:
    """Return the counts of every language by its name."""
    return {language.name: Letters(language) for language in languages()}


def is_letter(char: str) -> bool:
    """Return whether a character is a letter or a mark on one."""
    return unicodedata.category(char)[0] in "LM"


def shape_score(word: str) -> float:
    """Return the penalty of a word in any language.

    Symbols, and capitals and small letters in odd places, count against it.
    """
    total = 0.0
    for before, char, after in zip(f" {word}", word, f"{word} "[1:], strict=False):
        if char < "\x80":
            continue
        if not is_letter(char):
            total += _symbol(before, char, after)
        elif char.isupper():
            total += _WRONG_CASE if before.islower() else 0.0
        elif char.islower() and char not in "ßªº":
            if before.isupper() and after.isupper():
                total += _WRONG_CASE
            elif not before.isalpha() and after.isalpha():
                total += _SMALL_FIRST
    return total


def _symbol(before: str, char: str, after: str) -> float:
    if unicodedata.category(char) in ("Cc", "Co", "Cn", "Cs"):
        return UNDECODABLE
    beside = before.isalpha() + after.isalpha()
    if beside == 2 and char in _INSIDE_WORDS:
        return _INSIDE
    if beside < 2 and char in _PUNCTUATION:
        return _STANDING_BY_WORD if beside else _STANDING
    return _SYMBOL[beside]


def _lower(word: str) -> str:
    """Return a word in small letters of one character each.

    Python makes two characters of a dotted capital I.
    """
    return (
        word.lower()
        if "İ" not in word
        else "".join(char if char == "İ" else char.lower() for char in word)
    )

"""Compute the terms that the search index holds for a row.

The index (SQLite FTS5, `detail=none`) is queried for complete terms only. Each query
then walks finished lists in reading order. FTS5's own prefix search collects a complete
list first (22 ms for a word that all of 1,000,000 rows share). Comments at
`_word_terms`, `_number_parts` and `book_term` describe the terms.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import itemgetter

from app.search.spellings import spellings
from app.search.text_cache import TextCache
from app.search.transliteration import consonants, lacks_vowels

TOKENS = "ascii tokenchars '_~=.*#'"
"""The FTS5 tokenizer that keeps terms as they are."""


# ITU-T E.161.
KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
DIALLED = frozenset("0123456789*#")
MAX_PREFIX = 5  # letters of the longest prefix that is a term
MAX_WORD = 24  # letters of a word that count
STRETCH = 4  # digits in a row, anywhere in a number
SHORT_STRETCH = 3

_VARYING = 6  # digits at the end of a number; what is before them is common to many numbers
_OTHERS = re.compile("[^0-9*#]+")
_NOT_DIALLED = {code: None for code in range(128) if chr(code) not in DIALLED}


def keypad(word: str) -> str:
    """Return the keypad digits of a folded word, one for each letter.

    Returns "" if the word is not in Latin letters.
    """
    return word.translate(KEYPAD) if word.isascii() else ""


def index_words(texts: Iterable[str], names: Iterable[str] = ()) -> str:
    """Return the words by which texts are found, separated by spaces.

    Words that begin with `~` are consonants. `names` are parts of a name, which are
    also found by their words written together. A word may occur twice.
    """
    return " ".join(
        [_WORDS[text] for text in texts if text] + [_NAME_WORDS[text] for text in names if text]
    )


def _words(text: str) -> str:
    words = spellings(text)
    return " ".join(words if text.isascii() else words + _consonant_words(text))


def _name_words(text: str) -> str:
    words = spellings(text, joined=True)
    return " ".join(words if text.isascii() else words + _consonant_words(text))


_WORDS, _NAME_WORDS = TextCache(_words), TextCache(_name_words)


def _consonant_words(text: str) -> tuple[str, ...]:
    if not lacks_vowels(text):
        return ()
    words = [word for word in spellings(text, joined=True) if word.isascii()]
    # A yod before a consonant is a vowel in "Itzhak", and a consonant in "Yitzhak".
    words += [word[1:] for word in words if word[0] == "y" and word[1:2] not in tuple("aeiouy")]
    return tuple(f"~{letters}" for word in words if (letters := consonants(word)))


def index_digits(numbers: Iterable[str]) -> str:
    """Return the digits (and * and #) of the written forms of a number.

    Forms that are part of another form are left out.
    """
    forms = ""
    for number in numbers:
        digits = number if number.isdigit() and number.isascii() else _dialled_digits(number)
        if not forms:
            forms = digits
        elif digits not in forms:  # digits hold no space, so they can be part of one number alone
            forms = " ".join([*(form for form in forms.split() if form not in digits), digits])
    return forms


def _dialled_digits(number: str) -> str:
    if number.isascii():
        digits = number.replace(" ", "").replace("-", "").lstrip("+")
        return digits if digits.isdigit() else number.translate(_NOT_DIALLED)
    return _OTHERS.sub("", ascii_digits(number))


def ascii_digits(text: str) -> str:
    """Return a text with the decimal digits of other scripts as ASCII digits."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


def listed_terms(word: str) -> tuple[str, ...]:
    """Return a word and its keypad digits, if a query looks up prefixes of them.

    A word of fewer than `MAX_PREFIX` letters needs no look-up: all its prefixes are
    terms.
    """
    if len(word) < MAX_PREFIX or word[0] == "~":
        return ()
    word = word[:MAX_WORD]
    keys = keypad(word)
    return (word, f"_{keys}") if keys else (word,)


# The terms of a word are
# - the word, and its first one to five letters: "mue" and "mueller". A longer prefix is looked up
#   in the list of all words, and the query asks for the words found instead;
# - `_` and the keypad digits of each of them, one digit a letter: "_683", "_6835537";
# - for a script that leaves vowels out, `~` and every prefix of the consonants, and all of them
#   with a point: "~mhm", "~mhmd.".
def _word_terms(word: str) -> str:
    if word[0] == "~":
        ends = range(3, min(len(word), MAX_WORD) + 1)
        return " ".join([*(word[:end] for end in ends), f"{word}."])
    keys = keypad(word)
    if len(word) > MAX_PREFIX:  # written out, since most words of a first build come here
        terms = f"{word[0]} {word[:2]} {word[:3]} {word[:4]} {word[:MAX_PREFIX]} {word[:MAX_WORD]}"
        if not keys:
            return terms
        return (
            f"{terms} _{keys[0]} _{keys[:2]} _{keys[:3]} _{keys[:4]} _{keys[:MAX_PREFIX]}"
            f" _{keys[:MAX_WORD]}"
        )
    ends = range(1, len(word) + 1)
    return " ".join([word[:end] for end in ends] + [f"_{keys[:end]}" for end in ends if keys])


_WORD_TERMS = TextCache(_word_terms)


# The terms of a number are `_` and its first one and two digits, and `_` and every stretch of three
# and of four digits. A query of more than four digits asks for several of them. Stretches of five
# digits are in few rows each: a build would pay more for them than for all other terms of numbers.
def _number_terms(number: str) -> str:
    length = len(number)
    if length < 2 + _VARYING:
        return _BEGINNING_TERMS[number]
    end = number[1 - STRETCH - _VARYING :]
    return f"{_BEGINNING_TERMS[number[:-_VARYING]]} _{' _'.join(_end_parts(len(end))(end))}"


def _beginning_terms(digits: str) -> str:
    """Return the terms that a number has of its first digits alone."""
    stretches = _stretches(0, len(digits))
    return " ".join([f"_{digits[part]}" for part in (slice(0, 1), slice(0, 2), *stretches)])


_BEGINNING_TERMS = TextCache(_beginning_terms)


@lru_cache(maxsize=16)
def _end_parts(length: int) -> Callable[[str], tuple[str, ...]]:
    """Return a function that gives the stretches which hold a varying digit.

    It works for ends of this length, which begin with the digits before. Taking all
    slices at once needs half the time.
    """
    return itemgetter(*_stretches(length - _VARYING, length))


def _stretches(behind: int, length: int) -> list[slice]:
    """Return the stretches of a text of some length that end behind a position."""
    return [
        slice(start, start + size)
        for size in (SHORT_STRETCH, STRETCH)
        for start in range(max(behind + 1 - size, 0), length - size + 1)
    ]


def row_terms(words: Iterable[str], digits: str) -> str:
    """Return the terms of a row, from its `index_words` and its `index_digits`.

    A term may occur twice.
    """
    terms = list(map(_WORD_TERMS.__getitem__, words))
    terms += map(_number_terms, digits.split())
    return " ".join(terms)


def book_term(subset: str) -> str:
    """Return the term of a book that holds only some of its profile's rows.

    It is `=` and the number of the book's table, such as "=3" for "book_3".
    """
    return f"={subset.rpartition('_')[2]}" if subset else ""

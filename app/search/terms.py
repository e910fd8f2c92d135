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
from app.search.transliteration import consonants, lacks_vowels

TOKENS = "ascii tokenchars '_~=.*#'"
"""The FTS5 tokenizer that keeps terms as they are."""


CACHE_SIZE = 16_384
"""How many words and names have their terms cached.

Most words are common ones, and a cache of a million would need too much memory.
"""

# ITU-T E.161.
KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
DIALLED = frozenset("0123456789*#")
MAX_PREFIX = 5  # letters of the longest prefix that is a term
MAX_WORD = 24  # letters of a word that count
TAIL = 4  # digits at the end of a number
STRETCH = 5  # digits in a row, anywhere in a number
FOLLOWING = "0123456789*#."
"""What may follow four digits of a number in a term; the point is its end."""

_SHORT_STRETCH = 3
_OTHERS = re.compile("[^0-9*#]+")
_NOT_DIALLED = {code: None for code in range(128) if chr(code) not in DIALLED}


def keypad(word: str) -> str:
    """Return the keypad digits of a folded word, one for each letter.

    Returns "" if the word is not in Latin letters.
    """
    return word.translate(KEYPAD) if word.isascii() else ""


def index_words(texts: Iterable[str], names: Iterable[str] = ()) -> str:
    """Return the words by which texts are found, each once, separated by spaces.

    Words that begin with `~` are consonants. `names` are parts of a name, which are
    also found by their words written together.
    """
    words: list[str] = []
    for text in texts:
        if text:
            words += _words(text)
    for text in names:
        if text:
            words += _name_words(text)
    return " ".join(dict.fromkeys(words))


# Two functions, because `lru_cache` is twice as fast with one argument as with a text and a flag.
@lru_cache(maxsize=CACHE_SIZE)
def _words(text: str) -> tuple[str, ...]:
    return spellings(text) + _consonant_words(text)


@lru_cache(maxsize=CACHE_SIZE)
def _name_words(text: str) -> tuple[str, ...]:
    return spellings(text, joined=True) + _consonant_words(text)


def _consonant_words(text: str) -> tuple[str, ...]:
    if text.isascii() or not lacks_vowels(text):
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
        return number.translate(_NOT_DIALLED)
    return _OTHERS.sub("", ascii_digits(number))


def ascii_digits(text: str) -> str:
    """Return a text with the decimal digits of other scripts as ASCII digits."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


def vocabulary(words: Iterable[str]) -> set[str]:
    """Return the words, and their keypad digits, whose prefixes a query looks up.

    `words` are those of all rows. Only words of more than `MAX_PREFIX` letters need
    this look-up.
    """
    long = {word[:MAX_WORD] for word in words if len(word) > MAX_PREFIX and word[0] != "~"}
    return long | {f"_{keys}" for word in long if (keys := keypad(word))}


# The terms of a word are
# - the word, and its first one to five letters: "mue" and "mueller". A longer prefix is looked up
#   in the list of all words, and the query asks for the words found instead;
# - `_` and the keypad digits of each of them, one digit a letter: "_683", "_6835537";
# - for a script that leaves vowels out, `~` and every prefix of the consonants, and all of them
#   with a point: "~mhm", "~mhmd.".
@lru_cache(maxsize=CACHE_SIZE)
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


# The terms of a number are `_` and its first one and two digits, `_` and every stretch of three and
# of five digits, and `_`, its last four digits and a point. A query of four digits asks for them
# with each digit that may follow. A query of more than five asks for adjacent stretches of five.
@lru_cache(maxsize=64)
def _number_parts(length: int) -> Callable[[str], tuple[str, ...]]:
    """Return a function that gives the first digits and all stretches of a number.

    It works for numbers of this length. Taking all slices at once needs half the time.
    """
    heads = (slice(0, 1), slice(0, 2))
    stretches = (
        slice(start, start + size)
        for size in (_SHORT_STRETCH, STRETCH)
        for start in range(length - size + 1)
    )
    return itemgetter(*heads, *stretches)


def row_terms(words: Iterable[str], digits: str) -> str:
    """Return the terms of a row, from its `index_words` and its `index_digits`.

    A term may occur twice.
    """
    terms = list(map(_word_terms, words))
    for number in digits.split():
        terms.append(f"_{' _'.join(_number_parts(len(number))(number))} _{number[-TAIL:]}.")
    return " ".join(terms)


def book_term(subset: str) -> str:
    """Return the term of a book that holds only some of its profile's rows.

    It is `=` and the number of the book's table, such as "=3" for "book_3".
    """
    return f"={subset.rpartition('_')[2]}" if subset else ""

"""Compute the terms that the search index holds for a row.

The index (SQLite FTS5, `detail=none`) is queried for complete terms only. Each query
then walks finished lists in reading order. FTS5's own prefix search collects a complete
list first (22 ms for a word that all of 1,000,000 rows share). `_word_terms`,
`_parts_of` and `book_term` describe the terms.
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


REMEMBERED = 16_384
"""How many words and names have their terms cached.

Most words are common ones, and a cache of a million would need too much memory.
"""

# ITU-T E.161.
KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
DIALLED = frozenset("0123456789*#")
HEAD = 5
MAX_WORD = 24  # letters of a word that count
_OTHERS = re.compile("[^0-9*#]+")
_NOT_DIALLED = {code: None for code in range(128) if chr(code) not in DIALLED}
_SHORT, FOUR, STRETCH = 3, 4, 5
FOLLOWING = "0123456789*#."


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
    found: list[str] = []
    for text in texts:
        if text:
            found += _words(text)
    for text in names:
        if text:
            found += _name_words(text)
    return " ".join(dict.fromkeys(found))


# Two functions, because `lru_cache` is twice as fast with one argument as with a text and a flag.
@lru_cache(maxsize=REMEMBERED)
def _words(text: str) -> tuple[str, ...]:
    return spellings(text) + _consonants(text)


@lru_cache(maxsize=REMEMBERED)
def _name_words(text: str) -> tuple[str, ...]:
    return spellings(text, joined=True) + _consonants(text)


def _consonants(text: str) -> tuple[str, ...]:
    if text.isascii() or not lacks_vowels(text):
        return ()
    words = [word for word in spellings(text, joined=True) if word.isascii()]
    # A yod before a consonant is a vowel in "Itzhak", and a consonant in "Yitzhak".
    words += [word[1:] for word in words if word[0] == "y" and word[1:2] not in tuple("aeiouy")]
    return tuple(f"~{bones}" for word in words if (bones := consonants(word)))


def index_digits(numbers: Iterable[str]) -> str:
    """Return the digits (and * and #) of the written forms of a number.

    Forms that are part of another form are left out.
    """
    told = ""
    for number in numbers:
        digits = number if number.isdigit() and number.isascii() else _dialled(number)
        if digits not in told:  # digits hold no space, so they can be part of one number alone
            told = " ".join([*(other for other in told.split() if other not in digits), digits])
    return told


def _dialled(number: str) -> str:
    return number.translate(_NOT_DIALLED) if number.isascii() else _OTHERS.sub("", decimal(number))


def decimal(text: str) -> str:
    return (
        text
        if text.isascii()
        else "".join(str(unicodedata.decimal(character, character)) for character in text)
    )


def vocabulary(words: Iterable[str]) -> set[str]:
    """Return the words, and their keypad digits, whose prefixes a query looks up.

    `words` are those of all rows. Only words of more than `HEAD` letters need this
    look-up.
    """
    found = {word[:MAX_WORD] for word in words if len(word) > HEAD and word[0] != "~"}
    return found | {f"_{keys}" for word in found if (keys := keypad(word))}


# The terms of a word are
# - the word, and its first one to five letters: "mue" and "mueller". A longer prefix is looked up
#   in the list of all words, and the query asks for the words found instead;
# - `_` and the same on the keypad, one digit a letter: "_683", "_6835537";
# - for a script that leaves vowels out, `~` and every prefix of the consonants, and all of them
#   with a point: "~mhm", "~mhmd.".
@lru_cache(maxsize=REMEMBERED)
def _word_terms(word: str) -> str:
    if word[0] == "~":
        return " ".join(
            [word[:end] for end in range(3, min(len(word), MAX_WORD) + 1)] + [f"{word}."]
        )
    keys = keypad(word)
    if len(word) > HEAD:  # written out, since most words of a first build come here
        found = f"{word[0]} {word[:2]} {word[:3]} {word[:4]} {word[:HEAD]} {word[:MAX_WORD]}"
        return (
            f"{found} _{keys[0]} _{keys[:2]} _{keys[:3]} _{keys[:4]} _{keys[:HEAD]}"
            f" _{keys[:MAX_WORD]}"
            if keys
            else found
        )
    ends = range(1, len(word) + 1)
    return " ".join([word[:end] for end in ends] + [f"_{keys[:end]}" for end in ends if keys])


# The terms of a number are `_` and its first one and two digits, `_` and every stretch of three and
# of five digits, and `_`, its last four digits and a point. A query of four digits asks for them
# with each digit that may follow. A query of more than five asks for adjacent stretches of five.
@lru_cache(maxsize=64)
def _parts_of(length: int) -> Callable[[str], tuple[str, ...]]:
    """Return a function that gives the first digits and all stretches of a number.

    It works for numbers of this length. Taking all slices at once needs half the time.
    """
    heads = (slice(0, 1), slice(0, 2))
    stretches = (
        slice(start, start + size)
        for size in (_SHORT, STRETCH)
        for start in range(length - size + 1)
    )
    return itemgetter(*heads, *stretches)


def row_terms(words: Iterable[str], digits: str) -> str:
    """Return the terms of a row, from its `index_words` and its `index_digits`.

    A term may occur twice.
    """
    found = list(map(_word_terms, words))
    for number in digits.split():
        found.append(f"_{' _'.join(_parts_of(len(number))(number))} _{number[-FOUR:]}.")
    return " ".join(found)


def book_term(subset: str) -> str:
    """Return the term of a book that holds only some of its profile's rows.

    It is `=` and the number of the book's table, such as "=3" for "book_3".
    """
    return f"={subset.rpartition('_')[2]}" if subset else ""

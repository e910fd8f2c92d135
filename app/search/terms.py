"""Search: what a row is found by, and how what was typed becomes a full-text query.

Law of this file: words and digits in, terms out; it knows which terms the index holds, and no file, contact or phone.

The index (SQLite FTS5, `detail=none`) is asked for whole terms alone, so that every question is answered by walking ready lists in reading
order; measured at 1,000,000 rows, FTS5's own prefix search collects a whole list first (22 ms for a word that all rows share). The terms of
a row:

- every word, and its first one to five letters: "mue" and "mueller". The beginning of a word that is longer than that is looked up in the
  list of all words, and what it may stand for is asked for instead;
- `_` and the same on the keypad (ITU-T E.161): "_683", "_6835537"; one digit a letter;
- `_` and the first one and two digits of a number, and every stretch of three and of five digits of it; `_`, its last four, and a point.
  Four digits are asked for with each that may follow them, more than five by stretches of five beside one another;
- `~` and every beginning of the consonants of a word in a script that leaves vowels out, and all of them with a point: "~mhm", "~mhmd.";
- `=` and the number of a book that holds only some of a profile's rows.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import itemgetter

from app.search.spellings import consonants, lacks_vowels, spellings

TOKENS = "ascii tokenchars '_~=.*#'"
"""The FTS5 tokenizer that keeps terms as they are."""


REMEMBERED = 16_384
"""Of so many words and names it is remembered what they are found by: most are common ones, and a million would fill the memory."""

KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
DIALLED = frozenset("0123456789*#")
HEAD = 5
MAX_WORD = 24  # letters of a word that count
_OTHERS = re.compile("[^0-9*#]+")
_NOT_DIALLED = {code: None for code in range(128) if chr(code) not in DIALLED}
_SHORT, FOUR, STRETCH = 3, 4, 5
FOLLOWING = "0123456789*#."


def keypad(word: str) -> str:
    """Return the digits under a folded word's letters, one press each; "" where it is not in Latin letters."""
    return word.translate(KEYPAD) if word.isascii() else ""


def index_words(texts: Iterable[str], names: Iterable[str] = ()) -> str:
    """Return the words by which texts are found, each once, a space between them; marked `~`: consonants.

    `names` are parts of a name, which are also found by their words written as one.
    """
    found: list[str] = []
    for text in texts:
        if text:
            found += _words(text)
    for text in names:
        if text:
            found += _name_words(text)
    return " ".join(dict.fromkeys(found))


# Two of them, since of one text alone Python remembers the answer twice as fast as of a text and a flag.
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
    # A yod before a consonant is a vowel to whoever types "Itzhak", and none to who types "Yitzhak".
    words += [word[1:] for word in words if word[0] == "y" and word[1:2] not in tuple("aeiouy")]
    return tuple(f"~{bones}" for word in words if (bones := consonants(word)))


def index_digits(numbers: Iterable[str]) -> str:
    """Return the digits (and * and #) of the ways in which a number is written, without those that are part of another."""
    told = ""
    for number in numbers:
        digits = number if number.isdigit() and number.isascii() else _dialled(number)
        if digits not in told:  # digits hold no space, so they can be part of one number alone
            told = " ".join([*(other for other in told.split() if other not in digits), digits])
    return told


def _dialled(number: str) -> str:
    return number.translate(_NOT_DIALLED) if number.isascii() else _OTHERS.sub("", decimal(number))


def decimal(text: str) -> str:
    return text if text.isascii() else "".join(str(unicodedata.decimal(character, character)) for character in text)


def vocabulary(words: Iterable[str]) -> set[str]:
    """Return the list of all words for the words of all rows: those, and their keys, whose beginnings are looked up."""
    found = {word[:MAX_WORD] for word in words if len(word) > HEAD and word[0] != "~"}
    return found | {f"_{keys}" for word in found if (keys := keypad(word))}


@lru_cache(maxsize=REMEMBERED)
def _word_terms(word: str) -> str:
    if word[0] == "~":
        return " ".join([word[:end] for end in range(3, min(len(word), MAX_WORD) + 1)] + [f"{word}."])
    keys = keypad(word)
    if len(word) > HEAD:  # written out, since most words of a first build pass here
        found = f"{word[0]} {word[:2]} {word[:3]} {word[:4]} {word[:HEAD]} {word[:MAX_WORD]}"
        return f"{found} _{keys[0]} _{keys[:2]} _{keys[:3]} _{keys[:4]} _{keys[:HEAD]} _{keys[:MAX_WORD]}" if keys else found
    ends = range(1, len(word) + 1)
    return " ".join([word[:end] for end in ends] + [f"_{keys[:end]}" for end in ends if keys])


@lru_cache(maxsize=64)
def _parts_of(length: int) -> Callable[[str], tuple[str, ...]]:
    """Return what gives the first digits and all stretches of a number of this length; slices taken at once take half the time."""
    heads = (slice(0, 1), slice(0, 2))
    stretches = (slice(start, start + size) for size in (_SHORT, STRETCH) for start in range(length - size + 1))
    return itemgetter(*heads, *stretches)


def row_terms(words: Iterable[str], digits: str) -> str:
    """Return the terms of a row's words, as `words_of` gave them, and digits, as `digits_of` did. A term may stand twice."""
    found = list(map(_word_terms, words))
    for number in digits.split():
        found.append(f"_{' _'.join(_parts_of(len(number))(number))} _{number[-FOUR:]}.")
    return " ".join(found)


def book_term(subset: str) -> str:
    """Return the term of the rows of a book that holds only some of its profile's ("book_3")."""
    return f"={subset.rpartition('_')[2]}" if subset else ""

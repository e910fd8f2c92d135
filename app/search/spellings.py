"""Compute the words that a name is found by, in the spellings that people type for it."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

from app.model.names import fold
from app.search.scripts import latin_words
from app.search.transliteration import is_latin, lacks_vowels, transliterate

_MAX_TEXT = 256  # letters of a name or organisation that are read; a longer one is a remark
_MAX_WORDS = 40

# Ä, Ö, Ü are typed "ae", "oe", "ue" as well as "a", "o", "u" (DIN 5007, variants 1 and 2). Å and Ø
# are "aa" and "oe" in Danish and Norwegian passports (ICAO Doc 9303, part 3, section 6).
# fmt: off
_TWO_LETTERS = {
    "ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ő": "oe", "ű": "ue", "đ": "dj",
}
# fmt: on
_TWO_LETTERS |= {small.upper(): letters for small, letters in _TWO_LETTERS.items()}
_SPECIAL = re.compile("[äöüåøőűđÄÖÜÅØŐŰĐ]")
# Up to this many special letters of a word are spelt both ways, each by itself. With more, all are
# spelt one way or all the other.
_MAX_COMBINED = 2
_LETTER_PAIR = re.compile("([aou])e|aa")
_APOSTROPHE = re.compile("['’‘ʼ`´]")


def spellings(text: str, *, joined: bool = False) -> tuple[str, ...]:
    """Return the folded words that a name or a part of it is found by, each once.

    With `joined`, all words written together are a further word.
    """
    if len(text) <= _MAX_TEXT and text.isascii() and text.isalpha():
        word = text.lower()
        return (word, _collapse(word)) if _LETTER_PAIR.search(word) else (word,)
    text = text[:_MAX_TEXT]
    if text.isalpha() and is_latin(text) and unicodedata.is_normalized("NFKC", text):
        return _unique([*fold(text).split(), *_more_spellings(text)])
    words = fold(text).split()
    if joined and len(words) > 1:
        words.append("".join(words))
        if lacks_vowels(text):
            words.append(transliterate(text).replace(" ", ""))
    unique = dict.fromkeys(words)
    if not text.isascii():
        pieces = text.split()
        if not unicodedata.is_normalized("NFKC", text):
            # Half-width kana need their compatibility form. The Armenian ligature of "ev" is spelt
            # better without it.
            forms = dict.fromkeys(unicodedata.normalize(form, text) for form in ("NFC", "NFKC"))
            unique |= dict.fromkeys(word for form in forms for word in fold(form).split())
            pieces = [piece for form in forms for piece in form.split()]
        for piece in dict.fromkeys(pieces):
            unique |= dict.fromkeys(_more_spellings(piece))
    if _APOSTROPHE.search(text):
        unique |= dict.fromkeys(fold(_APOSTROPHE.sub(" ", text)).split())
    return _unique(unique)


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    """Return words once each, and what else they are found by."""
    unique = dict.fromkeys(words)
    for word in tuple(unique):
        # "Mueller" is found by "muller", as "Müller" is by "mueller".
        if _LETTER_PAIR.search(word):
            unique[_collapse(word)] = None
    # Some letters, such as the Arabic alef and 々, are none in Latin by themselves.
    unique.pop("", None)
    return tuple(unique)[:_MAX_WORDS]


def _collapse(word: str) -> str:
    return _LETTER_PAIR.sub(lambda pair: pair[0][0], word)


def _more_spellings(piece: str) -> list[str]:
    """Return further spellings of one word."""
    if piece.isascii():
        return []
    if is_latin(piece):
        return _with_two_letters(piece) if _SPECIAL.search(piece) else []
    return latin_words(piece)


def _with_two_letters(piece: str) -> list[str]:
    """Return the words of a text with some or all of its special letters spelt by two."""
    letters = _SPECIAL.findall(piece)
    if len(letters) == 1:
        return fold(piece.replace(letters[0], _TWO_LETTERS[letters[0]])).split()
    parts = _SPECIAL.split(piece)
    if len(letters) <= _MAX_COMBINED:
        choices = list(product(*((letter, _TWO_LETTERS[letter]) for letter in letters)))[1:]
    else:
        choices = [tuple(_TWO_LETTERS[letter] for letter in letters)]
    texts = [
        "".join(part + letter for part, letter in zip(parts, (*choice, ""), strict=True))
        for choice in choices
    ]
    return [word for text in texts for word in fold(text).split()]

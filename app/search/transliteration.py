"""Write words of other scripts in Latin letters, and reduce words to their consonants.

anyascii transliterates each character by itself. It gives Chinese characters in pinyin,
also those of Japanese names, whose readings only the source can tell.
"""

import re

from anyascii import anyascii

from app.model.names import fold

_LATIN = re.compile("[\x00-\u024f\u0300-\u036f\u1d00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff]+")
# Arabic, Hebrew, the Indic scripts, Thai and Khmer leave out vowels. Their words are also found by
# their consonants, whatever vowels are typed between them: "mohamed", "muhammad" and "mhmd" are one
# word.
_VOWELLESS = re.compile("[\u0590-\u07bf\u0860-\u109f\u1780-\u17ff]")
_CONSONANTS = str.maketrans({"c": "k", "q": "k", "f": "p"} | dict.fromkeys("aeiou"))
_HALF_VOWELS = re.compile("(?<=.)[wvy]+")
_DOUBLE = re.compile(r"(.)\1+")


def is_latin(text: str) -> bool:
    """Return whether all letters of a text are Latin."""
    return _LATIN.fullmatch(text) is not None


def lacks_vowels(text: str) -> bool:
    """Return whether a text has letters of a script that leaves out vowels."""
    return _VOWELLESS.search(text) is not None


def transliterate(text: str) -> str:
    """Return the words of a text in Latin letters, folded."""
    return fold(anyascii(text))


def consonants(word: str) -> str:
    """Return the consonants of a Latin word, as scripts without vowels write them.

    "mohammed" gives "mhmd".
    """
    first = word[:1].replace("j", "y").replace("v", "w")
    letters = _HALF_VOWELS.sub("", (first + word[1:]).translate(_CONSONANTS))
    # Het and khaf are typed "h", "ch" or "kh", tsadi "ts", "tz" or "z".
    return _DOUBLE.sub(r"\1", letters.replace("kh", "h").replace("ts", "z").replace("tz", "z"))

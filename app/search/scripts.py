"""Compute further Latin spellings of words in other scripts.

The tables here add the spellings that people type and anyascii does not give.
"""

import re
from collections.abc import Iterable

from app.model.names import fold
from app.search.syllables import syllable_words
from app.search.transliteration import lacks_vowels, transliterate

_KANA = re.compile("[\u3040-\u30ff]")
_LONG_VOWELS = re.compile("oo|ou|uu")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_GREEK = re.compile("[\u0370-\u03ff]")

# Cyrillic is spelt one way in English, another in passports (ICAO Doc 9303) and another in German.
# Many people write their own names differently again: Alexey, Dmitry, Maria.
# fmt: off
_PASSPORT = str.maketrans({
    "ю": "iu", "я": "ia", "х": "kh", "й": "i", "ы": "y", "ъ": "ie", "ь": "",
    "є": "ie", "ї": "i", "і": "i",
})
_GERMAN = str.maketrans({
    "ю": "ju", "я": "ja", "й": "j", "ё": "jo", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch",
    "щ": "schtsch", "ж": "sch", "в": "w",
})
# Dmitry, Maria, Natalia, Solovieva.
_ENGLISH = (("ий", "ы"), ("ия", "иа"), ("ія", "іа"), ("ьё", "ие"), ("ье", "ие"))
_UKRAINIAN = re.compile("[іїєґ]")
_O_AFTER_SIBILANT = re.compile("(?<=[жчшщ])ё")
_GREEK_WRITTEN = (
    ("ου", "ou"), ("αυ", "av"), ("ευ", "ev"), ("γγ", "ng"), ("μπ", "b"), ("ντ", "nt"),
)
_GREEK_SPOKEN = (
    ("ου", "ou"), ("αυ", "au"), ("ευ", "eu"), ("γι", "yi"), ("γγ", "ng"), ("μπ", "b"), ("ντ", "d"),
    ("χ", "h"),
)
# fmt: on
# Letters that anyascii spells otherwise than people do: Hebrew bet; sh, ch and the n of the Indic
# scripts, whose Unicode blocks have the same layout.
_INDIC = ((0x02, "n"), (0x1A, "ch"), (0x36, "sh"), (0x37, "sh"))
_VOWELLESS_LETTERS = {ord("ב"): "b"} | {
    block + offset: letters for block in range(0x900, 0xD80, 0x80) for offset, letters in _INDIC
}
_ARABIC_ARTICLE = "ال"


def latin_words(word: str) -> list[str]:
    """Return the Latin spellings of a word in another script."""
    words = transliterate(word).split() + syllable_words(word)
    if _KANA.search(word):
        # Long vowels are typed once ("ono"), or as "oh".
        words += [
            *(_LONG_VOWELS.sub(lambda pair: pair[0][0], latin) for latin in words),
            *(re.sub("oo|ou", "oh", latin) for latin in words),
        ]
    if _CYRILLIC.search(word):
        words += _split(_cyrillic(word.lower()))
        words += [latin.replace("ks", "x") for latin in words if "ks" in latin]
    if _GREEK.search(word):
        folded = fold(word)
        words += _split(_replace(folded, pairs) for pairs in (_GREEK_WRITTEN, _GREEK_SPOKEN))
    if lacks_vowels(word):
        words += transliterate(word.replace("ंह", "ngh").translate(_VOWELLESS_LETTERS)).split()
        if word.startswith(_ARABIC_ARTICLE):
            words += ["al", *transliterate(word.removeprefix(_ARABIC_ARTICLE)).split()]
    return words


def _cyrillic(word: str) -> list[str]:
    """Return a word in Cyrillic, in lower case, prepared for several transliterations."""
    english = _replace(word, _ENGLISH)
    passport = word.translate(_PASSPORT)
    german = _O_AFTER_SIBILANT.sub("о", word).translate(_GERMAN)
    variants = [passport, german, word.replace("ё", "yo"), english]
    if _UKRAINIAN.search(word):
        variants += [
            text.replace("г", "h").replace("є", "ye").replace("ї", "yi")
            for text in (word, english, passport)
        ]
    if word[0] == "е":
        variants.append(f"y{english}")  # Yevgeny
    return variants


def _replace(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for letters, replacement in pairs:
        text = text.replace(letters, replacement)
    return text


def _split(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in transliterate(text).split()]

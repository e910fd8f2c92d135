"""Order names as the alphabet of a language has its letters.

`app.model.names` orders names without accents, A to Z. That is the order of most
languages here. Others have letters of their own, such as Å in Swedish or CH in Czech.
The tables hold only these, from the collation rules of CLDR.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

_AFTER = "\ua48c"
"""What follows a letter in the key of the next one.

It is the last syllable of the Yi script. No name has it, `fold` keeps it, and it comes
after every letter of Latin and Cyrillic: "c" + `_AFTER` is after "cz" and before "d".
"""

# Each row is "LETTER>FOLLOWING": what follows comes after all words with the letter, in this order.
# Letters joined by "=" have one place. "y=ü" means that ü has the place of y. Left out are letters
# that the source distinguishes from a plain one by their accent alone, as `fold` drops accents.
# The source of a row is common/collation/LANGUAGE.xml of Unicode CLDR at the revision beside it,
# in the collation that is its default. tests/app/languages/data has names in the order of
# Unicode::Collate::Locale 1.31, which is another implementation of these rules.
_RULES = {
    # 0c034025: &C<č &H<ch &R<ř &S<š &Z<ž
    "cs": "c>č h>ch r>ř s>š z>ž",
    # 0994dcee: &[before 1]ǀ<æ<<ä<ø<<ö<<ő<<œ<å<<<aa &Y<<ü<<ű
    "da": "z>æ=ä,ø=ö=ő=œ,å=aa y=ü=ű",
    # 0c034025: &N<ñ
    "es": "n>ñ",
    # 02da6f39, phonebook: &[before 1]ǀ<å<ä<<æ<ö<<ø &Y<<ü
    "fi": "z>å,ä=æ,ö=ø y=ü",
    # 8a81adf1: &C<cs &D<dz &DZ<dzs &G<gy &L<ly &N<ny &S<sz &T<ty &Z<zs &O<ö<<ő &U<ü<<ű, and
    # &cs<<<ccs/cs with its like: of a letter of two signs, the first sign alone is doubled.
    "hu": "c>cs d>dz,dzs g>gy l>ly n>ny o>ö=ő s>sz t>ty u>ü=ű z>zs",
    # c9b88ab7: &[before 1]ǀ<æ<<ä<<ę<ø<<ö<<ő<<œ<å<<aa &Y<<ü<<ű
    "no": "z>æ=ä=ę,ø=ö=ő=œ,å=aa y=ü=ű",
    # 0c034025: &A<ą &C<ć &E<ę &L<ł &N<ń &O<ó &S<ś &Z<ź<ż
    "pl": "a>ą c>ć e>ę l>ł n>ń o>ó s>ś z>ź,ż",
    # The root collation: є after е, і after и. ru.xml adds [reorder Cyrl].
    "ru": "г>ґ е>є и>і=ї",
    # c42aaeb2, reformed: &[before 1]ǀ<å<ä<<æ<<ę<ö<<ø<<ő<<œ<<ô &Y<<ü<<ű
    "sv": "z>å,ä=æ=ę,ö=ø=ő=œ=ô y=ü=ű",
    # 0c034025: &C<ç &G<ğ &[before 1]i<ı &O<ö &S<ş &U<ü
    "tr": "c>ç g>ğ h>ı o>ö s>ş u>ü",
    # The root collation and, in uk.xml, [reorder Cyrl] &Г<ґ &ꙇ<ї
    "uk": "г>ґ е>є и>і,ї",
}
_DOUBLED_BY_FIRST_SIGN = ("hu",)
# [reorder Cyrl]: Cyrillic letters come before those of Latin and Greek. This prefix of a letter is
# itself the last letter of Cyrillic, so that the order of the other scripts stays.
_CYRILLIC_FIRST = ("ru", "uk")
_BEHIND_CYRILLIC = "\u052f"
_LATIN, _GREEK = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]"), re.compile("[\u0370-\u03ff]")
# Turkish has two letters: I is the capital of ı, and İ that of i (SpecialCasing.txt of Unicode).
_TURKISH_CAPITALS = str.maketrans("Iİ", "ıi")

Respelling = Callable[[str], str]
"""Spells a text so that, folded, it has its place in the alphabet of a language."""


@cache
def respelling(language: str) -> Respelling | None:
    """Return the respelling of a language, None if it orders names as `fold` does."""
    if language not in _RULES:
        return None
    places = _places(language)
    pattern = re.compile("|".join(sorted(places, key=len, reverse=True)))
    is_turkish, cyrillic_first = language == "tr", language in _CYRILLIC_FIRST

    def respell(text: str) -> str:
        if is_turkish:
            text = text.translate(_TURKISH_CAPITALS)
        text = unicodedata.normalize("NFC", text.lower())
        text = pattern.sub(lambda found: places[found[0]], text)
        if cyrillic_first:
            text = _LATIN.sub(rf"{_BEHIND_CYRILLIC}\g<0>", text)
            text = _GREEK.sub(rf"{_BEHIND_CYRILLIC * 2}\g<0>", text)
        return text

    return respell


def _places(language: str) -> Mapping[str, str]:
    """Return how each letter of the language's rules is spelled."""
    places: dict[str, str] = {}
    for rule in _RULES[language].split():
        if ">" not in rule:
            plain, *others = rule.split("=")
            places.update(dict.fromkeys(others, plain))
            continue
        plain, following = rule.split(">")
        for count, letters in enumerate(following.split(","), 1):
            places.update(dict.fromkeys(letters.split("="), plain + _AFTER * count))
    if language in _DOUBLED_BY_FIRST_SIGN:
        pairs = [letter for letter in places if len(letter) > 1]
        places.update({letter[0] + letter: places[letter] * 2 for letter in pairs})
    return places

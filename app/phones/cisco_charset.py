"""Spell text as a Cisco phone reads it: in UTF-8 or ISO-8859-1, with XML's escapes."""

import re

from anyascii import anyascii

from app.model.text import are_clean, clean

UTF_8 = "utf-8"
LATIN_1 = "iso-8859-1"
_APOSTROPHES = re.compile("['`\"]")
_NOT_LATIN_1 = re.compile("[^\0-\xff]")


class _Replacements(dict[str, str]):
    """Replacement of each character that ISO-8859-1 lacks, computed on first use.

    Letters are transliterated, symbols dropped.
    """

    def __missing__(self, char: str) -> str:
        letters = anyascii(char)
        if letters.startswith(":"):  # anyascii makes words of emoji
            letters = ""
        elif char.isalpha():  # apostrophes of soft signs and ayns are no letters to the reader
            letters = _APOSTROPHES.sub("", letters)
        self[char] = letters
        return letters


_REPLACEMENTS = _Replacements()


def _latin(text: str) -> str:
    # `str.translate` would look up the other characters too.
    return _NOT_LATIN_1.sub(lambda found: _REPLACEMENTS[found[0]], text)


def spell(text: str, charset: str) -> str:
    """Return text in letters of the charset, cleaned.

    Other letters are transliterated. If nothing is left, the text is "?".
    """
    text = clean(text)
    return text if charset == UTF_8 or text.isascii() else spell_latin(text)


def spell_latin(text: str) -> str:
    """Return clean text in letters of ISO-8859-1, "?" if nothing is left of it."""
    latin = _latin(text)
    return text if latin == text else clean(latin) or "?"


def spell_all_latin(texts: list[str]) -> list[str]:
    """Return what `spell_latin` makes of each of these clean texts, quickly."""
    latin = _latin("\n".join(texts)).split("\n")
    if len(latin) == len(texts) and "" not in latin and are_clean(latin):
        return latin
    return [spell_latin(text) for text in texts]


def escape(text: str) -> str:
    """Return text with the characters that XML reserves as named escapes."""
    # The parser knows these five named escapes and no other XML feature (XSI, "XML Objects"). It
    # knows no numeric references, comments or CDATA.
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&apos;")
    )

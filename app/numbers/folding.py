"""Turn the characters of a written number into ASCII, if they have an equivalent.

A decimal digit of any script has category Nd and a value (Unicode 4.6). Superscripts
are none: they are footnotes. Between the digits of a number, dashes of all scripts, the
Japanese long vowel mark and wavy dashes stand for a hyphen, as in libphonenumber.
"""

import re
import unicodedata
from functools import lru_cache

CURRENCY = "\u20ac"
"""What every currency sign becomes, for `remarks` to find; but for $, which is
ASCII.
"""

ANOTHER = "\u2192"
"""What arrows and the commas of other scripts become: another number follows."""

DOT = "\u30fb"
"""What dots in the middle of a line become: they part numbers, or the groups of one."""

SYMBOL = "!"
"""What emoji and other symbols become: no part of a number, whatever they mean."""

_HYPHENS = frozenset("\u2212\u30fc\uff70\u2500\u2501\u02d7")
_TILDES = frozenset("\u301c\u3030\u223c\u2053\uff5e\u02dc")
_TIMES = frozenset("\u00d7\u2715\u2716\u2717\u2718\u2a2f\u2613")
_COMMAS = frozenset("\u3001\uff64\u060c\u27f6\u27f9\u2b95\u2b62\u25b6\u25ba")
_DOTS = frozenset("\u30fb\uff65\u2022\u2023\u25cf\u25e6\u2026")
_FOOTNOTES = frozenset("\u2020\u2021\u00a7\u203b\u2217")
# The kanji for one lies beside the long vowel mark on Japanese keyboards.
_ONE_AS_HYPHEN = re.compile(r"(?<=[0-9])\u4e00(?=[0-9])")


def has_footnote(text: str) -> bool:
    """Return True if a text has superscripts, digits in circles or footnote signs."""
    return not text.isascii() and any(map(_is_footnote, text))


def _is_footnote(character: str) -> bool:
    return character in _FOOTNOTES or unicodedata.category(character) == "No"


def fold(text: str) -> str:
    """Return `text` with digits, dashes and Latin letters as ASCII.

    Lines become "|". Marks and invisible characters are removed.
    """
    if not text.isascii():
        text = _ONE_AS_HYPHEN.sub("-", "".join(map(_fold_character, text)))
    return text.replace(":::", "|").replace("\r", "|").replace("\n", "|")


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character.isascii():
        return character
    if (value := unicodedata.decimal(character, None)) is not None:
        return str(value)
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf"}:
        return ""
    if category in {"Zl", "Zp"}:
        return "\n"
    if character in _TILDES:
        return "~"
    if category == "Pd" or character in _HYPHENS:
        return "-"
    if character in _TIMES:
        return "x"
    if (
        character in _COMMAS
        or "\u2190" <= character <= "\u21ff"
        or "\u2794" <= character <= "\u27be"
    ):
        return ANOTHER
    if character in _DOTS:
        return DOT
    if category == "Sc":
        return CURRENCY
    if character == "\u2116":
        return "#"  # "No." in one sign
    if unicodedata.numeric(character, 0.0) % 1:
        return SYMBOL  # "1\u00bd" is no 1
    first = unicodedata.normalize("NFKD", character)[0]
    if first.isascii() and category != "No":
        return first
    if category.startswith("L"):
        return character
    if character == "\u00b0":
        return "o"  # "2\u00b0 piano", "N\u00b0 1"
    return SYMBOL if category[0] in "SP" else " "

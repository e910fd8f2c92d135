"""Display names, sort headings and sort keys of contacts.

Reading order ignores accents (`ä` sorts with `a`) and case. Digits come first. Other
scripts follow Latin, each in its own order.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

import msgspec
from anyascii import anyascii

from app.languages.alphabets import respelling
from app.model.text import are_clean, clean
from connectors.contact import Contact


class NameOrder(StrEnum):
    """The order in which a name is shown, "Ann Smith" or "Smith, Ann"."""

    FIRST_LAST = "first-last"
    LAST_FIRST = "last-first"


class SortBy(StrEnum):
    """The part of the name that decides the position in the book."""

    FIRST = "first"
    LAST = "last"


_APOSTROPHES = "'’‘ʼ`´"
_ASCII = {
    ord(char): None if char in _APOSTROPHES else " "
    for char in map(chr, range(128))
    if not char.isalnum()
}
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_ALL_EAST_ASIAN = re.compile("[\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_VOWEL_FIRST = re.compile("([\u0e40-\u0e44\u0ec0-\u0ec4])([\u0e01-\u0e2e\u0e81-\u0eae])")
_ROW_KEYS = tuple(b"%04d" % position for position in range(16))
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


_IN_PARTS = "\0"
"""Stands for a character that depends on the one before it; no folded text holds it."""


class _PartFolds(dict[int, str]):
    """Folded form of each character of decomposed text, computed on first use."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        # Marks of combining class 10 and above are accents and points. Classes 0 to 9 hold vowel
        # signs, viramas and voicing marks. Those are letters to the reader of Hindi, Thai or
        # Japanese, so they stay.
        if unicodedata.combining(char) >= 10 or char in _APOSTROPHES:
            folded = ""
        elif char.isalpha():
            latin = (
                code < 0x250
                or 0x1D00 <= code < 0x1F00
                or 0x2C60 <= code < 0x2C80
                or 0xA720 <= code < 0xA800
            )
            folded = anyascii(char).lower() if latin and code > 127 else char.casefold()
        else:
            folded = char if char.isdigit() or unicodedata.category(char)[0] == "M" else " "
        self[code] = folded
        return folded


class _Folds(dict[int, str]):
    """Folded form of each character of text as it is, computed on first use."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        is_part = unicodedata.combining(unicodedata.normalize("NFKD", char)[0])
        folded = self[code] = _IN_PARTS if is_part else _fold_in_parts(char)
        return folded


_PART_FOLDS = _PartFolds()
_FOLDS = _Folds()


def _fold_in_parts(text: str) -> str:
    """Return text decomposed and folded, with its spaces as they are."""
    # NFKD (Unicode UAX #15) decomposes composed letters. й is a letter of its own in Russian,
    # though it decomposes like an accented one.
    apart = (
        unicodedata.normalize("NFKD", text)
        .replace("\u0438\u0306", "\u0439")
        .replace("\u0418\u0306", "\u0439")
    )
    return apart.translate(_PART_FOLDS)


def fold(text: str) -> str:
    """Return text in the form used for comparison, sorting, labels and search.

    Accents, case and apostrophes are dropped, and one space stands between words.
    "Šárka O'Neill-Łoś" gives "sarka oneill los".
    """
    if text.isascii():
        lower = text.lower().replace(",", " ")
        # Nine of ten names hold only letters, spaces and a comma.
        return " ".join(
            (lower if lower.replace(" ", "").isalnum() else lower.translate(_ASCII)).split()
        )
    folded = text.translate(_FOLDS)
    if _IN_PARTS in folded:
        folded = _fold_in_parts(text)
    return " ".join(folded.split())


def _collated(folded: str) -> str:
    """Return folded text in a form whose Unicode order is the order its readers expect.

    Thai and Lao sort by consonants. Hiragana and katakana sort as one.
    """
    # A Thai vowel that is written before its consonant sorts after it (UTS #10, logical order
    # exceptions).
    return _VOWEL_FIRST.sub(r"\2\1", folded).translate(_KATAKANA)


def sort_key(heading: str, shown: str, owner: str) -> bytes:
    """Return the key that puts contacts into reading order when compared byte by byte.

    Each row of a contact appends its `row_key`. `heading` is the text that the contact
    is filed under, `shown` its display name. Texts that fold alike are ordered as
    written. `owner` keeps the rows of a contact together.
    """
    folded = fold(heading)
    collated = folded if folded.isascii() else _collated(folded)
    return f"{collated}\0{heading}\0{shown}\0{owner}\0".encode("utf-8", "replace")


def sort_key_in(language: str) -> Callable[[str, str, str], bytes]:
    """Return `sort_key` in the alphabet of a language, as it is without one ("")."""
    respell = respelling(language)
    if respell is None:
        return sort_key

    def key(heading: str, shown: str, owner: str) -> bytes:
        plain = sort_key(heading, shown, owner)
        place = _collated(fold(respell(heading))).encode("utf-8", "replace")
        return place + plain[plain.index(b"\0") :]

    return key


def fold_in(language: str) -> Callable[[str], str]:
    """Return `fold` in the alphabet of a language, as it is without one ("")."""
    respell = respelling(language)
    return fold if respell is None else lambda text: fold(respell(text))


def row_key(position: int) -> bytes:
    """Return the end of a row's sort key from its position among its contact's rows."""
    return _ROW_KEYS[position] if position < len(_ROW_KEYS) else b"%04d" % position


def clean_contact(contact: Contact) -> Contact:
    """Return a contact with every text that may be shown cleaned by `text.clean`.

    `display_name` and `sort_heading` expect such a contact.
    """
    texts = (
        contact.name,
        contact.given_name,
        contact.family_name,
        contact.phonetic_given_name,
        contact.phonetic_family_name,
        contact.sort_name,
        contact.organization,
        contact.department,
    )
    if are_clean(texts):
        return contact
    name, given, family, phonetic_given, phonetic_family, sort_name, organization, department = map(
        clean, texts
    )
    return msgspec.structs.replace(
        contact,
        name=name,
        given_name=given,
        family_name=family,
        phonetic_given_name=phonetic_given,
        phonetic_family_name=phonetic_family,
        sort_name=sort_name,
        organization=organization,
        department=department,
    )


def _joined_name(first: str, then: str, comma: bool) -> str:
    if not (first and then):
        return first or then
    if comma and (first.isascii() or not _EAST_ASIAN.search(first)):
        return f"{first}, {then}"
    return f"{first} {then}"


def display_name(contact: Contact, order: NameOrder) -> str:
    """Return the name of a clean contact, else its organisation, else "".

    The source's own display name is kept, with titles and middle names. It is replaced
    only if it has the wrong order and the source gives the parts of the name. East
    Asian names have the family name first and no space, in either order.
    """
    given, family, name = contact.given_name, contact.family_name, contact.name
    if order is NameOrder.FIRST_LAST and given and family and name == f"{given} {family}":
        return name
    if (
        family
        and given
        and not family.isascii()
        and _ALL_EAST_ASIAN.fullmatch(family)
        and _ALL_EAST_ASIAN.fullmatch(given)
    ):
        return family + given if not name or name.startswith(f"{family},") else name
    if order is NameOrder.LAST_FIRST:
        shown = (
            _joined_name(family, given, comma=True) if family and given else name or family or given
        )
    elif family and given and (not name or name.casefold().startswith(f"{family},".casefold())):
        shown = name if _EAST_ASIAN.search(name) else _joined_name(given, family, comma=False)
    else:
        shown = name or given or family
    return shown or contact.organization


def sort_heading(contact: Contact, by: SortBy, shown: str) -> str:
    """Return the text that a clean contact is filed under.

    `shown` is used if the source gives no parts of the name. A phonetic name (kana,
    pinyin) or a sort name from the source takes precedence over the spelling.
    """
    given = contact.phonetic_given_name or contact.given_name
    family = contact.phonetic_family_name or contact.family_name
    if by is SortBy.FIRST:
        return _joined_name(given, family, comma=False) if given else shown
    return contact.sort_name or (_joined_name(family, given, comma=True) if family else shown)

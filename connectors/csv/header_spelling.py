"""Normalise a header before it is looked up.

CamelCase is split. Signs for "number" and letters in brackets become words.
"""

import re
from functools import lru_cache

from connectors.csv.columns import fold_header
from connectors.csv.header_vocabulary import ALONE, PHONE, fold_words, meanings
from connectors.csv.header_words import NO, YES

MAX_LENGTH = 120
"""Maximum length of a header that is read; the time grows with its square."""

_CAMEL = re.compile(r"(?<=[a-zà-öø-ÿа-яё])(?=[A-ZÀ-ÖØ-ÞА-ЯЁ])|(?<=[A-Z])(?=[A-Z][a-z])")
# "Phone #2" is the second; "Customer #" is a number.
_NO_SIGN = re.compile(r"(?:#|№|\bn[°º])(?!\s*[0-9])", re.IGNORECASE)
_LETTER = re.compile(r"(.*\S)\s*[(\[]\s*([a-z])\.?\s*[)\]]\s*\Z", re.IGNORECASE)
_LETTERS = {
    "o": "office",
    "w": "work",
    "b": "business",
    "g": "geschäftlich",
    "d": "dienstlich",
    "h": "home",
    "r": "residence",
}
_LETTERS |= {"p": "privat", "m": "mobile", "c": "cell", "f": "fax"}
# Swiss: "Natel G" (geschäftlich), "Natel P" (privat).
_MOBILE_LETTER = re.compile(r"\b(natel|handy|mobile?)\s+([gp])\.?\s*\Z", re.IGNORECASE)
_TWO = re.compile(
    r"(\w+)\.?\s*(?:[/&+]|\b(?:and|und|et|y|e|en|og|och|ja|és|și|si|и|та|ve)\b)\s*(\w+)",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[?？؟]\W*\Z")
_CHOICE = re.compile(r"(?:\b|_)([^\W_]+)\s*/\s*([^\W_]+)\W*\Z")
_YES = YES | {"j", "o", "s"}


@lru_cache(maxsize=4096)
def write_out(header: str) -> str:
    """Return a header with its signs and letters as words.

    Signs for "number" become "no". "(O)" behind a telephone becomes "office". The fax
    of "Tel./Fax" is removed.
    """
    if len(header) > MAX_LENGTH:
        return header
    text = _NO_SIGN.sub(" no ", header)
    letter = _LETTER.match(text)
    if (
        letter is not None
        and letter[2].lower() in _LETTERS
        and any(_is_phone(word) for word in fold_header(letter[1]).split())
    ):
        text = f"{letter[1]} {_LETTERS[letter[2].lower()]}"
    text = _MOBILE_LETTER.sub(lambda match: f"{match[1]} {_LETTERS[match[2].lower()]}", text)
    return _without_fax(text)


def split_words(header: str) -> str:
    """Return a header written out and with its camelCase split."""
    return _CAMEL.sub(" ", write_out(header))


def is_question(header: str) -> bool:
    """Return whether a header stands for a tick: "Mobile?", "Fax (yes/no)"."""
    if _QUESTION.search(header):
        return True
    choice = _CHOICE.search(header)
    return choice is not None and choice[1].casefold() in _YES and choice[2].casefold() in NO


def _without_fax(text: str) -> str:
    """Return a header without a fax that is joined to a telephone.

    People answer such a number too.
    """
    two = _TWO.search(text)
    if two is None:
        return text
    faxes = fold_words(ALONE["fax"])
    if _is_phone(two[1]) and fold_header(two[2]) in faxes:
        return text[: two.end(1)] + text[two.end() :]
    return (
        text[: two.start()] + text[two.start(2) :]
        if fold_header(two[1]) in faxes and _is_phone(two[2])
        else text
    )


def _is_phone(word: str) -> bool:
    return PHONE in meanings().get(fold_header(word), frozenset())

"""Recognise the softkeys Next, Previous and Search by their label in any language.

Softkeys with a SoftKey URI are recognised by that URI.
"""

import unicodedata
from functools import cache

from app.languages.catalogue import LANGUAGES, words

LINKS = ("Next", "Previous", "Search")
"""The softkeys whose URL leads to another page."""


def english_label(label: str) -> str:
    """Return the English label of a softkey in `LINKS`, any other label as it is."""
    return _english_labels().get(_without_accents(label), label)


@cache
def _english_labels() -> dict[str, str]:
    return {
        _without_accents(words(language).pgettext("softkey", english)): english
        for language in LANGUAGES
        for english in LINKS
    }


def _without_accents(label: str) -> str:
    # A label in ISO-8859-1 may have lost its accents.
    if label.isascii():
        return label
    apart = unicodedata.normalize("NFKD", label)
    return "".join(char for char in apart if not unicodedata.combining(char))

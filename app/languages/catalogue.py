"""Find the words that the gateway puts on a phone, in the language of its reader.

The words stand in the code in English. `catalogues/LANGUAGE.po` has their translations,
and `make languages` compiles them into the `.mo` files that are read here.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

ENGLISH = "en"
"""The language of the words in the code; it needs no catalogue."""

LANGUAGES = {
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hu": "Hungarian",
    "it": "Italian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
}
"""The languages by their code (ISO 639-1), with their English names."""

CATALOGUES = Path(__file__).with_name("catalogues")

_CYRILLIC = ("ru", "uk")
_UTF_8 = "utf-8"


@cache
def words(language: str) -> NullTranslations:
    """Return the words of a language, which must be one of `LANGUAGES`.

    Their methods `gettext`, `ngettext` and `pgettext` take the English text.
    """
    if language == ENGLISH:
        return NullTranslations()
    with (CATALOGUES / f"{language}.mo").open("rb") as file:
        return GNUTranslations(file)


def readable_language(language: str, charset: str) -> str:
    """Return the language, or English if its words cannot be read in the charset.

    In ISO-8859-1, other Latin letters lose their accents. Cyrillic words would be
    spelled in Latin letters, as no phone has them, so their readers get English.
    """
    return ENGLISH if language in _CYRILLIC and charset != _UTF_8 else language

"""Find the language that a phone says in a request.

A Cisco phone adds `locale=` to its first request: the name of its user locale, such as
"German_Germany", or what the administrator wrote there instead ("germany", "de_DE").
The header Accept-Language has codes ("de", "en_US").
"""

import re

from app.languages.catalogue import LANGUAGES

_MAX_LENGTH = 200
_MAX_CHOICES = 20
_SEPARATORS = re.compile(r"[^a-z]+")

# Codes that stand for one of our languages: Bokmål and Nynorsk for Norwegian.
_CODES = {**{code: code for code in LANGUAGES}, "nb": "no", "nn": "no"}

# Cisco's user locales are named LANGUAGE_COUNTRY. Installations without CUCM often have the country
# alone, because the phone loads its words from a folder of this name.
_COUNTRIES = {
    "czech": "cs",
    "czechia": "cs",
    "denmark": "da",
    "germany": "de",
    "austria": "de",
    "spain": "es",
    "mexico": "es",
    "argentina": "es",
    "colombia": "es",
    "chile": "es",
    "peru": "es",
    "finland": "fi",
    "france": "fr",
    "hungary": "hu",
    "italy": "it",
    "netherlands": "nl",
    "holland": "nl",
    "norway": "no",
    "poland": "pl",
    "portugal": "pt",
    "brazil": "pt",
    "russia": "ru",
    "sweden": "sv",
    "turkey": "tr",
    "turkiye": "tr",
    "ukraine": "uk",
    "australia": "en",
    "ireland": "en",
}
# Codes of countries (ISO 3166-1) that are no code of their language. UK is no such code, but as the
# name of a locale it is the United Kingdom; the code of Ukrainian comes with its country, uk_UA.
_COUNTRY_CODES = {
    "at": "de",
    "br": "pt",
    "cz": "cs",
    "dk": "da",
    "gb": "en",
    "se": "sv",
    "ua": "uk",
    "uk": "en",
    "us": "en",
}
_NAMES = {
    **_COUNTRIES,
    **{name.lower(): code for code, name in LANGUAGES.items()},
    "united states": "en",
    "united kingdom": "en",
    "new zealand": "en",
}


def locale_language(locale: str) -> str:
    """Return the language that the name of a user locale means, "" if unknown."""
    parts = _SEPARATORS.split(locale[:_MAX_LENGTH].lower().strip(" _-."))
    first, whole = parts[0], " ".join(parts)
    return (
        _COUNTRY_CODES.get(whole) or _CODES.get(first) or _NAMES.get(whole) or _NAMES.get(first, "")
    )


def accepted_language(header: str) -> str:
    """Return our language that an Accept-Language prefers, "" if it names none."""
    found: list[tuple[float, str]] = []
    for choice in header[:_MAX_LENGTH].lower().split(",")[:_MAX_CHOICES]:
        tag, *parameters = choice.split(";")
        language = _CODES.get(_SEPARATORS.split(tag.strip())[0])
        weight = _weight(parameters)
        if language and weight > 0:
            found.append((weight, language))
    return max(found, key=lambda choice: choice[0], default=(0.0, ""))[1]


def _weight(parameters: list[str]) -> float:
    # RFC 9110, section 12.4.2: a weight is from 0 to 1, and 1 if it is missing.
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.strip() == "q":
            try:
                return min(float(value), 1.0)
            except ValueError:
                return 1.0
    return 1.0

"""Find the country that a person means: "DE", "Germany", "Deutschland" or "+49"."""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from app.cli.init.dialogue import WrongAnswer
from app.numbers.numbering_plans import REGIONS, split_country_code
from connectors.contact import Contact

NO_COUNTRY = "none"

_CODE = re.compile(r"(?:\+|00)?\s*([1-9][0-9]{0,2})")
_NO_LETTER = re.compile(r"[^a-z]+")
# Fewer digits without a country are those of an extension or a service.
_SHORTEST_NATIONAL = 7
# What people write besides the English name in the list of the time zone database.
_OTHER_NAMES = {
    "AT": "Österreich",
    "BE": "België|Belgique",
    "BR": "Brasil",
    "CH": "Schweiz|Suisse|Svizzera",
    "CZ": "Czechia|Česko|Česká republika",
    "DE": "Deutschland|FRG|BRD",
    "DK": "Danmark",
    "ES": "España",
    "FI": "Suomi",
    "GB": "UK|United Kingdom|Great Britain|England|Scotland|Wales|Northern Ireland",
    "GR": "EL|Hellas",
    "HR": "Hrvatska",
    "HU": "Magyarország",
    "IE": "Éire",
    "IT": "Italia",
    "MX": "México",
    "NL": "Holland|Nederland|The Netherlands",
    "NO": "Norge",
    "PL": "Polska",
    "SE": "Sverige",
    "SK": "Slovensko",
    "TR": "Türkiye",
    "US": "USA|America|United States of America",
}


def find_region(text: str) -> str:
    """Return the ISO 3166 code of a country, or "" for "none".

    Raises WrongAnswer if it is not known.
    """
    words = text.strip()
    if _fold(words) == NO_COUNTRY:
        return ""
    code = _CODE.fullmatch(words)
    if code is not None:
        regions = _regions_of(code[1])
        if not regions:
            raise WrongAnswer(f"No country has the code +{code[1]}. Write its name, or DE, FR, US.")
        return regions[0]
    if words.upper() in REGIONS:
        return words.upper()
    names = _names()
    found = names.get(_fold(words))
    if found is None:
        near = difflib.get_close_matches(_fold(words), names, n=1, cutoff=0.75)
        guess = f" Do you mean {country_name(names[near[0]])} ({names[near[0]]})?" if near else ""
        raise WrongAnswer(
            f"That country is not known here.{guess} Write its two letters (DE), its English name"
            f" (Germany) or its code (+49); {NO_COUNTRY} leaves numbers as they are written."
        )
    return found


def country_name(region: str) -> str:
    """Return the English name of a region, or its code if it has none."""
    return _english().get(region, region)


def likely_region(contacts: Iterable[Contact]) -> str:
    """Return the country that most numbers are written with, or "".

    Short numbers without one are extensions and services, and count for nothing. Longer
    ones count against it: the few with a country are those of other countries then.
    """
    counts = Counter(
        split_country_code(digits)[0] if is_international else ""
        for contact in contacts
        for number in contact.numbers
        for digits, is_international in (_digits(number.value),)
        if digits and (is_international or len(digits) >= _SHORTEST_NATIONAL)
    )
    if not counts:
        return ""
    code, count = counts.most_common(1)[0]
    regions = _regions_of(code) if code else ()
    return regions[0] if regions and 2 * count > counts.total() else ""


def _digits(number: str) -> tuple[str, bool]:
    plain = number.strip()
    return "".join(filter(str.isdecimal, plain)), plain.startswith("+")


def _regions_of(code: str) -> tuple[str, ...]:
    """Return the regions of a calling code, the one with its numbering plan first."""
    from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

    found = COUNTRY_CODE_TO_REGION_CODE.get(int(code), ())
    return tuple(region for region in found if region in REGIONS)


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o"))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return _NO_LETTER.sub(" ", letters.replace("&", " and ")).strip()


@cache
def _english() -> dict[str, str]:
    """Return code -> name of the list that the package tzdata brings."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {code: name for code, name in pairs if code in REGIONS}


@cache
def _names() -> dict[str, str]:
    """Return folded name -> code."""
    found: dict[str, str] = {}
    for region, name in _english().items():
        # "Britain (UK)" is "Britain" and "UK".
        for part in (name, *re.split(r"[()]", name)):
            found.setdefault(_fold(part), region)
    for region, others in _OTHER_NAMES.items():
        for name in others.split("|"):
            found[_fold(name)] = region
    found.pop("", None)
    return found

"""Which numbers exist, by the patterns of each type of number.

`Region.is_possible` asks for the general shape of a country's numbers, which is
generous. `is_valid` asks for the patterns of landline, mobile, free-phone numbers and
so on. It costs more, and is asked in cases of doubt alone.
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from app.numbers.numbering_plans import country, split_country_code

if TYPE_CHECKING:
    from phonenumbers import PhoneMetadata

_TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
)

# What an authority has taken out of use, and how a number is dialled since. Only where the new
# number is certain.
_FORMER = {
    "30": (r"0(2\d{9})", r"\1"),  # Greece, 2002
    "39": (r"0(3\d{8,9})", r"\1"),  # Italy, mobile numbers, 2001
    "47": (r"0([2-9]\d{7})", r"\1"),  # Norway, 1993
    "48": (r"0(\d{9})", r"\1"),  # Poland, 2010
    "52": (r"(?:0[12]|04[45]|1)(\d{10})", r"\1"),  # Mexico, 2019
    "56": (r"0(\d{9})", r"\1"),  # Chile, 2016: 09 before a mobile number, 0 before an area code
    "57": (r"0?([1245678]\d{7})", r"60\1"),  # Colombia, 2021: landlines
    "229": (r"(\d{8})", r"01\1"),  # Benin, 2024
    "351": (r"0(2\d{8})", r"\1"),  # Portugal, 1999
    "380": (r"80(\d{9})", r"\1"),  # Ukraine, 2009
    "420": (r"0(\d{9})", r"\1"),  # Czech Republic, 2002
}
_COMPILED = {
    code: (re.compile(pattern), replacement) for code, (pattern, replacement) in _FORMER.items()
}


def is_valid(code: str, significant: str) -> bool:
    """Return True if the country with this calling code has a number of this form.

    `significant` bears no trunk prefix.
    """
    if not code or len(significant) not in _lengths(code):
        return False
    return _pattern(code).fullmatch(significant) is not None


def is_mobile(code: str, significant: str) -> bool:
    """Return True if the country with this calling code has such a mobile number."""
    return _pattern(code, ("mobile",)).fullmatch(significant) is not None


def is_foreign(digits: str, code: str) -> bool:
    """Return True if `digits`, written without a +, are valid in another country.

    `code` is the calling code of this one.
    """
    if not _is_perhaps_foreign(digits[:4], len(digits), code):
        return False
    there, rest = split_country_code(digits)
    if rest[:1] == "0":
        return is_valid(there, country(there).without_trunk(rest))
    return is_valid(there, rest) or renew(there, rest) != ""


def renew(code: str, digits: str) -> str:
    """Return the significant number of today for one in a former form, else ""."""
    former = _COMPILED.get(code)
    if former is None or not (found := former[0].fullmatch(digits)):
        return ""
    new = found.expand(former[1])
    return new if is_valid(code, new) else ""


def _regions(code: str) -> "list[PhoneMetadata]":
    from phonenumbers import PhoneMetadata
    from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

    names = COUNTRY_CODE_TO_REGION_CODE[int(code)]
    found = (PhoneMetadata.metadata_for_region_or_calling_code(int(code), name) for name in names)
    return [there for there in found if there is not None]


@cache
def _lengths(code: str) -> frozenset[int]:
    """Return the lengths of whole numbers in all regions that share a calling code."""
    found = (there.general_desc for there in _regions(code))
    return frozenset(length for general in found if general for length in general.possible_length)


@cache
def _pattern(code: str, types: tuple[str, ...] = _TYPES) -> re.Pattern[str]:
    """Return the patterns of all regions that share a calling code, as one."""
    kinds = (getattr(there, name) for there in _regions(code) for name in types)
    found = dict.fromkeys(
        kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern
    )
    return re.compile("|".join(f"(?:{pattern})" for pattern in found) or "(?!)")


@lru_cache(maxsize=8192)
def _is_perhaps_foreign(head: str, length: int, code: str) -> bool:
    """Return True if a number of another country can have this length and these digits.

    The digits are its first four.
    """
    there, rest = split_country_code(head)
    if there in ("", code):
        return False
    return rest[:1] == "0" or there in _FORMER or length - len(there) in _lengths(there)

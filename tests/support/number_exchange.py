"""Decode dialled digits as the exchange and the public network of a country do.

Independent of the dial plan under test: it uses libphonenumber and three dialling
rules. The outside line comes first. An international number follows the prefix of the
country. A national number follows the trunk prefix, where there is one.
"""

from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat

INTERNATIONAL = {
    "AR": "00",
    "AU": "0011",
    "BR": "0015",
    "CA": "011",
    "CL": "00",
    "CO": "009",
    "HK": "001",
    "IL": "00",
    "JP": "010",
    "KR": "001",
    "RU": "810",
    "SG": "001",
    "US": "011",
}
"""What a plan of the region dials for +; 00 in all others (ITU-T E.164 national lists;
one carrier's where there are several).
"""

NOBODY, LOCAL, INSIDE, EMERGENCY = "nobody", "local", "inside", "emergency"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A country and the outside line of an exchange in it."""

    region: str
    line: str

    @property
    def international(self) -> str:
        return INTERNATIONAL.get(self.region, "00")

    @property
    def code(self) -> str:
        return str(phonenumbers.country_code_for_region(self.region))

    def party(self, dialled: str) -> str:
        """Return who answers at the other end.

        That is an E.164 number, or "local:DIGITS", "inside:DIGITS", "emergency:DIGITS"
        or "nobody:DIGITS".
        """
        if is_emergency(dialled, self.region):
            return f"{EMERGENCY}:{dialled}"
        if self.line and not dialled.startswith(self.line):
            return f"{INSIDE}:{dialled}"
        outside = dialled.removeprefix(self.line)
        if is_emergency(outside, self.region):
            return f"{EMERGENCY}:{outside}"
        if outside.startswith(self.international):
            whole = "+" + outside.removeprefix(self.international)
            return whole if is_valid(whole) else f"{NOBODY}:{whole}"
        return national_party(outside, self.region)


@cache
def is_emergency(digits: str, region: str) -> bool:
    """Tell whether the first of these digits reach an emergency service at an exchange."""
    return digits.startswith(("112", "911")) or phonenumbers.connects_to_emergency_number(
        digits, region
    )


@cache
def is_valid(whole: str) -> bool:
    """Tell whether a number with + exists."""
    found = parsed(whole, None)
    return (
        found is not None
        and phonenumbers.is_valid_number(found)
        and phonenumbers.format_number(found, PhoneNumberFormat.E164) == whole
    )


@cache
def trunk(region: str) -> str:
    """Return the trunk prefix of a region, "" where it has none."""
    return PhoneMetadata.metadata_for_region(region).national_prefix or ""


@cache
def national_party(digits: str, region: str) -> str:
    """Return who answers when these digits are dialled in a region's public network."""
    found = parsed(digits, region)
    if found is None:
        return f"{NOBODY}:{digits}"
    whole = phonenumbers.format_number(found, PhoneNumberFormat.E164)
    significant = phonenumbers.national_significant_number(found)
    written = (
        {significant}
        if region == "US"
        else {only_digits(phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL))}
    )
    written.add(trunk(region) + significant)
    if digits in written and phonenumbers.is_valid_number(found):
        return whole
    return (
        f"{LOCAL}:{digits}"
        if len(digits) <= 8 and not digits.startswith(trunk(region) or "-")
        else f"{NOBODY}:{digits}"
    )


def parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    """Return what libphonenumber reads, None where it reads no number."""
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def only_digits(text: str) -> str:
    """Return the digits of a text, as they stand."""
    return "".join(filter(str.isdigit, text))

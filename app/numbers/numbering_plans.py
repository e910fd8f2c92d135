"""Compile libphonenumber's metadata into the dialling rules of each region.

phonenumbers is imported only inside functions, because the web process needs only the
constants to check a configuration.
"""

# - `phonenumbers.parse` and a national format take 25 us a number. A build may spend 15 us on all
#   the rules. With the same metadata, compiled, all of `dialling.dial` takes 11 us.
#   `tests/app/numbers/test_numbering_plans.py` compares the two for the examples of every region.
# - A region's `national_prefix_for_parsing` is stripped if a number is written with it, by the
#   rules of libphonenumber's `_maybe_strip_national_prefix_carrier`. The national form is that of
#   its `format_out_of_country_calling_number`.
# - The North American plan (country code 1) dials 1 before its ten digits (NANPA). The metadata
#   counts this 1 as optional.
# - 112 and 911 are the emergency numbers that every mobile phone knows (3GPP TS 22.101). They count
#   as such everywhere.
# - Regions with several international prefixes, one for each carrier, have no default in the
#   metadata. `SEVERAL_PREFIXES` names a usual one.

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import NumberFormat, PhoneMetadata, PhoneNumberDesc

_CODES = (
    "AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR"
    " BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC"
    " EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK"
    " HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB"
    " LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY"
    " MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS"
    " RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL"
    " TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
REGIONS = frozenset(_CODES.split())
"""ISO 3166 codes of the regions that phonenumbers knows."""

_PREFIXES = (
    "BO=00 BR=0015 CL=00 CO=009 ID=008 IL=00 KH=001 KP=00 KR=001 PW=011 SB=00 SG=001 TH=001 TW=002"
    " TZ=000 UG=000"
)
SEVERAL_PREFIXES = dict(pair.split("=") for pair in _PREFIXES.split())
"""Regions where each carrier has an international prefix of its own, with the one that
is dialled unless a plan has another.
"""

EMERGENCY_ANYWHERE = frozenset({"112", "911"})
"""Emergency numbers whatever the region."""

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers that begin with `leading` and match `pattern` are dialled inside
    their country.

    Behind `prefix`, as they are; or, in the few plans that put other digits between or
    change the order, by `template`.
    """

    leading: re.Pattern[str]
    pattern: re.Pattern[str]
    prefix: str
    template: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region's numbering plan.

    A significant number is a national number without country code and trunk prefix.

    `trunk_prefix` is dialled before numbers of no known form. `written_prefix` is the
    one that people write, also where most numbers are dialled without. `line_lengths`
    are those of landline numbers.
    """

    country_code: str
    international: str
    international_prefix: re.Pattern[str]
    trunk: re.Pattern[str]
    trunk_rule: str
    trunk_prefix: str
    written_prefix: str
    lengths: frozenset[int]
    line_lengths: frozenset[int]
    local_lengths: frozenset[int]
    significant: re.Pattern[str]
    forms: tuple[Form, ...]
    is_country: bool
    emergency: re.Pattern[str]
    short: re.Pattern[str]

    def is_emergency(self, digits: str) -> bool:
        """Tell whether `digits` are an emergency number here."""
        return digits in EMERGENCY_ANYWHERE or self.emergency.fullmatch(digits) is not None

    def begins_emergency(self, digits: str, start: int = 0) -> bool:
        """Tell whether `digits` from `start` on begin with an emergency number of here."""
        return (
            digits[start : start + 3] in EMERGENCY_ANYWHERE
            or self.emergency.match(digits, start) is not None
        )

    def is_short(self, digits: str) -> bool:
        """Tell whether `digits` are a short number here (116117, 411, 118500)."""
        return self.short.fullmatch(digits) is not None

    def is_possible(self, significant: str) -> bool:
        """Tell whether the region can have this number."""
        return (
            len(significant) in self.lengths and self.significant.fullmatch(significant) is not None
        )

    def has_lost_zero(self, significant: str) -> bool:
        """Tell whether `significant` lacks the zero that numbers here begin with, and
        is possible with it ("6 69812345" in Rome).
        """
        if self.trunk_prefix or not self.is_country:
            return False
        return not self.is_possible(significant) and self.is_possible("0" + significant)

    def is_open(self) -> bool:
        """Tell whether numbers here have no fixed length, so that nearly any digits are
        a number of somebody.
        """
        return len(self.line_lengths) >= 5

    def is_local(self, digits: str) -> bool:
        """Tell whether `digits` can be a number of one place, written without area code
        and trunk prefix.
        """
        if not self.local_lengths:
            return len(digits) <= 7 and self.is_possible(digits)
        # An area code has a digit at least: in Hungary eight digits are a whole number.
        return len(digits) in self.local_lengths or (
            len(digits) in self.lengths and len(digits) < min(max(self.line_lengths), 9)
        )

    def behind_prefix(self, digits: str) -> str:
        """Return what follows the region's international prefix, "" where `digits` do
        not begin with it.
        """
        prefix = self.international_prefix.match(digits)
        return digits[prefix.end() :] if prefix and prefix.end() else ""

    def without_trunk(self, digits: str) -> str:
        """Return the significant number: `digits` without the trunk prefix, if they
        begin with one.
        """
        prefix = self.trunk.match(digits)
        if prefix is None:
            return digits
        if self.trunk_rule and prefix.re.groups and prefix[prefix.re.groups] is not None:
            return prefix.expand(self.trunk_rule) + digits[prefix.end() :]
        rest = digits[prefix.end() :]
        if self.significant.fullmatch(digits) and not self.significant.fullmatch(rest):
            return digits
        return rest

    def national(self, significant: str) -> str:
        """Return what is dialled for this number inside its own country."""
        if self.country_code == "1":
            return "1" + significant
        for form in self.forms:
            if form.leading.match(significant) and (match := form.pattern.fullmatch(significant)):
                return match.expand(form.template) if form.template else form.prefix + significant
        return self.trunk_prefix + significant


@lru_cache(maxsize=512)
def region(code: str) -> Region:
    """Return the plan of the region with this ISO 3166 code.

    Raises KeyError where libphonenumber knows none.
    """
    from phonenumbers import PhoneMetadata

    found = PhoneMetadata.metadata_for_region(code)
    if found is None:
        raise KeyError(code)
    short = PhoneMetadata.short_metadata_for_region(code)
    return _compiled(found, short)


@lru_cache(maxsize=512)
def country(code: str) -> Region:
    """Return the plan of the country with this calling code ("49"), one of those that
    `split` returns.
    """
    from phonenumbers import PhoneMetadata
    from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

    main = COUNTRY_CODE_TO_REGION_CODE[int(code)][0]
    if main == "001":
        found = PhoneMetadata.metadata_for_nongeo_region(int(code))
        if found is None:
            raise KeyError(code)
        return _compiled(found, None)
    return region(main)


def split_country_code(digits: str) -> tuple[str, str]:
    """Return the calling code at the head of an international number, and the rest;
    ("", `digits`) where no country has it.
    """
    code = _code_at_head(digits[:3])
    return code, digits[len(code) :]


@lru_cache(maxsize=2048)
def _code_at_head(three: str) -> str:
    return next((three[:length] for length in (1, 2, 3) if three[:length] in _calling_codes()), "")


@cache
def _calling_codes() -> frozenset[str]:
    from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

    return frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))


def _compiled(found: "PhoneMetadata", short: "PhoneMetadata | None") -> Region:
    general = found.general_desc
    forms = tuple(map(_form, found.number_format))
    trunk_prefix = found.national_prefix or ""
    preferred = (found.preferred_international_prefix or "").replace("~", "")
    prefix = found.international_prefix or ""
    return Region(
        country_code=str(found.country_code),
        international=preferred
        or (prefix if prefix.isdigit() else SEVERAL_PREFIXES.get(str(found.id), "00")),
        international_prefix=re.compile(prefix),
        trunk=(
            re.compile(found.national_prefix_for_parsing)
            if found.national_prefix_for_parsing
            else _NEVER
        ),
        trunk_rule=found.national_prefix_transform_rule or "",
        # Where some numbers are dialled behind it, those of no known form are: they are newer than
        # the metadata.
        trunk_prefix=trunk_prefix if any(form.prefix == trunk_prefix for form in forms) else "",
        written_prefix=trunk_prefix,
        lengths=(lengths := _lengths(general.possible_length if general else ())),
        line_lengths=_lengths(found.fixed_line.possible_length if found.fixed_line else ())
        or lengths,
        local_lengths=_lengths(general.possible_length_local_only if general else ()),
        significant=_pattern(general),
        forms=forms,
        is_country=found.id != "001",
        emergency=_pattern(short.emergency if short else None),
        short=_pattern(short.short_code if short else None),
    )


def _lengths(found: tuple[int, ...] | list[int] | None) -> frozenset[int]:
    return frozenset(length for length in found or () if length > 0)


def _pattern(found: "PhoneNumberDesc | None") -> re.Pattern[str]:
    return (
        re.compile(found.national_number_pattern)
        if found and found.national_number_pattern
        else _NEVER
    )


def _form(found: "NumberFormat") -> Form:
    template = found.format or ""
    if found.national_prefix_formatting_rule:
        rule = found.national_prefix_formatting_rule
        template = re.sub(r"\\\d", lambda first: rule.replace(r"\1", first[0]), template, count=1)
    # Keeps the groups (\1 as \g<1>, since "\215" would be octal) and the digits between them; drops
    # what is for the eye.
    template = re.sub(r"\\(\d)|[^0-9]", lambda kept: rf"\g<{kept[1]}>" if kept[1] else "", template)
    leading = found.leading_digits_pattern
    pattern = re.compile(found.pattern or "")
    prefix, _, groups = template.partition("\\")
    is_plain = "\\" + groups == "".join(rf"\g<{group}>" for group in range(1, pattern.groups + 1))
    return Form(
        re.compile(leading[-1] if leading else ""), pattern, prefix, "" if is_plain else template
    )

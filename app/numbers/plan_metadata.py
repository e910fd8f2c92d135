"""Compile libphonenumber's metadata into the numbering plan of a region."""

# - `phonenumbers.parse` and a national format take 25 us a number. A build may spend 15 us on all
#   the rules. With the same metadata, compiled, all of `dialling.dial` takes 5 us.
#   `tests/app/numbers/test_numbering_plans.py` compares the two for the examples of every region.
# - A region's `national_prefix_for_parsing` is stripped if a number is written with it, by the
#   rules of libphonenumber's `_maybe_strip_national_prefix_carrier`. The national form is that of
#   its `format_out_of_country_calling_number`.

import re
from typing import TYPE_CHECKING

from app.numbers.region_plan import Form, Region

if TYPE_CHECKING:
    from phonenumbers import NumberFormat, PhoneMetadata, PhoneNumberDesc

# Regions with several international prefixes, one for each carrier, have no default in the
# metadata. This is a usual one.
_PREFIXES = (
    "BO=00 BR=0015 CL=00 CO=009 ID=008 IL=00 KH=001 KP=00 KR=001 PW=011 SB=00 SG=001 TH=001 TW=002"
    " TZ=000 UG=000"
)
SEVERAL_PREFIXES = dict(pair.split("=") for pair in _PREFIXES.split())
"""Regions where each carrier has an international prefix of its own, with the one that
is dialled unless a plan has another.
"""

_NEVER = re.compile(r"(?!)")


def compile_region(found: "PhoneMetadata", short: "PhoneMetadata | None") -> Region:
    """Return the plan of the region with this metadata, and that of its short numbers."""
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

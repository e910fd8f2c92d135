"""Return the forms that a number is looked up by, whoever wrote it and however.

"+49 89 5550109", "089 555-0109" and "00498955..." have the same form. Nothing is
dialled here, but a number is read as it would be dialled.
"""

# A number has one of three forms, which are never mixed up:
# - "+49895550109", its E.164 form, if it or the plan's region tells the country;
# - "~495550109", a local number: its own digits behind the country code. It belongs to one place,
#   so it has no other form, unless `own_prefixes` tell the place's area code: then it is whole;
# - "5550109", its digits alone: extensions, short numbers, and what is no number of the region.

import re
from dataclasses import replace
from functools import lru_cache

import msgspec

from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import DialResult, dial
from app.numbers.home_area import home_area
from app.numbers.identity import identify
from app.numbers.lookup_keys import LOCAL, WHOLE
from app.numbers.numbering_plans import country, region, split_country_code
from app.numbers.parsed_number import ParsedNumber
from app.numbers.parser import parse_number
from app.numbers.route import Rule
from app.numbers.validity import is_valid

_LIMIT = 40  # digits that are read; no number is as long
_LAST = 6  # digits that two forms of one number have in common
_TRUNKS = ("0", "8")  # the trunk prefixes that people write behind a country code by mistake
_SIGNS = re.compile(r"[^0-9]+")
_GROUPS = re.compile(r"[+0-9 ()]*")  # a number that ends where it is written to end


class Candidates(msgspec.Struct, frozen=True):
    """The forms that a caller's number may be known by.

    `sure` are the reliable ones, the likeliest first; any of `guesses` may be wrong.
    """

    sure: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()


def lookup_numbers(raw: str, dialled: str, plan: DialPlan, canonical: str = "") -> tuple[str, ...]:
    """Return the forms that a contact's number is known by, the most important first.

    `dialled` is what a phone dials for it.
    """
    written = parse_number(raw)
    digits = written.digits
    found = (
        (canonical and _canonical(written, canonical))
        or (plan.region and _clear_number(digits, raw, plan))
        or _number_as_dialled(digits, plan, raw)[0]
    )
    if found[:1] == WHOLE and dialled.endswith(found[-_LAST:]):
        return (found,)
    plain = _SIGNS.sub("", dialled)
    if found[:1] not in (WHOLE, LOCAL):
        return tuple(dict.fromkeys(digits for digits in (found, plain) if digits))
    if not plain or plain.endswith(found[-_LAST:].lstrip("+~")):
        return (found,)
    return (found, plain)


def _canonical(written: ParsedNumber, canonical: str) -> str:
    if not canonical.startswith("+") or written.digits.startswith("+"):
        return ""
    fits = not written.digits or canonical.endswith(written.digits.lstrip("0")[-_LAST:])
    return canonical if fits else ""


def _clear_number(digits: str, raw: str, plan: DialPlan) -> str:
    """Return the E.164 form of a contact's number that is clear, "" for any other.

    The plan has a region.
    """
    place, length = plan.region, len(digits)
    if length <= 6 or length <= plan.extension_digits or "*" in digits or "#" in digits:
        return ""
    found = identify(digits, raw, place, plan.international or region(place).international)
    is_whole = found.rule is Rule.NATIONAL or found.rule is Rule.INTERNATIONAL
    if found.unclear or not is_whole or (found.warnings and not _GROUPS.fullmatch(raw)):
        return ""
    return f"+{found.code}{found.significant}"


def _at_once(digits: str, plan: DialPlan) -> str:
    """Return the E.164 form of a number that has one meaning, "" for any other.

    Most numbers have one.
    """
    if digits[:1] == "+":
        code, rest = split_country_code(digits[1:])
        return digits if code and country(code).is_possible(rest) else ""
    if not plan.region or not digits.isdigit() or len(digits) <= plan.extension_digits:
        return ""
    home = region(plan.region)
    significant = home.without_trunk(digits)
    is_national = (
        significant != digits and home.is_possible(significant) and not home.behind_prefix(digits)
    )
    return (
        f"+{home.country_code}{significant}"
        if is_national and not digits.startswith(plan.international or "+")
        else ""
    )


def _number_as_dialled(digits: str, plan: DialPlan, raw: str = "") -> tuple[str, bool]:
    """Return the form of a cleaned number by the dial plan, and whether it is sure.

    `raw` is the number as a source wrote it, if its separators may matter.
    """
    has_plus = digits[:1] == "+"
    if not digits[has_plus:].isdigit() or len(digits) <= (0 if has_plus else plan.extension_digits):
        return _SIGNS.sub("", digits), True
    if not plan.region:
        prefix = WHOLE if has_plus else plan.international or "00"
        return (
            (WHOLE + digits.removeprefix(prefix), True)
            if digits.startswith(prefix) and digits != prefix
            else (digits, True)
        )
    reading = _reading(plan)
    found = dial(raw or digits, reading, limit=_LIMIT)
    form = _form(found, digits, reading, home_area(plan))
    return form, not found.warning or found.rule is Rule.LOCAL


def _form(found: DialResult, digits: str, reading: DialPlan, place: str) -> str:
    home = region(reading.region)
    if found.rule is Rule.INTERNATIONAL:
        return WHOLE + found.number.removeprefix(reading.international)
    if found.rule is Rule.NATIONAL:
        return f"+{home.country_code}{home.without_trunk(found.number)}"
    if found.rule is Rule.LOCAL:
        whole = place + found.number
        is_whole = place and country(home.country_code).is_possible(
            whole.removeprefix(home.country_code)
        )
        return WHOLE + whole if is_whole else f"{LOCAL}{home.country_code}{found.number}"
    return _with_code(digits) if digits[0] == "+" else digits


@lru_cache(maxsize=64)
def _reading(plan: DialPlan) -> DialPlan:
    """Return the plan by which numbers are read, with the region's rules alone.

    It puts nothing before a number and cuts nothing off.
    """
    international = plan.international or region(plan.region).international
    return replace(
        plan,
        outside_line="",
        international=international,
        allow_plus=False,
        rewrite=(),
        own_prefixes=(),
    )


def _with_code(digits: str) -> str:
    """Return an international number without a trunk prefix behind the country code.

    Somebody wrote it there ("+49089...").
    """
    code, rest = split_country_code(digits[1:])
    if not code or rest[:1] not in _TRUNKS or country(code).is_possible(rest):
        return digits
    return WHOLE + code + country(code).without_trunk(rest)


def lookup_candidates(raw: str, plan: DialPlan) -> Candidates:
    """Return the forms that the number of a call may be known by.

    Exchanges and carriers show numbers with or without +, in national form, or with the
    outside line before them. A local number is nothing else, nor is one that exists in
    the plan's own country. Behind the outside line only what has nothing missing is
    taken for a number, and a local one only if the whole is none.
    """
    digits = parse_number(raw).digits
    plain = _SIGNS.sub("", digits)
    if not plain:
        return Candidates()
    whole = _at_once(digits, plan) if digits[0] == "+" else ""
    found, is_sure = (whole, True) if whole else _number_as_dialled(digits, plan)
    forms = [
        found,
        *(
            found.removeprefix(prefix)
            for prefix in plan.own_prefixes
            if found.startswith(prefix) and found != prefix
        ),
    ]
    if digits[0] == "+" or (is_sure and found[0] == LOCAL):
        return Candidates(tuple(forms))
    guesses = [] if is_sure else forms
    if not (is_sure and found[0] in (WHOLE, LOCAL)) and split_country_code(plain)[0]:
        guesses.append(WHOLE + plain)
    if not (is_sure and _exists(found, plan.region)):
        guesses += _behind_line(plain, plan, is_none=found[0] not in (WHOLE, LOCAL))
    return Candidates(
        tuple(dict.fromkeys([plain, *forms] if is_sure else [plain])), tuple(dict.fromkeys(guesses))
    )


def _behind_line(plain: str, plan: DialPlan, *, is_none: bool) -> list[str]:
    line = plan.outside_line.strip(",")
    if not line or not plain.startswith(line) or plain == line:
        return []
    found, is_clear = _number_as_dialled(plain.removeprefix(line), plan)
    return [found] if is_clear and (found[0] == WHOLE or (found[0] == LOCAL and is_none)) else []


def _exists(known: str, code: str) -> bool:
    """Return True if a number is valid in the region's own country."""
    if not code:
        return False
    own = WHOLE + region(code).country_code
    return known.startswith(own) and is_valid(own.removeprefix(WHOLE), known.removeprefix(own))

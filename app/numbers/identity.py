"""Find the country and the significant number of a written number, or its place.

A country code without a + is considered before a missing trunk prefix. A number of
another country without a + is never taken for a national one.
"""

import re
from functools import lru_cache

import msgspec

from app.numbers.international_prefix import strip_international_prefix
from app.numbers.numbering_plans import country, region, split_country_code
from app.numbers.region_plan import Region
from app.numbers.route import Rule
from app.numbers.validity import is_foreign, is_mobile, is_valid, renew

IMPOSSIBLE = "No such number is possible in its country: dialled as it stands."
UNKNOWN_COUNTRY = "No country has this code: dialled as it stands."
NOT_HERE = "It is no number of this region: dialled as it is written, without an outside line."
FOREIGN = "It is a number of another country without a +: it is not dialled."
LOCAL = "It has no area code: dialled as a number of this place."
LOST_TRUNK = "Its trunk prefix (leading zero) is missing: it was added."
LOST_PLUS = "It begins with this country's code without a +: read as if there were one."
NO_MORE = "It holds no more than a country code."
FORMER = "It is written in a form that is out of use: the form of today is dialled."
PLUS_TRUNK = "A + stands before the trunk prefix: it was left out."
HERE_TOO = "Without its + it is a number of this region: read as one abroad."

_MAX_CODE = 3
_MAX_WITH_ZERO = 10
_GROUP = re.compile(r"[0-9]+")
_PLUS_AND_ZERO = re.compile(r"[^0-9+]*\+ ?(0[0-9]*)")
_PLUS_AND_GROUP = re.compile(r"[ (]*\+ ?([0-9]+)")


class Identity(msgspec.Struct, frozen=True, gc=False):
    """Which number it is.

    `rule` is NATIONAL, INTERNATIONAL, LOCAL (`significant` is all there is of it),
    CLEANED (none of these) or NONE (it must not be dialled, `warnings` says why).
    `code` is "" if no country has it. `unclear`: what a source calls canonical may be
    better. `national` is what is dialled inside the country, if it is known already.
    """

    rule: Rule
    code: str
    significant: str
    warnings: tuple[str, ...] = ()
    unclear: bool = False
    national: str = ""


@lru_cache(maxsize=64)  # a builder asks again for the numbers of the contact in hand
def identify(digits: str, raw: str, place: str, international: str) -> Identity:
    """Identify a number; `digits` are those written in `raw`, with the + before them.

    `place` is the ISO 3166 code of the plan's region, `international` what the plan
    dials for a +.
    """
    home = region(place)
    if digits[0] == "+":
        if national := _behind_plus_and_trunk(digits[1:], raw, home):
            found = _national(national, home)
            return msgspec.structs.replace(found, warnings=(PLUS_TRUNK, *found.warnings))
        found = _international(digits[1:], home, plus=True)
        if (
            found.code != home.country_code
            and raw != digits
            and _is_grouped_as_here(digits[1:], raw, found.code, home)
        ):
            return msgspec.structs.replace(found, warnings=(*found.warnings, HERE_TOO))
        return found
    if "+" in raw and (significant := _behind_plus_and_zero(digits, raw, home)):
        return Identity(Rule.NATIONAL, home.country_code, significant)
    abroad, warnings = strip_international_prefix(digits, raw, home, international)
    if abroad:
        return _international(abroad, home, plus=False, warnings=warnings)
    if warnings:
        return Identity(Rule.NONE, "", "", warnings, unclear=True)
    return _national(digits, home)


def _international(
    digits: str, home: Region, *, plus: bool, warnings: tuple[str, ...] = ()
) -> Identity:
    """Identify a number that begins with a country code.

    `plus` means that a + stands before it, not an international prefix.
    """
    code, rest = split_country_code(digits)
    if not rest or (plus and len(digits) <= _MAX_CODE):
        return Identity(Rule.NONE, "", "", (NO_MORE,))
    if not code:
        return Identity(Rule.INTERNATIONAL, "", digits, (*warnings, UNKNOWN_COUNTRY))
    there = country(code)
    significant = there.without_trunk(rest)
    here = code == home.country_code
    if not (there.is_possible(significant) or (here and home.is_possible(significant))):
        if there.has_lost_zero(significant):
            warnings, significant = (*warnings, LOST_TRUNK), "0" + significant
        elif is_valid(code, plain := rest.removeprefix(there.written_prefix)):
            significant = plain
        elif new := renew(code, rest):
            warnings, significant = (*warnings, FORMER), new
        else:
            warnings, significant = (*warnings, IMPOSSIBLE), rest
    return Identity(Rule.NATIONAL if here else Rule.INTERNATIONAL, code, significant, warnings)


def _national(digits: str, home: Region) -> Identity:
    """Identify a number that is written as in the plan's own region."""
    code = home.country_code
    there = country(code)
    significant = home.without_trunk(digits)
    is_possible = there.is_possible(significant) or home.is_possible(significant)
    if significant != digits:
        is_possible = is_possible and not _is_doubtful(digits, significant, home)
        if is_possible:
            return Identity(Rule.NATIONAL, code, significant)
    elif is_possible and (code == "1" or there.national(digits) == digits):
        national = digits if code != "1" else "1" + digits
        if not (
            digits.startswith(code) or is_foreign(digits, code) or renew(code, digits)
        ) or is_valid(code, digits):
            return Identity(Rule.NATIONAL, code, digits, national=national)
    elif home.is_local(digits) and not renew(code, digits):
        return Identity(Rule.LOCAL, code, digits, (LOCAL,), unclear=True)
    return _incomplete(digits, significant if is_possible else "", home, there)


def _incomplete(digits: str, significant: str, home: Region, there: Region) -> Identity:
    """Identify a number that lacks a + or a trunk prefix, if `significant` is possible.

    The number may also be written in a form out of use.
    """
    code = home.country_code
    rest = there.without_trunk(digits.removeprefix(code)) if digits.startswith(code) else ""
    if rest and is_valid(code, rest):
        return Identity(Rule.NATIONAL, code, rest, (LOST_PLUS,), unclear=True)
    if rest and (new := renew(code, digits.removeprefix(code))):
        return Identity(Rule.NATIONAL, code, new, (LOST_PLUS, FORMER), unclear=True)
    if is_foreign(digits, code) and not (is_mobile if home.is_open() else is_valid)(
        code, significant
    ):
        return Identity(Rule.NONE, "", "", (FOREIGN,), unclear=True)
    if new := renew(code, digits):
        return Identity(Rule.NATIONAL, code, new, (FORMER,), unclear=True)
    # The patterns of Leer (0491) and its neighbours take more digits than there are: "49 171
    # 123456" is none of theirs.
    if rest and home.is_open() and len(digits) > _MAX_WITH_ZERO and there.is_possible(rest):
        return Identity(Rule.NATIONAL, code, rest, (LOST_PLUS,), unclear=True)
    if significant:
        return Identity(
            Rule.NATIONAL,
            code,
            significant,
            () if there.national(digits) == digits else (LOST_TRUNK,),
            unclear=True,
        )
    if there.has_lost_zero(digits):
        return Identity(Rule.NATIONAL, code, "0" + digits, (LOST_TRUNK,), unclear=True)
    if rest and there.is_possible(rest):
        return Identity(Rule.NATIONAL, code, rest, (LOST_PLUS,), unclear=True)
    # Colombia takes 03 for a trunk prefix too, and mobile numbers begin with 3.
    if home.written_prefix and is_valid(code, plain := digits.removeprefix(home.written_prefix)):
        return Identity(Rule.NATIONAL, code, plain)
    return Identity(Rule.CLEANED, code, digits, (NOT_HERE,), unclear=True)


def _is_doubtful(digits: str, significant: str, home: Region) -> bool:
    """Return True if a trunk prefix was found where none may stand.

    Brazil takes 90 for one (collect calls), and Turkish numbers begin with it. A zero
    that is not dialled is none of a short number.
    """
    code = home.country_code
    if not digits.startswith(home.written_prefix):
        return is_foreign(digits, code) or not is_valid(code, significant)
    return (
        len(significant) <= 8
        and country(code).national(significant) == significant
        and not is_valid(code, significant)
    )


def _is_grouped_as_here(digits: str, raw: str, abroad: str, home: Region) -> bool:
    """Return True if a number abroad is written in groups of a number of this region.

    An example is "+ 138 6482 7163" in China. `abroad` is the country's calling code.
    """
    behind = 1 + len(abroad)
    if not raw[behind : behind + 1].isdigit() or not abroad:
        return False
    head = _PLUS_AND_GROUP.match(raw)
    return (
        head is not None
        and len(abroad) < len(head[1]) < len(digits)
        and is_valid(home.country_code, digits)
    )


def _behind_plus_and_trunk(digits: str, raw: str, home: Region) -> str:
    """Return the digits of a national number that a + was put before, or "".

    An example is "+8 (495) 123-45-67" in Russia. `digits` follow the +. In `raw` a code
    of a country that stands by itself ("+84 24 ...") shows that this country is meant.
    """
    prefix = home.written_prefix
    if not prefix or prefix == home.country_code or not digits.startswith(prefix):
        return ""
    rest = home.without_trunk(digits)
    if rest == digits or not is_valid(home.country_code, rest):
        return ""
    head = _GROUP.search(raw)
    return "" if head and head[0] == split_country_code(digits)[0] else digits


def _behind_plus_and_zero(digits: str, raw: str, home: Region) -> str:
    """Return the significant number behind a +, a zero and the country code, or "".

    An example is "+049 176 ..." in Germany, where "+0491 ..." may be an area code.
    """
    code = home.country_code
    head = _PLUS_AND_ZERO.match(raw) if digits.startswith("0" + code) else None
    rest = country(code).without_trunk(digits[1 + len(code) :])
    if head is None or not is_valid(code, rest):
        return ""
    is_apart = head[1] == "0" + code
    return rest if is_apart or (home.written_prefix == "0" and is_mobile(code, rest)) else ""

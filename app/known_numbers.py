"""The digits that a telephone number is known by, whoever wrote it and however: "+49 89 5550109", "089 555-0109" and "00498955..." are one.

Law of this file: a written number and a dial plan in, digits out. It knows no contact, no file and no request. What is dialled for a number
is the business of `numbers`; here nothing is dialled.

A number is known by the digits of its E.164 form (country code first, no +) where the plan's region or the number itself tells the country,
else by its digits as they are written. A company's number is also the beginning of the numbers of its extensions: "+49 89 555-0" (the last
group holds zeros alone: DIN 5008, "Durchwahl") begins 4989555-123.
"""

import re

from app.number_plan import DialPlan
from app.number_regions import country, region, split
from app.number_text import Written, read

FEWEST_DIGITS = 6
"""A beginning shorter than this belongs to a town or a country, not to a company."""

_LONGEST = 17  # a key is a whole number of 64 bits with a mark before it; E.164 has 15 digits at most
_OPERATOR = re.compile(r"[-\s./)]+0{1,4}\s*\Z")
_TRUNKS = ("0", "8")  # the trunk prefixes that people write behind a country code by mistake
_SIGNS = re.compile(r"[^0-9]+")
_WHOLE, _BEGINNING = "1", "2"


def key(digits: str) -> int:
    """Return the key of a whole number; its last 17 digits count. Raises ValueError where there are no digits."""
    return int(_WHOLE + digits[-_LONGEST:]) if digits else int(digits)


def beginning_key(digits: str) -> int:
    """Return the key of the beginning of a company's numbers."""
    return int(_BEGINNING + digits[:_LONGEST])


def worldwide(raw: str, plan: DialPlan, canonical: str = "") -> str:
    """Return the digits of the E.164 form of a written number, "" where neither it nor the plan tells its country."""
    return _worldwide(read(raw), plan, canonical)


def _worldwide(written: Written, plan: DialPlan, canonical: str = "") -> str:
    digits = written.digits
    if digits.startswith("+"):
        return _with_code(digits[1:]) if digits[1:].isdigit() else ""
    if canonical.startswith("+") and (not digits or canonical.endswith(digits.lstrip("0")[-FEWEST_DIGITS:])):
        return canonical[1:]
    if not digits.isdigit() or len(digits) <= plan.extension_digits:
        return ""
    if not plan.region:
        prefix = plan.international or "00"
        return digits.removeprefix(prefix) if digits.startswith(prefix) and digits != prefix else ""
    return _of_region(digits, plan)


def _of_region(digits: str, plan: DialPlan) -> str:
    home = region(plan.region)
    abroad = home.behind_prefix(digits) or (digits.removeprefix(plan.international) if plan.international else digits)
    if abroad != digits and abroad and split(abroad)[0]:
        return _with_code(abroad)
    significant = home.without_trunk(digits)
    there = country(home.country_code)
    if home.is_possible(significant) or there.is_possible(significant):
        return home.country_code + significant
    rest = digits.removeprefix(home.country_code)
    return digits if rest != digits and there.is_possible(rest) else ""


def _with_code(digits: str) -> str:
    """Return an international number without a trunk prefix that somebody wrote behind the country code ("49089...")."""
    code, rest = split(digits)
    if not code or rest[:1] not in _TRUNKS or country(code).is_possible(rest):
        return digits
    return code + country(code).without_trunk(rest)


def known(raw: str, dialled: str, plan: DialPlan, canonical: str = "") -> tuple[str, ...]:
    """Return the digits that a contact's number is known by, `dialled` being what a phone dials for it. The first is the chief one."""
    written = read(raw)
    found = _worldwide(written, plan, canonical)
    plain = dialled if dialled.isdigit() else _SIGNS.sub("", dialled)
    if not found:
        return tuple(dict.fromkeys(digits for digits in (_SIGNS.sub("", written.digits), plain) if digits))
    return (found,) if not plain or plain.endswith(found[-FEWEST_DIGITS:]) else (found, plain)


def beginning(raw: str, digits: str) -> str:
    """Return the beginning of a company's numbers, `digits` being its own number as it is known; "" where that is too short."""
    zeros = _OPERATOR.search(raw)
    found = digits[: -zeros[0].count("0")] if zeros and digits.endswith("0" * zeros[0].count("0")) else digits
    return found if len(found) >= FEWEST_DIGITS else ""


def candidates(raw: str, plan: DialPlan) -> tuple[str, ...]:
    """Return the digits that the number of a call may be known by, the likeliest first.

    Exchanges and carriers show numbers with or without +, in national form, or with the outside line before them.
    """
    read_as = read(raw).digits
    plain = _SIGNS.sub("", read_as)
    if not plain:
        return ()
    found = [plain, worldwide(raw, plan)] if not read_as.startswith("+") else [worldwide(raw, plan), plain]
    line = plan.outside_line
    if line and plain.startswith(line) and plain != line:
        found.append(worldwide(plain.removeprefix(line), plan))
    for prefix in plan.own_prefixes:
        found += [digits.removeprefix(prefix[1:]) for digits in tuple(found) if digits.startswith(prefix[1:])]
    return tuple(dict.fromkeys(digits for digits in found if digits))

"""Refuse to dial numbers that begin like an emergency number or the outside line.

Phones and exchanges connect "911" and "112" before the rest is dialled, whatever rule
made the number. Extensions that the plan declares are exempt (`check` counts them).
"""

import re

from app.numbers.numbering_plans import country
from app.numbers.region_plan import EMERGENCY_ANYWHERE, Region
from app.numbers.route import Route, Rule
from app.numbers.validity import is_valid

LIKE_EMERGENCY = "It would begin like an emergency number: it is not dialled."
LIKE_LINE = "Without an outside line it would begin like one: it is not dialled."
BARE_LINE = "It is the outside line alone: it is not dialled."
AROUND = "It would begin like an emergency number: it is dialled in a longer form."

_MAX_LINE = 2
_OUTSIDE = frozenset({Rule.NATIONAL, Rule.LOCAL, Rule.INTERNATIONAL})

# "#31#0891234" and, in North America, "*67 212 555 0107" (NANPA vertical service codes) dial the
# number behind the code.
_CODE_BEFORE = re.compile(r"[*#]+[0-9]+[*#]+(?=[0-9]+$)")
_VERTICAL = re.compile(r"\*[0-9]{2}(?=[0-9]{3,}$)")


def refused_beginning(home: Region | None, line: str) -> re.Pattern[str]:
    """Return a pattern of what no number that leaves the site may begin with.

    Nor may what follows the outside line begin so. The pattern is a quick first check.
    If `line` has pauses, everything matches, because its keys are not known.
    """
    if "," in line:
        return re.compile("")
    anywhere = "|".join(sorted(EMERGENCY_ANYWHERE))
    return re.compile(
        f"(?:{re.escape(line)})?(?:{anywhere}|{home.emergency.pattern if home else '(?!)'})"
    )


def has_emergency_prefix(number: str, home: Region | None) -> bool:
    """Return True if a number begins like an emergency number and is none."""
    if home is None:
        return number[:3] in EMERGENCY_ANYWHERE and number not in EMERGENCY_ANYWHERE
    return home.has_emergency_prefix(number) and not home.is_emergency(number)


def refusal(route: Route, home: Region | None, line: str, international: str) -> str:
    """Return why a number must not be dialled, "" for one that may be.

    `line` holds the keys of the outside line.
    """
    rule, number = route.rule, route.number.replace(",", "")
    if rule is Rule.EMERGENCY or rule.is_inside or number[0] == "+":
        return ""
    if rule is Rule.SERVICE_CODE and number[0] in "*#":
        code = _CODE_BEFORE.match(number) or (
            _VERTICAL.match(number) if home is not None and home.country_code == "1" else None
        )
        return LIKE_EMERGENCY if code and has_emergency_prefix(number[code.end() :], home) else ""
    if home is None:
        return LIKE_EMERGENCY if has_emergency_prefix(number, None) else ""
    if rule not in _OUTSIDE:
        if home.has_emergency_prefix(number):
            return LIKE_EMERGENCY
        return LIKE_LINE if line and number.startswith(line) else ""
    if line and home.has_emergency_prefix(number, len(line)):
        return LIKE_EMERGENCY
    if not home.has_emergency_prefix(number):
        return ""
    # 0 and 0011 begin like 000 in Australia: `check` says so once, for every number
    # abroad.
    if (
        rule is Rule.INTERNATIONAL
        and route.code
        and home.has_emergency_prefix(line + international)
    ):
        return ""
    return LIKE_EMERGENCY


def refusal_of_pause(number: str, pause: str, rule: Rule, home: Region | None, line: str) -> str:
    """Return why a number must not be dialled with what follows a pause, or "".

    An exchange that gives the outside line, or that hears no pause, connects to what
    the keys say together: "9,112".
    """
    head, tail = number.replace(",", ""), pause.replace(",", "")
    keys = head + tail
    if not head.isdigit() or _is_emergency_call(head, home):
        return ""
    found = _is_emergency_call(keys, home)
    if line and keys.startswith(line) and len(head) <= len(line):
        found = found or _is_emergency_call(keys[len(line) :], home)
    if rule.is_inside and len(head) <= _MAX_LINE:
        found = found or _is_emergency_call(tail, home)
    return LIKE_EMERGENCY if found else ""


def _is_emergency_call(keys: str, home: Region | None) -> bool:
    if home is None:
        return keys[:3] in EMERGENCY_ANYWHERE
    return home.has_emergency_prefix(keys)


def is_like_emergency(number: str, rule: Rule, home: Region | None) -> bool:
    """Return True if an extension of the plan begins like an emergency number.

    It is dialled, and `check` warns of it.
    """
    return rule.is_inside and has_emergency_prefix(number.partition(",")[0], home)


def longer_forms(route: Route, outside_line: str, international: str) -> tuple[str, ...]:
    """Return longer forms of a number that exists.

    They have the trunk prefix that is mostly left out, or the country code.
    """
    if (
        not route.code
        or route.rule is not Rule.NATIONAL
        or not is_valid(route.code, route.significant)
    ):
        return ()
    trunk = country(route.code).written_prefix
    full = outside_line + international + route.code + route.significant
    return (outside_line + trunk + route.significant, full) if trunk else (full,)

"""Apply a dial plan to a written number, and return the digits and the rule used.

`parser` reads written numbers, `numbering_plans` holds what regions dial, and
`dial_plan` the keys of a site's plan. The caller supplies the maximum length.
"""

# The order of steps, which the documentation promises (docs/dial-plan.md):
# 1. Service codes, emergency numbers, extensions and short numbers are dialled as they are. No rule
#    changes them.
# 2. `rewrite` rules apply, each in turn, to the cleaned number with its +. Their result goes on
#    from step 1.
# 3. The site's own numbers (`own_prefixes`) are reduced to the extension, if it can be dialled
#    (`extensions`).
# 4. With a region, national numbers are dialled in the region's own form, others behind
#    `international`, both behind `outside_line`.
# 5. Numbers that are none of these in the region are dialled in the source's canonical form, else
#    cleaned. They get no outside line, and are reported.
# Without a region nothing is added but `international` in place of +.

import re
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from app.numbers.dial_plan import DialPlan
from app.numbers.endings import stems
from app.numbers.extensions import OwnNumbers
from app.numbers.gate import (
    AROUND,
    BARE_LINE,
    LIKE_EMERGENCY,
    LIKE_LINE,
    Keys,
    beginning,
    refusal,
    refusal_of_pause,
    ways_around,
)
from app.numbers.identity import (
    IMPOSSIBLE,
    LOCAL,
    LOST_PLUS,
    LOST_TRUNK,
    NO_MORE,
    NOT_HERE,
    PLUS_TRUNK,
    UNKNOWN_COUNTRY,
    Identity,
    identify,
)
from app.numbers.numbering_plans import (
    EMERGENCY_ANYWHERE,
    Region,
    country,
    region,
    split_country_code,
)
from app.numbers.parser import (
    EXTENSION,
    MAYBE_DATE,
    NO_NUMBER,
    PAUSE,
    TOO_LONG,
    ParsedNumber,
    parse_number,
)
from app.numbers.patterns import Pattern, compile_pattern
from app.numbers.quantities import QUANTITY
from app.numbers.validity import is_valid

__all__ = [
    "CANONICAL",
    "IMPOSSIBLE",
    "LIKE_EMERGENCY",
    "LOCAL",
    "LOST_PLUS",
    "LOST_TRUNK",
    "NOTHING_LEFT",
    "NOT_HERE",
    "NO_MORE",
]
__all__ += ["UNKNOWN_COUNTRY", "DialResult", "dial"]

CANONICAL = "What is written was unclear: the source's canonical form is dialled."
NOTHING_LEFT = "A rewrite rule left nothing of it."

_LONGEST_CODE = 3
_ENDS_OTHERWISE = frozenset({IMPOSSIBLE, NOT_HERE, LIKE_LINE})
"""What is said of a number with more digits than it has: perhaps the last of them are
an extension.
"""
_PAIRS = frozenset(
    {"7", "352", "373", "374", "375", "380", "992", "993", "994", "995", "996", "998"}
)
"""Countries where numbers of six digits are written as three pairs: Luxembourg, and
those of the former Soviet Union.
"""
_HOURS = 8
_LEAVING = frozenset({"national", "international"})


class DialResult(msgspec.Struct, frozen=True, gc=False):
    """What to dial, and the rule that made it.

    `number` is "" where nothing can be dialled, and `odd` says why; else `odd` is what
    an administrator should look at, or "".
    """

    number: str
    rule: str
    odd: str = ""


class _Match(msgspec.Struct, frozen=True, gc=False):
    """`code` and `significant` are those of a number that is possible in its country."""

    number: str
    rule: str
    odd: tuple[str, ...] = ()
    unclear: bool = False
    code: str = ""
    significant: str = ""


@dataclass(frozen=True, slots=True)
class _Rules:
    """A plan with everything looked up and compiled."""

    plan: DialPlan
    region: Region | None
    line: str
    international: str
    rewrite: tuple[tuple[Pattern, str], ...]
    house: OwnNumbers
    danger: re.Pattern[str]


@lru_cache(maxsize=64)
def _rules(plan: DialPlan) -> _Rules:
    home = region(plan.region) if plan.region else None
    line = plan.outside_line.replace(",", "")
    return _Rules(
        plan=plan,
        region=home,
        line=line,
        international=plan.international or (home.international if home else "00"),
        rewrite=tuple(
            (compile_pattern(pattern), replacement) for pattern, replacement in plan.rewrite
        ),
        house=OwnNumbers(
            prefixes=tuple(sorted(plan.own_prefixes, key=len, reverse=True)),
            line=line,
            extension_digits=plan.extension_digits,
            region=home,
        ),
        danger=beginning(home, plan.outside_line),
    )


def dial(raw: str, plan: DialPlan, canonical: str = "", *, limit: int) -> DialResult:
    """Return what to dial for `raw`, any text: 0-9 * # and, where `plan` allows, a
    leading + and commas; at most `limit`.

    `canonical` is the source's own E.164 form; it is used only where `raw` is unclear.
    `plan` must be one without `problems`; then no text makes this raise.
    """
    written, rules = parse_number(raw), _rules(plan)
    found = (
        _Match("", "none", unclear=True)
        if written.refused
        else _guarded(_find(written, raw, rules), rules)
    )
    if rules.region and not found.code and _ENDS_OTHERWISE.intersection(found.odd):
        found, written = _without_ending(raw, found, written, rules)
    if found.unclear and _canonical_matches(canonical, written, rules):
        better = _guarded(_find(ParsedNumber(canonical), canonical, rules), rules)
        if better.number and not better.unclear:
            odd = (written.refused,) if written.refused else ()
            found = _Match(better.number, better.rule, (*odd, CANONICAL, *better.odd))
            written = ParsedNumber(
                written.digits or canonical, written.extension, written.pause, written.odd
            )
    if written.odd == (MAYBE_DATE,) and not _is_written_in_pairs(raw, found, rules):
        return DialResult("", "none", QUANTITY)
    if written.refused or not found.number:
        return DialResult("", "none", written.refused or " ".join(found.odd) or NOTHING_LEFT)
    return _finished(found, written, rules, limit)


def _without_ending(
    raw: str, found: _Match, written: ParsedNumber, rules: _Rules
) -> tuple[_Match, ParsedNumber]:
    """Return what is dialled without the last digits, if only so it is a number that
    exists ("212-555-0107 - 12", "+41 44 668 18 00 8:00").
    """
    for text, ending in stems(raw):
        stem = parse_number(text)
        shorter = _guarded(_find(stem, text, rules), rules)
        if (
            not shorter.unclear
            and is_valid(shorter.code, shorter.significant)
            and not country(shorter.code).is_open()
        ):
            return shorter, ParsedNumber(stem.digits, ending, odd=stem.odd or written.odd)
    return found, written


def _guarded(found: _Match, rules: _Rules) -> _Match:
    """Return what passes the gate: the number, a longer form of it, or nothing."""
    if not found.number or (found.rule in _LEAVING and not rules.danger.match(found.number)):
        return found
    home, plan = rules.region, rules.plan
    keys = Keys(found.number, found.rule, found.code, found.significant)
    why = refusal(keys, home, rules.line, rules.international)
    if not why:
        return found
    for number in ways_around(keys, home, plan.outside_line, rules.international) if home else ():
        if not refusal(Keys(number, found.rule), home, rules.line, rules.international):
            return _Match(number, found.rule, (*found.odd, AROUND), found.unclear)
    return _Match("", "none", (why,), unclear=True)


def _finished(found: _Match, written: ParsedNumber, rules: _Rules, limit: int) -> DialResult:
    number, plan = found.number, rules.plan
    if len(number) > limit:
        return DialResult("", "none", TOO_LONG)
    odd = (*written.odd, *found.odd)
    if written.extension and not (
        found.rule.endswith("own prefix") and number == written.extension
    ):
        odd = (*odd, EXTENSION)
    if written.pause and plan.allow_pause and len(number) + len(written.pause) <= limit:
        if why := refusal_of_pause(number, written.pause, found.rule, rules.region, rules.line):
            return DialResult("", "none", why)
        number += written.pause
    elif written.pause:
        odd = (*odd, PAUSE)
    if rules.line and found.rule != "emergency" and number in (rules.line, 2 * rules.line):
        return DialResult("", "none", BARE_LINE)
    return DialResult(number, found.rule, " ".join(dict.fromkeys(odd)))


def _is_written_in_pairs(raw: str, found: _Match, rules: _Rules) -> bool:
    """Tell whether six digits that look like a date are a number: in Luxembourg, and
    between hyphens in Russia ("22-12-24"); or eight that look like hours.
    """
    if len(found.significant) == _HOURS:
        return is_valid(found.code, found.significant)
    if rules.region is None or rules.region.country_code not in _PAIRS:
        return False
    return "-" in raw or is_valid(found.code, found.significant)


def _canonical_matches(canonical: str, written: ParsedNumber, rules: _Rules) -> bool:
    """Tell whether `canonical` is an E.164 number, and may stand for what is written:
    its last digits are the same.
    """
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", canonical):
        return False
    if not written.digits:
        return written.refused not in (NO_NUMBER, QUANTITY)
    return rules.region is not None and canonical.endswith(written.digits.lstrip("+0")[-6:])


def _find(written: ParsedNumber, raw: str, rules: _Rules) -> _Match:
    digits = written.digits
    kept = _unchanged(digits, rules)
    if kept is not None:
        return kept
    applied = ""
    for place, (pattern, replacement) in enumerate(rules.rewrite, start=1):
        digits, count = pattern.replace(replacement, digits)
        if count:
            applied += f"rewrite {place}, "
    if applied:
        digits = re.sub(r"[^0-9*#+]|(?<=.)\+|\+(?=[*#])", "", digits)
        if not digits.strip("+"):
            return _Match("", "none")
        kept = _unchanged(digits, rules)
    found = kept or _outside(digits, written.extension, raw, rules)
    return msgspec.structs.replace(found, rule=applied + found.rule) if applied else found


def _unchanged(digits: str, rules: _Rules) -> _Match | None:
    """Return the number as it is if no rule may touch it."""
    if not digits.isdigit():
        if digits[0] == "+" or not ("*" in digits or "#" in digits):
            return None
        return _Match(digits.replace("+", rules.international), "service code")
    if len(digits) <= 6:
        if digits in EMERGENCY_ANYWHERE or (rules.region and rules.region.is_emergency(digits)):
            return _Match(digits, "emergency")
        if len(digits) <= rules.plan.extension_digits:
            return _Match(digits, "extension")
        if rules.region and rules.region.is_short(digits):
            return _Match(digits, "short number")
    elif len(digits) <= rules.plan.extension_digits:
        return _Match(digits, "extension")
    return None


def _outside(digits: str, extension: str, raw: str, rules: _Rules) -> _Match:
    home = rules.region
    if home is None:
        return _without_region(digits, extension, rules)
    # "tel:110;phone-context=+49" and "+49 110".
    if (
        len(digits) <= 7
        and digits[0] == "+"
        and home.is_emergency(short := digits[1:].removeprefix(home.country_code))
    ):
        return _Match(short, "emergency")
    return _dialled(
        identify(digits, raw, rules.plan.region, rules.international),
        digits[0] == "+",
        extension,
        rules,
    )


def _without_region(digits: str, extension: str, rules: _Rules) -> _Match:
    plus, international = digits[0] == "+", rules.international
    if plus:
        digits = digits[1:]
    elif (
        digits.startswith(international)
        and split_country_code(digits.removeprefix(international))[0]
    ):
        digits = digits.removeprefix(international)
    else:
        return _Match(digits, "cleaned")
    code, rest = split_country_code(digits) if rules.house.prefixes else ("", digits)
    if not rest or (plus and len(digits) <= _LONGEST_CODE):
        return _Match("", "none", (NO_MORE,))
    whole = _Match(
        ("+" if plus and rules.plan.allow_plus else international) + digits, "international"
    )
    return _as_extension(digits, extension, rules, whole) if code else whole


def _dialled(found: Identity, has_plus: bool, extension: str, rules: _Rules) -> _Match:
    """Return what is dialled for a number; `has_plus` tells that it is written with a
    +, which may be kept.
    """
    kind, plan, code, significant, odd = (
        found.kind,
        rules.plan,
        found.code,
        found.significant,
        found.odd,
    )
    if kind in ("none", "cleaned"):
        return _Match(significant, kind, odd, found.unclear)
    if kind == "local":
        return _Match(plan.outside_line + significant, "local", odd, found.unclear)
    if has_plus and plan.allow_plus and PLUS_TRUNK not in odd:
        kind, dialled = "international", "+" + code + significant
    elif kind == "national":
        dialled = plan.outside_line + (found.national or country(code).national(significant))
    else:
        dialled = plan.outside_line + rules.international + code + significant
    number = "" if odd and IMPOSSIBLE in odd else significant
    whole = _Match(dialled, kind, odd, found.unclear, code if number else "", number)
    return (
        _as_extension(code + significant, extension, rules, whole)
        if code and rules.house.prefixes
        else whole
    )


def _as_extension(digits: str, extension: str, rules: _Rules, whole: _Match) -> _Match:
    """Return the extension of a number of this house, else `whole`; `digits` begin with
    the country code.
    """
    found = rules.house.inside(digits, extension)
    if found is None:
        return whole
    inside, odd = found
    if not inside:
        return msgspec.structs.replace(whole, odd=(*whole.odd, *odd))
    # How long numbers of this house are, the house knows better than the metadata.
    return _Match(
        inside,
        "own prefix",
        (*(note for note in whole.odd if note != IMPOSSIBLE), *odd),
        whole.unclear,
    )

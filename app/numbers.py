"""The dial plan: what a phone of this house dials for a number of the outside world.

Law of this file: a pure function from a written number and a plan to digits, with the rule that made them. It knows no contact,
no phone and no limit of one (the caller brings it). How numbers are written is read in `number_text`, what regions dial in
`number_regions`, what a house may wish in `number_plan`.

The order, which the documentation promises (docs/dial-plan.md):
1. Service codes, emergency numbers, extensions and short numbers are dialled as they are: no rule touches them.
2. `rewrite` rules, each in turn, on the cleaned number with its +; what they leave goes on from step 1.
3. Numbers of this house (`own_prefixes`) are cut down to the extension, if it can be dialled (`number_house`).
4. With a region: national numbers in the region's own form, others behind `international`, both behind `outside_line`.
5. What is none of these in the region: the form that the source calls canonical, else cleaned, no outside line, and reported.
Without a region nothing is added but `international` in place of +.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from app.number_house import House
from app.number_plan import DialPlan
from app.number_regions import EMERGENCY_ANYWHERE, Region, country, region, split
from app.number_text import EXTENSION, NO_NUMBER, PAUSE, TOO_LONG, Written, read
from app.patterns import Pattern, compile_pattern

IMPOSSIBLE = "No such number is possible in its country: dialled as it stands."
UNKNOWN_COUNTRY = "No country has this code: dialled as it stands."
NOT_HERE = "It is no number of this region: dialled as it is written, without an outside line."
LOCAL = "It has no area code: dialled as a number of this place."
LOST_TRUNK = "Its trunk prefix (leading zero) is missing: it was added."
LOST_PLUS = "It begins with this country's code without a +: read as if there were one."
CANONICAL = "What is written was unclear: the source's canonical form is dialled."
NOTHING_LEFT = "A rewrite rule left nothing of it."
NO_MORE = "It holds no more than a country code."
LIKE_EMERGENCY = "What leaves the house would begin like an emergency number: it is not dialled."


_LONGEST_CODE = 3
_BEHIND_THE_LINE = frozenset({"national", "local", "international"})


class Dialled(msgspec.Struct, frozen=True, gc=False):
    """What to dial, and the rule that made it.

    `number` is "" where nothing can be dialled, and `odd` says why; else `odd` is what an administrator should look at, or "".
    """

    number: str
    rule: str
    odd: str = ""


class _Found(msgspec.Struct, frozen=True, gc=False):
    number: str
    rule: str
    odd: tuple[str, ...] = ()
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class _Rules:
    """A plan with everything looked up and compiled."""

    plan: DialPlan
    region: Region | None
    international: str
    rewrite: tuple[tuple[Pattern, str], ...]
    house: House


@lru_cache(maxsize=64)
def _rules(plan: DialPlan) -> _Rules:
    home = region(plan.region) if plan.region else None
    return _Rules(
        plan=plan,
        region=home,
        international=plan.international or (home.international if home else "00"),
        rewrite=tuple((compile_pattern(pattern), replacement) for pattern, replacement in plan.rewrite),
        house=House(
            prefixes=tuple(sorted(plan.own_prefixes, key=len, reverse=True)),
            line=plan.outside_line.strip(","),
            extension_digits=plan.extension_digits,
            region=home,
        ),
    )


def dial(raw: str, plan: DialPlan, canonical: str = "", *, limit: int) -> Dialled:
    """Return what to dial for `raw`, any text: 0-9 * # and, where `plan` allows, a leading + and commas; at most `limit`.

    `canonical` is the source's own E.164 form; it is used only where `raw` is unclear. `plan` must be one without `problems`;
    then no text makes this raise.
    """
    written, rules = read(raw), _rules(plan)
    found = _Found("", "none", unclear=True) if written.refused else _find(written, rules)
    if found.unclear and _backs(canonical, written, rules):
        better = _find(Written(canonical), rules)
        if not better.unclear:
            odd = (written.refused,) if written.refused else ()
            found = _Found(better.number, better.rule, (*odd, CANONICAL, *better.odd))
            written = Written(written.digits or canonical, written.extension, written.pause, written.odd)
    if written.refused or not found.number:
        return Dialled("", "none", written.refused or " ".join(found.odd) or NOTHING_LEFT)
    return _finished(found, written, rules, limit)


def _finished(found: _Found, written: Written, rules: _Rules, limit: int) -> Dialled:
    number, plan = found.number, rules.plan
    if len(number) > limit:
        return Dialled("", "none", TOO_LONG)
    if found.odd and rules.region and _begins_emergency(found, rules.region, plan.outside_line):
        return Dialled("", "none", LIKE_EMERGENCY)
    odd = (*written.odd, *found.odd)
    if written.extension and not (found.rule.endswith("own prefix") and number == written.extension):
        odd = (*odd, EXTENSION)
    if written.pause and plan.allow_pause and len(number) + len(written.pause) <= limit:
        number += written.pause
    elif written.pause:
        odd = (*odd, PAUSE)
    return Dialled(number, found.rule, " ".join(dict.fromkeys(odd)))


def _begins_emergency(found: _Found, home: Region, line: str) -> bool:
    """Tell whether a number that leaves the house begins like an emergency number, for its own exchange or for the one behind the line.

    "+1 1001" behind 9 is 911001, and the exchange connects after three keys; of "9 911 1234" the outer one does. Numbers that exist never
    begin so.
    """
    if found.rule.rpartition(", ")[2] not in _BEHIND_THE_LINE:
        return False
    keys = found.number.replace(",", "")
    return home.begins_emergency(keys) or home.begins_emergency(keys.removeprefix(line.replace(",", "")))


def _backs(canonical: str, written: Written, rules: _Rules) -> bool:
    """Tell whether `canonical` is an E.164 number, and may stand for what is written: its last digits are the same."""
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", canonical):
        return False
    if not written.digits:
        return written.refused != NO_NUMBER
    return rules.region is not None and canonical.endswith(written.digits.lstrip("+0")[-6:])


def _find(written: Written, rules: _Rules) -> _Found:
    digits = written.digits
    kept = _kept(digits, rules)
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
            return _Found("", "none")
        kept = _kept(digits, rules)
    found = kept or _outside(digits, written.extension, rules)
    return _Found(found.number, applied + found.rule, found.odd, found.unclear) if applied else found


def _kept(digits: str, rules: _Rules) -> _Found | None:
    """Return the number as it is if no rule may touch it."""
    if not digits.isdigit():
        if digits[0] == "+" or not ("*" in digits or "#" in digits):
            return None
        return _Found(digits.replace("+", rules.international), "service code")
    if len(digits) <= 6:
        if digits in EMERGENCY_ANYWHERE or (rules.region and rules.region.is_emergency(digits)):
            return _Found(digits, "emergency")
        if len(digits) <= rules.plan.extension_digits:
            return _Found(digits, "extension")
        if rules.region and rules.region.is_short(digits):
            return _Found(digits, "short number")
    elif len(digits) <= rules.plan.extension_digits:
        return _Found(digits, "extension")
    return None


def _outside(digits: str, extension: str, rules: _Rules) -> _Found:
    home = rules.region
    if digits[0] == "+":
        return _worldwide(digits[1:], extension, rules, plus=True)
    abroad = home.behind_prefix(digits) if home else ""
    if not abroad and (home is None or not home.trunk.fullmatch(rules.international)):
        abroad = digits.removeprefix(rules.international) if digits.startswith(rules.international) else ""
    if abroad and abroad[0] != "0" and split(abroad)[0]:
        return _worldwide(abroad, extension, rules, plus=False)
    return _inland(digits, extension, home, rules) if home else _Found(digits, "cleaned")


def _worldwide(digits: str, extension: str, rules: _Rules, *, plus: bool) -> _Found:
    """Dial a number that begins with a country code."""
    code, rest = split(digits) if rules.region or rules.house.prefixes else ("", digits)
    if not rest or (plus and len(digits) <= _LONGEST_CODE):
        return _Found("", "none", (NO_MORE,))
    if not code:
        return _abroad(digits, (UNKNOWN_COUNTRY,) if rules.region else (), rules, plus=plus)
    there, odd = country(code), tuple[str, ...]()
    significant = there.without_trunk(rest) if rules.region else rest
    at_home = rules.region if rules.region and code == rules.region.country_code else None
    if rules.region and not (there.is_possible(significant) or (at_home and at_home.is_possible(significant))):
        if there.has_lost_zero(significant):
            odd, significant = (LOST_TRUNK,), "0" + significant
        else:
            odd, significant = (IMPOSSIBLE,), rest
    if at_home and not (plus and rules.plan.allow_plus):
        whole = _Found(rules.plan.outside_line + there.national(significant), "national", odd)
    else:
        whole = _abroad(code + significant, odd, rules, plus=plus)
    return _own(code + significant, extension, rules, whole)


def _abroad(digits: str, odd: tuple[str, ...], rules: _Rules, *, plus: bool) -> _Found:
    if plus and rules.plan.allow_plus:
        return _Found("+" + digits, "international", odd)
    return _Found((rules.plan.outside_line if rules.region else "") + rules.international + digits, "international", odd)


def _inland(digits: str, extension: str, home: Region, rules: _Rules) -> _Found:
    """Dial a number that is written as in the plan's own region."""
    line, code = rules.plan.outside_line, home.country_code
    there = country(code)
    significant = home.without_trunk(digits)
    national = there.national(significant)
    is_possible = there.is_possible(significant) or home.is_possible(significant)
    if is_possible and (significant != digits or national == digits or code == "1"):
        return _own(code + significant, extension, rules, _Found(line + national, "national"))
    if significant == digits and home.is_local(digits):
        return _Found(line + digits, "local", (LOCAL,), unclear=True)
    if is_possible:
        return _own(code + significant, extension, rules, _Found(line + national, "national", (LOST_TRUNK,), unclear=True))
    if there.has_lost_zero(digits):
        whole = _Found(line + there.national("0" + digits), "national", (LOST_TRUNK,), unclear=True)
        return _own(f"{code}0{digits}", extension, rules, whole)
    rest = there.without_trunk(digits.removeprefix(code)) if digits.startswith(code) else ""
    if rest and there.is_possible(rest):
        return _own(code + rest, extension, rules, _Found(line + there.national(rest), "national", (LOST_PLUS,), unclear=True))
    return _Found(digits, "cleaned", (NOT_HERE,), unclear=True)


def _own(digits: str, extension: str, rules: _Rules, whole: _Found) -> _Found:
    """Return the extension of a number of this house, else `whole`; `digits` begin with the country code."""
    found = rules.house.inside(digits, extension)
    if found is None:
        return whole
    inside, odd = found
    if not inside:
        return _Found(whole.number, whole.rule, (*whole.odd, *odd), whole.unclear)
    # How long numbers of this house are, the house knows better than the metadata.
    return _Found(inside, "own prefix", (*(note for note in whole.odd if note != IMPOSSIBLE), *odd), whole.unclear)

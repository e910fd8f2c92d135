"""Apply the rules of a dial plan to a parsed number.

The result is a route: what is dialled, after the checks of `refusals`.
"""

# The order of rules, which the documentation promises (docs/dial-plan.md):
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
from app.numbers.extensions import OwnNumbers
from app.numbers.identity import IMPOSSIBLE, NO_MORE, PLUS_TRUNK, Identity, identify
from app.numbers.numbering_plans import country, region, split_country_code
from app.numbers.parsed_number import ParsedNumber
from app.numbers.patterns import Pattern, compile_pattern
from app.numbers.refusals import AROUND, longer_forms, refusal, refused_beginning
from app.numbers.region_plan import EMERGENCY_ANYWHERE, Region
from app.numbers.route import Route, Rule

_MAX_CODE = 3
_NONE, _CLEANED, _LOCAL = Rule.NONE, Rule.CLEANED, Rule.LOCAL
_NATIONAL, _INTERNATIONAL = Rule.NATIONAL, Rule.INTERNATIONAL


@dataclass(frozen=True, slots=True)
class CompiledPlan:
    """A plan with everything looked up and compiled.

    `line` holds the keys of the outside line without pauses; a number that is one of
    `bare_lines` is the outside line alone.
    """

    plan: DialPlan
    region: Region | None
    line: str
    bare_lines: frozenset[str]
    international: str
    rewrite: tuple[tuple[Pattern, str], ...]
    own_numbers: OwnNumbers
    danger: re.Pattern[str]


@lru_cache(maxsize=64)
def compile_plan(plan: DialPlan) -> CompiledPlan:
    """Return a plan without `problems`, compiled."""
    home = region(plan.region) if plan.region else None
    line = plan.outside_line.replace(",", "")
    return CompiledPlan(
        plan=plan,
        region=home,
        line=line,
        bare_lines=frozenset({line, 2 * line}),
        international=plan.international or (home.international if home else "00"),
        rewrite=tuple(
            (compile_pattern(pattern), replacement) for pattern, replacement in plan.rewrite
        ),
        own_numbers=OwnNumbers(
            prefixes=tuple(sorted(plan.own_prefixes, key=len, reverse=True)),
            line=line,
            extension_digits=plan.extension_digits,
            region=home,
        ),
        danger=refused_beginning(home, plan.outside_line),
    )


def checked_route(written: ParsedNumber, raw: str, compiled: CompiledPlan) -> Route:
    """Return what is dialled for a number that is written in `raw`.

    It is the number, a longer form of it, or nothing if both are refused.
    """
    found = _route(written, raw, compiled)
    number, rule = found.number, found.rule
    if not number or (
        (rule is _NATIONAL or rule is _INTERNATIONAL) and not compiled.danger.match(number)
    ):
        return found
    home, line, international = compiled.region, compiled.line, compiled.international
    why = refusal(found, home, line, international)
    if not why:
        return found
    if home:
        for longer in longer_forms(found, compiled.plan.outside_line, international):
            other = msgspec.structs.replace(
                found, number=longer, warnings=(*found.warnings, AROUND)
            )
            if not refusal(other, home, line, international):
                return other
    return Route("", Rule.NONE, (why,), unclear=True)


def _route(written: ParsedNumber, raw: str, compiled: CompiledPlan) -> Route:
    """Return what is dialled for a number that is written in `raw`."""
    digits = written.digits
    kept = _unchanged(digits, compiled)
    if kept is not None:
        return kept
    if not compiled.rewrite:
        return _outside(digits, written.extension, raw, compiled)
    rewrites: list[int] = []
    for place, (pattern, replacement) in enumerate(compiled.rewrite, start=1):
        digits, count = pattern.replace(replacement, digits)
        if count:
            rewrites.append(place)
    if not rewrites:
        return _outside(digits, written.extension, raw, compiled)
    digits = re.sub(r"[^0-9*#+]|(?<=.)\+|\+(?=[*#])", "", digits)
    if not digits.strip("+"):
        return Route("", Rule.NONE)
    found = _unchanged(digits, compiled) or _outside(digits, written.extension, raw, compiled)
    return msgspec.structs.replace(found, rewrites=tuple(rewrites))


def _unchanged(digits: str, compiled: CompiledPlan) -> Route | None:
    """Return the number as it is if no rule may touch it."""
    if not digits.isdigit():
        if digits[0] == "+" or not ("*" in digits or "#" in digits):
            return None
        return Route(digits.replace("+", compiled.international), Rule.SERVICE_CODE)
    if len(digits) <= 6:
        if digits in EMERGENCY_ANYWHERE or (
            compiled.region and compiled.region.is_emergency(digits)
        ):
            return Route(digits, Rule.EMERGENCY)
        if len(digits) <= compiled.plan.extension_digits:
            return Route(digits, Rule.EXTENSION)
        if compiled.region and compiled.region.is_short(digits):
            return Route(digits, Rule.SHORT_NUMBER)
    elif len(digits) <= compiled.plan.extension_digits:
        return Route(digits, Rule.EXTENSION)
    return None


def _outside(digits: str, extension: str, raw: str, compiled: CompiledPlan) -> Route:
    home = compiled.region
    if home is None:
        return _without_region(digits, extension, compiled)
    # "tel:110;phone-context=+49" and "+49 110".
    if (
        len(digits) <= 7
        and digits[0] == "+"
        and home.is_emergency(short := digits[1:].removeprefix(home.country_code))
    ):
        return Route(short, Rule.EMERGENCY)
    return _dialled(
        identify(digits, raw, compiled.plan.region, compiled.international),
        digits[0] == "+",
        extension,
        compiled,
    )


def _without_region(digits: str, extension: str, compiled: CompiledPlan) -> Route:
    plus, international = digits[0] == "+", compiled.international
    if plus:
        digits = digits[1:]
    elif (
        digits.startswith(international)
        and split_country_code(digits.removeprefix(international))[0]
    ):
        digits = digits.removeprefix(international)
    else:
        return Route(digits, Rule.CLEANED)
    code, rest = split_country_code(digits) if compiled.own_numbers.prefixes else ("", digits)
    if not rest or (plus and len(digits) <= _MAX_CODE):
        return Route("", Rule.NONE, (NO_MORE,))
    whole = Route(
        ("+" if plus and compiled.plan.allow_plus else international) + digits, Rule.INTERNATIONAL
    )
    return _as_extension(digits, extension, compiled, whole) if code else whole


def _dialled(found: Identity, has_plus: bool, extension: str, compiled: CompiledPlan) -> Route:
    """Return what is dialled for a number.

    `has_plus` means that it is written with a +, which may be kept.
    """
    rule, plan, significant, warnings = found.rule, compiled.plan, found.significant, found.warnings
    if rule is _NONE or rule is _CLEANED:
        return Route(significant, rule, warnings, found.unclear)
    if rule is _LOCAL:
        return Route(plan.outside_line + significant, rule, warnings, found.unclear)
    code = found.code
    if has_plus and plan.allow_plus and PLUS_TRUNK not in warnings:
        rule, dialled = _INTERNATIONAL, f"+{code}{significant}"
    elif rule is _NATIONAL:
        dialled = plan.outside_line + (found.national or country(code).national(significant))
    else:
        dialled = plan.outside_line + compiled.international + code + significant
    is_possible = not warnings or IMPOSSIBLE not in warnings
    whole = (
        Route(dialled, rule, warnings, found.unclear, code, significant)
        if is_possible
        else Route(dialled, rule, warnings, found.unclear)
    )
    if not (code and compiled.own_numbers.prefixes):
        return whole
    return _as_extension(code + significant, extension, compiled, whole)


def _as_extension(digits: str, extension: str, compiled: CompiledPlan, whole: Route) -> Route:
    """Return the extension of a number of this site, and `whole` for any other.

    `digits` begin with the country code.
    """
    found = compiled.own_numbers.inside(digits, extension)
    if found is None:
        return whole
    inside, warnings = found
    if not inside:
        return msgspec.structs.replace(whole, warnings=(*whole.warnings, *warnings))
    # The plan knows better than the metadata how long the site's numbers are.
    return Route(
        inside,
        Rule.OWN_PREFIX,
        (*(note for note in whole.warnings if note != IMPOSSIBLE), *warnings),
        whole.unclear,
    )

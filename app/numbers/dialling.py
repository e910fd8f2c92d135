"""Apply a dial plan to a written number, and return the digits and the rule used.

`parser` reads written numbers, `routing` applies the rules, and `existing_number`
omits what stands beside a number. The caller supplies the maximum length.
"""

import re

import msgspec

from app.numbers.dial_plan import DialPlan
from app.numbers.doubts import has_doubtful_ending, has_doubtful_head
from app.numbers.parsed_number import (
    EXTENSION,
    MAYBE_DATE,
    NO_NUMBER,
    PAUSE,
    QUANTITY,
    REMARK,
    TOO_LONG,
    ParsedNumber,
)
from app.numbers.parser import parse_number
from app.numbers.refusals import BARE_LINE, refusal_of_pause
from app.numbers.route import Route, Rule
from app.numbers.routing import CompiledPlan, checked_route, compile_plan
from app.numbers.validity import is_valid

CANONICAL = "What is written was unclear: the source's canonical form is dialled."
NOTHING_LEFT = "A rewrite rule left nothing of it."

# Countries where numbers of six digits are written as three pairs: Luxembourg, and those of the
# former Soviet Union.
_PAIRS = frozenset(
    {"7", "352", "373", "374", "375", "380", "992", "993", "994", "995", "996", "998"}
)
_HOURS_LENGTH = 8  # digits of "2200-2330"


class DialResult(msgspec.Struct, frozen=True, gc=False):
    """What to dial, and the rule that made it.

    `number` is "" if nothing can be dialled, and `warning` says why. Otherwise
    `warning` is what an administrator should look at, or "". `rewrites` are the numbers
    of the `rewrite` rules that changed it.
    """

    number: str
    rule: Rule
    warning: str = ""
    rewrites: tuple[int, ...] = ()

    @property
    def rule_text(self) -> str:
        """Return the rules for display, in their order ("rewrite 1, national")."""
        return ", ".join((*(f"rewrite {place}" for place in self.rewrites), self.rule))


def dial(raw: str, plan: DialPlan, canonical: str = "", *, limit: int) -> DialResult:
    """Return what to dial for `raw`, which is any text, in at most `limit` characters.

    They are 0-9 * # and, if `plan` allows them, commas and a + at the beginning.
    `canonical` is the source's own E.164 form; it is used only if `raw` is unclear.
    `plan` must be one without `problems`; then no text makes this raise.
    """
    return dial_compiled(raw, compile_plan(plan), canonical, limit=limit)


def dial_compiled(
    raw: str, compiled: CompiledPlan, canonical: str = "", *, limit: int
) -> DialResult:
    """Return what `dial` returns, for a compiled plan."""
    written = parse_number(raw)
    if written.refused:
        found = Route("", Rule.NONE, unclear=True)
    else:
        found = checked_route(written, raw, compiled)
        if compiled.region is not None:
            found, written = _existing(raw, found, written, compiled)
    if found.unclear and canonical and _is_canonical_of(canonical, written, compiled):
        better = checked_route(ParsedNumber(canonical), canonical, compiled)
        if better.number and not better.unclear:
            warnings = (written.refused,) if written.refused else ()
            found = msgspec.structs.replace(
                better, warnings=(*warnings, CANONICAL, *better.warnings)
            )
            written = ParsedNumber(
                written.digits or canonical, written.extension, written.pause, written.warnings
            )
    if written.warnings == (MAYBE_DATE,) and not _is_number(raw, found, compiled):
        return DialResult("", Rule.NONE, QUANTITY)
    if written.refused or not found.number:
        return DialResult(
            "", Rule.NONE, written.refused or " ".join(found.warnings) or NOTHING_LEFT
        )
    return _result(found, written, compiled, limit)


def _existing(
    raw: str, found: Route, written: ParsedNumber, compiled: CompiledPlan
) -> tuple[Route, ParsedNumber]:
    """Return what is dialled without digits that stand beside the number.

    Few numbers have any, so their patterns are compiled for the first of these.
    """
    if REMARK in written.warnings:
        from app.numbers.existing_number import number_with_last_group

        found, written = number_with_last_group(raw, found, written, compiled)
    if not (found.code or found.warnings):
        return found, written
    if raw[0] not in "+0" and has_doubtful_head(raw):
        from app.numbers.existing_number import number_without_head

        found, written = number_without_head(raw, found, written, compiled)
    if has_doubtful_ending(raw, found):
        from app.numbers.existing_number import number_without_ending

        found, written = number_without_ending(raw, found, written, compiled)
    return found, written


def _result(found: Route, written: ParsedNumber, compiled: CompiledPlan, limit: int) -> DialResult:
    number, rule = found.number, found.rule
    if len(number) > limit:
        return DialResult("", Rule.NONE, TOO_LONG)
    warnings = written.warnings + found.warnings
    if written.extension and not (rule is Rule.OWN_PREFIX and number == written.extension):
        warnings = (*warnings, EXTENSION)
    if pause := written.pause:
        if not compiled.plan.allow_pause or len(number) + len(pause) > limit:
            warnings = (*warnings, PAUSE)
        elif why := refusal_of_pause(number, pause, rule, compiled.region, compiled.line):
            return DialResult("", Rule.NONE, why)
        else:
            number += pause
    if number in compiled.bare_lines and rule is not Rule.EMERGENCY:
        return DialResult("", Rule.NONE, BARE_LINE)
    sentences = (
        " ".join(dict.fromkeys(warnings)) if len(warnings) > 1 else warnings[0] if warnings else ""
    )
    return DialResult(number, rule, sentences, found.rewrites)


def _is_number(raw: str, found: Route, compiled: CompiledPlan) -> bool:
    """Return True if digits that look like a date or hours are a number.

    They are six digits in Luxembourg, and between hyphens in Russia ("22-12-24"), or
    eight that look like hours.
    """
    if len(found.significant) == _HOURS_LENGTH:
        return is_valid(found.code, found.significant)
    if compiled.region is None or compiled.region.country_code not in _PAIRS:
        return False
    return "-" in raw or is_valid(found.code, found.significant)


def _is_canonical_of(canonical: str, written: ParsedNumber, compiled: CompiledPlan) -> bool:
    """Return True if `canonical` is an E.164 number and may stand for what is written.

    The last digits of both are the same then.
    """
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", canonical):
        return False
    if not written.digits:
        return written.refused not in (NO_NUMBER, QUANTITY)
    return compiled.region is not None and canonical.endswith(written.digits.lstrip("+0")[-6:])

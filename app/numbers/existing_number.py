"""Choose by the country whether digits before and behind a number belong to it.

`beginnings` and `endings` know forms alone. A number that exists only without such
digits is dialled without them.
"""

import re

import msgspec

from app.numbers.beginnings import without_doubtful_head
from app.numbers.endings import stems
from app.numbers.folding import CURRENCY, fold
from app.numbers.identity import FOREIGN, identify
from app.numbers.numbering_plans import country
from app.numbers.parsed_number import REMARK, ParsedNumber
from app.numbers.parser import parse_number
from app.numbers.route import Route
from app.numbers.routing import CompiledPlan, checked_route
from app.numbers.signs import LINE
from app.numbers.splitter import WHOLE, count
from app.numbers.validity import is_mobile, is_valid

ENDING = "Its last digits may be an extension: they are dialled with it."

_SHORT_ENDING = re.compile(
    r"[0-9]{4}(?: ?[-\u2010-\u2015] ?[0-9]{1,3}| [0-9]{1,2}|[./][0-9]{2}) *\Z"
    r"|(?<=[0-9])[0-9]{4} (?:19|20)[0-9]{2} *\Z"
)
# Behind groups of three, "08-524 816 37" (Sweden), but no hours, prices, shares or dates.
_LAST_TWO = re.compile(
    r"([0-9]{3})[ _-]+([0-9]{2})(?![0-9]|[.,][0-5][05](?![0-9]))"
    rf"(?! ?(?:[^\W\d_]|[-%$=:{CURRENCY}]|/ ?[0-9]))"
)
_MAX_TEXT = 64
_GROUP = 4  # digits of a group before a short ending
_MIN_DIGITS = 9
# "0911 482051-12" is direct dialling by the standards of Germany and Austria (DIN 5008, A 1080).
# Mobile numbers, which begin with 1 and 6, have none.
_DIRECT_DIALLING = frozenset({"43", "49"})
_MOBILE = frozenset("16")


def number_with_last_group(
    raw: str, found: Route, written: ParsedNumber, compiled: CompiledPlan
) -> tuple[Route, ParsedNumber]:
    """Return what is dialled with two last digits that were taken for a remark.

    They belong to a number that exists with them, where lengths are fixed. An example
    is "08-524 816 37 #412".
    """
    text = fold(raw[:_MAX_TEXT])
    for last in _LAST_TWO.finditer(text):
        head = text[: last.end(1)]
        if count(head) < WHOLE or parse_number(head).digits != written.digits:
            continue
        whole = parse_number(f"{head} {last[2]}")
        if not whole.digits.removeprefix("+").isdigit():
            continue
        party = identify(whole.digits, text, compiled.plan.region, compiled.international)
        if not is_valid(party.code, party.significant) or country(party.code).is_open():
            continue
        longer = checked_route(whole, text, compiled)
        if not longer.unclear:
            return longer, msgspec.structs.replace(written, digits=whole.digits)
    return found, written


def number_without_ending(
    raw: str, found: Route, written: ParsedNumber, compiled: CompiledPlan
) -> tuple[Route, ParsedNumber]:
    """Return what is dialled without the last digits, if only so it is a number.

    Examples are "212-555-0107 - 12" and "+41 44 668 18 00 8:00". If the number exists
    with them too, they are dialled and reported.
    """
    if found.code and is_valid(found.code, found.significant):
        if _is_perhaps_extension(raw, found, compiled):
            found = msgspec.structs.replace(found, warnings=(*found.warnings, ENDING))
        return found, written
    for text, ending in stems(raw):
        stem = parse_number(text)
        shorter = checked_route(stem, text, compiled)
        if (
            not shorter.unclear
            and is_valid(shorter.code, shorter.significant)
            and (found.code or not country(shorter.code).is_open())
        ):
            return shorter, ParsedNumber(
                stem.digits, ending, warnings=stem.warnings or written.warnings
            )
    return found, written


def _is_perhaps_extension(raw: str, found: Route, compiled: CompiledPlan) -> bool:
    """Return True if a number exists with its last digits and without them.

    A dash before direct dialling is no doubt.
    """
    if not (ending := _SHORT_ENDING.search(raw)):
        return False
    has_direct_dialling = "-" in fold(ending[0]) and found.code in _DIRECT_DIALLING
    if has_direct_dialling and found.significant[0] not in _MOBILE:
        return False
    text, _ = next(stems(raw[: ending.start() + _GROUP]), ("", ""))
    if count(text) < _MIN_DIGITS:
        return False
    shorter = checked_route(parse_number(text), text, compiled)
    return is_valid(shorter.code, shorter.significant) and (
        not has_direct_dialling or is_mobile(shorter.code, shorter.significant)
    )


def number_without_head(
    raw: str, found: Route, written: ParsedNumber, compiled: CompiledPlan
) -> tuple[Route, ParsedNumber]:
    """Return what is dialled without the first digits, if only so it is a number.

    An example is "(2) 212-555-0107".
    """
    later = without_doubtful_head(raw)
    if later is None or (found.code and is_valid(found.code, found.significant)):
        return found, written
    if FOREIGN in found.warnings and not later.is_listed:
        return found, written
    rest = parse_number(later.text)
    shorter = checked_route(rest, later.text, compiled) if rest.digits else found
    if shorter.unclear or not is_valid(shorter.code, shorter.significant):
        return found, written
    warnings = dict.fromkeys((LINE if later.is_line else REMARK, *rest.warnings))
    return shorter, msgspec.structs.replace(rest, warnings=tuple(warnings))

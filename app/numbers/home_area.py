"""Find the area code of the place that a dial plan belongs to."""

from contextlib import suppress
from functools import lru_cache

from app.numbers.dial_plan import DialPlan
from app.numbers.numbering_plans import region

_MAX_DIGITS = 17  # of a number that phonenumbers parses


@lru_cache(maxsize=64)
def home_area(plan: DialPlan) -> str:
    """Return the country code and the area code of the plan's place.

    Both are "" if `own_prefixes` name no area code, or several.
    """
    code = region(plan.region).country_code
    areas = {
        _area(code, prefix[1 + len(code) :])
        for prefix in plan.own_prefixes
        if prefix[1:].startswith(code)
    }
    return code + areas.pop() if len(areas) == 1 and "" not in areas else ""


def _area(code: str, beginning: str) -> str:
    """Return the area code that a country's numbers begin with, "" if there is none.

    An area code that is not complete counts as none.
    """
    from phonenumbers import NumberParseException, length_of_geographical_area_code, parse

    lengths: set[int] = set()
    for filled in (
        beginning + digit * more
        for digit in "02"
        for more in range(_MAX_DIGITS - len(code + beginning))
    ):
        with suppress(NumberParseException):
            lengths.add(length_of_geographical_area_code(parse(f"+{code}{filled}")))
    lengths.discard(0)
    return (
        beginning[: lengths.pop()] if len(lengths) == 1 and max(lengths) <= len(beginning) else ""
    )

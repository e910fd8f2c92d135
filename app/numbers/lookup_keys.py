"""Turn the forms that a number is looked up by into integers, for the generation.

A company's number is also the beginning of the numbers of its extensions: "+49 89
555-0" (the last group holds zeros alone: DIN 5008, "Durchwahl") begins 4989555-123.
"""

import re

WHOLE, LOCAL = "+", "~"
"""The first characters of an E.164 number and of a local one."""

MIN_PREFIX_DIGITS = 6
"""A shorter beginning belongs to a town or a country, not to a company."""

# A key is an integer of 64 bits with a mark before the digits; E.164 has 15 digits at most.
_MAX_DIGITS = 17
_MARKS = {WHOLE: "1", LOCAL: "3"}
_PREFIX_MARKS = {WHOLE: "2", LOCAL: "4"}
_OPERATOR = re.compile(r"[-\s./)]+0{1,4}\s*\Z")


def key(known: str) -> int:
    """Return the key of a form of a number; its last 17 digits count.

    Raises ValueError if there are no digits.
    """
    if not known:
        raise ValueError("a number without digits has no key")
    return int(f"{_MARKS.get(known[0], '5')}{known.lstrip('+~')[-_MAX_DIGITS:]}")


def prefix_key(known: str) -> int:
    """Return the key of the beginning of a company's numbers."""
    return int(_PREFIX_MARKS.get(known[:1], "6") + known.lstrip("+~")[:_MAX_DIGITS])


def company_prefix(raw: str, known: str) -> str:
    """Return the beginning of a company's numbers, "" if it is too short.

    `known` is the company's own number.
    """
    zeros = _OPERATOR.search(raw)
    count = zeros[0].count("0") if zeros else 0
    prefix = known[:-count] if count and known.endswith("0" * count) else known
    return prefix if len(prefix.lstrip("+~")) >= MIN_PREFIX_DIGITS else ""

"""Parse a phone number as people and programs write it into the characters to dial.

Nine of ten numbers are plain. What others need is loaded with the first of them: its
patterns take longer to compile than all other modules of a web worker that looks up a
caller.
"""

from functools import lru_cache

from app.numbers.parsed_number import ParsedNumber
from app.numbers.plain import plain_digits


@lru_cache(maxsize=64)  # a builder asks again for the numbers of the contact in hand
def parse_number(raw: str) -> ParsedNumber:
    """Return what is written in `raw`, any text at all.

    Takes time linear in its length, and never raises.
    """
    if digits := plain_digits(raw):
        return ParsedNumber(digits)
    from app.numbers.text_parser import parse_text

    return parse_text(raw)

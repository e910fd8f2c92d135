"""Read a plain number, as nine of ten are, three times as fast as the parser.

What is plain has one meaning. Dates, hours ("01-02-2024", "0900-1700", "... 9-17") and
the numbers of lists are not plain. A property test compares the two ways.
"""

import re

from app.numbers.splitter import FULL, MAX_DIGITS, WHOLE
from app.numbers.trunk_zero import without_trunk_zero

_MAX_LENGTH = 256
_MIN_OF_TWO = 12  # digits of two numbers together
_YEAR = "(?:19|20)[0-9]{2}"
_NO_DATE = (
    rf"(?!0[0-9]-[0-9]{{1,2}}-[0-9]{{2,4}}\Z|{_YEAR}[- ]|[0-9]{{4}}-[0-9]{{4}}\Z"
    r"|[6-9][03]0-[12][0-9]{3}\Z)"
)
_PLAIN = re.compile(
    r"(?:\+[1-9][0-9]*[ -]?(?=[0-9])|\+[1-9][0-9]{0,2}[ -]?\(0?[0-9]{1,5}\)[ -]?(?=[0-9])"
    r"|\(\+[1-9][0-9]{0,2}\)[ -]?(?:\(0?[0-9]+\)[ -]?)?"
    r"|\((?:0[1-9][0-9]{0,4}|[2-9][0-9]{2})\)[ -]?"
    rf"|{_NO_DATE}(?:0[0-9]{{2,5}}/(?=[0-9 -]{{4}})|0[0-9]+|[1-9][0-9]{{2,}}|(?=[0-9]+\Z)))"
    r"(?:[0-9]+(?:[ -][0-9]+)*)?"
    r"|0[0-9](?:\.[0-9]{2}){4}|[2-9][0-9]{2}\.[0-9]{3}\.[0-9]{4}"
)
_SEPARATORS = str.maketrans("", "", " .-()/")
_HOURS_BEHIND = re.compile(rf" (?:0?[6-9]|1[0-9]|[012][0-9][0-5][05]|{_YEAR})-[0-9]+(?:-[0-9]+)?\Z")


def plain_digits(raw: str) -> str:
    """Return the digits of a plain number, with its +; "" for any other text."""
    if len(raw) > _MAX_LENGTH or not _PLAIN.fullmatch(raw):
        return ""
    if "-" in raw and ((len(raw) > 2 * FULL and "-0" in raw) or _HOURS_BEHIND.search(raw)):
        return ""
    text = without_trunk_zero(raw.lstrip("(").replace("-", " ")) if "(0)" in raw else raw
    digits = text.translate(_SEPARATORS)
    return "" if len(digits) >= _MIN_OF_TWO and _is_perhaps_two(raw, digits) else digits


def _is_perhaps_two(raw: str, digits: str) -> bool:
    """Return True if a plain text may hold two numbers.

    It is too long for one, or both are short and begin with the same area or look
    similar ("089 555 089 556", "5550109 5550110").
    """
    if digits[0] == "+":
        return len(digits) > MAX_DIGITS + 1
    return (
        len(digits) > MAX_DIGITS
        or raw.find(digits[:3], 6) > 0
        or (len(digits) == 2 * WHOLE and raw[len(raw) // 2] == " ")
    )

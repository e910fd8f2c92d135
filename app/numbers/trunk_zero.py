"""Remove the trunk zero that people write in brackets behind a country code."""

# - "(0)" behind a country code stands for a trunk prefix that is not dialled from abroad. In Italy,
#   San Marino, the Vatican, the Ivory Coast, Benin, Gabon and the Congo the zero belongs to the
#   number (ITU-T, national numbering plans). There it stays.
# - A mobile number there has no such zero, and is 3 and nine digits more. "+39 (0)335 1234567" is
#   written by the habit of other countries.

import re

_ZERO_IS_DIALLED = frozenset({"39", "378", "379", "225", "229", "241", "242"})
_MOBILE_IN_ITALY = re.compile(r"[ )\]/.-]*3(?:[^0-9]*[0-9]){9}[^0-9]*")
_TRUNK_ZERO = re.compile(r"(\+|00|011)? ?[(\[]? ?([1-9][0-9]{0,2})[ )\]/]*[(\[] ?0 ?[)\]]")


def without_trunk_zero(text: str) -> str:
    """Return a text without the "(0)" behind the country code that it begins with."""
    match = _TRUNK_ZERO.match(text)
    if match is None:
        return text
    code, rest = match[2], text[match.end() :]
    is_dialled = (
        code in _ZERO_IS_DIALLED
        and not (code == "39" and _MOBILE_IN_ITALY.fullmatch(rest))
        and rest.lstrip(" )]/.-(")[:1] != "0"  # "+39 (0)06 ...": it is written twice
    )
    # "49 (0)30 ...": nothing but a country code stands before "(0)", so the + was forgotten.
    return f"{match[1] or '+'}{code} {'0' if is_dialled else ''}{rest}"

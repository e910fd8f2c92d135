"""Choose the dialect of a Cisco phone from its request headers.

XSI in these comments is Cisco's "Unified IP Phone Services Application Development
Notes". `cisco` renders screens in the dialect.
"""

import re
from collections.abc import Mapping

from app.model.screens import Dialect
from app.phones.cisco_charset import LATIN_1, UTF_8

# CP-79xx place Dial first and Exit third, later phones Exit first (XSI, "Internal URI Features";
# the open usecallmanager services).
EXIT_FIRST = "exit-first"
DIAL_FIRST = "dial-first"

HEADERS = ("accept-charset", "accept", "x-ciscoipphonemodelname")
"""The request headers that decide the dialect."""

VERIFY_EVERY_PAGE = (Dialect(UTF_8, EXIT_FIRST), Dialect(LATIN_1, DIAL_FIRST))
"""Dialects in which every page is verified before a generation is published.

They cover each charset once, with all softkeys.
"""

VERIFY_SOME_PAGES = (
    Dialect(UTF_8, DIAL_FIRST),
    Dialect(UTF_8, ""),
    Dialect(LATIN_1, EXIT_FIRST),
    Dialect(UTF_8, EXIT_FIRST, directories=False, forms=False),
    Dialect(UTF_8, EXIT_FIRST, prompts=False),
)
"""Dialects in which the first, middle and last page of each book are verified."""

_OBJECTS = re.compile(r"x-CiscoIPPhone/([A-Za-z]+|\*)", re.IGNORECASE)
# A CP-8875 has no SoftKey URIs. CP-7940/7960 on SIP know no SoftKeyItem.
_NO_SOFTKEYS = re.compile(r"(?:CP|DP)-(?:8875|7940|7960)", re.IGNORECASE)


def dialect(headers: Mapping[str, str]) -> Dialect:
    """Return a phone's dialect from its request headers (lower-case names).

    Absent or malformed headers give the defaults.
    """
    # A phone whose Accept lists objects without Directory (840/860) gets lists as menus of `Dial:`
    # items. Without Input it cannot show a form.
    accepted = {name.lower() for name in _OBJECTS.findall(headers.get("accept", ""))}
    model = headers.get("x-ciscoipphonemodelname", "").strip().upper()
    keys = (
        "" if _NO_SOFTKEYS.match(model) else DIAL_FIRST if model.startswith("CP-79") else EXIT_FIRST
    )
    return Dialect(
        charset=_charset(headers.get("accept-charset", "")),
        keys=keys,
        directories=not accepted or "*" in accepted or "directory" in accepted,
        # CP-69xx show the Prompt instead of the Title, so they get no Prompt.
        prompts=not model.startswith("CP-69"),
        forms=not accepted or "*" in accepted or "input" in accepted,
    )


def _charset(accept: str) -> str:
    # The charset follows Accept-Charset (XSI, "HTTP Requests and Header Settings").
    weights = {UTF_8: -1.0, LATIN_1: -1.0}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = float(parameter[2:])
                except ValueError:
                    weight = 1.0
        if name in weights and weight > 0:
            weights[name] = max(weights[name], weight)
    return LATIN_1 if weights[LATIN_1] > weights[UTF_8] else UTF_8

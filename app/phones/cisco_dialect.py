"""What a Cisco phone tells of itself: its request's headers become the dialect that its screens are rendered in.

Law of this file: headers in, dialect out. It knows models and what they lack; what a screen becomes in a dialect is told in `cisco`.

Facts (XSI is Cisco's "Unified IP Phone Services Application Development Notes"):
- The charset is chosen from Accept-Charset (XSI, "HTTP Requests and Header Settings").
- CP-79xx place Dial first and Exit third, later phones Exit first (XSI, "Internal URI Features"; the open usecallmanager services).
  A CP-8875 has no SoftKey URIs; CP-7940/7960 on SIP know no SoftKeyItem.
- CP-69xx show the Prompt instead of the Title, so they get none.
- A phone whose Accept lists objects without Directory (840/860) gets lists as menus of `Dial:` items; without Input it cannot show a form.
"""

import re
from collections.abc import Mapping

from app.model.screens import Dialect

UTF_8 = "utf-8"
LATIN_1 = "iso-8859-1"
EXIT_FIRST = "exit-first"
DIAL_FIRST = "dial-first"

HEADERS = ("accept-charset", "accept", "x-ciscoipphonemodelname")
"""The request headers that decide the dialect."""

PROOF_EVERYWHERE = (Dialect(UTF_8, EXIT_FIRST), Dialect(LATIN_1, DIAL_FIRST))
"""Dialects that every page is tried in before a generation is published: each charset once, softkeys in full."""

PROOF_SOMEWHERE = (
    Dialect(UTF_8, DIAL_FIRST),
    Dialect(UTF_8, ""),
    Dialect(LATIN_1, EXIT_FIRST),
    Dialect(UTF_8, EXIT_FIRST, directories=False, forms=False),
    Dialect(UTF_8, EXIT_FIRST, prompts=False),
)
"""Dialects that the first, middle and last page of each book are tried in."""

_OBJECTS = re.compile(r"x-CiscoIPPhone/([A-Za-z]+|\*)", re.IGNORECASE)
_NO_SOFTKEYS = re.compile(r"(?:CP|DP)-(?:8875|7940|7960)", re.IGNORECASE)


def dialect(headers: Mapping[str, str]) -> Dialect:
    """Return how a phone wants its screens, from its request's headers (lower-case names); absent or odd ones mean the usual."""
    accepted = {name.lower() for name in _OBJECTS.findall(headers.get("accept", ""))}
    model = headers.get("x-ciscoipphonemodelname", "").strip().upper()
    keys = "" if _NO_SOFTKEYS.match(model) else DIAL_FIRST if model.startswith("CP-79") else EXIT_FIRST
    return Dialect(
        charset=_charset(headers.get("accept-charset", "")),
        keys=keys,
        directories=not accepted or "*" in accepted or "directory" in accepted,
        prompts=not model.startswith("CP-69"),
        forms=not accepted or "*" in accepted or "input" in accepted,
    )


def _charset(accept: str) -> str:
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

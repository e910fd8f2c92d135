"""The caller's name as an exchange wants it: in which form, and which characters are safe there.

Law of this file: text in, text out. It knows no number and no request beyond one header.

Facts: exchanges write a name between double quotes, in SIP headers (RFC 3261, section 25.1: a backslash escapes there) and in the
expressions of a dial plan, where a quote in the name ends the text early.
"""

from app.model.text import truncate

_LONGEST = 80  # characters; no display shows as many
_JSON, _TEXT = "application/json", "text/plain"
_SAFE = str.maketrans({'"': "'", "\\": "/"})


def for_exchange(name: str) -> str:
    """Return a name as plain text for an exchange: at most 80 characters, no double quotes and no backslashes."""
    return truncate(name.translate(_SAFE), _LONGEST)


def wants_json(accept: str) -> bool:
    """Tell whether an Accept header names JSON and likes it no less than plain text."""
    weights = {_JSON: 0.0, _TEXT: 0.0}
    for part in accept.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        if kind in weights:
            weights[kind] = max(weights[kind], _weight(parameters))
    return 0 < weights[_JSON] >= weights[_TEXT]


def _weight(parameters: list[str]) -> float:
    told = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    try:
        return float(told)
    except ValueError:
        return 1.0

"""Choose the format of a caller name and make it safe for an exchange."""

from app.model.text import truncate

_LONGEST = 80  # characters; no display shows as many
_JSON, _TEXT = "application/json", "text/plain"
# Exchanges write a name between double quotes. They do so in SIP headers (RFC 3261, section 25.1),
# where a backslash escapes, and in the expressions of a dial plan. There a quote in the name ends
# the text early.
_SAFE = str.maketrans({'"': "'", "\\": "/"})


def for_exchange(name: str) -> str:
    """Return a name as plain text for an exchange.

    It has at most 80 characters, no double quotes and no backslashes.
    """
    return truncate(name.translate(_SAFE), _LONGEST)


def wants_json(accept: str) -> bool:
    """Return whether an Accept header names JSON and ranks it no lower than text."""
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

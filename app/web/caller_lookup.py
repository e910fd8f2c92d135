"""Look up the name for a caller's number, and write it for an exchange.

The number may have any spelling; a dial plan reads it. A match of the complete number
comes first. Otherwise the number may be an extension of a company, so the longest
prefix that matches decides.
"""

from collections.abc import Callable, Iterable

from app.generation.reader import Generation
from app.model.text import truncate
from app.numbers.dial_plan import DialPlan
from app.numbers.lookup_keys import MIN_PREFIX_DIGITS, key, prefix_key

_MAX_NUMBER = 64  # characters; a number and its separators stay far below
_MAX_NAME = 80  # characters; no display shows as many
_JSON, _TEXT = "application/json", "text/plain"
# Exchanges write a name between double quotes. They do so in SIP headers (RFC 3261, section 25.1),
# where a backslash escapes, and in the expressions of a dial plan. There a quote in the name ends
# the text early.
_SAFE = str.maketrans({'"': "'", "\\": "/"})


def caller_name(generation: Generation, number: str, plan: DialPlan) -> str:
    """Return the name for a number, "" if it is unknown or no number.

    If a number can be read in several ways, all readings that match must have the same
    name. Raises BrokenGeneration if the file cannot be read.
    """
    # Dialling takes 15 ms to load, and most workers are never asked.
    from app.numbers.lookup_numbers import lookup_candidates

    candidates = lookup_candidates(number[:_MAX_NUMBER], plan)
    for find in (_by_complete_number, _by_prefix):
        name = _first(candidates.sure, find, generation) or _only(
            candidates.guesses, find, generation
        )
        if name:
            return name
    return ""


_Find = Callable[[Generation, str], str]


def _first(known: Iterable[str], find: _Find, generation: Generation) -> str:
    return next((name for digits in known if (name := find(generation, digits))), "")


def _only(known: Iterable[str], find: _Find, generation: Generation) -> str:
    names = {name for digits in known if (name := find(generation, digits))}
    return names.pop() if len(names) == 1 else ""


def _by_complete_number(generation: Generation, known: str) -> str:
    return generation.caller_name(key(known))


def _by_prefix(generation: Generation, known: str) -> str:
    fewest = MIN_PREFIX_DIGITS + len(known) - len(known.lstrip("+~"))
    prefixes = (known[:end] for end in range(len(known), fewest - 1, -1))
    return next(
        (name for prefix in prefixes if (name := generation.caller_name(prefix_key(prefix)))), ""
    )


def as_plain_text(name: str) -> str:
    """Return a name as plain text for an exchange.

    It has at most 80 characters, no double quotes and no backslashes.
    """
    return truncate(name.translate(_SAFE), _MAX_NAME)


def wants_json(accept: str) -> bool:
    """Return whether an Accept header names JSON and ranks it no lower than text."""
    weights = {_JSON: 0.0, _TEXT: 0.0}
    for part in accept.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        if kind in weights:
            weights[kind] = max(weights[kind], _weight(parameters))
    return 0 < weights[_JSON] >= weights[_TEXT]


def _weight(parameters: list[str]) -> float:
    weight = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    try:
        return float(weight)
    except ValueError:
        return 1.0

"""Look up the name for a caller's number, for an exchange during an incoming call.

The number may have any spelling; a dial plan reads it. A match of the complete number
comes first. Otherwise the number may be an extension of a company, so the longest
prefix that matches decides.
"""

from collections.abc import Callable, Iterable

from app.generation.reader import Generation
from app.numbers.dial_plan import DialPlan
from app.numbers.lookup_keys import FEWEST_DIGITS, key, lookup_candidates, prefix_key

_LONGEST = 64  # characters; a number and its separators stay far below


def caller_name(generation: Generation, number: str, plan: DialPlan) -> str:
    """Return the name for a number, "" if it is unknown or no number.

    If a number can be read in several ways, all readings that match must have the same
    name. Raises BrokenGeneration if the file cannot be read.
    """
    tried = lookup_candidates(number[:_LONGEST], plan)
    for find in (_whole, _beginning):
        name = _first(tried.sure, find, generation) or _only(tried.guesses, find, generation)
        if name:
            return name
    return ""


_Find = Callable[[Generation, str], str]


def _first(known: Iterable[str], find: _Find, generation: Generation) -> str:
    return next((name for digits in known if (name := find(generation, digits))), "")


def _only(known: Iterable[str], find: _Find, generation: Generation) -> str:
    names = {name for digits in known if (name := find(generation, digits))}
    return names.pop() if len(names) == 1 else ""


def _whole(generation: Generation, known: str) -> str:
    return generation.caller_name(key(known))


def _beginning(generation: Generation, known: str) -> str:
    fewest = FEWEST_DIGITS + len(known) - len(known.lstrip("+~"))
    beginnings = (known[:end] for end in range(len(known), fewest - 1, -1))
    return next(
        (
            name
            for beginning in beginnings
            if (name := generation.caller_name(prefix_key(beginning)))
        ),
        "",
    )

"""Caller name: whose a telephone number is, for an exchange that asks while the call comes in.

Law of this file: a generation, a number in any spelling and the house's dial plan in, a name out. It knows no request.

A whole number decides first. Else the number may be an extension of a company's: of the beginnings that are known, the longest decides.
"""

from app.generation import Generation
from app.known_numbers import FEWEST_DIGITS, beginning_key, candidates, key
from app.number_plan import DialPlan

_LONGEST = 64  # characters; a number and its separators stay far below


def caller_name(generation: Generation, number: str, plan: DialPlan) -> str:
    """Return the name for a number, "" where it is unknown or no number. Raises BrokenGeneration where the file cannot be read."""
    tried = candidates(number[:_LONGEST], plan)
    for digits in tried:
        if name := generation.caller(key(digits)):
            return name
    for digits in tried:
        for end in range(len(digits), FEWEST_DIGITS - 1, -1):
            if name := generation.caller(beginning_key(digits[:end])):
                return name
    return ""

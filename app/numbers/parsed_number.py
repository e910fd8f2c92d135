"""What a written number is parsed into, and what is said about it."""

import msgspec

NO_NUMBER = "It holds no number."
TOO_LONG = "It is too long to be dialled."
DAMAGED = "A spreadsheet has damaged it: correct it in the source."
ADDRESS = "It is an address, not a number."
EXTENSION = "Its extension is not dialled."
PAUSE = "What follows the pause is not dialled."
SEVERAL = "It holds several numbers: the first is taken."
PLUS = "No country code begins with a zero: its + was left out."
PLUS_BETWEEN = "A + stands between its digits: it is not dialled."
MAYBE_DATE = "It may be a date or hours."
ONE_PLUS = "1+ stands before it: read as +1."
BETWEEN = "Signs that are no separators stand between its digits: they were left out."
WORDS = "Words stand between its digits: it is not dialled."
QUANTITY = "It is a date, a time, an amount or a place, not a number."
REMARK = "Words or signs beside the number were left out."


class ParsedNumber(msgspec.Struct, frozen=True, gc=False):
    """A number as it is written.

    `digits`: 0-9 * # in the order of the text, with + where the text has it before
    them; "" where `refused` says why. `extension`: digits behind "ext.", "x" and the
    like. `pause`: what is dialled once the call stands (",,4711#"; any pause is ",").
    `warnings`: sentences on what was turned or left out.
    """

    digits: str
    extension: str = ""
    pause: str = ""
    warnings: tuple[str, ...] = ()
    refused: str = ""

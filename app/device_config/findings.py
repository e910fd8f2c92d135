"""What a check finds in a file of a phone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a file.

    `line` counts from 1, 0 for the file as a whole. `rule` is a fixed word for
    programs. `correction` holds the line or lines to write, "" if none can be given.
    """

    file: str
    line: int
    rule: str
    message: str
    correction: str = ""

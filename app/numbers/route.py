"""What a rule of the dial plan makes of a number, before it is checked."""

from enum import StrEnum

import msgspec


class Rule(StrEnum):
    """The rule that a number is dialled by; people and programs see the values."""

    NONE = "none"
    SERVICE_CODE = "service code"
    EMERGENCY = "emergency"
    EXTENSION = "extension"
    SHORT_NUMBER = "short number"
    OWN_PREFIX = "own prefix"
    NATIONAL = "national"
    INTERNATIONAL = "international"
    LOCAL = "local"
    CLEANED = "cleaned"

    @property
    def is_inside(self) -> bool:
        """Return True if it dials an extension, which the plan declares."""
        return self is Rule.EXTENSION or self is Rule.OWN_PREFIX


class Route(msgspec.Struct, frozen=True, gc=False):
    """The keys to dial, whose commas are pauses, and the rule that made them.

    `warnings`: sentences on what is doubtful. `unclear`: what a source calls canonical
    may be better. `code` and `significant` are those of a number that is possible in
    its country. `rewrites` are the numbers of the `rewrite` rules that changed it.
    """

    number: str
    rule: Rule
    warnings: tuple[str, ...] = ()
    unclear: bool = False
    code: str = ""
    significant: str = ""
    rewrites: tuple[int, ...] = ()

"""Reduce a site's own numbers to extensions, and check that these can be dialled."""

# - The operator of "+49 89 555-0" is the extension 0 (DIN 5008). If 0 is the outside line as well,
#   pressing it gives an outside tone. So does the first key of any extension that begins with the
#   outside line.
# - The exchange cannot distinguish an extension from an emergency number of the same digits.

from dataclasses import dataclass

from app.numbers.region_plan import EMERGENCY_ANYWHERE, Region

LONG_EXTENSION = "What follows own_prefixes is longer than extension_digits."
LIKE_THE_LINE = (
    "What follows own_prefixes begins like the outside line: the whole number is dialled."
)
LIKE_EMERGENCY = "What follows own_prefixes is an emergency number: the whole number is dialled."


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """The block of numbers that a site has, and how it dials them.

    `prefixes` begin with + and are sorted, the longest first. `line` is the outside
    line's keys.
    """

    prefixes: tuple[str, ...]
    line: str
    extension_digits: int
    region: Region | None

    def inside(self, digits: str, extension: str) -> tuple[str, tuple[str, ...]] | None:
        """Return a number of this site as its extension, with warnings; else None.

        `digits` begin with the country code; `extension` is one that was written behind
        the number. The extension is "" if it must not be dialled.
        """
        for prefix in self.prefixes:
            if digits.startswith(prefix[1:]):
                rest = digits[len(prefix) - 1 :]
                # "555-0 ext. 12": the operator's zero gives way to whom she would put through.
                inside = rest if rest.strip("0") else extension or rest
                return self._check_extension(inside) if inside else None
        return None

    def _check_extension(self, inside: str) -> tuple[str, tuple[str, ...]]:
        if inside in EMERGENCY_ANYWHERE or (self.region and self.region.is_emergency(inside)):
            return "", (LIKE_EMERGENCY,)
        if self.line and inside.startswith(self.line):
            return "", (LIKE_THE_LINE,)
        return inside, (LONG_EXTENSION,) if 0 < self.extension_digits < len(inside) else ()

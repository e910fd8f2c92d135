"""The numbering plan of one region: which numbers it has, and how it dials them."""

import re
from dataclasses import dataclass

# 112 and 911 are the emergency numbers that every mobile phone knows (3GPP TS 22.101).
EMERGENCY_ANYWHERE = frozenset({"112", "911"})
"""Emergency numbers whatever the region."""

_MIN_OPEN_LENGTHS = 5


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers that begin with `leading` and match `pattern` are dialled nationally.

    They are dialled as they are behind `prefix`. In the few plans that put other digits
    between or change the order, they are dialled by `template`.
    """

    leading: re.Pattern[str]
    pattern: re.Pattern[str]
    prefix: str
    template: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region's numbering plan.

    A significant number is a national number without country code and trunk prefix.

    `trunk_prefix` is dialled before numbers of no known form. `written_prefix` is the
    one that people write, also where most numbers are dialled without. `line_lengths`
    are those of landline numbers.
    """

    country_code: str
    international: str
    international_prefix: re.Pattern[str]
    trunk: re.Pattern[str]
    trunk_rule: str
    trunk_prefix: str
    written_prefix: str
    lengths: frozenset[int]
    line_lengths: frozenset[int]
    local_lengths: frozenset[int]
    significant: re.Pattern[str]
    forms: tuple[Form, ...]
    is_country: bool
    emergency: re.Pattern[str]
    short: re.Pattern[str]

    def is_emergency(self, digits: str) -> bool:
        """Return True if `digits` are an emergency number here."""
        return digits in EMERGENCY_ANYWHERE or self.emergency.fullmatch(digits) is not None

    def has_emergency_prefix(self, digits: str, start: int = 0) -> bool:
        """Return True if `digits` from `start` on begin with an emergency number."""
        return (
            digits[start : start + 3] in EMERGENCY_ANYWHERE
            or self.emergency.match(digits, start) is not None
        )

    def is_short(self, digits: str) -> bool:
        """Return True if `digits` are a short number here (116117, 411, 118500)."""
        return self.short.fullmatch(digits) is not None

    def is_possible(self, significant: str) -> bool:
        """Return True if the region can have this number."""
        return (
            len(significant) in self.lengths and self.significant.fullmatch(significant) is not None
        )

    def has_lost_zero(self, significant: str) -> bool:
        """Return True if `significant` is possible only with the zero that it lacks.

        In Rome, "6 69812345" lacks one.
        """
        if self.trunk_prefix or not self.is_country or significant.startswith("0"):
            return False
        return not self.is_possible(significant) and self.is_possible("0" + significant)

    def is_open(self) -> bool:
        """Return True if numbers here have no fixed length.

        Then nearly any digits are somebody's number.
        """
        return len(self.line_lengths) >= _MIN_OPEN_LENGTHS

    def is_local(self, digits: str) -> bool:
        """Return True if `digits` can be a local number.

        It is written without area code and trunk prefix.
        """
        if not self.local_lengths:
            return len(digits) <= 7 and self.is_possible(digits)
        # An area code has a digit at least: in Hungary eight digits are a whole number.
        return len(digits) in self.local_lengths or (
            len(digits) in self.lengths and len(digits) < min(max(self.line_lengths), 9)
        )

    def behind_prefix(self, digits: str) -> str:
        """Return what follows the international prefix, "" if `digits` have none."""
        prefix = self.international_prefix.match(digits)
        return digits[prefix.end() :] if prefix and prefix.end() else ""

    def without_trunk(self, digits: str) -> str:
        """Return the significant number: `digits` without a trunk prefix."""
        prefix = self.trunk.match(digits)
        if prefix is None:
            return digits
        if self.trunk_rule and prefix.re.groups and prefix[prefix.re.groups] is not None:
            return prefix.expand(self.trunk_rule) + digits[prefix.end() :]
        rest = digits[prefix.end() :]
        if self.significant.fullmatch(digits) and not self.significant.fullmatch(rest):
            return digits
        return rest

    def national(self, significant: str) -> str:
        """Return what is dialled for this number inside its own country."""
        # The North American plan dials 1 before its ten digits (NANPA). The metadata counts this 1
        # as optional.
        if self.country_code == "1":
            return "1" + significant
        for form in self.forms:
            if form.leading.match(significant) and (match := form.pattern.fullmatch(significant)):
                return match.expand(form.template) if form.template else form.prefix + significant
        return self.trunk_prefix + significant

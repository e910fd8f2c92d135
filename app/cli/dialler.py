"""Dial numbers as the phones of a profile do."""

from collections.abc import Iterator

from app.model.profile import DialItem, Profile
from app.numbers.cache import CachedDialPlan
from app.numbers.dialling import DialResult
from app.phones.registry import FORMATS
from connectors.contact import PhoneNumber


class Dialler:
    """Dials numbers as the phones of `profile` do."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._plan = CachedDialPlan(profile.plan, limit=FORMATS[profile.format].LIMITS.number)

    def dial(self, number: PhoneNumber) -> DialResult:
        """Return how a number of a contact is dialled."""
        return self._plan.dial(number.value, number.canonical)

    def dial_items(self) -> Iterator[tuple[DialItem, DialResult]]:
        """Yield the profile's dial items, each with how it is dialled."""
        return ((item, self.dial(PhoneNumber(item.number))) for item in self.profile.dials)

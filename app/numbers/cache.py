"""Cache the results of `dialling.dial` for one dial plan."""

from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import DialResult, dial_compiled
from app.numbers.routing import compile_plan
from connectors.contact import PhoneNumber


class CachedDialPlan:
    """Dials by one plan, and keeps the results for the next build.

    It holds at most twice `most` results: the older half is dropped when the newer is
    full. For one thread.
    """

    def __init__(self, plan: DialPlan, *, limit: int, most: int = 250_000) -> None:
        self.plan = plan
        self._compiled = compile_plan(plan)
        self._limit = limit
        self._most = most
        self._newer: dict[str | tuple[str, str], DialResult] = {}
        self._older: dict[str | tuple[str, str], DialResult] = {}

    def __len__(self) -> int:
        return len(self._newer) + len(self._older)

    def digits(self, number: PhoneNumber) -> str:
        """Return what a phone dials for a contact's number, "" if nothing."""
        found = self._newer.get(number.value) if not number.canonical else None
        if found is None:
            found = self.dial(number.value, number.canonical)
        return found.number

    def dial(self, raw: str, canonical: str = "") -> DialResult:
        """Return what `dialling.dial` returns for the same arguments."""
        key = (raw, canonical) if canonical else raw
        found = self._newer.get(key)
        if found is not None:
            return found
        found = self._older.pop(key, None) or dial_compiled(
            raw, self._compiled, canonical, limit=self._limit
        )
        if len(self._newer) >= self._most:
            self._older, self._newer = self._newer, {}
        self._newer[key] = found
        return found

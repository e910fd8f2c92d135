"""Count the numbers of a profile, and the warnings about them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.model.text import plural
from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import DialResult
from app.numbers.numbering_plans import region
from app.numbers.refusals import is_like_emergency


@dataclass(slots=True)
class Tally:
    """Counts of all numbers, those not dialable or doubtful, and each warning.

    `plan` is the dial plan of the numbers. `like_emergency` are extensions that begin
    like an emergency number.
    """

    plan: DialPlan
    numbers: int = 0
    undialable: int = 0
    doubtful: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    like_emergency: set[str] = field(default_factory=set)

    def add(self, result: DialResult) -> None:
        """Count one number."""
        self.numbers += 1
        self.undialable += not result.number
        self.doubtful += bool(result.warning)
        self.warnings.update(_sentences(result.warning))
        home = region(self.plan.region) if self.plan.region else None
        if is_like_emergency(result.number, result.rule, home):
            self.like_emergency.add(result.number)

    def lines(self) -> Iterator[str]:
        """Yield the counts as text, the most frequent warning first."""
        numbers = plural(self.numbers, "number")
        yield f"{numbers}; {self.undialable} cannot be dialled; {self.doubtful} look odd."
        for warning, count in sorted(self.warnings.items(), key=lambda item: (-item[1], item[0])):
            yield f"  {count}: {warning}"
        if self.like_emergency:
            extensions = plural(len(self.like_emergency), "extension")
            begin = "begins" if len(self.like_emergency) == 1 else "begin"
            yield (
                f"{extensions} {begin} like an emergency number: a telephone system that"
                " connects after three digits calls the emergency services."
            )


def _sentences(warning: str) -> list[str]:
    return [f"{part.removesuffix('.')}." for part in warning.split(". ")] if warning else []

"""Count the numbers of a profile, and what looks odd about them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.model.text import plural
from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import DialResult
from app.numbers.gate import is_like_emergency
from app.numbers.numbering_plans import region


@dataclass(slots=True)
class Tally:
    """Counts of all numbers, those not dialable or odd, and each remark.

    `plan` is the dial plan of the numbers. `like_emergency` are extensions that begin
    like an emergency number.
    """

    plan: DialPlan
    numbers: int = 0
    undialable: int = 0
    odd: int = 0
    remarks: Counter[str] = field(default_factory=Counter)
    like_emergency: set[str] = field(default_factory=set)

    def add(self, result: DialResult) -> None:
        """Count one number."""
        self.numbers += 1
        self.undialable += not result.number
        self.odd += bool(result.odd)
        self.remarks.update(_sentences(result.odd))
        home = region(self.plan.region) if self.plan.region else None
        if is_like_emergency(result.number, result.rule, home):
            self.like_emergency.add(result.number)

    def lines(self) -> Iterator[str]:
        """Yield the counts as text, the most frequent remark first."""
        numbers = plural(self.numbers, "number")
        yield f"{numbers}; {self.undialable} cannot be dialled; {self.odd} look odd."
        for remark, count in sorted(self.remarks.items(), key=lambda item: (-item[1], item[0])):
            yield f"  {count}: {remark}"
        if self.like_emergency:
            extensions = plural(len(self.like_emergency), "extension")
            begin = "begins" if len(self.like_emergency) == 1 else "begin"
            yield (
                f"{extensions} {begin} like an emergency number: a telephone system that"
                " connects after three digits calls the emergency services."
            )


def _sentences(odd: str) -> list[str]:
    return [f"{part.removesuffix('.')}." for part in odd.split(". ")] if odd else []

"""What `numbers` prints: every number as the source wrote it, what a profile's phones dial for it, by which rule, and what is odd.

Law of this file: words and counts around the dial plan, which decides alone. What it gives is personal: for a terminal, never for a log.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from app.at_hand import contacts_at_hand
from app.names import NameOrder, display_name
from app.number_memory import DialPlanMemory
from app.numbers import Dialled
from app.phones import FORMATS
from app.problems import SettingsError
from app.profile import Profile
from app.settings import Settings
from app.store_view import StoreView
from connectors.contact import Contact, PhoneNumber


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One number of one contact, as written, and what is dialled for it: "" where nothing can be."""

    source: str
    id: str
    name: str
    kind: str
    number: str
    dialled: str
    rule: str
    odd: str


@dataclass(slots=True)
class Tally:
    """Counts over numbers: how many there are, how many cannot be dialled or are odd, and how often each remark was made."""

    numbers: int = 0
    undialable: int = 0
    odd: int = 0
    remarks: Counter[str] = field(default_factory=Counter)

    def add(self, dialled: Dialled) -> None:
        """Count one number."""
        self.numbers += 1
        self.undialable += not dialled.number
        self.odd += bool(dialled.odd)
        self.remarks.update(_sentences(dialled.odd))

    def lines(self) -> Iterator[str]:
        """Give the counts in words, the most frequent remark first."""
        yield f"{self.numbers} numbers; {self.undialable} cannot be dialled; {self.odd} look odd."
        for remark, count in sorted(self.remarks.items(), key=lambda item: (-item[1], item[0])):
            yield f"  {count}: {remark}"


def _sentences(odd: str) -> list[str]:
    return [f"{part.removesuffix('.')}." for part in odd.split(". ")] if odd else []


def dialler(profile: Profile) -> Callable[[PhoneNumber], Dialled]:
    """Return what tells how a profile's phones dial a number."""
    memory = DialPlanMemory(profile.plan, limit=FORMATS[profile.format].LIMITS.number)
    return lambda number: memory.dial(number.value, number.canonical)


def _lines(source: str, contacts: Iterable[Contact], dial: Callable[[PhoneNumber], Dialled]) -> Iterator[tuple[NumberLine, Dialled]]:
    for contact in contacts:
        name = display_name(contact, NameOrder.FIRST_LAST)
        for number in contact.numbers:
            dialled = dial(number)
            line = NumberLine(source, contact.id, name, str(number.kind), number.value, dialled.number, dialled.rule, dialled.odd)
            yield line, dialled


def number_lines(settings: Settings, profile: str | None, *, as_json: bool, odd_only: bool, tell: Callable[[str], None]) -> Iterator[str]:
    """Give every number of the sources of a profile's books, line by line; the counts go to `tell`.

    Without stored contacts every source is read once. Raises SettingsError for an unknown profile; StoreError, BuildError.
    """
    found = settings.profile(profile or "default")
    if found is None:
        names = ", ".join(item.name for item in settings.profiles)
        raise SettingsError(str(settings.origin), (f'there is no profile "{profile}". There are: {names}.',))
    used = {name for book in found.books for name in book.sources}
    tally, dial = Tally(), dialler(found)
    with contacts_at_hand(settings) as there, StoreView(there.state_dir) as view:
        for source in settings.sources:
            for line, dialled in _lines(source.name, view.contacts(source.name), dial) if source.name in used else ():
                tally.add(dialled)
                if dialled.odd or not odd_only:
                    yield msgspec.json.encode(line).decode("utf-8", "replace") if as_json else _words(line)
    for text in tally.lines():
        tell(text)


def _words(line: NumberLine) -> str:
    told = (line.name or "-", line.kind, line.number, line.dialled or "(nothing)", line.rule, f"! {line.odd}" if line.odd else "")
    return "\t".join(" ".join(part.split()) for part in told).rstrip("\t")

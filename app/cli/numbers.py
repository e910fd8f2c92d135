"""Implement the command `numbers`, which lists how phones dial every number.

A line has the number as its source wrote it, the number dialled, the rule and warnings.
The output is personal data for a terminal, never for a log.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import msgspec

from app.cli.local_data import unread, with_contacts
from app.model.names import display_name, sort_heading, sort_key
from app.model.profile import DEFAULT, DialItem, Profile
from app.model.text import plural
from app.numbers.cache import CachedDialPlan
from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import DialResult
from app.numbers.gate import is_like_emergency
from app.numbers.numbering_plans import region
from app.phones.registry import FORMATS
from app.settings.errors import SettingsError
from app.settings.loader import Settings
from app.state.store_snapshot import StoreSnapshot
from connectors.base import SourceError
from connectors.contact import Contact, PhoneNumber

_DIAL = "dial"
"""The kind of a dial item's number, which has no source."""


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One number of a contact or dial item, as written and as dialled.

    `dialled` is "" if the number cannot be dialled.
    """

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

    def add(self, dialled: DialResult) -> None:
        """Count one number."""
        self.numbers += 1
        self.undialable += not dialled.number
        self.odd += bool(dialled.odd)
        self.remarks.update(_sentences(dialled.odd))
        if is_like_emergency(
            dialled.number, dialled.rule, region(self.plan.region) if self.plan.region else None
        ):
            self.like_emergency.add(dialled.number)

    def lines(self) -> Iterator[str]:
        """Yield the counts as text, the most frequent remark first."""
        yield (
            f"{plural(self.numbers, 'number')}; {self.undialable} cannot be dialled; {self.odd}"
            " look odd."
        )
        for remark, count in sorted(self.remarks.items(), key=lambda item: (-item[1], item[0])):
            yield f"  {count}: {remark}"
        if self.like_emergency:
            begin = "begins" if len(self.like_emergency) == 1 else "begin"
            found = plural(len(self.like_emergency), "extension")
            yield (
                f"{found} {begin} like an emergency number: an exchange that connects after three"
                " digits calls for help."
            )


def _sentences(odd: str) -> list[str]:
    return [f"{part.removesuffix('.')}." for part in odd.split(". ")] if odd else []


def dialler(profile: Profile) -> Callable[[PhoneNumber], DialResult]:
    """Return a function that tells how a profile's phones dial a number."""
    memory = CachedDialPlan(profile.plan, limit=FORMATS[profile.format].LIMITS.number)
    return lambda number: memory.dial(number.value, number.canonical)


def dial_items(profile: Profile) -> Iterator[tuple[DialItem, DialResult]]:
    """Yield a profile's dial items, each with the way that its phones dial it."""
    dial = dialler(profile)
    return ((item, dial(PhoneNumber(item.number))) for item in profile.dials)


def _in_order(
    profile: Profile, sources: Iterable[str], view: StoreSnapshot
) -> Iterator[tuple[str, Contact]]:
    """Yield the contacts of sources in a profile's sort order, each with its source."""
    order = []
    for source in sources:
        for contact in view.contacts(source):
            shown = display_name(contact, profile.name_order) or next(
                (number.value for number in contact.numbers), ""
            )
            order.append(
                (
                    sort_key(sort_heading(contact, profile.sort_by, shown), shown, contact.id),
                    source,
                    contact.id,
                )
            )
    # Only the order is kept in memory. Each of a hundred thousand contacts is read again in turn.
    for _, source, key in sorted(order):
        found = view.contact(source, key)
        if found is not None:
            yield source, found


def _of_contacts(
    profile: Profile, sources: Iterable[str], view: StoreSnapshot
) -> Iterator[tuple[NumberLine, DialResult]]:
    dial = dialler(profile)
    for source, contact in _in_order(profile, sources, view):
        name = display_name(contact, profile.name_order)
        for number in contact.numbers:
            dialled = dial(number)
            yield (
                NumberLine(
                    source,
                    contact.id,
                    name,
                    str(number.kind),
                    number.value,
                    dialled.number,
                    dialled.rule,
                    dialled.odd,
                ),
                dialled,
            )


def _of_dial_items(profile: Profile) -> Iterator[tuple[NumberLine, DialResult]]:
    for item, dialled in dial_items(profile):
        yield (
            NumberLine(
                "",
                item.name,
                item.title,
                _DIAL,
                item.number,
                dialled.number,
                dialled.rule,
                dialled.odd,
            ),
            dialled,
        )


def number_lines(
    settings: Settings,
    profile: str | None,
    *,
    as_json: bool,
    odd_only: bool,
    tell: Callable[[str], None],
) -> Iterator[str]:
    """Yield a line for each number of a profile.

    Numbers of its books come first, in its sort order, then those of its dial items.
    The counts go to `tell`. Without stored contacts every source is read once. Raises
    SettingsError if the profile is unknown, StoreError or BuildError. Raises
    SourceError after the last line if a source was never read.
    """
    found = settings.profile(profile or DEFAULT)
    if found is None:
        names = ", ".join(item.name for item in settings.profiles)
        raise SettingsError(
            str(settings.origin), (f'there is no profile "{profile}". There are: {names}.',)
        )
    used = tuple(dict.fromkeys(name for book in found.books for name in book.sources))
    tally = Tally(found.plan)
    with with_contacts(settings) as there, StoreSnapshot(there.state_dir) as view:
        missing = unread(there, view, used)
        for line, dialled in chain(_of_contacts(found, used, view), _of_dial_items(found)):
            tally.add(dialled)
            if dialled.odd or not odd_only:
                yield (
                    msgspec.json.encode(line).decode("utf-8", "replace")
                    if as_json
                    else _words(line)
                )
    for text in tally.lines():
        tell(text)
    if missing:
        raise SourceError(missing)


def _words(line: NumberLine) -> str:
    told = (
        line.name or "-",
        line.kind,
        line.number,
        line.dialled or "(nothing)",
        line.rule,
        f"! {line.odd}" if line.odd else "",
    )
    return "\t".join(" ".join(part.split()) for part in told).rstrip("\t")

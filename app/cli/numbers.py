"""Implement the command `numbers`, which lists how phones dial every number.

A line has the number as its source wrote it, the number dialled, the rule and warnings.
The output is personal data for a terminal, never for a log.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import msgspec

from app.cli.dialler import Dialler
from app.cli.local_data import describe_unread, with_people
from app.cli.selection import find_profile
from app.cli.tally import Tally
from app.model.names import display_name, sort_heading, sort_key_in
from app.model.profile import Profile
from app.numbers.dialling import DialResult
from app.numbers.route import Rule
from app.people.reader import PeopleFile
from app.settings.loader import Settings
from app.state.store_snapshot import StoreSnapshot
from connectors.base import SourceError
from connectors.contact import Contact

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

    def text(self) -> str:
        """Return the line for a terminal, its columns separated by tabs."""
        columns = (
            self.name or "-",
            self.kind,
            self.number,
            self.dialled or "(nothing)",
            self.rule,
            f"! {self.odd}" if self.odd else "",
        )
        return "\t".join(" ".join(column.split()) for column in columns).rstrip("\t")

    def json(self) -> str:
        """Return the line as JSON."""
        return msgspec.json.encode(self).decode("utf-8", "replace")


def number_lines(
    settings: Settings,
    profile: str | None,
    *,
    as_json: bool,
    odd_only: bool,
    report: Callable[[str], None],
) -> Iterator[str]:
    """Yield a line for each number of a profile.

    Numbers of its books come first, in its sort order, then those of its dial items.
    The counts go to `report`. Without stored contacts every source is read once. Raises
    WrongWord if the profile is unknown, StoreError or BuildError. Raises
    SourceError after the last line if a source was never read.
    """
    found = find_profile(settings, profile)
    tally = Tally(found.plan)
    sources = tuple(dict.fromkeys(name for book in found.books for name in book.sources))
    with with_people(settings) as local, StoreSnapshot(local.settings.state_dir) as view:
        missing = describe_unread(local.settings, view, sources)
        for line, result in chain(
            _of_contacts(found, sources, local.people), _of_dial_items(Dialler(found))
        ):
            tally.add(result)
            if result.warning or not odd_only:
                yield line.json() if as_json else line.text()
    for text in tally.lines():
        report(text)
    if missing:
        raise SourceError(missing)


def _of_contacts(
    profile: Profile, sources: Iterable[str], people: PeopleFile
) -> Iterator[tuple[NumberLine, DialResult]]:
    for source, contact in _in_order(profile, sources, people):
        name = display_name(contact, profile.name_order)
        record = people.record(profile.name, source, contact.id)
        dialled = record.numbers if record is not None else ()
        for number, one in zip(contact.numbers, dialled, strict=True):
            # The last of the rules has dialled the number, those before have rewritten it.
            result = DialResult(one.number, Rule(one.rule.rpartition(", ")[2]), one.odd)
            yield (
                NumberLine(
                    source,
                    contact.id,
                    name,
                    str(number.kind),
                    number.value,
                    one.number,
                    one.rule,
                    one.odd,
                ),
                result,
            )


def _of_dial_items(dialler: Dialler) -> Iterator[tuple[NumberLine, DialResult]]:
    for item, found in dialler.dial_items():
        yield (
            NumberLine(
                "",
                item.name,
                item.title,
                _DIAL,
                item.number,
                found.number,
                found.rule_text,
                found.warning,
            ),
            found,
        )


def _in_order(
    profile: Profile, sources: Iterable[str], people: PeopleFile
) -> Iterator[tuple[str, Contact]]:
    """Yield the contacts of sources in a profile's sort order, each with its source."""
    order, key_of = [], sort_key_in(profile.language)
    for source in sources:
        for contact in people.contacts(source):
            name = display_name(contact, profile.name_order) or next(
                (number.value for number in contact.numbers), ""
            )
            heading = sort_heading(contact, profile.sort_by, name)
            order.append((key_of(heading, name, contact.id), source, contact.id))
    # Only the order is kept in memory. Each of a hundred thousand contacts is read again in turn.
    for _, source, key in sorted(order):
        found = people.contact(source, key)
        if found is not None:
            yield source, found

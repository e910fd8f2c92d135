"""Implement the command `check`.

It stores nothing that it reads. Of a running builder it reports only what the brake
holds back. Each subject has a report of its own, to which every source that was read is
added.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.cli.check_books import EmptyBooks
from app.cli.check_config import config_warnings
from app.cli.check_filters import FilterTerms
from app.cli.check_numbers import NumberCounts
from app.cli.check_security import security_warnings
from app.cli.dialler import Dialler
from app.cli.reading import read_source
from app.cli.state_dir import state_dir_warnings
from app.model.text import clean, plural
from app.numbers.dial_plan import notes
from app.settings.loader import Settings
from app.settings.sources import Source
from app.state.status import SourceStatus, read_status
from connectors.base import Full, SourceError

MAX_POSITIONS = 10


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The result of a source that was read; `status` is the running builder's."""

    source: Source
    result: Full
    status: SourceStatus

    def is_good(self) -> bool:
        """Return whether the source holds a contact or may be empty."""
        return bool(self.result.contacts) or self.source.allow_empty

    def lines(self) -> Iterator[str]:
        """Yield what was read, then warnings and notes."""
        contacts = self.result.contacts
        numbers = plural(sum(len(contact.numbers) for contact in contacts), "number")
        without = sum(not contact.numbers for contact in contacts)
        yield (
            f"source {self.source.name}: {plural(len(contacts), 'contact')} with {numbers};"
            f" {without} without a number."
        )
        for reason, count in Counter(item.reason for item in self.result.skipped).items():
            positions = [item.where for item in self.result.skipped if item.reason == reason]
            shown = ", ".join(map(clean, positions[:MAX_POSITIONS]))
            more = f" and {count - MAX_POSITIONS} more" if count > MAX_POSITIONS else ""
            yield f"  warning: skipped {count}: {clean(reason)} ({shown}{more})"
        yield from (f"  note: {clean(note)}" for note in self.result.notes)
        if self.status.state == "held":
            yield f"  warning: held back: {self.status.error}"
        elif not self.is_good():
            yield (
                "  it is empty: the phones keep what they had until you accept it (allow_empty ="
                " true always accepts it)."
            )


def configuration_lines(settings: Settings) -> Iterator[str]:
    """Yield what the configuration says, with notes and warnings that need no source."""
    sources, profiles = len(settings.sources), len(settings.profiles)
    counts = f"{plural(sources, 'source')}, {plural(profiles, 'profile')}"
    yield f"{settings.origin}: the configuration is good ({counts})."
    yield from _dial_plan_notes(settings)
    for warning in (*state_dir_warnings(settings.state_dir), *security_warnings(settings)):
        yield f"  warning: {warning}"


def _dial_plan_notes(settings: Settings) -> Iterator[str]:
    found = {profile.name: notes(profile.plan) for profile in settings.profiles}
    if len(set(found.values())) == 1:
        yield from (f"[numbers]: {note}" for note in found[settings.profiles[0].name])
        return
    for name, of_profile in found.items():
        yield from (f"[numbers] of profile {name}: {note}" for note in of_profile)


def check_sources(settings: Settings, echo: Callable[[str], None]) -> bool:
    """Read every source and report the results to `echo`.

    Returns whether all sources could be read and none is empty, unless it has
    `allow_empty`. Skipped items, and a result that the brake holds back, are only
    warnings.
    """
    diallers = tuple(map(Dialler, settings.profiles))
    counts = NumberCounts(diallers)
    filters = FilterTerms(settings.profiles)
    empty = EmptyBooks(diallers)
    statuses = read_status(settings.state_dir).sources
    good = True
    for source in settings.sources:
        try:
            result = read_source(source)
        except SourceError as error:
            echo(f"source {source.name}: FAILED. {clean(str(error))}")
            good = False
            continue
        report = SourceReport(source, result, statuses.get(source.name, SourceStatus()))
        for line in report.lines():
            echo(line)
        good = good and report.is_good()
        for subject in (counts, filters, empty):
            subject.add(source.name, result.contacts)
    for line in counts.lines():
        echo(line)
    for warning in (*config_warnings(settings, diallers), *filters.warnings(), *empty.warnings()):
        echo(f"  warning: {clean(warning)}")
    return good

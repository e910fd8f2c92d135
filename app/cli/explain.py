"""Implement the command `explain`, which prints the outcome for contacts.

The output includes the keys to press and the locations of contacts in their sources. It
is personal data for a terminal, never for a log.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import msgspec

from app.cli.local_data import LocalData, describe_unread, with_people
from app.cli.matcher import matcher
from app.generation.files import current_version
from app.model.text import plural
from app.people.explanation import BookOutcome, Explainer, Explanation, NumberOutcome
from app.people.reader import Person
from app.people.row_location import RowLocation
from app.people.skipped_parts import skipped_parts
from app.settings.loader import Settings
from app.state.status import iso_time, read_status
from app.state.store import Store
from app.state.store_snapshot import StoreSnapshot
from connectors.base import SourceError


def explain_lines(
    settings: Settings, query: str, *, as_json: bool, report: Callable[[str], None]
) -> Iterator[str]:
    """Yield the outcome for every contact that matches, line by line.

    Remarks go to `report`. As JSON each contact is one object. Without stored contacts
    every source is read once. Raises SettingsError, StoreError, BuildError,
    BrokenGeneration or NoPeopleFileError. Raises SourceError if no contact matches and
    a source was never read.
    """
    names = [source.name for source in settings.sources]
    with with_people(settings) as local, StoreSnapshot(local.settings.state_dir) as view:
        there = local.settings
        if current_version(settings.state_dir) != local.generation.version:
            report(
                "Phones are not served by this configuration yet: this is what it will make of the"
                " contacts."
            )
        found = _located(_explained(query, names, local), there, report)
        if as_json:
            yield from (msgspec.json.encode(item).decode("utf-8", "replace") for item in found)
        elif found:
            printed: dict[tuple[str, ...], str] = {}
            for item in found:
                yield from _contact(item, printed)
        else:
            yield from _no_match(query, there)
        missing = describe_unread(there, view, names)
        if missing and not found:
            raise SourceError(missing)
        if missing:
            report(missing)


def _explained(query: str, sources: list[str], local: LocalData) -> tuple[Explanation, ...]:
    matches = matcher(query)
    explainer = Explainer(local.settings.profiles, local.people, local.generation)
    return tuple(
        explainer.explain(Person(source, contact))
        for source in sources
        for contact in local.people.contacts(source)
        if matches(contact)
    )


def _located(
    found: tuple[Explanation, ...], settings: Settings, report: Callable[[str], None]
) -> tuple[Explanation, ...]:
    """Return the explanations with locations in sources and skipped items added.

    If a source cannot be read now, a remark goes to `report`.
    """
    locations: dict[str, Mapping[str, str]] = {}
    used, store = {item.source for item in found}, Store(settings.state_dir)
    skipped = {name: store.record(name).skipped for name in used}
    for source in settings.sources:
        try:
            locations[source.name] = source.connector.locations() if source.name in used else {}
        except SourceError as error:
            report(f"source {source.name}: the positions of its contacts are not known. {error}")
    located = (
        replace(item, where=locations.get(item.source, {}).get(item.id, "")) for item in found
    )
    return tuple(
        replace(item, skipped=skipped_parts(skipped[item.source], item.where, item.id))
        for item in located
    )


def _no_match(query: str, settings: Settings) -> Iterator[str]:
    yield (
        f"No source has a contact that matches {query!r}. Every word must begin a word of the name,"
        " or stand in a number."
    )
    store, statuses = Store(settings.state_dir), read_status(settings.state_dir).sources
    for source in settings.sources:
        record = store.record(source.name)
        read = (
            plural(record.contacts, "contact")
            if record.last_success is not None
            else "never read: see `directory-gateway check`"
        )
        yield f"  source {source.name}: {read}"
        status = statuses.get(source.name)
        if record.last_success is not None and status is not None and status.error:
            yield f"    {status.state}, last read {iso_time(record.last_success)}: {status.error}"
        for reason, count in Counter(item.reason for item in record.skipped).items():
            locations = ", ".join(item.where for item in record.skipped if item.reason == reason)
            yield f"    skipped {count}: {reason} ({locations[:200]})"


def _contact(item: Explanation, printed: dict[tuple[str, ...], str]) -> Iterator[str]:
    """Yield the lines about a contact.

    `printed` maps lines about a book to its name. Books of several profiles, and
    contacts that are merged, often have the same lines: they are printed once.
    """
    organization = (
        f" ({item.organization})" if item.organization and item.organization != item.name else ""
    )
    yield (
        f"{item.name or '(no name)'}{organization}: source {item.source},"
        f" {f'{item.where}, ' if item.where else ''}id {item.id}"
    )
    if item.groups:
        yield f"  groups: {', '.join(item.groups)}"
    yield from (f"  skipped: {what}" for what in item.skipped)
    if not item.books:
        yield f"  NOT LISTED: no book of any profile is made of source {item.source}"
    for outcome in item.books:
        name = f"book {outcome.book} ({outcome.title}), profile {outcome.profile}"
        yield f"  {name}: {_result(outcome)}"
        lines = tuple(_numbers(outcome))
        if len(lines) > 1 and lines in printed:
            yield f"    the same lines as above: {printed[lines]}"
        else:
            yield from lines
            printed[lines] = name
    yield ""


def _result(outcome: BookOutcome) -> str:
    if any(number.spot is not None for number in outcome.numbers):
        return outcome.reason or "listed"
    return f"NOT LISTED: {outcome.reason or _why_none(outcome.numbers)}"


def _numbers(outcome: BookOutcome) -> Iterator[str]:
    if outcome.merged is not None:
        parts = ", ".join(f"{source} {key}" for source, key in outcome.merged.parts)
        yield (
            f"    merged: {parts}; {outcome.merged.reason}. The name is that of"
            f" {outcome.merged.parts[0][0]}."
        )
    for number in outcome.numbers:
        yield from _number(number)


def _why_none(numbers: tuple[NumberOutcome, ...]) -> str:
    return (
        "; ".join(dict.fromkeys(number.reason for number in numbers if number.reason))
        or "no number"
    )


def _number(number: NumberOutcome) -> Iterator[str]:
    label = f", {number.label}" if number.label and number.label.casefold() != number.kind else ""
    dialled = f"dials {number.dialled} ({number.rule})" if number.dialled else "dials nothing"
    source = f", from {number.source}" if number.source else ""
    yield f"    {number.value} ({number.kind}{label}{source}): {dialled}" + (
        f"; {number.reason}" if number.reason else ""
    )
    if number.odd and number.odd not in number.reason:
        yield f"      odd: {number.odd}"
    if number.spot is not None:
        yield f"      {number.spot.name!r}: {_position(number.spot)}"


def _position(spot: RowLocation) -> str:
    way = " > ".join(
        ["Directories", *(f"{step.key} {step.label}" for step in spot.way), f"line {spot.line}"]
    )
    return (
        f"entry {spot.place} of {spot.rows}, page {spot.page} of {spot.pages}, line {spot.line}:"
        f" {way}"
    )

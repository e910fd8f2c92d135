"""Implement the commands `check`, `fetch` and `login`.

They store nothing that they read. Only `fetch` shows contacts. Of a running builder
`check` reports only what the brake holds back.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

import msgspec

from app.cli.check_books import EmptyBooks
from app.cli.check_config import config_warnings
from app.cli.check_filters import FilterTerms
from app.cli.check_security import security_warnings
from app.cli.numbers import Tally, dial_items, dialler
from app.model.text import clean, plural
from app.numbers.dial_plan import notes
from app.refresh.refresher import with_source_name
from app.refresh.source_thread import fetch_once
from app.settings.errors import SettingsError
from app.settings.loader import Settings
from app.settings.sources import Source
from app.state import control
from app.state.status import read as read_status
from connectors.base import Full, Progress, SourceError
from connectors.contact import Contact

_MOST_SHOWN = 10


def _progress_bar(name: str) -> tuple[Progress | None, Callable[[], None]]:
    """Return a function that draws progress on the terminal, and one that erases it.

    Without a terminal there is no progress function, and the other one does nothing.
    """
    if not sys.stderr.isatty():
        return None, lambda: None

    def draw(done: int, total: int | None) -> None:
        part = f"{done} of {total}" if total else str(done)
        sys.stderr.write(f"\r{name}: {part} ...")
        sys.stderr.flush()

    def end() -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

    return draw, end


def read_source(source: Source) -> Full:
    draw, end = _progress_bar(source.name)
    try:
        result = fetch_once(source, None, draw)
    finally:
        end()
    if isinstance(result, Exception):
        raise result
    if not isinstance(result, Full):
        raise TypeError(f"connector {source.word!r} returned a Delta where nothing was known")
    return result


def check_sources(settings: Settings, say: Callable[[str], None]) -> bool:
    """Read every source and report the results to `say`.

    Returns whether all sources could be read and none is empty, unless it has
    `allow_empty`. Skipped items, and a result that the brake holds back, are only
    warnings.
    """
    good = True
    known = read_status(settings.state_dir).sources
    tallies = {
        profile.name: (Tally(profile.plan), dialler(profile)) for profile in settings.profiles
    }
    for profile in settings.profiles:
        for _, dialled in dial_items(profile):
            tallies[profile.name][0].add(dialled)
    words, empty = FilterTerms(), EmptyBooks(settings.profiles)
    for source in settings.sources:
        try:
            result = read_source(source)
        except SourceError as error:
            good = False
            say(f"source {source.name}: FAILED. {clean(with_source_name(str(error), source.name))}")
            continue
        words.add(source.name, result.contacts)
        for profile in settings.profiles:
            if any(source.name in book.sources for book in profile.books):
                tally, dial = tallies[profile.name]
                for contact in result.contacts:
                    for number in contact.numbers:
                        tally.add(dial(number))
                empty.add(
                    profile.name,
                    source.name,
                    result.contacts,
                    lambda number, dial=dial: bool(dial(number).number),  # type: ignore[misc]
                )
        numbers = sum(len(contact.numbers) for contact in result.contacts)
        without = sum(not contact.numbers for contact in result.contacts)
        told = f"{plural(len(result.contacts), 'contact')} with {plural(numbers, 'number')}"
        say(f"source {source.name}: {told}; {without} without a number.")
        for reason, count in Counter(item.reason for item in result.skipped).items():
            places = [clean(item.where) for item in result.skipped if item.reason == reason]
            more = f" and {count - _MOST_SHOWN} more" if count > _MOST_SHOWN else ""
            say(
                f"  warning: skipped {count}: {clean(reason)}"
                f" ({', '.join(places[:_MOST_SHOWN])}{more})"
            )
        for note in result.notes:
            say(f"  note: {clean(note)}")
        if source.name in known and known[source.name].state == "held":
            say(f"  warning: held back: {known[source.name].error}")
        elif not result.contacts and not source.allow_empty:
            say(
                "  it holds nobody: phones keep whom they had until you accept it (allow_empty ="
                " true always does)."
            )
        good = good and (bool(result.contacts) or source.allow_empty)
    for name, (tally, _) in tallies.items():
        for line in tally.lines() if tally.numbers else ():
            say(f"profile {name}: {line}" if not line.startswith(" ") else line)
        if tally.odd:
            say(f"  see them all: directory-gateway numbers --odd --profile {name}")
    for line in (
        *config_warnings(settings),
        *words.unmatched(settings.profiles),
        *empty.warnings(),
    ):
        say(f"  warning: {clean(line)}")
    return good


def configuration_lines(settings: Settings) -> Iterator[str]:
    """Yield notes and warnings about the configuration that need no source."""
    yield from plan_lines(settings)
    yield from (f"  warning: {warning}" for warning in security_warnings(settings))


def plan_lines(settings: Settings) -> Iterator[str]:
    """Yield notes on each profile's dial plan, line by line."""
    told = {profile.name: notes(profile.plan) for profile in settings.profiles}
    if len(set(told.values())) == 1:
        yield from (f"[numbers]: {note}" for note in told[settings.profiles[0].name])
    else:
        yield from (
            f"[numbers] of profile {name}: {note}" for name, found in told.items() for note in found
        )


def fetch_lines(
    settings: Settings, name: str, *, as_json: bool, warn: Callable[[str], None]
) -> Iterator[str]:
    """Yield the contacts of a source, line by line.

    Notes and skipped items go to `warn`. Raises SettingsError if the source is unknown,
    SourceError if it cannot be read.
    """
    source = _source(settings, name)
    try:
        result = read_source(source)
    except SourceError as error:
        raise SourceError(with_source_name(str(error), name)) from error
    for contact in result.contacts:
        yield _json(contact) if as_json else _line(contact)
    for note in result.notes:
        warn(clean(f"note: {note}"))
    for item in result.skipped:
        warn(clean(f"skipped: {item.reason} ({item.where})"))


def _json(contact: Contact) -> str:
    """Return all fields of a contact and its numbers as JSON, defaults included."""
    numbers = [msgspec.structs.asdict(number) for number in contact.numbers]
    return msgspec.json.encode(msgspec.structs.asdict(contact) | {"numbers": numbers}).decode(
        "utf-8", "replace"
    )


def _line(contact: Contact) -> str:
    name = contact.name or f"{contact.given_name} {contact.family_name}".strip()
    numbers = ", ".join(
        f"{number.value} ({number.kind}{f': {number.label}' if number.label else ''})"
        for number in contact.numbers
    )
    return "\t".join(
        clean(text) or "-"
        for text in (name, contact.organization, numbers, ", ".join(contact.groups))
    )


def sign_in(settings: Settings, name: str, port: int | None, say: Callable[[str], None]) -> None:
    """Let a person sign in to a source, then request a refresh from a running builder.

    Raises SettingsError if the source is unknown, SourceError if the sign-in fails.
    """
    source = _source(settings, name)
    try:
        source.connector.sign_in(say=say, port=port)
    except SourceError as error:
        raise SourceError(f"source {name!r}: {with_source_name(str(error), name)}") from error
    if settings.state_dir.is_dir():
        with suppress(OSError):
            control.send(settings.state_dir, control.REFRESH, name)


def _source(settings: Settings, name: str) -> Source:
    source = settings.source(name)
    if source is None:
        names = ", ".join(item.name for item in settings.sources)
        raise SettingsError(
            str(settings.origin), (f'there is no source "{name}". There are: {names}.',)
        )
    return source

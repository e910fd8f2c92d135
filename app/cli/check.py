"""Implement the command `check`.

It stores nothing that it reads. Of a running builder it reports only what the brake
holds back. Each subject has a report of its own, to which every source that was read is
added.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from app.cli.check_books import EmptyBooks
from app.cli.check_config import config_warnings
from app.cli.check_filters import FilterTerms
from app.cli.check_numbers import NumberCounts
from app.cli.check_security import security_warnings
from app.cli.dialler import Dialler
from app.cli.reading import read_source
from app.cli.state_dir import state_dir_warnings
from app.cli.terminal import working
from app.exchange.base import ExchangeError, UnpreparedError
from app.model.text import clean, plural
from app.numbers.dial_plan import notes
from app.settings.config_file import file_bytes
from app.settings.key_lines import with_lines
from app.settings.loader import Settings
from app.settings.sources import Source
from app.state.status import SourceStatus, iso_time, read_status
from app.tls.examination import date_problem, examine
from app.tls.pair import CertificateError, TlsSettings, certificate_problem, read_pair
from connectors.base import Full, SourceError

MAX_POSITIONS = 10


class Level(StrEnum):
    """How much a finding matters. Only FAILED changes the exit code."""

    INFO = "info"
    NOTE = "note"
    WARNING = "warning"
    FAILED = "failed"


class CheckFinding(msgspec.Struct, frozen=True):
    """A finding about a source, or about the configuration if `source` is "".

    `contacts` and `numbers` are the counts of a source that was read.
    """

    level: Level
    source: str
    message: str
    contacts: int | None = None
    numbers: int | None = None

    def text(self) -> str:
        """Return the line for a terminal."""
        if self.level in (Level.NOTE, Level.WARNING):
            return f"  {self.level}: {self.message}"
        subject = f"source {self.source}: " if self.source else ""
        return f"{subject}{'FAILED. ' if self.level is Level.FAILED else ''}{self.message}"

    def json(self) -> str:
        """Return the line as JSON."""
        return msgspec.json.encode(self).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The result of a source that was read; `status` is the running builder's."""

    source: Source
    result: Full
    status: SourceStatus

    def findings(self) -> Iterator[CheckFinding]:
        """Yield what was read, then warnings and notes."""
        contacts, name = self.result.contacts, self.source.name
        count = sum(len(contact.numbers) for contact in contacts)
        without = sum(not contact.numbers for contact in contacts)
        read = (
            f"{plural(len(contacts), 'contact')} with {plural(count, 'number')}; {without} without"
            " a number."
        )
        yield CheckFinding(Level.INFO, name, read, len(contacts), count)
        for reason, times in Counter(item.reason for item in self.result.skipped).items():
            positions = [item.where for item in self.result.skipped if item.reason == reason]
            shown = ", ".join(map(clean, positions[:MAX_POSITIONS]))
            more = f" and {times - MAX_POSITIONS} more" if times > MAX_POSITIONS else ""
            message = f"skipped {times}: {clean(reason)} ({shown}{more})"
            yield CheckFinding(Level.WARNING, name, message)
        yield from (CheckFinding(Level.NOTE, name, clean(note)) for note in self.result.notes)
        if self.status.state == "held":
            yield CheckFinding(Level.WARNING, name, f"held back: {self.status.error}")
        if not contacts and not self.source.allow_empty:
            yield CheckFinding(
                Level.FAILED,
                name,
                "it is empty: the phones keep what they had until you accept it (allow_empty = true"
                " always accepts it).",
            )


def configuration_findings(settings: Settings) -> Iterator[CheckFinding]:
    """Yield what the configuration says, with notes and warnings that need no source."""
    sources, profiles = len(settings.sources), len(settings.profiles)
    counts = f"{plural(sources, 'source')}, {plural(profiles, 'profile')}"
    yield _info(f"{settings.origin}: the configuration is good ({counts}).")
    yield _info(f"state_dir: {clean(str(settings.state_dir))} ({settings.state_dir_origin})")
    yield from map(_info, _dial_plan_notes(settings))
    if settings.tls is not None:
        yield from _certificate_findings(settings, settings.tls)
    yield from _warnings(settings, state_dir_warnings(settings.state_dir))
    yield from _warnings(settings, security_warnings(settings))


def _certificate_findings(settings: Settings, tls: TlsSettings) -> Iterator[CheckFinding]:
    port = settings.port if settings.https_port is None else settings.https_port
    try:
        facts = examine(tls, read_pair(tls))
    except CertificateError as error:
        yield from _findings(settings, Level.FAILED, error.problems)
        return
    names = ", ".join(facts.names) or "no host"
    until = iso_time(facts.expires)
    yield _info(f"https on port {port}: the certificate for {names} is valid until {until}.")
    problem = date_problem(facts.starts, facts.expires, facts.warn_from, time.time())
    if problem:
        is_valid = facts.starts <= time.time() < facts.expires
        level = Level.WARNING if is_valid else Level.FAILED
        yield from _findings(settings, level, (certificate_problem(tls, problem),))
    yield from _warnings(settings, facts.warnings)


def _info(message: str) -> CheckFinding:
    return CheckFinding(Level.INFO, "", message)


def _warnings(settings: Settings, messages: Iterable[str]) -> Iterator[CheckFinding]:
    yield from _findings(settings, Level.WARNING, messages)


def _findings(settings: Settings, level: Level, messages: Iterable[str]) -> Iterator[CheckFinding]:
    """Yield findings, with the line of the file where the key of one is known."""
    found = tuple(map(clean, messages))
    if found:
        text = file_bytes(settings.origin).decode("utf-8-sig")
        yield from (CheckFinding(level, "", message) for message in with_lines(found, text))


def _dial_plan_notes(settings: Settings) -> Iterator[str]:
    found = {profile.name: notes(profile.plan) for profile in settings.profiles}
    if len(set(found.values())) == 1:
        yield from (f"[numbers]: {note}" for note in found[settings.profiles[0].name])
        return
    for name, of_profile in found.items():
        yield from (f"[numbers] of profile {name}: {note}" for note in of_profile)


def exchange_findings(settings: Settings) -> Iterator[CheckFinding]:
    """Ask the exchange of several hosts, if there is one, and yield what it tells."""
    if settings.exchange is None:
        return
    # Only a host of several loads it.
    from app.cli.check_exchange import exchange_lines, exchange_warnings, read_hosts

    try:
        status, hosts = read_hosts(settings)
    except UnpreparedError as error:
        yield from _warnings(settings, (f"exchange: {error}",))
        return
    except ExchangeError as error:
        yield CheckFinding(Level.FAILED, "", f"exchange: {clean(str(error))}")
        return
    yield from map(_info, exchange_lines(status))
    yield from _warnings(settings, exchange_warnings(settings, status, hosts))


def source_findings(settings: Settings) -> Iterator[CheckFinding]:
    """Read every source, and yield the results.

    Skipped items, and a result that the brake holds back, are only warnings.
    """
    diallers = tuple(map(Dialler, settings.profiles))
    counts = NumberCounts(diallers)
    filters = FilterTerms(settings.profiles)
    empty = EmptyBooks(diallers)
    written = read_status(settings.state_dir)
    for source in settings.sources:
        try:
            result = read_source(source)
        except SourceError as error:
            yield CheckFinding(Level.FAILED, source.name, clean(str(error)))
            continue
        status = written.sources.get(source.name, SourceStatus())
        yield from SourceReport(source, result, status).findings()
        if settings.exchange is not None:
            from app.cli.check_exchange import other_files

            for text in other_files(source, len(result.contacts), written):
                yield CheckFinding(Level.WARNING, source.name, text)
        with working(f"{source.name}: looking at each number"):
            for subject in (counts, filters, empty):
                subject.add(source.name, result.contacts)
    yield from map(_info, counts.lines())
    yield from _warnings(
        settings,
        (*config_warnings(settings, diallers), *filters.warnings(), *empty.warnings()),
    )

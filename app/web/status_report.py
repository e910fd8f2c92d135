"""Build the status report for `/-/status`, the command line and the home page.

The report joins the metadata of a generation with the builder's status.
"""

import time

import msgspec

from app.generation.reader import Generation
from app.settings.loader import Settings
from app.settings.operator_password import read_operator_password
from app.state.certificate_state import read_certificate_state
from app.state.host_status import ExchangeStatus
from app.state.recent_requests import RecentRequests
from app.state.reload_state import read_reload_problem
from app.state.status import SourceStatus, Status, exchange_now, iso_time
from app.tls.examination import date_problem

SILENT_SECONDS = 300.0
"""Age of a running builder's status from which it is a problem.

The builder writes its status every ten seconds, but not while it builds.
"""


class GenerationReport(msgspec.Struct, frozen=True):
    """The served generation; times in ISO 8601 with offset, durations in seconds."""

    version: str
    built_at: str
    age_seconds: float
    build_seconds: float


class SourceReport(msgspec.Struct, frozen=True, kw_only=True):
    """One source.

    `state` is ok, failing, refused, held or never. A change of a file in `waits_for`
    starts the next fetch.
    """

    state: str
    contacts: int
    skipped: dict[str, int]
    last_success: str | None
    failing_since: str | None
    next_try: str | None
    held_since: str | None
    waits_for: tuple[str, ...]
    error: str


class BookReport(msgspec.Struct, frozen=True):
    """One book of a profile, with its rows and the unlisted items by reason."""

    rows: int
    unlisted: dict[str, int]


class ProfileReport(msgspec.Struct, frozen=True):
    """One profile's books by name."""

    books: dict[str, BookReport]


class CertificateReport(msgspec.Struct, frozen=True):
    """The certificate that is served.

    `expires` is in ISO 8601. `problem` says why renewed files were not taken, "" if
    they were.
    """

    expires: str
    problem: str


class Report(msgspec.Struct, frozen=True):
    """The complete report.

    `demo` tells that the people are invented (`--demo`). `generation` is None while no
    generation of the current configuration exists. `problem` is a sentence about a
    problem of the gateway, "" if it has none.
    `certificate` is None without https, `exchange` on a host that is alone.
    """

    demo: bool
    generation: GenerationReport | None
    sources: dict[str, SourceReport]
    profiles: dict[str, ProfileReport]
    problem: str
    certificate: CertificateReport | None
    exchange: ExchangeStatus | None


class RefusedRequest(msgspec.Struct, frozen=True):
    """Equal requests that were refused; `last` is in ISO 8601."""

    address: str
    device: str
    path: str
    reason: str
    count: int
    last: str


class PhoneReport(msgspec.Struct, frozen=True):
    """A phone that got a page; `last` is in ISO 8601."""

    address: str
    device: str
    model: str
    profile: str
    last: str


class FullReport(Report, frozen=True):
    """The report of a running gateway, with its last refused requests and phones."""

    refused_requests: tuple[RefusedRequest, ...]
    phones: tuple[PhoneReport, ...]


def source_report(status: SourceStatus) -> SourceReport:
    """Return the report on one source from its status."""
    return SourceReport(
        state=status.state,
        contacts=status.contacts,
        skipped=status.skipped,
        last_success=iso_time(status.last_success),
        failing_since=iso_time(status.failing_since),
        next_try=iso_time(status.next_try),
        held_since=iso_time(status.held_since),
        waits_for=status.waits_for,
        error=status.error,
    )


def report(settings: Settings, generation: Generation | None, status: Status) -> Report:
    """Return the report on a configuration, its generation and the builder's status."""
    sources = {
        source.name: source_report(status.sources.get(source.name) or SourceStatus())
        for source in settings.sources
    }
    profiles = {
        profile.name: ProfileReport(
            {book.name: _book_report(generation, profile.name, book.name) for book in profile.books}
        )
        for profile in settings.profiles
    }
    problem = find_problem(settings, status)
    return Report(
        settings.is_demo,
        _generation_report(generation),
        sources,
        profiles,
        problem,
        _certificate_report(settings),
        exchange_now(status) if settings.exchange is not None else None,
    )


def full_report(
    settings: Settings, generation: Generation | None, status: Status, recent: RecentRequests
) -> FullReport:
    """Return the report of a running gateway."""
    basic = report(settings, generation, status)
    refused, phones = recent.read()
    return FullReport(
        basic.demo,
        basic.generation,
        basic.sources,
        basic.profiles,
        basic.problem,
        basic.certificate,
        basic.exchange,
        tuple(
            RefusedRequest(
                item.address,
                item.device,
                item.path,
                item.reason,
                item.count,
                iso_time(item.last) or "",
            )
            for item in refused
        ),
        tuple(
            PhoneReport(
                item.address, item.device, item.model, item.profile, iso_time(item.last) or ""
            )
            for item in phones
        ),
    )


def find_problem(settings: Settings, status: Status) -> str:
    """Return sentences about problems of the gateway itself, "" if it has none."""
    found = (
        status.problem,
        _silence(status),
        _reload(settings),
        _password(settings),
        _certificate(settings),
    )
    problems = [problem for problem in found if problem]
    # The last one may end with a command, which gets no stop.
    return " ".join([*(f"{problem.rstrip('.')}." for problem in problems[:-1]), *problems[-1:]])


def _generation_report(generation: Generation | None) -> GenerationReport | None:
    if generation is None:
        return None
    return GenerationReport(
        generation.version,
        iso_time(generation.built_at) or "",
        round(max(time.time() - generation.built_at, 0.0), 1),
        round(generation.build_seconds, 3),
    )


def _book_report(generation: Generation | None, profile: str, book: str) -> BookReport:
    if generation is None:
        return BookReport(0, {})
    table = generation.book_table(profile, book)
    unlisted = {
        item.reason: item.count
        for item in generation.unlisted
        if (item.profile, item.book) == (profile, book)
    }
    return BookReport(table.rows if table is not None else 0, unlisted)


def _reload(settings: Settings) -> str:
    problem, since = read_reload_problem(settings.state_dir)
    return f"The reload of {iso_time(since)} was not taken: {problem}" if problem else ""


def _password(settings: Settings) -> str:
    file = settings.access.operator_password_file
    if file is not None:
        try:
            read_operator_password(file)
        except ValueError as error:
            return (
                f"The file of the operators' password cannot be used, so nobody can log in: {file}:"
                f" {error}. Write it anew: directory-gateway hash-password"
            )
    return ""


def _certificate_report(settings: Settings) -> CertificateReport | None:
    state = read_certificate_state(settings.state_dir)
    if settings.tls is None or state is None:
        return None
    return CertificateReport(iso_time(state.expires) or "", state.problem)


def _certificate(settings: Settings) -> str:
    state = read_certificate_state(settings.state_dir)
    if settings.tls is None or state is None:
        return ""
    if state.problem:
        return (
            "The files of the certificate cannot be used. The former certificate is served, until"
            f" {iso_time(state.expires)}: {state.problem}"
        )
    problem = date_problem(state.starts, state.expires, state.warn_from, time.time())
    return f"The certificate in {settings.tls.certificate} {problem}" if problem else ""


def _silence(status: Status) -> str:
    if not status.builder or time.time() - status.written_at <= SILENT_SECONDS:
        return ""
    return (
        f"The builder has told nothing since {iso_time(status.written_at)}: it does not run, or its"
        " state_dir cannot be written. The log says which; phones keep what they have."
    )

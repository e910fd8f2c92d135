"""Implement the command `status`."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from app.cli.host_lines import host_lines
from app.cli.running_gateway import NoAnswer, describe_running, running_report
from app.cli.state_dir import refuse_unreadable
from app.generation.files import current_version, file_name
from app.generation.reader import BrokenGeneration, Generation
from app.model.text import clean, plural
from app.settings.loader import Settings, state_dir_of
from app.state.locks import SERVING, is_held
from app.state.status import SourceStatus, Status, read_status
from app.web.publisher import Publisher
from app.web.status_report import (
    FullReport,
    GenerationReport,
    SourceReport,
    report,
    source_report,
)

FAILING_INTERVALS = 3
"""How many intervals of a source it may fail before the exit code says so."""
_FAULTS = {
    "refused": "needs a correction",
    "held": "is held back by the brake",
    "never": "was never read",
}


class ReportWithFaults(FullReport, frozen=True):
    """The report for `--json`.

    `running` is what runs, in words. `faults` are the reasons for exit code 1.
    `state_dir` is the state directory, `state_dir_origin` what decided it.
    `requests_problem` tells why a gateway that runs does not report its last requests
    and phones, "" if it does.
    """

    running: str
    faults: tuple[str, ...]
    requests_problem: str
    state_dir: str
    state_dir_origin: str


def find_faults(settings: Settings, status: Status, now: float, *, is_serving: bool) -> list[str]:
    """Return what a monitoring program should report, each a sentence without a stop.

    `now` is in seconds since 1970.
    """
    faults = [] if is_serving else ["the phones are not served"]
    for source in settings.sources:
        found = status.sources.get(source.name) or SourceStatus()
        if found.state in _FAULTS:
            faults.append(f"source {source.name} {_FAULTS[found.state]}")
        elif (
            found.state == "failing"
            and found.failing_since is not None
            and now - found.failing_since > FAILING_INTERVALS * source.refresh
        ):
            faults.append(f"source {source.name} fails for more than {FAILING_INTERVALS} intervals")
    return faults


def read_report(settings: Settings) -> ReportWithFaults:
    """Return the status of a configuration's state directory.

    The last requests and phones are those of the running gateway, if it answers. Raises
    SettingsError if the state directory cannot be read.
    """
    refuse_unreadable(settings.state_dir)
    is_serving = is_held(settings.state_dir, SERVING)
    with closing(Publisher(settings)) as publisher:
        status = publisher.status
        basic = report(settings, publisher.generation, status)
    faults = find_faults(settings, status, time.time(), is_serving=is_serving)
    if basic.problem:
        faults.append("the gateway has a problem")
    elif basic.generation is None:
        faults.append("nothing is published")
    recent, problem = _recent(settings) if is_serving else (None, "")
    return ReportWithFaults(
        basic.demo,
        basic.generation,
        basic.sources,
        basic.profiles,
        basic.problem,
        basic.certificate,
        basic.exchange,
        recent.refused_requests if recent is not None else (),
        recent.phones if recent is not None else (),
        describe_running(settings),
        tuple(faults),
        problem,
        str(settings.state_dir),
        settings.state_dir_origin,
    )


def _recent(settings: Settings) -> tuple[FullReport | None, str]:
    try:
        return running_report(settings), ""
    except NoAnswer as error:
        return None, str(error)


def status_json(status: ReportWithFaults) -> str:
    """Return the report as one JSON object."""
    return msgspec.json.encode(status).decode("utf-8", "replace")


def status_lines(settings: Settings, status: ReportWithFaults) -> Iterator[str]:
    """Yield the report, line by line."""
    yield f"running: {status.running}"
    if status.demo:
        yield "demo: invented people (directory-gateway init: your own contacts)"
    yield from (f"fault: {fault}" for fault in status.faults)
    yield f"state_dir: {status.state_dir} ({status.state_dir_origin})"
    yield f"generation: {_generation(status.generation, settings.state_dir)}"
    if status.problem:
        yield f"problem: {status.problem}"
    if status.exchange is not None:
        does = "builds" if status.exchange.builds else "follows"
        yield f"exchange: this host, {clean(status.exchange.name)}, {does}"
        yield from host_lines(status.exchange)
    if status.certificate is not None:
        yield f"certificate: expires {status.certificate.expires}"
    for name, source in status.sources.items():
        yield from _source_lines(name, source)
    for profile, books in status.profiles.items():
        for name, book in books.books.items():
            entries = "entry" if book.rows == 1 else "entries"
            yield f"book {name} (profile {profile}): {book.rows} {entries}"
            for reason, count in book.unlisted.items():
                yield f"  not listed {count}: {reason}"
    # Clients choose what stands in their requests.
    yield from map(clean, _recent_lines(status))


def _recent_lines(status: ReportWithFaults) -> Iterator[str]:
    if status.requests_problem:
        yield f"phones and refused requests: not known. {status.requests_problem}"
    for phone in status.phones:
        words = " ".join(filter(None, (phone.device, phone.model, phone.address)))
        yield f"phone {words} (profile {phone.profile}): last {phone.last}"
    for item in status.refused_requests:
        words = " ".join(filter(None, (item.device, item.address)))
        times = "once" if item.count == 1 else f"{item.count} times"
        yield f"refused {words} {item.path}: {item.reason}; {times}, last {item.last}"


def status_lines_without_configuration(config: Path | None) -> Iterator[str]:
    """Yield what the state directory of an invalid configuration tells, line by line.

    Yields nothing if the directory is not known or does not exist.
    """
    folder, origin = state_dir_of(config) or (None, "")
    if folder is None or not folder.is_dir():
        return
    refuse_unreadable(folder)
    yield f"state_dir: {folder} ({origin})"
    runs = "the gateway" if is_held(folder, SERVING) else "a builder" if is_held(folder) else ""
    yield f"running: {runs}, with its former configuration" if runs else "running: nothing"
    status, version = read_status(folder), current_version(folder)
    yield f"generation: {version or 'none'}"
    if status.problem:
        yield f"problem: {status.problem}"
    for name, source in status.sources.items():
        yield from _source_lines(name, source_report(source))


def _generation(generation: GenerationReport | None, folder: Path) -> str:
    if generation is not None:
        return (
            f"{generation.version}, built {generation.built_at} in {generation.build_seconds:g} s"
        )
    other = current_version(folder)
    none = "none of this configuration yet"
    if other is None:
        return none
    try:
        Generation(folder / file_name(other)).close()
    except BrokenGeneration as error:
        return f"{none}; {error}"
    return (
        f"{none}; {other} is of another configuration (if a gateway runs: directory-gateway reload)"
    )


def _source_lines(name: str, source: SourceReport) -> Iterator[str]:
    contacts = plural(source.contacts, "contact")
    yield f"source {name}: {source.state}, {contacts}, last read {source.last_success or 'never'}"
    if source.failing_since:
        yield f"  failing since {source.failing_since}"
    if source.held_since:
        yield f"  held since {source.held_since}"
    if source.next_try:
        yield f"  next try {source.next_try}"
    if source.waits_for:
        when = "or" if source.next_try else "next try"
        yield f"  {when} when this file changes: {', '.join(source.waits_for)}"
    for reason, count in source.skipped.items():
        yield f"  skipped {count}: {reason}"
    if source.error:
        yield f"  {source.error}"

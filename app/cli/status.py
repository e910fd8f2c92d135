"""Implement the command `status`."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from app.cli.running_gateway import describe_running
from app.cli.state_dir import refuse_unreadable
from app.generation.files import current_version
from app.model.text import plural
from app.settings.loader import Settings, state_dir_of
from app.state.locks import SERVING, is_held
from app.state.status import read_status
from app.web.publisher import Publisher
from app.web.status_report import GenerationReport, SourceReport, report, source_report


def status_lines(settings: Settings) -> Iterator[str]:
    """Yield the status of a configuration's state directory, line by line."""
    refuse_unreadable(settings.state_dir)
    with closing(Publisher(settings)) as publisher:
        status = report(settings, publisher.generation, publisher.status)
    yield f"running: {describe_running(settings)}"
    yield f"generation: {_generation(status.generation, settings.state_dir)}"
    if status.problem:
        yield f"problem: {status.problem}"
    for name, source in status.sources.items():
        yield from _source_lines(name, source)
    for profile, books in status.profiles.items():
        for name, book in books.books.items():
            entries = "entry" if book.rows == 1 else "entries"
            yield f"book {name} (profile {profile}): {book.rows} {entries}"
            for reason, count in book.unlisted.items():
                yield f"  not listed {count}: {reason}"


def status_lines_without_configuration(config: Path | None) -> Iterator[str]:
    """Yield what the state directory of an invalid configuration tells, line by line.

    Yields nothing if the directory is not known or does not exist.
    """
    folder = state_dir_of(config)
    if folder is None or not folder.is_dir():
        return
    refuse_unreadable(folder)
    yield f"state_dir: {folder}"
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

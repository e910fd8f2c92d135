"""Implement the commands `show`, which prints a phone's page, and `status`.

`show` calls the publisher in the same way as the web worker does.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from app.build.once import temporary_build
from app.cli.running_gateway import describe_running
from app.generation.files import current_version
from app.model.profile import Profile
from app.model.text import plural
from app.navigation.tree import is_search, parse_path
from app.phones.registry import FORMATS
from app.search.query import Query
from app.settings.errors import SettingsError
from app.settings.loader import Settings
from app.state.locks import is_held
from app.state.status import read as read_status
from app.web.access import SelectedProfile
from app.web.publisher import Publisher
from app.web.query_string import parse_params, search_query
from app.web.status_report import SourceReport, report, source_report


@contextmanager
def open_publisher(settings: Settings) -> Iterator[Publisher]:
    publisher = Publisher(settings)
    try:
        yield publisher
    finally:
        publisher.close()


def _has_generation(settings: Settings) -> bool:
    with open_publisher(settings) as publisher:
        return publisher.generation is not None


def render_path(
    settings: Settings, path: str, profile: str | None, model: str, charset: str
) -> tuple[bytes, str]:
    """Return the bytes that a phone would get for a path, and an error message.

    The message is "" if the path is that of a page. Without a generation a temporary
    one is built. Raises SettingsError if the profile does not exist, StoreError or
    BuildError if the build fails.
    """
    if "://" in path:
        # This is a complete URL from a page's links, and only its path is used.
        path = path.removeprefix(settings.base_url) if settings.base_url else path
        path = "/" + path.split("/", 3)[-1] if "://" in path else path
    below, _, asked = path.partition("?")
    below = below.strip("/")
    if profile is None and below.startswith("p/"):
        _, profile, below = (below + "//").split("/", 2)
    found = settings.profile(profile or "default")
    if found is None:
        names = ", ".join(item.name for item in settings.profiles)
        raise SettingsError(
            str(settings.origin), (f'there is no profile "{profile}". There are: {names}.',)
        )
    dialect = FORMATS[found.format].dialect(
        {"x-ciscoipphonemodelname": model, "accept-charset": charset}
    )
    base = settings.base_url or f"http://127.0.0.1:{settings.port}"
    choice = SelectedProfile(found, "" if profile is None else f"p/{found.name}/")
    with (
        nullcontext(settings) if _has_generation(settings) else temporary_build(settings) as there,
        open_publisher(there) as publisher,
    ):
        below = below.rstrip("/")
        query = (
            search_query(parse_params(asked.encode("utf-8", "replace")))
            if is_search(below)
            else None
        )
        return publisher.answer(choice, below, dialect, base, query).body, _no_page(
            found, below, query
        )


def _no_page(profile: Profile, below: str, query: Query | None) -> str:
    asked = parse_path(below, query)
    pages = (
        "menu",
        "directory",
        "search",
        *(book.name for book in profile.books),
        *(item.name for item in profile.dials),
    )
    if asked is not None and asked.name in pages:
        return ""
    names = ", ".join(f"{name}.xml" for name in pages)
    return (
        f'profile {profile.name} has no page "/{below}": this is what a phone would see then. There'
        f" are: {names}."
    )


def status_lines(settings: Settings) -> Iterator[str]:
    """Yield the status report on a configuration's state directory, line by line."""
    _refuse_unreadable(settings.state_dir)
    with open_publisher(settings) as publisher:
        told = report(settings, publisher.generation, publisher.status)
    yield f"running: {describe_running(settings)}"
    other = current_version(settings.state_dir)
    if told.generation is not None:
        yield (
            f"generation: {told.generation.version}, built {told.generation.built_at} in"
            f" {told.generation.build_seconds:g} s"
        )
    elif other is None:
        yield "generation: none of this configuration yet"
    else:
        yield (
            f"generation: none of this configuration yet; {other} is of another one (a running"
            " gateway: directory-gateway reload)"
        )
    if told.problem:
        yield f"problem: {told.problem}"
    for name, source in told.sources.items():
        yield from _source_lines(name, source)
    for profile, books in told.profiles.items():
        for name, book in books.books.items():
            yield (
                f"book {name} (profile {profile}): {book.rows}"
                f" {'entry' if book.rows == 1 else 'entries'}"
            )
            for reason, count in book.unlisted.items():
                yield f"  not listed {count}: {reason}"


def status_lines_without_configuration(folder: Path) -> Iterator[str]:
    """Yield the status in a state directory without a configuration, line by line."""
    _refuse_unreadable(folder)
    yield f"state_dir: {folder}"
    builder = "a builder, with the configuration as it was before"
    yield f"running: {builder if is_held(folder) else 'no builder'}"
    status, version = read_status(folder), current_version(folder)
    yield f"generation: {version or 'none'}"
    if status.problem:
        yield f"problem: {status.problem}"
    for name, source in status.sources.items():
        yield from _source_lines(name, source_report(source))


def _refuse_unreadable(folder: Path) -> None:
    if folder.exists() and not os.access(folder, os.R_OK | os.X_OK):
        raise SettingsError(
            f"state_dir {folder}",
            ("cannot be read. Run this as the user that the gateway runs as.",),
        )


def _source_lines(name: str, source: SourceReport) -> Iterator[str]:
    yield (
        f"source {name}: {source.state}, {plural(source.contacts, 'contact')}, last read"
        f" {source.last_success or 'never'}"
    )
    if source.failing_since:
        yield f"  failing since {source.failing_since}"
    if source.held_since:
        yield f"  held since {source.held_since}"
    if source.next_try:
        yield f"  next try {source.next_try}"
    if source.waits_for:
        yield (
            f"  {'or' if source.next_try else 'next try'} when this file changes:"
            f" {', '.join(source.waits_for)}"
        )
    for reason, count in source.skipped.items():
        yield f"  skipped {count}: {reason}"
    if source.error:
        yield f"  {source.error}"

"""Implement the command `diff`, which prints what a reading would change on the phones.

The steps are the builder's, on a copy of the stored contacts in a temporary directory.
The output is personal data for a terminal, never for a log.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import msgspec

from app.cli.local_data import (
    built_from_sources,
    published_generation,
    saved_sources,
    with_contacts,
    with_generation,
)
from app.cli.row_changes import Kind, Row, RowChange, compare_rows
from app.cli.terminal import echo_error, working
from app.generation.reader import Generation
from app.generation.schema import BookTable
from app.model.text import plural
from app.refresh.brake import describe_loss
from app.settings.loader import Settings
from app.state.status import SourceStatus, read_status
from app.state.store import FILE, Store

CHUNK = 1000
MAX_SHOWN = 100
_MENU = "menu"
"""Stands for a book where a dial item changes; no book has this name."""
_WORDS = {
    Kind.ADDED: "added",
    Kind.GONE: "gone",
    Kind.RENAMED: "renamed",
    Kind.NUMBER: "with another number",
}


class SourceLine(msgspec.Struct, frozen=True):
    """What reading a source gave; `error` is "" if it was read and is used."""

    source: str
    state: str
    contacts: int
    error: str


class ProfileLine(msgspec.Struct, frozen=True):
    """The counts of a profile; a change in several of its books counts once."""

    profile: str
    rows_before: int
    rows_after: int
    added: int
    gone: int
    renamed: int
    number: int


class ChangeLine(msgspec.Struct, frozen=True):
    """One changed row of a profile, and the books in which it changes."""

    profile: str
    change: Kind
    name: str
    number: str
    former_name: str
    former_number: str
    books: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """The changes of a profile; `books` names the books of each change."""

    line: ProfileLine
    books: dict[RowChange, tuple[str, ...]]

    def lines(self) -> Iterator[ChangeLine]:
        """Yield the changes by kind, each kind in reading order."""
        for kind in Kind:
            for change, books in self.books.items():
                if change.kind == kind:
                    parts = (change.name, change.number, change.former_name, change.former_number)
                    yield ChangeLine(self.line.profile, kind, *parts, books)


@dataclass(frozen=True, slots=True)
class Difference:
    """What the phones show after, compared with before."""

    sources: tuple[SourceLine, ...]
    profiles: tuple[ProfileChanges, ...]

    def is_complete(self) -> bool:
        """Return whether every source was read and its result is used."""
        return all(source.state == "ok" for source in self.sources)


def find_difference(current: Settings, new: Settings | None) -> Difference:
    """Return what the next reading changes, with the configuration `new` if given.

    Every source is read. Before is what is published in the state directory of
    `current`. If nothing is, it is built for a comparison with `new`, and else empty.
    Raises StoreError, BuildError, BrokenGeneration or SettingsError.
    """
    with saved_sources(current) as saved:
        return _difference(saved, new)


def _difference(current: Settings, new: Settings | None) -> Difference:
    after = new or current
    # The contacts that the running gateway has. The brake compares with them, and they stay if a
    # source cannot be read.
    origin = replace(after, state_dir=current.state_dir)
    has_store = (current.state_dir / FILE).is_file()
    kept = [source.name for source in after.sources] if has_store else []
    with (
        _before(current, is_built=new is not None) as before,
        built_from_sources(origin, kept) as there,
        with_generation(there) as generation,
    ):
        statuses = read_status(there.state_dir).sources
        store = Store(there.state_dir)
        profiles = dict.fromkeys(
            (*_profiles(generation), *(_profiles(before) if before is not None else ()))
        )
        with working("Comparing"):
            changes = tuple(
                _compare(_Side(before, current, name), _Side(generation, after, name))
                for name in profiles
            )
        sources = (_source(store, source.name, statuses[source.name]) for source in after.sources)
        return Difference(tuple(sources), changes)


@contextmanager
def _before(settings: Settings, *, is_built: bool) -> Iterator[Generation | None]:
    generation = published_generation(settings)
    if generation is not None:
        if generation.fingerprint != settings.fingerprint:
            echo_error(f"The phones do not have the configuration of {settings.origin} yet.")
        with closing(generation):
            yield generation
    elif is_built:
        with with_contacts(settings) as there, with_generation(there) as built:
            yield built
    else:
        echo_error("Nothing is published yet.")
        yield None


def _profiles(generation: Generation) -> Iterator[str]:
    return (profile for profile, _, _ in generation.book_tables())


def _source(store: Store, name: str, status: SourceStatus) -> SourceLine:
    held = store.held(name) if status.state == "held" else None
    error = status.error
    if held is not None:
        error = f"would be held back: {describe_loss(held)}. The phones keep what they have."
    elif status.state != "ok":
        kept = "The phones keep what they have." if status.contacts else "Nothing of it is kept."
        error = f"{status.state}. {error} {kept}"
    return SourceLine(name, status.state, status.contacts, error)


@dataclass(frozen=True, slots=True)
class _Side:
    """One profile in one generation; without a generation it has no rows."""

    generation: Generation | None
    settings: Settings
    profile: str

    def books(self) -> dict[str, BookTable]:
        tables = self.generation.book_tables() if self.generation is not None else ()
        return {book: table for profile, book, table in tables if profile == self.profile}

    def book_rows(self, book: str) -> Iterator[Row]:
        table = self.books().get(book)
        if self.generation is None or table is None:
            return
        for start in range(0, table.rows, CHUNK):
            for row in self.generation.rows(table, start, start + CHUNK):
                yield row.name, row.number

    def dial_rows(self) -> Iterator[Row]:
        profile = self.settings.profile(self.profile)
        if self.generation is None or profile is None:
            return
        for item in profile.dials:
            number = self.generation.dial_number(self.profile, item.name)
            if number is not None:
                yield item.title, number

    def row_count(self) -> int:
        table = self.generation.all_rows(self.profile) if self.generation is not None else None
        return table.rows if table is not None else 0


def _compare(before: _Side, after: _Side) -> ProfileChanges:
    books: dict[RowChange, tuple[str, ...]] = {}
    for book in dict.fromkeys((*after.books(), *before.books())):
        for change in compare_rows(before.book_rows(book), after.book_rows(book)):
            books[change] = (*books.get(change, ()), book)
    for change in compare_rows(before.dial_rows(), after.dial_rows()):
        books[change] = (*books.get(change, ()), _MENU)
    counts = Counter(change.kind for change in books)
    line = ProfileLine(
        after.profile,
        before.row_count(),
        after.row_count(),
        *(counts[kind] for kind in Kind),
    )
    return ProfileChanges(line, books)


def difference_lines(difference: Difference, *, as_json: bool, limit: int | None) -> Iterator[str]:
    """Yield the sources, then for each profile its counts and changes.

    `limit` is the most changes to list of each profile. It is MAX_SHOWN for people if
    it is None.
    """
    if as_json:
        yield from map(_json, difference.sources)
        yield from (_json(profile.line) for profile in difference.profiles)
    else:
        yield from map(_source_text, difference.sources)
    most = MAX_SHOWN if limit is None and not as_json else limit
    for profile in difference.profiles:
        if not as_json:
            yield _counts(profile.line)
        for number, change in enumerate(profile.lines()):
            if number == most:
                if not as_json:
                    yield f"  and {len(profile.books) - number} more (--limit lists them)"
                break
            yield _json(change) if as_json else f"  {_change_text(change)}"


def _json(line: SourceLine | ProfileLine | ChangeLine) -> str:
    return msgspec.json.encode(line).decode("utf-8", "replace")


def _source_text(line: SourceLine) -> str:
    return f"source {line.source}: {line.error or plural(line.contacts, 'contact')}"


def _counts(line: ProfileLine) -> str:
    counts = [f"{getattr(line, kind)} {words}" for kind, words in _WORDS.items()]
    is_same = not (line.added or line.gone or line.renamed or line.number)
    what = "nothing changes" if is_same else ", ".join(counts)
    return f"profile {line.profile}: {line.rows_before} rows, then {line.rows_after}: {what}."


def _change_text(line: ChangeLine) -> str:
    books = ", ".join(line.books)
    match line.change:
        case Kind.ADDED:
            what = f"added: {line.name}, {line.number}"
        case Kind.GONE:
            what = f"gone: {line.former_name}, {line.former_number}"
        case Kind.RENAMED:
            what = f"renamed: {line.former_name} becomes {line.name}, {line.number}"
        case Kind.NUMBER:
            what = f"another number: {line.name}, {line.former_number} becomes {line.number}"
    return f"{what} ({books})"

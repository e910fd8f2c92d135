"""Explain why a contact is, or is not, in every book of every profile.

The builder's steps (membership, entries, numbers) run again for the contacts that
match. Their rows are looked up in a finished generation. The results are personal data
for an operator's terminal, never for a log.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.books.entries import (
    EXCLUDED,
    IN_EXCLUDED_GROUP,
    NOT_IN_GROUPS,
    ONLY_OTHER_KINDS,
    Entry,
    Listing,
    entries_for,
    excluding,
    excluding_number,
    number_exclusion_reason,
)
from app.books.membership import Membership, Memberships, View, comparison_plan
from app.books.merge import Merged, Part
from app.generation.reader import BookTable, Generation
from app.model.names import NameOrder, display_name, fold
from app.model.profile import Book, Profile
from app.model.screens import Menu
from app.navigation.paging import page_at, page_count, page_rows_of
from app.navigation.tree import MENU, Tree, parse_path
from app.numbers.cache import CachedDialPlan
from app.phones.registry import FORMATS
from connectors.contact import Contact, PhoneNumber

NOT_THERE_YET = "not in the directory that is served now: it was built before the contact changed"
_LONGEST_WAY = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One key press, as the item's number in its menu, from 1, and its label."""

    key: int
    label: str


@dataclass(frozen=True, slots=True)
class RowLocation:
    """The location of a row in a book.

    `place` is the position in the book; `line` is the line on the page. All numbers are
    counted from 1. `way` holds the key presses that lead to the row.
    """

    name: str
    place: int
    rows: int
    page: int
    pages: int
    line: int
    way: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class NumberOutcome:
    """The outcome for one number.

    `rule` names the rule by which the phone dials `dialled`. `spot` is the location of
    its row, None if it has none; `reason` tells why then. `source` is the source of the
    number if contacts of several sources are merged, otherwise "".
    """

    source: str
    value: str
    kind: str
    label: str
    dialled: str
    rule: str
    odd: str
    reason: str = ""
    spot: RowLocation | None = None


@dataclass(frozen=True, slots=True)
class BookOutcome:
    """The outcome for a contact in one book.

    `reason` tells why the contact is not listed, and is "" if it is listed. `merged`
    names the contacts that it is merged with.
    """

    profile: str
    book: str
    title: str
    reason: str
    merged: Merged | None
    numbers: tuple[NumberOutcome, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A contact and its outcome in each book.

    `books` is empty if no book contains its source. `where` is its current location in
    the source, "" if the source gives none or no longer has it. `skipped` lists its
    parts that could not be read.
    """

    source: str
    id: str
    name: str
    organization: str
    groups: tuple[str, ...]
    books: tuple[BookOutcome, ...]
    where: str = ""
    skipped: tuple[str, ...] = ()


def matcher(asked: str) -> Callable[[Contact], bool]:
    """Return a function that tests whether a contact matches the requested words.

    Every word must begin a word of the names or, if it is digits, be in a number.
    Accents and case are ignored. A contact's id matches too.
    """
    digits = "".join(filter(str.isdigit, asked))
    if digits and not any(char.isalpha() for char in asked):
        return lambda contact: (
            contact.id == asked.strip()
            or any(digits in _digits(number) for number in contact.numbers)
        )
    words = fold(asked).split()

    def matches(contact: Contact) -> bool:
        if contact.id == asked.strip():
            return True
        told = (
            contact.name,
            contact.given_name,
            contact.family_name,
            contact.organization,
            contact.department,
        )
        text = " " + fold(
            " ".join((*told, contact.phonetic_given_name, contact.phonetic_family_name))
        )
        return bool(words) and all(
            f" {word}" in text
            or (word.isdigit() and any(word in _digits(number) for number in contact.numbers))
            for word in words
        )

    return matches


def _digits(number: PhoneNumber) -> str:
    return "".join(filter(str.isdigit, number.value))


def explain(
    asked: str,
    sources: Iterable[str],
    profiles: Iterable[Profile],
    view: View,
    generation: Generation,
) -> tuple[Explanation, ...]:
    """Return an explanation for every contact that matches `asked`.

    Raises BrokenGeneration if the generation cannot be read, and the exceptions of
    `view`.
    """
    names, matches = tuple(sources), matcher(asked)
    found: dict[Part, Contact] = {
        Part(name, contact.id): contact
        for name in names
        for contact in view.contacts(name)
        if matches(contact)
    }
    fates: dict[Part, list[BookOutcome]] = {part: [] for part in found}
    for profile in profiles if found else ():
        witness = _ProfileTrace(profile, view, generation)
        for part, book, standing in witness.standings(names):
            if part in found:
                fates[part].append(witness.fate(found[part], book, standing))
    return tuple(
        Explanation(
            part.source,
            part.id,
            display_name(contact, NameOrder.FIRST_LAST),
            contact.organization,
            contact.groups,
            tuple(fates[part]),
        )
        for part, contact in found.items()
    )


class _ProfileTrace:
    """Traces contacts through the books of one profile."""

    def __init__(self, profile: Profile, view: View, generation: Generation) -> None:
        format = FORMATS[profile.format]  # noqa: A001
        self._profile = profile
        self._view = view
        self._generation = generation
        self._limits = format.LIMITS
        self._memory = CachedDialPlan(profile.plan, limit=format.LIMITS.number)
        telling_memory = CachedDialPlan(comparison_plan(profile.plan), limit=format.LIMITS.number)
        self._rosters = Memberships(
            profile, view, lambda number: telling_memory.dial(number.value, number.canonical).number
        )
        self._tree = Tree(profile, format.LIMITS, generation)

    def standings(self, sources: Iterable[str]) -> Iterator[tuple[Part, Book, Membership]]:
        for source, contact, standings in self._rosters.standings(sources):
            part = Part(source, contact.id)
            for book, standing in standings:
                yield part, book, standing

    def fate(self, contact: Contact, book: Book, standing: Membership) -> BookOutcome:
        shown, reason = standing.contact, _precise(standing.reason, contact, book)
        sources: dict[PhoneNumber, str] = {}
        if standing.merged is not None:
            shown = self._rosters.united(book, standing.merged)
            for part in standing.merged.parts:
                whole = self._view.contact(part.source, part.id)
                sources = dict.fromkeys(whole.numbers if whole else (), part.source) | sources
        numbers: tuple[NumberOutcome, ...] = ()
        if shown is not None:
            listing = entries_for(
                shown,
                book,
                self._profile.name_order,
                self._profile.sort_by,
                self._limits,
                self._dialled,
            )
            numbers = tuple(self._numbers(shown, book, listing, sources))
            reason = reason or listing.reason
        return BookOutcome(
            self._profile.name, book.name, book.title, reason, standing.merged, numbers
        )

    def _dialled(self, number: PhoneNumber) -> str:
        return self._memory.dial(number.value, number.canonical).number

    def _numbers(
        self, contact: Contact, book: Book, listing: Listing, sources: dict[PhoneNumber, str]
    ) -> Iterator[NumberOutcome]:
        entries = {entry.number: entry for entry in listing.entries}
        told: set[str] = set()
        for number in contact.numbers:
            dialled = self._memory.dial(number.value, number.canonical)
            reason, spot = _of_number(number_exclusion_reason(number, book), number, book), None
            if not reason and not dialled.number:
                reason = f"cannot be dialled: {dialled.odd}"
            elif not reason and dialled.number in told:
                reason = "dialled by the same digits as a number before: listed once"
            elif not reason:
                told.add(dialled.number)
                spot = self._spot(book, entries[dialled.number])
                reason = "" if spot is not None else NOT_THERE_YET
            source = sources.get(number) or next(
                (word for other, word in sources.items() if other.value == number.value), ""
            )
            kind = str(number.kind)
            yield NumberOutcome(
                source,
                number.value,
                kind,
                number.label,
                dialled.number,
                dialled.rule,
                dialled.odd,
                reason,
                spot,
            )

    def _spot(self, book: Book, entry: Entry) -> RowLocation | None:
        shelf = self._generation.book_table(self._profile.name, book.name)
        places = self._generation.find_by_number(shelf, entry.number) if shelf is not None else ()
        # The builder adds a note to rows that would look the same. So the name alone may not find
        # them.
        likely = [found for found in places if found[1].name == entry.name] or [
            found for found in places if found[2] == entry.heading
        ]
        if shelf is None or not likely:
            return None
        position, row, _ = max(likely, key=lambda found: _alike(found[1].name, entry.name))
        size = self._limits.page_rows
        page, pages = page_at(position, shelf.rows, size), page_count(shelf.rows, size)
        line = position - page_rows_of(page, shelf.rows, size)[0] + 1
        return RowLocation(
            row.name,
            position + 1,
            shelf.rows,
            page + 1,
            pages,
            line,
            tuple(self._way(book, shelf, position + 1)),
        )

    def _way(self, book: Book, shelf: BookTable, row: int) -> Iterator[Step]:
        path = MENU
        for _ in range(_LONGEST_WAY):
            screen = self._tree.screen(parse_path(path))
            if not isinstance(screen, Menu):
                return
            chosen = 0
            for key, item in enumerate(screen.items, 1):
                asked = parse_path(item.path)
                if asked is not None and asked.name == book.name and asked.first <= row:
                    chosen = key
            if not chosen:
                return
            item = screen.items[chosen - 1]
            path = item.path
            yield Step(chosen, item.name)


def _alike(one: str, other: str) -> int:
    """Return the length of the common prefix of two names."""
    return next(
        (at for at, (first, second) in enumerate(zip(one, other, strict=False)) if first != second),
        min(len(one), len(other)),
    )


def _precise(reason: str, contact: Contact, book: Book) -> str:
    """Return a reason with the words that caused it.

    They are words of the configuration and of the contact.
    """
    if reason == NOT_IN_GROUPS:
        return (
            f"{reason} ({', '.join(book.groups)}); it is in: {', '.join(contact.groups) or 'none'}"
        )
    if reason == IN_EXCLUDED_GROUP:
        left = {group.casefold() for group in book.exclude_groups}
        return (
            f"{reason} ({', '.join(group for group in contact.groups if group.casefold() in left)})"
        )
    if reason == EXCLUDED:
        return f"{reason} of its name ({excluding(contact, book)!r})"
    return reason


def _of_number(reason: str, number: PhoneNumber, book: Book) -> str:
    if reason == ONLY_OTHER_KINDS:
        return f"the book does not list {number.kind} numbers (kinds)"
    if reason == EXCLUDED:
        return f"excluded by a pattern of its number ({excluding_number(number, book)!r})"
    return f"private by its label ({book.private_label!r})" if reason else ""

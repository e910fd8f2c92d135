"""What the page People lists: people with their numbers, and lists to work off."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.generation.reader import Generation
from app.model.profile import Profile
from app.people.explanation import shown_name
from app.people.reader import PeopleFile, Person, Wanted
from app.people.records import DUPLICATE_ROW, DialledNumber, ProfileRecord
from app.settings.loader import Settings

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class NumberItem:
    """A number as written, with its kind or the source's word for it, and as dialled."""

    value: str
    kind: str
    dialled: DialledNumber


@dataclass(frozen=True, slots=True)
class PersonItem:
    """One person of the list.

    `kind` and `word` tell whether any book lists the person, and `text` which, or why
    none does.
    """

    source: str
    id: str
    name: str
    detail: str
    kind: str
    word: str
    text: str
    numbers: tuple[NumberItem, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its count, for a link to the people whom it is about."""

    profile: str
    book: str
    title: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A page of people, the count of all who were wanted, and the lists to work off."""

    people: tuple[PersonItem, ...]
    count: int
    odd: tuple[Reason, ...]
    unlisted: tuple[Reason, ...]


def read_list(
    settings: Settings, file: PeopleFile, generation: Generation, wanted: Wanted, start: int
) -> PeopleList:
    """Return a page of the people who are wanted, from position `start` on.

    The lists to work off are those of everybody; they are empty if somebody in
    particular is wanted. Raises NoPeopleFileError.
    """
    page = file.page(wanted, start, PAGE_SIZE)
    is_everybody = wanted == Wanted() and not start
    profile = settings.profile(wanted.profile)
    return PeopleList(
        tuple(_person(settings, file, profile, person) for person in page.people),
        page.count,
        tuple(_odd(settings, file)) if is_everybody else (),
        tuple(_unlisted(settings, generation)) if is_everybody else (),
    )


def _odd(settings: Settings, file: PeopleFile) -> Iterator[Reason]:
    for profile in settings.profiles:
        for count, text in file.odd_reasons(profile.name):
            yield Reason(profile.name, "", "", text, count)


def _unlisted(settings: Settings, generation: Generation) -> Iterator[Reason]:
    for item in sorted(generation.unlisted, key=lambda item: -item.count):
        profile = settings.profile(item.profile)
        book = profile.book(item.book) if profile is not None else None
        # A row that would stand twice belongs to somebody who is listed.
        if book is not None and item.reason != DUPLICATE_ROW:
            yield Reason(item.profile, item.book, book.title, item.reason, item.count)


def _person(
    settings: Settings, file: PeopleFile, chosen: Profile | None, person: Person
) -> PersonItem:
    """Return a person with the numbers as `chosen` dials them, or the first profile."""
    contact = person.contact
    records = [
        (profile, record)
        for profile in settings.profiles
        if (record := file.record(profile.name, person.source, contact.id)) is not None
    ]
    dialled = next((record for profile, record in records if profile is chosen), None)
    if dialled is None and records:
        dialled = records[0][1]
    kind, word, text = _state(records)
    details = (contact.organization, contact.department)
    name = shown_name(person)
    return PersonItem(
        person.source,
        contact.id,
        name,
        ", ".join(detail for detail in details if detail and detail != name),
        kind,
        word,
        text,
        tuple(
            NumberItem(number.value, number.label or str(number.kind), one)
            for number, one in zip(
                contact.numbers, dialled.numbers if dialled else (), strict=bool(dialled)
            )
        ),
    )


def _state(records: list[tuple[Profile, ProfileRecord]]) -> tuple[str, str, str]:
    """Return kind and word of a state, and the books or the reasons."""
    titles: dict[str, None] = {}
    reasons: dict[str, None] = {}
    is_merged = False
    for profile, record in records:
        for item in record.books:
            book = profile.book(item.book)
            if book is not None and not item.reason:
                titles[book.title] = None
            elif book is not None:
                reasons[item.reason] = None
                is_merged |= bool(item.parts)
    if titles:
        return "ok", "listed", ", ".join(titles)
    if is_merged:
        return "idle", "merged", "; ".join(reasons)
    return "warn", "not listed", "; ".join(reasons) or "no book is made of its source"

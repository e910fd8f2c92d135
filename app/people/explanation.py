"""Tell why a contact is, or is not, in every book of every profile.

The people file has the outcomes, and a generation the rows. The results are personal
data for an operator, never for a log.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.generation.reader import Generation
from app.model.names import NameOrder, clean_contact, display_name
from app.model.profile import Book, Profile
from app.people.reader import PeopleFile, Person
from app.people.records import BookRecord, DialledNumber, ProfileRecord
from app.people.row_location import RowFinder, RowLocation

NOT_THERE_YET = "not in the directory that is served now: it was built before the contact changed"


@dataclass(frozen=True, slots=True)
class Merged:
    """Contacts that are one person, as (source, id), and the reason."""

    parts: tuple[tuple[str, str], ...]
    reason: str


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


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as a book has it, and how it is dialled."""

    value: str
    kind: str
    label: str
    dialled: DialledNumber


class Explainer:
    """Explains contacts of one people file with the rows of one generation."""

    def __init__(
        self, profiles: Iterable[Profile], people: PeopleFile, generation: Generation
    ) -> None:
        self._profiles = tuple(profiles)
        self._people = people
        self._finders = {profile.name: RowFinder(profile, generation) for profile in self._profiles}

    def explain(self, person: Person) -> Explanation:
        """Return the explanation of a contact.

        Raises NoPeopleFileError or BrokenGeneration if a file cannot be read.
        """
        source, contact = person.source, person.contact
        return Explanation(
            source,
            contact.id,
            shown_name(person),
            contact.organization,
            contact.groups,
            tuple(self._books(person)),
        )

    def _books(self, person: Person) -> Iterator[BookOutcome]:
        for profile in self._profiles:
            record = self._people.record(profile.name, person.source, person.contact.id)
            for book_record in record.books if record is not None else ():
                book = profile.book(book_record.book)
                if book is not None and record is not None:
                    yield self._outcome(profile, book, person, record, book_record)

    def _outcome(
        self,
        profile: Profile,
        book: Book,
        person: Person,
        record: ProfileRecord,
        book_record: BookRecord,
    ) -> BookOutcome:
        holder, holding, listed = person, record, book_record
        if book_record.parts and book_record.parts[0] != (person.source, person.contact.id):
            holder, holding, listed = self._first_part(profile, book_record) or (
                person,
                record,
                book_record,
            )
        return BookOutcome(
            profile.name,
            book.name,
            book.title,
            book_record.reason,
            Merged(book_record.parts, book_record.merged_by) if book_record.parts else None,
            tuple(self._numbers(profile, book, holder, holding, listed)),
        )

    def _first_part(
        self, profile: Profile, book_record: BookRecord
    ) -> tuple[Person, ProfileRecord, BookRecord] | None:
        """Return the contact that has the numbers of a merged one, with its records."""
        source, key = book_record.parts[0]
        contact = self._people.contact(source, key)
        record = self._people.record(profile.name, source, key)
        for found in record.books if record is not None else ():
            if contact is not None and record is not None and found.book == book_record.book:
                return Person(source, contact), record, found
        return None

    def _numbers(
        self, profile: Profile, book: Book, person: Person, record: ProfileRecord, item: BookRecord
    ) -> Iterator[NumberOutcome]:
        # A contact that a filter leaves out has no numbers in the book.
        is_left_out = bool(item.reason) and not item.number_reasons
        numbers = () if is_left_out else _numbers_of(person, record, item)
        sources = self._sources_of(item)
        name, heading = (item.name, item.heading) if item.numbers else (record.name, record.heading)
        for position, number in enumerate(numbers):
            reason = item.number_reasons[position] if item.number_reasons else ""
            spot = None
            if not reason:
                spot = self._finders[profile.name].find(book, number.dialled.number, name, heading)
                reason = "" if spot is not None else NOT_THERE_YET
            yield NumberOutcome(
                _source_of(number, sources),
                number.value,
                number.kind,
                number.label,
                number.dialled.number,
                number.dialled.rule,
                number.dialled.odd,
                reason,
                spot,
            )

    def _sources_of(self, item: BookRecord) -> dict[tuple[str, str, str], str]:
        """Return the source of each number of merged contacts, the first if several."""
        sources: dict[tuple[str, str, str], str] = {}
        for source, key in item.parts:
            contact = self._people.contact(source, key)
            for number in contact.numbers if contact is not None else ():
                sources.setdefault((number.value, str(number.kind), number.label), source)
        return sources


def shown_name(person: Person) -> str:
    """Return the name of a contact as most people write it, or its organisation."""
    return display_name(clean_contact(person.contact), NameOrder.FIRST_LAST)


def _numbers_of(person: Person, record: ProfileRecord, item: BookRecord) -> tuple[_Number, ...]:
    if item.numbers:
        return tuple(
            _Number(number.value, number.kind, number.label, number.dialled)
            for number in item.numbers
        )
    return tuple(
        _Number(number.value, str(number.kind), number.label, dialled)
        for number, dialled in zip(person.contact.numbers, record.numbers, strict=True)
    )


def _source_of(number: _Number, sources: dict[tuple[str, str, str], str]) -> str:
    exact = sources.get((number.value, number.kind, number.label))
    return exact or next(
        (source for (value, _, _), source in sources.items() if value == number.value), ""
    )

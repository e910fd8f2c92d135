"""Explain why a contact is, or is not, in every book of every profile.

The build's pipeline gives the outcomes of the contacts that match. Their rows are
looked up in a finished generation. The results are personal data for an operator's
terminal, never for a log.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.books.entries import NOT_DIALABLE, NumberResult
from app.books.filters import (
    EXCLUDED,
    IN_EXCLUDED_GROUP,
    NOT_IN_GROUPS,
    ONLY_OTHER_KINDS,
    PRIVATE,
    excluding_number_pattern,
    excluding_pattern,
)
from app.books.matching import Merged, Part
from app.books.membership import View
from app.books.pipeline import DialPlans, Outcome, Pipeline
from app.cli.row_location import RowFinder, RowLocation
from app.generation.reader import Generation
from app.model.names import NameOrder, display_name, fold
from app.model.profile import Book, Profile
from app.phones.registry import FORMATS
from connectors.contact import Contact, PhoneNumber

NOT_THERE_YET = "not in the directory that is served now: it was built before the contact changed"


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


def matcher(query: str) -> Callable[[Contact], bool]:
    """Return a function that tests whether a contact matches the requested words.

    Every word must begin a word of the names or, if it is digits, be in a number.
    Accents and case are ignored. A contact's id matches too.
    """
    digits = "".join(filter(str.isdigit, query))
    if digits and not any(char.isalpha() for char in query):
        return lambda contact: (
            contact.id == query.strip()
            or any(digits in _digits(number) for number in contact.numbers)
        )
    words = fold(query).split()

    def matches(contact: Contact) -> bool:
        if contact.id == query.strip():
            return True
        names = (
            contact.name,
            contact.given_name,
            contact.family_name,
            contact.organization,
            contact.department,
        )
        text = " " + fold(
            " ".join((*names, contact.phonetic_given_name, contact.phonetic_family_name))
        )
        return bool(words) and all(
            f" {word}" in text
            or (word.isdigit() and any(word in _digits(number) for number in contact.numbers))
            for word in words
        )

    return matches


def _digits(number: PhoneNumber) -> str:
    return "".join(filter(str.isdigit, number.value))


def explain_people(
    query: str,
    sources: Iterable[str],
    profiles: Iterable[Profile],
    view: View,
    generation: Generation,
) -> tuple[Explanation, ...]:
    """Return an explanation for every contact that matches `query`.

    Raises BrokenGeneration if the generation cannot be read, and the exceptions of
    `view`.
    """
    names, matches = tuple(sources), matcher(query)
    found: dict[Part, Contact] = {
        Part(name, contact.id): contact
        for name in names
        for contact in view.contacts(name)
        if matches(contact)
    }
    books: dict[Part, list[BookOutcome]] = {part: [] for part in found}
    plans = DialPlans()
    for profile in profiles if found else ():
        trace = _ProfileTrace(profile, view, generation, plans)
        for part, outcome in trace.outcomes(names):
            if part in found:
                books[part].append(trace.book_outcome(found[part], outcome))
    return tuple(
        Explanation(
            part.source,
            part.id,
            display_name(contact, NameOrder.FIRST_LAST),
            contact.organization,
            contact.groups,
            tuple(books[part]),
        )
        for part, contact in found.items()
    )


class _ProfileTrace:
    """The outcomes of the build's pipeline for one profile, in words."""

    def __init__(
        self, profile: Profile, view: View, generation: Generation, plans: DialPlans
    ) -> None:
        self._profile = profile
        self._view = view
        self._pipeline = Pipeline(profile, view, FORMATS[profile.format].LIMITS, plans)
        self._rows = RowFinder(profile, generation)

    def outcomes(self, sources: Iterable[str]) -> Iterator[tuple[Part, Outcome]]:
        for source, contact, outcomes in self._pipeline.outcomes(sources):
            for outcome in outcomes:
                yield Part(source, contact.id), outcome

    def book_outcome(self, contact: Contact, outcome: Outcome) -> BookOutcome:
        book, merged = outcome.book, outcome.merged
        reason = _precise(outcome.listing.reason, contact, book)
        if merged is not None and outcome.contact is None:
            outcome = self._pipeline.group_outcome(book, merged)
        return BookOutcome(
            self._profile.name,
            book.name,
            book.title,
            reason or outcome.listing.reason,
            merged,
            tuple(self._numbers(outcome)),
        )

    def _numbers(self, outcome: Outcome) -> Iterator[NumberOutcome]:
        if outcome.contact is None:
            return
        sources = self._sources_of(outcome.merged)
        entries = {entry.number: entry for entry in outcome.listing.entries}
        order = {number: index for index, number in enumerate(outcome.contact.numbers)}
        for result in sorted(outcome.listing.numbers, key=lambda found: order[found.number]):
            number, dialled = result.number, self._pipeline.dial(result.number)
            reason, location = _number_reason(result, outcome.book, dialled.warning), None
            if not reason:
                location = self._rows.find(outcome.book, entries[result.dialled])
                reason = "" if location is not None else NOT_THERE_YET
            source = sources.get(number) or next(
                (name for other, name in sources.items() if other.value == number.value), ""
            )
            yield NumberOutcome(
                source,
                number.value,
                str(number.kind),
                number.label,
                dialled.number,
                dialled.rule_text,
                dialled.warning,
                reason,
                location,
            )

    def _sources_of(self, merged: Merged | None) -> dict[PhoneNumber, str]:
        """Return the source of each number of merged contacts, the first if several."""
        sources: dict[PhoneNumber, str] = {}
        for part in merged.parts if merged is not None else ():
            contact = self._view.contact(part.source, part.id)
            sources = dict.fromkeys(contact.numbers if contact else (), part.source) | sources
        return sources


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
        return f"{reason} of its name ({excluding_pattern(contact, book)!r})"
    return reason


def _number_reason(result: NumberResult, book: Book, warning: str) -> str:
    """Return why a number has no entry, in the words of the configuration."""
    number = result.number
    if result.reason == ONLY_OTHER_KINDS:
        return f"the book does not list {number.kind} numbers (kinds)"
    if result.reason == EXCLUDED:
        pattern = excluding_number_pattern(number, book)
        return f"excluded by a pattern of its number ({pattern!r})"
    if result.reason == PRIVATE:
        return f"private by its label ({book.private_label!r})"
    return f"cannot be dialled: {warning}" if result.reason == NOT_DIALABLE else result.reason

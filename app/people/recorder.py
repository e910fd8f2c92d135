"""Record what a profile makes of each contact, while the builder goes through them."""

from collections.abc import Sequence

from app.books.entries import NOT_DIALABLE, Entry, search_words
from app.books.filters import (
    EXCLUDED,
    IN_EXCLUDED_GROUP,
    NOT_IN_GROUPS,
    ONLY_OTHER_KINDS,
    PRIVATE,
    excluding_number_pattern,
    excluding_pattern,
)
from app.books.pipeline import Outcome, Pipeline
from app.model.names import clean_contact, display_name, row_key, sort_heading, sort_key
from app.model.profile import Book, Profile
from app.people.records import (
    UNDIALABLE,
    BookRecord,
    DialledNumber,
    OwnNumber,
    ProfileRecord,
)
from app.people.writer import PeopleWriter
from connectors.contact import Contact, PhoneNumber


class ProfileRecorder:
    """Records one profile's outcomes; use it for one pass over the contacts."""

    def __init__(self, profile: Profile, pipeline: Pipeline, writer: PeopleWriter) -> None:
        self._profile = profile
        self._dial = pipeline.dial
        self._writer = writer
        # Profiles before this one have recorded the contacts of the sources that they use.
        self._recorded = writer.recorded_sources()
        self._listed = {book.name: BookRecord(book.name) for book in profile.books}

    def record(self, source: str, contact: Contact, outcomes: Sequence[Outcome]) -> None:
        """Record a contact with its outcomes, as `Pipeline.outcomes` gives them.

        Raises BuildError if the file cannot be written.
        """
        numbers = tuple([self._dialled(number) for number in contact.numbers])
        books: list[BookRecord] = []
        marks: list[str] = []
        first: Entry | None = None
        for outcome in outcomes:
            entries = outcome.listing.entries
            if entries and first is None:
                first = entries[0]
            if len(entries) != len(outcome.listing.numbers) or not entries:
                marks.append(_mark(outcome))
            elif outcome.contact is contact and outcome.merged is None:
                books.append(self._listed[outcome.book.name])
                continue
            books.append(self._book(contact, outcome))
        if source not in self._recorded:
            key, words = (
                (first.key, first.words)
                if first is not None
                else unlisted_order(source, contact, self._profile)
            )
            self._writer.put(source, contact, key, words, [number.number for number in numbers])
        name, heading = (first.name, first.heading) if first is not None else ("", "")
        self._writer.put_outcome(
            source,
            contact.id,
            self._profile.name,
            ProfileRecord(numbers, tuple(books), name, heading),
            [mark for mark in marks if mark],
            [number.odd for number in numbers if number.odd],
        )

    def _dialled(self, number: PhoneNumber) -> DialledNumber:
        result = self._dial(number)
        rule = result.rule_text if result.rewrites else result.rule
        return DialledNumber(result.number, rule, result.warning)

    def _book(self, contact: Contact, outcome: Outcome) -> BookRecord:
        book, listing, merged = outcome.book, outcome.listing, outcome.merged
        is_own = outcome.contact is contact
        parts = tuple((part.source, part.id) for part in merged.parts) if merged else ()
        reason = _precise_reason(listing.reason, contact, book)
        merged_by = merged.reason if merged else ""
        if outcome.contact is None:
            return BookRecord(book.name, reason, (), parts, merged_by)
        numbers = outcome.contact.numbers
        reasons = self._number_reasons(numbers, outcome)
        if is_own:
            return BookRecord(book.name, reason, reasons, parts, merged_by)
        first = listing.entries[0] if listing.entries else None
        return BookRecord(
            book.name,
            reason,
            reasons,
            parts,
            merged_by,
            first.name if first else "",
            first.heading if first else "",
            tuple(
                OwnNumber(number.value, str(number.kind), number.label, self._dialled(number))
                for number in numbers
            ),
        )

    def _number_reasons(self, numbers: Sequence[PhoneNumber], outcome: Outcome) -> tuple[str, ...]:
        if len(outcome.listing.entries) == len(outcome.listing.numbers):
            return ()
        reasons = {
            result.number: self._number_reason(result.number, result.reason, outcome.book)
            for result in outcome.listing.numbers
        }
        return tuple(reasons[number] for number in numbers)

    def _number_reason(self, number: PhoneNumber, reason: str, book: Book) -> str:
        """Return why a number has no row, in the words of the configuration."""
        if reason == ONLY_OTHER_KINDS:
            return f"the book does not list {number.kind} numbers (kinds)"
        if reason == EXCLUDED:
            pattern = excluding_number_pattern(number, book)
            return f"excluded by a pattern of its number ({pattern!r})"
        if reason == PRIVATE:
            return f"private by its label ({book.private_label!r})"
        if reason == NOT_DIALABLE:
            return f"cannot be dialled: {self._dial(number).warning}"
        return reason


def unlisted_order(source: str, contact: Contact, profile: Profile) -> tuple[bytes, str]:
    """Return the sort key and the search words of a contact that has no row.

    They are those that it would have in a book of the profile.
    """
    cleaned = clean_contact(contact)
    shown = display_name(cleaned, profile.name_order) or next(
        (number.value for number in contact.numbers), ""
    )
    key = sort_key(sort_heading(cleaned, profile.sort_by, shown), shown, f"{source} {contact.id}")
    return key + row_key(0), search_words(cleaned, shown)


def _mark(outcome: Outcome) -> str:
    """Return the book and the reason by which the generation counts what is not listed.

    It is "" if the generation counts nothing.
    """
    listing = outcome.listing
    reason = listing.reason
    if not reason and any(result.reason == NOT_DIALABLE for result in listing.numbers):
        reason = UNDIALABLE
    return f"{outcome.book.name}\t{reason}" if reason else ""


def _precise_reason(reason: str, contact: Contact, book: Book) -> str:
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
    if reason == EXCLUDED and (pattern := excluding_pattern(contact, book)):
        return f"{reason} of its name ({pattern!r})"
    return reason

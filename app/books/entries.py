"""Turn a contact into the entries of a book, one for each number that the book lists.

A contact without entries gets a reason instead, and so does each number without one.
"""

from collections.abc import Callable, Collection

import msgspec

from app.books.filters import (
    EXCLUDED,
    ONLY_OTHER_KINDS,
    PRIVATE,
    number_exclusion_reason,
)
from app.languages.catalogue import ENGLISH, words
from app.languages.phrases import kind_words
from app.model.names import (
    NameOrder,
    SortBy,
    clean_contact,
    display_name,
    row_key,
    sort_heading,
    sort_key_in,
)
from app.model.profile import USUAL_KINDS, Book
from app.model.screens import Limits
from app.model.text import clean, shorten, truncate, with_note
from app.search.syllables import joined_cjk_name
from app.search.terms import index_words
from connectors.contact import Contact, NumberKind, PhoneNumber

Dialler = Callable[[PhoneNumber], str]
"""Returns what a phone dials for a number, "" if it cannot be dialled."""

NO_NUMBER = "no number"
NOT_DIALABLE = "no dialable number"
SAME_DIGITS = "dialled by the same digits as a number before: listed once"

_MAX_LABEL = 12
_MAIN = NumberKind.MAIN


class NumberResult(msgspec.Struct, frozen=True, gc=False):
    """What a book makes of one number of a contact.

    `dialled` is what a phone dials, "" if the book does not list the number or it
    cannot be dialled. `reason` is why the number has no entry, "" if it has one.
    """

    number: PhoneNumber
    dialled: str
    reason: str = ""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One future row of a book.

    `name` is shown and `number` is dialled. `key` is the sort key, `heading` the text
    that it is filed under. `detail` may distinguish it from another row of the same
    name. `words` are the search words of the contact. `written` is the number as the
    source has it. `caller` is the contact's complete name. `company` is the
    organisation whose main number this is, "" if it is a person's number.
    """

    # A struct, because there is one for each row of a directory.

    name: str
    number: str
    key: bytes
    heading: str
    detail: str
    words: str
    written: PhoneNumber
    caller: str
    company: str


class Listing(msgspec.Struct, frozen=True, gc=False):
    """What a book makes of a contact.

    `entries` are empty if the book does not list it, for the given `reason`. `numbers`
    are the results for its numbers, in the book's order.
    """

    entries: tuple[Entry, ...]
    reason: str = ""
    numbers: tuple[NumberResult, ...] = ()


class _Person(msgspec.Struct, frozen=True, gc=False):
    """The texts that all entries of a contact share, cleaned.

    `name` is `shown` as a row has room for it. `company` is its organisation if the
    contact is an organisation, else "".
    """

    shown: str
    name: str
    heading: str
    detail: str
    words: str
    key: bytes
    organization: str
    company: str


def number_results(contact: Contact, book: Book, dial: Dialler) -> tuple[NumberResult, ...]:
    """Return what a book makes of each number of a contact, in the book's order."""
    numbers: Collection[PhoneNumber] = contact.numbers
    if (kinds := book.kinds) and len(numbers) > 1:
        order = {kind: position for position, kind in enumerate(kinds)}
        numbers = sorted(numbers, key=lambda number: order.get(number.kind, len(order)))
    kinds = book.kinds or USUAL_KINDS
    is_filtered = bool(book.private_label or book.exclude)
    seen: list[str] = []
    results = []
    for number in numbers:
        reason = (
            number_exclusion_reason(number, book) if is_filtered or number.kind not in kinds else ""
        )
        dialled = dial(number) if not reason else ""
        if dialled:
            reason = SAME_DIGITS if dialled in seen else ""
            seen.append(dialled)
        results.append(NumberResult(number, dialled, reason or ("" if dialled else NOT_DIALABLE)))
    return tuple(results)


def unlisted_reason(results: Collection[NumberResult]) -> str:
    """Return why a book lists a contact that has no entry under none of its numbers."""
    reasons = {result.reason for result in results}
    order = (NOT_DIALABLE, EXCLUDED, PRIVATE, ONLY_OTHER_KINDS)
    return next((reason for reason in order if reason in reasons), NO_NUMBER)


class Lister:
    """Makes the entries of a profile's contacts."""

    def __init__(
        self, order: NameOrder, by: SortBy, limits: Limits, dial: Dialler, language: str = ""
    ) -> None:
        """`language` is that of kinds of numbers and of the order, "" for English."""
        self._order = order
        self._by = by
        self._limit = limits.row_name
        self._dial = dial
        self._sort_key = sort_key_in(language)
        self._kind_words = kind_words(words(language or ENGLISH))
        self._described: tuple[Contact | None, str, str] = (None, "", "")
        self._person: _Person

    def listing(self, contact: Contact, book: Book, owner: str) -> Listing:
        """Return one entry for each number of a contact that a book lists.

        Call it only if `exclusion_reason` is "". The first entry shows the plain name,
        the others add the kind of their number. `owner` keeps the entries together in
        reading order, so no other contact has it.
        """
        results = number_results(contact, book, self._dial)
        listed = [result for result in results if not result.reason]
        if not listed:
            return Listing((), unlisted_reason(results), results)
        person = self._describe(contact, owner, listed[0].dialled)
        if len(listed) == 1:
            return Listing((_entry(person, person.name, listed[0], 0),), "", results)
        names = self._row_names(person, listed)
        entries = [
            _entry(person, name, result, position)
            for position, (name, result) in enumerate(zip(names, listed, strict=True))
        ]
        return Listing(tuple(entries), "", results)

    def _describe(self, contact: Contact, owner: str, dialled: str) -> _Person:
        """Return the texts of a contact; one without a name shows what is dialled.

        The last result is kept, for the other books that list the same contact.
        """
        before, its_owner, its_number = self._described
        if before is contact and its_owner == owner and its_number == dialled:
            return self._person
        cleaned = clean_contact(contact)
        shown = display_name(cleaned, self._order) or dialled
        heading = sort_heading(cleaned, self._by, shown)
        detail = cleaned.department or cleaned.organization
        name = shown
        if len(shown) > self._limit:
            name = shorten(shown, self._limit)
            detail = _dropped_words(shown, name)
        elif detail == shown:
            detail = ""
        self._described = (contact, owner, dialled)
        self._person = _Person(
            shown,
            name,
            heading,
            detail,
            search_words(cleaned, shown),
            self._sort_key(heading, shown, owner),
            cleaned.organization,
            cleaned.organization if _is_company(cleaned) else "",
        )
        return self._person

    def _row_names(self, person: _Person, listed: Collection[NumberResult]) -> list[str]:
        """Return the names that the rows of a contact show.

        The first is the plain name, the others add the kind of their number.
        """
        names = [person.name]
        counts: dict[str, int] = {}
        for position, result in enumerate(listed):
            word = self._kind_word(result.number)
            count = counts[word] = counts.get(word, 0) + 1
            if position:
                note = word if count == 1 else f"{word} {count}"
                names.append(with_note(person.shown, note, self._limit))
        return names

    def _kind_word(self, number: PhoneNumber) -> str:
        if number.kind is not NumberKind.OTHER:
            return self._kind_words[number.kind]
        label = clean(number.label).replace("(", "").replace(")", "").lower()
        return truncate(label, _MAX_LABEL) or self._kind_words[NumberKind.OTHER]


def _entry(person: _Person, name: str, result: NumberResult, position: int) -> Entry:
    """Return the row of a number; `position` counts the rows of its contact from 0."""
    return Entry(
        name,
        result.dialled,
        person.key + row_key(position),
        person.heading,
        person.detail,
        person.words,
        result.number,
        person.shown,
        person.organization if result.number.kind is _MAIN else person.company,
    )


def _dropped_words(shown: str, short: str) -> str:
    """Return the words that shortening removed from a name.

    They distinguish it from other names that are shortened to the same text.
    """
    kept = set(short.replace(",", " ").split())
    return " ".join(word for word in shown.replace(",", " ").split() if word not in kept)


def _is_company(contact: Contact) -> bool:
    """Return whether a contact is an organisation, not a person in it."""
    return (
        not (contact.given_name or contact.family_name)
        and bool(contact.organization)
        and contact.name in ("", contact.organization)
    )


def search_words(contact: Contact, shown: str) -> str:
    given, family, name = contact.given_name, contact.family_name, contact.name
    organization = contact.organization
    # Most sources compose the display name from its parts, so the parts are enough.
    if given and family:
        if name == f"{given} {family}" or name == f"{family}, {given}":
            name = ""
    elif not (name or given or family or organization):
        name = shown
    joined = "" if family.isascii() else joined_cjk_name(family, given)
    return index_words(
        (name, joined, organization, contact.department),
        (given, family, contact.phonetic_given_name, contact.phonetic_family_name),
    )

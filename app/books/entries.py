"""Turn a contact into the entries of a book, one for each number that the book lists.

A contact without entries gets a reason instead. The caller supplies the function that
computes what a phone dials.
"""

from collections.abc import Callable, Collection

import msgspec

from app.books.private_labels import bears
from app.model.names import NameOrder, SortBy, display_name, row_key, sort_heading, sort_key
from app.model.profile import USUAL_KINDS, Book
from app.model.screens import Limits
from app.model.text import clean, shorten, truncate, with_note
from app.numbers.patterns import compile_pattern
from app.search.syllables import joined_cjk_name
from app.search.terms import index_words
from connectors.contact import Contact, NumberKind, PhoneNumber

Dialler = Callable[[PhoneNumber], str]
"""Returns what a phone dials for a number, "" if it cannot be dialled."""

NOT_IN_GROUPS = "in none of the book's groups"
IN_EXCLUDED_GROUP = "in an excluded group"
EXCLUDED = "excluded by a pattern"
NO_NUMBER = "no number"
ONLY_OTHER_KINDS = "only numbers that the book does not list"
PRIVATE = "only private numbers"
NOT_DIALABLE = "no dialable number"
UNDIALABLE = "a number of somebody listed that cannot be dialled"

_LABEL_LETTERS = 12


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
    """A contact's entries in a book, or the `reason` why there are none.

    `undialable` is how many of its numbers were left out because they cannot be
    dialled.
    """

    entries: tuple[Entry, ...]
    reason: str = ""
    undialable: int = 0


def exclusion_reason(contact: Contact, book: Book) -> str:
    """Return why a book leaves a contact out completely, or "" if it does not."""
    if book.groups or book.exclude_groups:
        groups = {group.casefold() for group in contact.groups}
        if book.groups and groups.isdisjoint(group.casefold() for group in book.groups):
            return NOT_IN_GROUPS
        if not groups.isdisjoint(group.casefold() for group in book.exclude_groups):
            return IN_EXCLUDED_GROUP
    return EXCLUDED if book.exclude and excluding(contact, book) else ""


def excluding(contact: Contact, book: Book) -> str:
    """Return the pattern that excludes a contact by its name or organisation, or ""."""
    return _fitting(
        (contact.name, f"{contact.given_name} {contact.family_name}".strip(), contact.organization),
        book,
    )


def _fitting(texts: tuple[str, ...], book: Book) -> str:
    for pattern in book.exclude:
        compiled = compile_pattern(pattern, ignore_case=True)
        if any(text and compiled.found_in(text) for text in texts):
            return pattern
    return ""


def number_exclusion_reason(number: PhoneNumber, book: Book) -> str:
    """Return why a book does not list a number, or "" if it does."""
    if number.kind not in (book.kinds or USUAL_KINDS):
        return ONLY_OTHER_KINDS
    if book.private_label and bears(number, book.private_label):
        return PRIVATE
    return EXCLUDED if book.exclude and excluding_number(number, book) else ""


def excluding_number(number: PhoneNumber, book: Book) -> str:
    """Return the pattern that excludes a number from a book, or ""."""
    return _fitting((number.value,), book)


def selected_numbers(contact: Contact, book: Book) -> tuple[PhoneNumber, ...]:
    """Return the numbers of a contact that a book lists, in the book's order.

    Numbers that cannot be dialled are still among them.
    """
    numbers = [number for number in contact.numbers if not number_exclusion_reason(number, book)]
    if book.kinds:
        numbers.sort(key=lambda number: book.kinds.index(number.kind))
    return tuple(numbers)


def _none_left(contact: Contact, book: Book) -> str:
    reasons = {number_exclusion_reason(number, book) for number in contact.numbers}
    return next(reason for reason in (EXCLUDED, PRIVATE, ONLY_OTHER_KINDS) if reason in reasons)


def _kind_word(number: PhoneNumber) -> str:
    if number.kind is NumberKind.OTHER:
        return (
            truncate(clean(number.label).replace("(", "").replace(")", "").lower(), _LABEL_LETTERS)
            or "other"
        )
    return str(number.kind)


def _lost(shown: str, short: str) -> str:
    """Return the words that shortening removed from a name.

    They distinguish it from other names that are shortened to the same text.
    """
    kept = set(short.replace(",", " ").split())
    return " ".join(word for word in shown.replace(",", " ").split() if word not in kept)


def entries_for(
    contact: Contact,
    book: Book,
    order: NameOrder,
    by: SortBy,
    limits: Limits,
    dialler: Dialler,
    owner: str = "",
) -> Listing:
    """Return one entry for each number of a contact that a book lists.

    Call it only if `exclusion_reason` is "". The first entry shows the plain name, the
    others add the kind of their number. `owner` keeps the entries together in reading
    order. It defaults to the contact's id, which is unique within one source.
    """
    if not contact.numbers:
        return Listing((), NO_NUMBER)
    numbers = selected_numbers(contact, book)
    if not numbers:
        return Listing((), _none_left(contact, book))
    dialled: dict[str, PhoneNumber] = {}
    undialable = 0
    for number in numbers:
        digits = dialler(number)
        if digits:
            dialled.setdefault(digits, number)
        else:
            undialable += 1
    if not dialled:
        return Listing((), NOT_DIALABLE, undialable)
    shown = clean(display_name(contact, order)) or next(iter(dialled))
    filed = clean(sort_heading(contact, by, shown)) or shown
    detail = clean(contact.department or contact.organization)
    if len(shown) > limits.row_name:
        detail = _lost(shown, shorten(shown, limits.row_name))
    elif detail == shown:
        detail = ""
    words = _words(contact, shown)
    alone = contact.organization if contact.organization and is_company(contact) else ""
    key = sort_key(filed, shown, owner or contact.id)
    names = _row_names(shown, dialled.values(), limits.row_name)
    entries = []
    for place, (name, (digits, number)) in enumerate(zip(names, dialled.items(), strict=True)):
        company = alone or (contact.organization if number.kind is NumberKind.MAIN else "")
        entries.append(
            Entry(
                name,
                digits,
                key + row_key(place),
                filed,
                detail,
                words,
                number,
                shown,
                clean(company) if company else "",
            )
        )
    return Listing(tuple(entries), "", undialable)


def _row_names(shown: str, numbers: Collection[PhoneNumber], limit: int) -> list[str]:
    """Return the names that the rows of a contact show.

    The first is the plain name, the others add the kind of their number.
    """
    names = [shorten(shown, limit)]
    if len(numbers) == 1:
        return names
    told: dict[str, int] = {}
    for place, number in enumerate(numbers):
        word = _kind_word(number)
        count = told[word] = told.get(word, 0) + 1
        if place:
            names.append(with_note(shown, word if count == 1 else f"{word} {count}", limit))
    return names


def is_company(contact: Contact) -> bool:
    """Return whether a contact is an organisation, not a person in it."""
    named = contact.name.strip() in ("", contact.organization.strip())
    return bool(contact.organization) and named and not (contact.given_name or contact.family_name)


def _words(contact: Contact, shown: str) -> str:
    given, family, name = contact.given_name, contact.family_name, contact.name
    # Most sources compose the display name from its parts, so the parts are enough.
    whole = (
        () if given and family and name in (f"{given} {family}", f"{family}, {given}") else (name,)
    )
    alone = () if name or given or family or contact.organization else (shown,)
    readings = (contact.phonetic_given_name, contact.phonetic_family_name)
    return index_words(
        (*whole, *alone, joined_cjk_name(family, given), contact.organization, contact.department),
        (given, family, *readings),
    )

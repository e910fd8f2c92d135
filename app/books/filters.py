"""Decide which contacts and numbers a book's filters leave out, and for which reason."""

from app.books.private_labels import bears
from app.model.profile import USUAL_KINDS, Book
from app.numbers.patterns import compile_pattern
from connectors.contact import Contact, PhoneNumber

NOT_IN_GROUPS = "in none of the book's groups"
IN_EXCLUDED_GROUP = "in an excluded group"
EXCLUDED = "excluded by a pattern"
ONLY_OTHER_KINDS = "only numbers that the book does not list"
PRIVATE = "only private numbers"


def exclusion_reason(contact: Contact, book: Book) -> str:
    """Return why a book leaves a contact out completely, or "" if it does not."""
    if book.groups or book.exclude_groups:
        groups = {group.casefold() for group in contact.groups}
        if book.groups and groups.isdisjoint(group.casefold() for group in book.groups):
            return NOT_IN_GROUPS
        if not groups.isdisjoint(group.casefold() for group in book.exclude_groups):
            return IN_EXCLUDED_GROUP
    return EXCLUDED if book.exclude and excluding_pattern(contact, book) else ""


def excluding_pattern(contact: Contact, book: Book) -> str:
    """Return the pattern that excludes a contact by its name or organisation, or ""."""
    name = f"{contact.given_name} {contact.family_name}".strip()
    return _first_match((contact.name, name, contact.organization), book)


def number_exclusion_reason(number: PhoneNumber, book: Book) -> str:
    """Return why a book does not list a number, or "" if it does."""
    if number.kind not in (book.kinds or USUAL_KINDS):
        return ONLY_OTHER_KINDS
    if book.private_label and bears(number, book.private_label):
        return PRIVATE
    return EXCLUDED if book.exclude and excluding_number_pattern(number, book) else ""


def excluding_number_pattern(number: PhoneNumber, book: Book) -> str:
    """Return the pattern that excludes a number from a book, or ""."""
    return _first_match((number.value,), book)


def _first_match(texts: tuple[str, ...], book: Book) -> str:
    for pattern in book.exclude:
        compiled = compile_pattern(pattern, ignore_case=True)
        if any(text and compiled.found_in(text) for text in texts):
            return pattern
    return ""

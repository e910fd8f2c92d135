"""Merge contacts of different sources that are the same person into one."""

from collections.abc import Iterable, Sequence

import msgspec

from app.books.private_labels import ComparableNumber, bears
from app.model.names import fold
from connectors.contact import Contact


def merge_contacts(
    contacts: Sequence[Contact], comparable: ComparableNumber, private_label: str = ""
) -> Contact:
    """Return one contact made of several.

    The name is that of the first, and the others supply what it lacks. Numbers, groups
    and e-mail addresses of all are kept, in order. If one contact marks a number with
    `private_label`, only the marked form of that number is kept.
    """
    first, *others = contacts
    numbers = tuple(dict.fromkeys(number for contact in contacts for number in contact.numbers))
    private = {
        comparable(number) or number.value for number in numbers if bears(number, private_label)
    }
    if private:
        numbers = tuple(
            number
            for number in numbers
            if bears(number, private_label) or (comparable(number) or number.value) not in private
        )
    name_source = _name_source(first, others)
    return msgspec.structs.replace(
        first,
        given_name=name_source.given_name,
        family_name=name_source.family_name,
        phonetic_given_name=name_source.phonetic_given_name,
        phonetic_family_name=name_source.phonetic_family_name,
        sort_name=first.sort_name or name_source.sort_name,
        organization=_first(contact.organization for contact in contacts),
        department=_first(contact.department for contact in contacts),
        title=_first(contact.title for contact in contacts),
        emails=tuple(dict.fromkeys(email for contact in contacts for email in contact.emails)),
        groups=tuple(dict.fromkeys(group for contact in contacts for group in contact.groups)),
        numbers=numbers,
    )


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _name_source(first: Contact, others: Sequence[Contact]) -> Contact:
    """Return the contact that supplies the parts of the name.

    That is the first one. If it has no parts, it is the first other whose parts all
    occur in its name.
    """
    if (
        first.given_name
        or first.family_name
        or first.phonetic_given_name
        or first.phonetic_family_name
    ):
        return first
    words = set(fold(first.name).split())
    for other in others:
        parts = set(fold(f"{other.given_name} {other.family_name}").split())
        if parts and parts <= words:
            return other
    return first

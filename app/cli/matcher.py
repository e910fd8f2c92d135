"""Test whether a contact matches the words that `explain` is given."""

from collections.abc import Callable

from app.model.names import fold
from connectors.contact import Contact, PhoneNumber


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

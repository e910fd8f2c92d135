"""Find the numbers that a book's `private_label` excludes, across a person's contacts.

If one contact marks a number as private, it is private for every contact whose name
goes together with that one's (`name_matching.compatible`). It is also private for
contacts without a name.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from app.books.name_matching import NameWords, compatible, name_words
from connectors.contact import LABEL_SEPARATOR, Contact, PhoneNumber

ComparableNumber = Callable[[PhoneNumber], str]
"""Returns digits that are equal for all written forms of a number, "" for no number."""

MAX_OWNERS = 12
"""A number that more people than this mark as private is private for everybody.

This keeps the time linear.
"""


@lru_cache(maxsize=4096)
def label_keys(label: str) -> tuple[str, ...]:
    """Return the forms in which a label is compared.

    They are the complete label, and each of its parts if a source gave several labels.
    Case is ignored and letters are composed.
    """
    parts = (label, *label.split(LABEL_SEPARATOR)) if LABEL_SEPARATOR in label else (label,)
    return tuple(" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)


def bears(number: PhoneNumber, label: str) -> bool:
    """Return whether a number has a label; the empty label never matches.

    A number with several labels has each of them.
    """
    return bool(label and number.label) and label_keys(label)[0] in label_keys(number.label)


@dataclass(slots=True)
class _Owners:
    """The names of the contacts that mark one number as private."""

    texts: set[str] = field(default_factory=set)
    names: list[NameWords] = field(default_factory=list)

    def add(self, name: NameWords) -> None:
        if name.text not in self.texts and len(self.names) <= MAX_OWNERS:
            self.texts.add(name.text)
            self.names.append(name)

    def include(self, name: NameWords) -> bool:
        if not name.text or name.text in self.texts or len(self.names) > MAX_OWNERS:
            return True
        return any(compatible(name, other) for other in self.names)


class PrivateNumbers:
    """The numbers that contacts mark with a label, and the names of those contacts."""

    def __init__(self, label: str, comparable: ComparableNumber) -> None:
        self._label = label
        self._comparable = comparable
        self._owners: dict[str, _Owners] = {}

    def add(self, contact: Contact) -> None:
        """Add the numbers that a contact marks."""
        for number in contact.numbers:
            if bears(number, self._label):
                self._owners.setdefault(self._key(number), _Owners()).add(name_words(contact))

    def label(self, contact: Contact) -> Contact:
        """Return the contact with the label added to each of its private numbers.

        Existing labels are kept.
        """
        found = (
            tuple(self._labelled(number, contact) for number in contact.numbers)
            if self._owners
            else contact.numbers
        )
        return (
            contact if found == contact.numbers else msgspec.structs.replace(contact, numbers=found)
        )

    def _labelled(self, number: PhoneNumber, contact: Contact) -> PhoneNumber:
        owners = self._owners.get(self._key(number))
        if owners is None or bears(number, self._label) or not owners.include(name_words(contact)):
            return number
        label = f"{number.label}{LABEL_SEPARATOR}{self._label}" if number.label else self._label
        return msgspec.structs.replace(number, label=label)

    def _key(self, number: PhoneNumber) -> str:
        return self._comparable(number) or number.value

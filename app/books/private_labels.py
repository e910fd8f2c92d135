"""Numbers that a book's `private_label` leaves out, wherever the same person has them.

A label is compared without case and in composed letters; a number with several labels bears each of them. A number that one contact marks
as private is private for every contact whose name goes together with that one's (`same_name`), and for one without any name.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from app.books.name_matching import NameWords, compatible, name_words
from connectors.contact import LABEL_SEPARATOR, Contact, PhoneNumber

Dialled = Callable[[PhoneNumber], str]
"""Gives the digits by which two writings of a number are known to be the same, "" for what is no number."""

MAX_OWNERS = 12
"""A number that more people than this mark as private is private for everybody, which keeps the time linear."""


@lru_cache(maxsize=4096)
def label_keys(label: str) -> tuple[str, ...]:
    """Return the forms in which a label is compared: all of it, and each of its words where a source gave several."""
    parts = (label, *label.split(LABEL_SEPARATOR)) if LABEL_SEPARATOR in label else (label,)
    return tuple(" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)


def bears(number: PhoneNumber, label: str) -> bool:
    """Tell whether a number bears a label; none bears the empty one."""
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
    """The numbers that contacts mark by a label, and who marks them."""

    def __init__(self, label: str, dialled: Dialled) -> None:
        self._label = label
        self._dialled = dialled
        self._owners: dict[str, _Owners] = {}

    def add(self, contact: Contact) -> None:
        """Take in the numbers that a contact marks."""
        for number in contact.numbers:
            if bears(number, self._label):
                self._owners.setdefault(self._key(number), _Owners()).add(name_words(contact))

    def marked(self, contact: Contact) -> Contact:
        """Return the contact with the label at each of its numbers that is private, beside the label that it has."""
        found = tuple(self._marked(number, contact) for number in contact.numbers) if self._owners else contact.numbers
        return contact if found == contact.numbers else msgspec.structs.replace(contact, numbers=found)

    def _marked(self, number: PhoneNumber, contact: Contact) -> PhoneNumber:
        owners = self._owners.get(self._key(number))
        if owners is None or bears(number, self._label) or not owners.include(name_words(contact)):
            return number
        label = f"{number.label}{LABEL_SEPARATOR}{self._label}" if number.label else self._label
        return msgspec.structs.replace(number, label=label)

    def _key(self, number: PhoneNumber) -> str:
        return self._dialled(number) or number.value

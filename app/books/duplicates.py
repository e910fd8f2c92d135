"""Recognise exact duplicates among the contacts of one source."""

from app.books.private_labels import ComparableNumber
from app.model.names import fold
from connectors.contact import Contact


def numbers_fingerprint(contact: Contact, comparable: ComparableNumber) -> int:
    """Return a hash of a contact's numbers as dialled, with their kinds and labels.

    It does not depend on their order. It is valid in this process only.
    """
    numbers = [
        "\x1e".join((comparable(number) or number.value, number.kind, number.label))
        for number in contact.numbers
    ]
    if len(numbers) == 1:
        return hash(numbers[0])
    numbers.sort()
    return hash(tuple(numbers))


def duplicate_name(contact: Contact) -> str:
    """Return the name by which duplicates are recognised, before it is folded."""
    name = contact.name or f"{contact.given_name} {contact.family_name}"
    return name if name[:1].isalnum() or fold(name) else contact.organization


class DuplicateFilter:
    """Recognises exact duplicates in a sequence of contacts.

    Duplicates have the same name, and the same numbers of the same kinds. Names are
    compared only if the numbers are the same, so most contacts cost no more than a
    hash.
    """

    def __init__(self) -> None:
        self._names: dict[int, str | set[str]] = {}

    def seen(self, contact: Contact, numbers: int) -> bool:
        """Return whether a duplicate of this contact came before.

        `numbers` is its `numbers_fingerprint`. The contact is recorded for later calls.
        """
        name = duplicate_name(contact)
        earlier = self._names.get(numbers)
        if earlier is None:
            self._names[numbers] = name
            return False
        if isinstance(earlier, str):
            earlier = self._names[numbers] = {fold(earlier)}
        folded = fold(name)
        if folded in earlier:
            return True
        earlier.add(folded)
        return False

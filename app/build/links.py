"""Find which contacts of a profile may depend on one another.

What a profile makes of a contact depends on others in three ways: the same name and
numbers in its source (`app.books.duplicates`), a number or e-mail address that another
source has too (`app.books.matching`), and a number that another contact marks as
private (`app.books.private_labels`). Two contacts of which neither depends on the other
may share a link as well, which costs time and changes nothing.
"""

from collections.abc import Iterable
from zlib import crc32

from app.books.duplicates import duplicate_name
from app.books.private_labels import ComparableNumber
from app.model.names import fold
from app.model.profile import Book, Profile
from connectors.contact import Contact


class Links:
    """The links of a profile's contacts, which are numbers.

    Contacts that share no link with any of a set of contacts have no influence on what
    the profile makes of the contacts in that set. Even links count only between
    contacts of different sources.
    """

    def __init__(self, profile: Profile, comparable: ComparableNumber) -> None:
        merging = [book for book in profile.books if book.merge]
        self._merged = {source for book in merging for source in book.sources}
        self._private = _sources(book for book in merging if book.private_label)
        self._compared = self._private | _sources(book for book in merging if len(book.sources) > 1)
        self._comparable = comparable

    def of(self, source: str, contact: Contact) -> tuple[int, ...]:
        """Return the links of a contact."""
        if source not in self._merged:
            return ()
        numbers = [self._comparable(number) or number.value for number in contact.numbers]
        if len(numbers) > 1:
            numbers = sorted(set(numbers))
        links = [_hash(source, fold(duplicate_name(contact)), *numbers) | 1]
        if source in self._compared:
            emails = (email.strip().lower() for email in contact.emails)
            links += [_hash(key) for key in dict.fromkeys((*numbers, *emails))]
        if source in self._private:
            links += [_hash("private", number) | 1 for number in numbers]
        return tuple(links)


def counts_within_source(link: int) -> bool:
    """Return whether contacts of one source may depend on one another by a link."""
    return link % 2 == 1


def _sources(books: Iterable[Book]) -> set[str]:
    return {source for book in books for source in book.sources}


def _hash(*texts: str) -> int:
    """Return an even number for texts."""
    return crc32("\n".join(texts).encode("utf-8", "replace")) << 1

"""Find which contacts of a profile may depend on one another.

What a profile makes of a contact depends on others in three ways: the same name and
numbers in its source (`app.books.duplicates`), a number or e-mail address that another
source has too (`app.books.matching`), and a number that another contact marks as
private (`app.books.private_labels`). Two contacts of which neither depends on the other
may share a link as well, which costs time and changes nothing.
"""

from zlib import crc32

from app.books.duplicates import duplicate_name
from app.books.private_labels import ComparableNumber
from app.model.names import fold
from app.model.profile import Profile
from connectors.contact import Contact


class Links:
    """The links of a profile's contacts. Links are numbers of 32 bits.

    Contacts that share no link with any of a set of contacts have no influence on what
    the profile makes of the contacts in that set.
    """

    def __init__(self, profile: Profile, comparable: ComparableNumber) -> None:
        merging = [book for book in profile.books if book.merge]
        self._merged = {source for book in merging for source in book.sources}
        self._compared = {
            source
            for book in merging
            if len(book.sources) > 1 or book.private_label
            for source in book.sources
        }
        self._comparable = comparable

    def of(self, source: str, contact: Contact) -> tuple[int, ...]:
        """Return the links of a contact."""
        if source not in self._merged:
            return ()
        numbers = sorted({self._comparable(number) or number.value for number in contact.numbers})
        links = [_link(source, fold(duplicate_name(contact)), *numbers)]
        if source in self._compared:
            emails = (email.strip().lower() for email in contact.emails)
            links += [_link(key) for key in dict.fromkeys((*numbers, *emails))]
        return tuple(links)


def _link(*texts: str) -> int:
    return crc32("\n".join(texts).encode("utf-8", "replace"))

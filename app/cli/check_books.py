"""Warnings of `check` about books that stay empty although their sources have contacts.

A filter that excludes everybody is most often a typo. `app.books` applies the filters.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from app.books.entries import number_results, unlisted_reason
from app.books.filters import ONLY_OTHER_KINDS, exclusion_reason
from app.cli.dialler import Dialler
from app.model.profile import Book
from app.model.text import plural
from connectors.contact import Contact


class _BookReport:
    """A book of a profile, and the reasons why its contacts are not listed."""

    def __init__(self, book: Book, dialler: Dialler) -> None:
        self.book = book
        self._dialler = dialler
        self._read: set[str] = set()
        self._contacts = 0
        self._reasons: Counter[str] = Counter()
        self._kinds: set[str] = set()
        self._admits = self._has_numbers = self._lists = False

    def add(self, source: str, contacts: Iterable[Contact]) -> None:
        if source in self.book.sources:
            self._read.add(source)
            for contact in contacts:
                self._add(contact)

    def _add(self, contact: Contact) -> None:
        self._contacts += 1
        if self._lists:
            return
        excluded = exclusion_reason(contact, self.book)
        unusable = self._without_number(contact)
        self._admits |= not excluded
        self._has_numbers |= not unusable
        self._lists |= not (excluded or unusable)
        self._reasons[excluded or unusable] += 1
        if unusable == ONLY_OTHER_KINDS and not excluded:
            self._kinds.update(number.kind for number in contact.numbers)

    def _without_number(self, contact: Contact) -> str:
        """Return why the book lists no number of a contact, "" if it lists one."""
        results = number_results(
            contact, self.book, lambda number: self._dialler.dial(number).number
        )
        return "" if any(not result.reason for result in results) else unlisted_reason(results)

    def is_empty(self) -> bool:
        # If two contacts are one person, one may be in the group and the other have the number.
        may_merge = self.book.merge and len(self.book.sources) > 1
        is_listed = self._lists or (may_merge and self._admits and self._has_numbers)
        return self._contacts > 0 and self._read >= set(self.book.sources) and not is_listed

    def description(self) -> str:
        reasons = "; ".join(f"{count}: {reason}" for reason, count in self._reasons.most_common())
        contacts = plural(self._contacts, "contact")
        text = f"is empty, of {contacts} none is listed ({reasons})."
        if not self._kinds:
            return text
        return f"{text} Their numbers are of these kinds: {', '.join(sorted(self._kinds))}."


class EmptyBooks:
    """Finds the empty books of all profiles while the sources are read.

    A book is never reported if one of its sources was not read.
    """

    def __init__(self, diallers: Iterable[Dialler]) -> None:
        self._reports = [
            (dialler.profile.name, _BookReport(book, dialler))
            for dialler in diallers
            for book in dialler.profile.books
        ]

    def add(self, source: str, contacts: tuple[Contact, ...]) -> None:
        """Add a source's contacts."""
        for _, report in self._reports:
            report.add(source, contacts)

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each empty book.

        It names the profile if the book is not empty for the same reasons in all
        profiles.
        """
        profiles = Counter(report.book.name for _, report in self._reports)
        empty = [
            (profile, report.book.name, report.description())
            for profile, report in self._reports
            if report.is_empty()
        ]
        same = Counter((name, description) for _, name, description in empty)
        yield from dict.fromkeys(
            f"book {name} {description}"
            if same[name, description] == profiles[name]
            else f"book {name} in profile {profile} {description}"
            for profile, name, description in empty
        )

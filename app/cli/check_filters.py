"""Warnings of `check` about filters of books that match no contact.

A configured group or label that no contact has is most often a typo.
`app.books.entries` applies the filters.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from app.books.private_labels import label_keys
from app.model.profile import Book, Profile
from connectors.contact import Contact

_MOST_NAMED = 20


class FilterTerms:
    """The groups and labels of the sources that were read."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[str, str]] = {}
        self._labels: dict[str, dict[str, str]] = {}

    def add(self, source: str, contacts: Iterable[Contact]) -> None:
        """Add the groups and labels of a source's contacts."""
        groups = self._groups[source] = {}
        labels = self._labels[source] = {}
        for contact in contacts:
            for group in contact.groups:
                groups.setdefault(group.casefold(), group)
            for number in contact.numbers:
                for key in label_keys(number.label) if number.label else ():
                    labels.setdefault(key, number.label)

    def unmatched(self, profiles: Iterable[Profile]) -> Iterator[str]:
        """Yield a sentence for each filter that matches nothing.

        A book is skipped if one of its sources was not read.
        """
        books = {book.name: book for profile in profiles for book in profile.books}
        for book in books.values():
            if self._groups.keys() >= set(book.sources):
                yield from self._of(book)

    def _of(self, book: Book) -> Iterator[str]:
        groups = {
            folded: group
            for source in book.sources
            for folded, group in self._groups[source].items()
        }
        labels = {
            folded: label
            for source in book.sources
            for folded, label in self._labels[source].items()
        }
        for key, words in (("groups", book.groups), ("exclude_groups", book.exclude_groups)):
            for word in words:
                if word.casefold() not in groups:
                    yield (
                        f'books.{book.name}.{key}: no contact is in a group "{word}".'
                        f" {_near(word, groups, 'groups')}"
                    )
        if book.private_label and label_keys(book.private_label)[0] not in labels:
            word = book.private_label
            yield (
                f'books.{book.name}.private_label: no number bears the label "{word}".'
                f" {_near(word, labels, 'labels')}"
            )


def _near(word: str, known: dict[str, str], what: str) -> str:
    close = get_close_matches(word.casefold(), known, n=1)
    if close:
        return f'Did you mean "{known[close[0]]}"?'
    names = sorted(known.values(), key=str.casefold)
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return (
        f"There are: {', '.join(names[:_MOST_NAMED])}{more}." if names else f"There are no {what}."
    )

"""Warnings of `check` about filters of books that match no contact.

A configured group or label that no contact has is most often a typo.
`app.books.entries` applies the filters.
"""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from app.books.private_labels import label_keys
from app.model.profile import Book, Profile
from connectors.contact import Contact

MAX_NAMED = 20


class FilterTerms:
    """Finds filters that name none of the groups and labels of the sources."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._books = {book.name: book for profile in profiles for book in profile.books}
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

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each filter that matches nothing.

        A book is skipped if one of its sources was not read.
        """
        for book in self._books.values():
            if self._groups.keys() >= set(book.sources):
                yield from self._unmatched(book)

    def _unmatched(self, book: Book) -> Iterator[str]:
        groups = ChainMap(*(self._groups[source] for source in book.sources))
        labels = ChainMap(*(self._labels[source] for source in book.sources))
        for key, words in (("groups", book.groups), ("exclude_groups", book.exclude_groups)):
            for word in words:
                if word.casefold() not in groups:
                    yield (
                        f'books.{book.name}.{key}: no contact is in a group "{word}".'
                        f" {_suggestion(word, groups, 'groups')}"
                    )
        if book.private_label and label_keys(book.private_label)[0] not in labels:
            word = book.private_label
            yield (
                f'books.{book.name}.private_label: no number has the label "{word}".'
                f" {_suggestion(word, labels, 'labels')}"
            )


def _suggestion(word: str, existing: Mapping[str, str], what: str) -> str:
    """Return the most similar of the existing words, or a list of them."""
    close = get_close_matches(word.casefold(), existing, n=1)
    if close:
        return f'Did you mean "{existing[close[0]]}"?'
    names = sorted(existing.values(), key=str.casefold)
    if not names:
        return f"There are no {what}."
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return f"There are: {', '.join(names[:MAX_NAMED])}{more}."

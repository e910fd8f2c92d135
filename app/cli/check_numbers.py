"""Counts of `check` for the numbers of each profile."""

from collections.abc import Iterable, Iterator

from app.cli.dialler import Dialler
from app.cli.tally import Tally
from connectors.contact import Contact


class NumberCounts:
    """Counts the numbers of each profile's dial items and of the sources in its books."""

    def __init__(self, diallers: Iterable[Dialler]) -> None:
        self._profiles = [(dialler, Tally(dialler.profile.plan)) for dialler in diallers]
        for dialler, tally in self._profiles:
            for _, result in dialler.dial_items():
                tally.add(result)

    def add(self, source: str, contacts: Iterable[Contact]) -> None:
        """Add a source's contacts."""
        for dialler, tally in self._profiles:
            if any(source in book.sources for book in dialler.profile.books):
                for contact in contacts:
                    for number in contact.numbers:
                        tally.add(dialler.dial(number))

    def lines(self) -> Iterator[str]:
        """Yield the counts of each profile that has a number."""
        for dialler, tally in self._profiles:
            name = dialler.profile.name
            for line in tally.lines() if tally.numbers else ():
                yield line if line.startswith(" ") else f"profile {name}: {line}"
            if tally.doubtful:
                yield f"  see them all: directory-gateway numbers --odd --profile {name}"

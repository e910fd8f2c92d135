"""Check in a soak that a page is the one that was asked for, with people who exist."""

import csv
import re
from collections.abc import Iterable
from io import StringIO
from urllib.parse import urlsplit

from anyascii import anyascii

from app.phones.strict.judge import OpenedPage
from app.phones.strict.objects import DirectoryObject, MenuObject

_ROW = re.compile(r"/staff/[0-9a-z]+/(\d+)\.xml\Z")
_LETTERS = 10
"""The letters of a name that are compared; some models show few more."""
_RANGE = re.compile(r"(\d+)-(\d+) of (\d+)")


class PageCheck:
    """Knows everybody who may stand on a page, and the titles of the root menu."""

    def __init__(self, files: Iterable[str], titles: tuple[str, ...]) -> None:
        """`files` are the contents of all CSV files that are served."""
        self._titles = titles
        self._names: dict[str, set[str]] = {}
        for text in files:
            for row in csv.DictReader(StringIO(text)):
                for column in ("Business Phone", "Mobile Phone"):
                    if number := _last_digits(row[column]):
                        name = _plain(f"{row['First Name']} {row['Last Name']}")
                        self._names.setdefault(number, set()).add(name[:_LETTERS])

    def __call__(self, url: str, seen: OpenedPage) -> str:
        """Return what is wrong with a page, "" if nothing is."""
        path = urlsplit(url).path
        screen = seen.screen
        if path == "/menu.xml" and not (
            isinstance(screen, MenuObject) and screen.title in self._titles
        ):
            return f"not the root menu: {screen}"
        for name, number in seen.rows:
            names = self._names.get(_last_digits(number))
            if names is None:
                return f"a number that nobody has: {number}"
            if not _plain(name).startswith(tuple(names)):
                return f"a name that this number does not belong to: {name}, {number}"
        row = _ROW.search(path)
        if row is None or not isinstance(screen, DirectoryObject):
            return ""
        if not screen.prompt:  # not every model shows one
            return ""
        found = _RANGE.match(screen.prompt)
        if found is None:
            return f"a prompt without rows: {screen.prompt}"
        first, last, total = map(int, found.groups())
        if last - first + 1 != len(seen.rows):
            return f"{len(seen.rows)} rows under {screen.prompt}"
        # A link of a generation that is gone leads to the nearest page of today.
        return "" if first <= min(int(row[1]), total) <= last else f"row {row[1]} not in {found[0]}"


def _plain(name: str) -> str:
    """Return a name in the letters that every model shows."""
    return anyascii(name).casefold()


def _last_digits(number: str) -> str:
    """Return the digits by which a number is known, whatever is put before it."""
    return re.sub(r"\D", "", number)[-9:]

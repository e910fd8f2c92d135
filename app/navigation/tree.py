"""Map paths to screens, which are menus, book pages, searches and dial-now items."""

import re
from datetime import datetime
from gettext import NullTranslations

import msgspec

from app.generation.files import is_version
from app.generation.reader import Generation
from app.languages.catalogue import ENGLISH, words
from app.languages.phrases import as_of
from app.model.profile import SEARCH, Book, Profile
from app.model.screens import Dial, Limits, Menu, MenuItem, Message, Screen
from app.navigation.book_screens import BookScreens
from app.navigation.search_screens import SEARCH_PAGE, SearchScreens
from app.search.query import Query

MENU = "menu.xml"
DIRECTORY = "directory.xml"
ROOT_NAMES = frozenset(page.removesuffix(".xml") for page in (MENU, DIRECTORY, SEARCH_PAGE))
"""Names of pages that every profile has."""

# Paths below the profile's prefix:
# - `menu.xml` and `directory.xml`;
# - `NAME.xml`, a book or a dial-now item;
# - `search.xml` and `BOOK/search.xml` (see `search_screens`);
# - `BOOK/VERSION/7.xml`, the page that holds row 7;
# - `BOOK/VERSION/7-90.xml`, the menu from row 7 to row 90.
# VERSION is the generation that the link was made from. Rows are counted from 1.
_ROWS = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?\Z")


class Target(msgspec.Struct, frozen=True):
    """The target of a path.

    Inside a book, `version` is the generation that the link was made from. `first` and
    `last` are its rows (0 for none). `query` is None if the path is no search. If the
    name is "search", the search is in all books.
    """

    name: str
    version: str = ""
    first: int = 0
    last: int = 0
    query: Query | None = None


def is_search(path: str) -> bool:
    """Return whether a path below the profile's prefix is that of a search."""
    return path == SEARCH_PAGE or (path.endswith(f"/{SEARCH_PAGE}") and path.count("/") == 1)


def parse_path(path: str, query: Query | None = None) -> Target | None:
    """Return the target of a path below the profile's prefix, or None if it is unknown.

    `query` is used only for the path of a search.
    """
    parts = path.removesuffix(".xml").split("/")
    if is_search(path):
        query = query or Query()
        return Target(parts[0], query.version, query=query)
    if len(parts) == 1 and path.endswith(".xml"):
        return Target(parts[0])
    if (
        len(parts) == 3
        and path.endswith(".xml")
        and is_version(parts[1])
        and (rows := _ROWS.match(parts[2]))
    ):
        return Target(parts[0], parts[1], int(rows[1]), int(rows[2] or 0))
    return Target(parts[0]) if len(parts) == 1 and parts[0] else None


class Tree(msgspec.Struct, frozen=True):
    """A profile's screens over one generation, in one language.

    `generation` is None while there is none that matches the configuration. `notes` are
    (book, time of its data) for books whose data is old.
    """

    profile: Profile
    limits: Limits
    generation: Generation | None
    notes: tuple[tuple[str, datetime], ...] = ()
    language: str = ENGLISH

    @property
    def _words(self) -> NullTranslations:
        return words(self.language)

    @property
    def _profile_title(self) -> str:
        return self.profile.title or self._words.gettext("Directory")

    def screen(self, target: Target | None) -> Screen:
        """Return the screen of a target.

        Raises BrokenGeneration if the file cannot be read.
        """
        if target is None:
            return self.unknown()
        match target.name:
            case "menu":
                return self._root()
            case "directory":
                books = self.profile.books
                return self._book(books[0], target) if len(books) == 1 else self._root()
            case "search":
                return self._search(None, target.query or Query())
        book = self.profile.book(target.name)
        if book is not None:
            if target.query is not None:
                return self._search(book, target.query)
            return self._book(book, target)
        if self.profile.dial(target.name) is not None and target.query is None:
            return self._dial(target.name)
        return self.unknown()

    def unknown(self) -> Message:
        """Return the message for an unknown path.

        It may come from a link of an old configuration or from a mistyped address.
        """
        return self._message(
            self._profile_title,
            self._words.gettext(
                "There is no such page here. Press the Directory key to start again."
            ),
        )

    def _message(self, title: str, text: str) -> Message:
        return Message(title, text, self.profile.softkeys)

    def _root(self) -> Menu:
        items = tuple(MenuItem(self._title(word), f"{word}.xml") for word in self.profile.menu)
        return Menu(self._profile_title, items, self._words.gettext("Choose a directory"))

    def _title(self, word: str) -> str:
        if word == SEARCH:
            return self._words.gettext("Search")
        item = self.profile.book(word) or self.profile.dial(word)
        return item.title if item is not None else word

    def _dial(self, name: str) -> Screen:
        item = self.profile.dial(name)
        title = item.title if item is not None else name
        if self.generation is None:
            return self._message(
                title, self._words.gettext("Not available yet. Please try again in a minute.")
            )
        number = self.generation.dial_number(self.profile.name, name)
        if number is None:
            return self._message(
                title,
                self._words.gettext(
                    "The number set for this item cannot be dialled."
                    " Please tell your administrator."
                ),
            )
        return Dial(number)

    def _book(self, book: Book, target: Target) -> Screen:
        if self.generation is not None:
            table = self.generation.book_table(self.profile.name, book.name)
            if table is not None and table.known:
                if table.rows == 0:
                    text = self._words.gettext("{title} has no entries with a number.")
                    return self._message(book.title, text.format(title=book.title))
                screens = BookScreens(
                    self.profile,
                    self.limits,
                    self._words,
                    self.generation,
                    book,
                    table,
                    self._note((book,)),
                )
                return screens.screen(target.first, target.last)
        text = self._words.gettext("{title} is not available yet. Please try again in a minute.")
        return self._message(book.title, text.format(title=book.title))

    def _note(self, books: tuple[Book, ...]) -> str:
        """Return the note on the first of these books whose data is old, "" for none."""
        notes = dict(self.notes)
        then = next((notes[book.name] for book in books if book.name in notes), None)
        return as_of(self._words, then) if then is not None else ""

    def _search(self, book: Book | None, query: Query) -> Screen:
        note = self._note(self.profile.books if book is None else (book,))
        return SearchScreens(
            self.profile, self.limits, self._words, self.generation, book, note
        ).screen(query)

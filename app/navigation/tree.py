"""Map paths to screens, which are menus, book pages, searches and dial-now items.

Paths inside a book contain the version that the link was made from, and rows counted
from 1. A link names a row and not a page, so an old link still finds the nearest page
of today.
"""

import re
from dataclasses import dataclass

from app.generation.files import is_version
from app.generation.reader import BookTable, Generation
from app.model.profile import SEARCH, Book, Profile
from app.model.screens import Dial, Limits, Menu, MenuItem, Message, Page, Screen
from app.model.text import clean, make_unique
from app.navigation.paging import Range, label, page_at, page_count, page_rows_of, split
from app.navigation.search_screens import SEARCH_PAGE, Search, search_path, with_note
from app.search.query import Query

MENU = "menu.xml"
DIRECTORY = "directory.xml"

# Paths below the profile's prefix:
# - `menu.xml` and `directory.xml`;
# - `NAME.xml`, a book or a dial-now item;
# - `search.xml` and `BOOK/search.xml` (see `search_screens`);
# - `BOOK/VERSION/7.xml`, the page that holds row 7;
# - `BOOK/VERSION/7-90.xml`, the menu from row 7 to row 90.
_ROWS = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?\Z")


@dataclass(frozen=True, slots=True)
class Target:
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


@dataclass(frozen=True, slots=True)
class Tree:
    """A profile's screens over one generation.

    `generation` is None while there is none that matches the configuration. `notes` are
    (book, sentence) for books whose data is old, as `app.web.publisher` makes them.
    """

    profile: Profile
    limits: Limits
    generation: Generation | None
    notes: tuple[tuple[str, str], ...] = ()

    def screen(self, asked: Target | None) -> Screen:
        """Return the screen of a target.

        Raises BrokenGeneration if the file cannot be read.
        """
        if asked is None:
            return self.unknown()
        match asked.name:
            case "menu":
                return self._root()
            case "directory":
                books = self.profile.books
                return self._book(books[0], asked) if len(books) == 1 else self._root()
            case "search":
                return self._search(None, asked.query or Query())
        book = self.profile.book(asked.name)
        if book is not None and asked.query is not None:
            return self._search(book, asked.query)
        if book is not None:
            return self._book(book, asked)
        if self.profile.dial(asked.name) is not None and asked.query is None:
            return self._dial(asked.name)
        return self.unknown()

    def unknown(self) -> Message:
        """Return the message for an unknown path.

        It may come from a link of an old configuration or from a mistyped address.
        """
        return self._message(
            self.profile.title,
            "There is no such page here. Press the Directory key to start again.",
        )

    def _message(self, title: str, text: str) -> Message:
        return Message(title, text, self.profile.softkeys)

    def _root(self) -> Menu:
        items = tuple(MenuItem(self._title(word), f"{word}.xml") for word in self.profile.menu)
        return Menu(self.profile.title, items, "Choose a directory")

    def _title(self, word: str) -> str:
        if word == SEARCH:
            return "Search"
        found = self.profile.book(word) or self.profile.dial(word)
        return found.title if found is not None else word

    def _dial(self, name: str) -> Screen:
        item = self.profile.dial(name)
        title = item.title if item is not None else name
        if self.generation is None:
            return self._message(title, "Not available yet. Please try again in a minute.")
        number = self.generation.dial_number(self.profile.name, name)
        if number is None:
            return self._message(
                title,
                "The number set for this item cannot be dialled. Please tell your administrator.",
            )
        return Dial(number)

    def _book(self, book: Book, asked: Target) -> Screen:
        shelf = (
            self.generation.book_table(self.profile.name, book.name)
            if self.generation is not None
            else None
        )
        if shelf is None or not shelf.known:
            return self._message(
                book.title, f"{book.title} is not available yet. Please try again in a minute."
            )
        if shelf.rows == 0:
            return self._message(book.title, f"{book.title} has no entries with a number.")
        pages = page_count(shelf.rows, self.limits.page_rows)
        if asked.first and not asked.last:
            return self._page(book, shelf, self._page_of(shelf, asked.first))
        whole = (0, pages)
        if asked.first:
            first = self._page_of(shelf, asked.first)
            whole = (first, max(first, self._page_of(shelf, asked.last)) + 1)
        if whole[1] - whole[0] == 1:
            return self._page(book, shelf, whole[0])
        return self._parts(book, shelf, whole)

    def _page_of(self, shelf: BookTable, row: int) -> int:
        return page_at(row - 1, shelf.rows, self.limits.page_rows)

    def _rows_of(self, shelf: BookTable, pages: Range) -> Range:
        first, last = pages
        size = self.limits.page_rows
        return page_rows_of(first, shelf.rows, size)[0], page_rows_of(last - 1, shelf.rows, size)[1]

    def _path(self, book: Book, shelf: BookTable, pages: Range) -> str:
        start, stop = self._rows_of(shelf, pages)
        version = self.generation.version if self.generation is not None else ""
        rows = f"{start + 1}" if pages[1] - pages[0] == 1 else f"{start + 1}-{stop}"
        return f"{book.name}/{version}/{rows}.xml"

    def _search(self, book: Book | None, query: Query) -> Screen:
        notes = dict(self.notes)
        names = (
            (book.name,) if book is not None else tuple(each.name for each in self.profile.books)
        )
        note = next((notes[name] for name in names if name in notes), "")
        return Search(self.profile, self.limits, self.generation, book, note).screen(query)

    def _prompt(self, book: Book, text: str) -> str:
        return with_note(text, dict(self.notes).get(book.name, ""), self.limits.title)

    def _page(self, book: Book, shelf: BookTable, page: int) -> Page:
        start, stop = page_rows_of(page, shelf.rows, self.limits.page_rows)
        pages = page_count(shelf.rows, self.limits.page_rows)
        rows = self.generation.rows(shelf, start, stop) if self.generation is not None else ()
        return Page(
            title=book.title,
            rows=rows,
            prompt=self._prompt(book, f"{start + 1}-{stop} of {shelf.rows}"),
            next=self._path(book, shelf, (page + 1, page + 2)) if page + 1 < pages else None,
            previous=self._path(book, shelf, (page - 1, page)) if page > 0 else None,
            search=search_path(book) if SEARCH in self.profile.menu else None,
            softkeys=self.profile.softkeys,
        )

    def _parts(self, book: Book, shelf: BookTable, pages: Range) -> Menu:
        parts = split(pages, min(self.profile.comfort, self.limits.menu_items))
        ranges = [self._rows_of(shelf, part) for part in parts]
        # The first and last row of each part, and the rows just before and after all of them.
        ends = [row for start, stop in ranges for row in (start, stop - 1)]
        inside = [max(ends[0] - 1, 0), *ends, min(ends[-1] + 1, shelf.rows - 1)]
        texts = (
            self.generation.headings(shelf, tuple(inside)) if self.generation is not None else ()
        )
        told = [clean(text) for text in texts]
        if ends[0] == 0:
            told[0] = ""
        if ends[-1] == shelf.rows - 1:
            told[-1] = ""
        told = ["", *told, ""]
        windows = (told[place : place + 6] for place in range(0, 2 * len(parts), 2))
        names = [
            label(before, first, last, after, len(parts), (earlier, later))
            for earlier, before, first, last, after, later in windows
        ]
        shown = make_unique(names, self.limits.item_name)
        items = tuple(
            MenuItem(name, self._path(book, shelf, part))
            for name, part in zip(shown, parts, strict=True)
        )
        start, stop = ranges[0][0], ranges[-1][1]
        text = (
            f"{shelf.rows} entries"
            if stop - start == shelf.rows
            else f"{start + 1}-{stop} of {shelf.rows}"
        )
        return Menu(book.title, items, self._prompt(book, text))

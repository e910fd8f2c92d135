"""Render every page that a phone can reach from a profile's menu, as files.

A static server sends the same bytes to every phone and cannot search. So the pages are
in one dialect, and search is left out with its softkeys.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.generation.draft_file import BuildError
from app.generation.reader import Generation
from app.model.profile import SEARCH, Profile
from app.model.screens import Dial, Dialect, Menu, Message, Page, Screen, ScreenError
from app.navigation.paging import page_at, page_rows_of
from app.navigation.tree import DIRECTORY, MENU, Target, Tree, parse_path
from app.phones.registry import FORMATS, Format

TRANSIENT = "_transient"
"""The folder of pages that Exit must not return to: messages and pages that dial.

A web server sends them with an Expires. No book has this name, because names begin with
a letter or a digit.
"""
UNKNOWN = f"{TRANSIENT}/_unknown.xml"


@dataclass(frozen=True, slots=True)
class StaticPage:
    """A file: its path below the exported folder, and its bytes.

    `wants_refresh` means that phones would need a header to find the next page.
    """

    path: str
    data: bytes
    wants_refresh: bool = False


def unread_books(profile: Profile, generation: Generation) -> tuple[str, ...]:
    """Return the books of a profile whose sources have never been read."""
    tables = ((book, generation.book_table(profile.name, book.name)) for book in profile.books)
    return tuple(book.name for book, table in tables if table is None or not table.known)


class StaticPages:
    """The pages of one profile in one dialect, over one generation."""

    def __init__(
        self, profile: Profile, generation: Generation, dialect: Dialect, base_url: str
    ) -> None:
        words = tuple(word for word in profile.menu if word != SEARCH)
        books = tuple(book.name for book in profile.books)
        self._profile = replace(profile, menu=words or books)
        self._format: Format = FORMATS[profile.format]
        self._tree = Tree(self._profile, self._format.LIMITS, generation, language=dialect.language)
        self._generation = generation
        self._dialect = dialect
        self._base_url = base_url

    def pages(self) -> Iterator[StaticPage]:
        """Yield each page once, those that others link to after them.

        Raises BuildError if a page breaks a rule of the phones.
        """
        # Pages that a phone may open without a menu: those that line keys name.
        names = [book.name for book in self._profile.books]
        names += [item.name for item in self._profile.dials]
        waiting = deque([MENU, DIRECTORY, *(f"{name}.xml" for name in names)])
        seen = set(waiting)
        yield self._page(UNKNOWN, self._tree.unknown())
        while waiting:
            path = waiting.popleft()
            screen = self._screen(path)
            yield self._page(path, screen)
            for link in _links(screen):
                target = self._path(link)
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)

    def _screen(self, path: str) -> Screen:
        """Return the screen of a path of the exported folder."""
        name, _, pages = path.removeprefix(f"{TRANSIENT}/").removesuffix(".xml").partition("/")
        if not pages:
            return self._tree.screen(parse_path(f"{name}.xml"))
        first, _, last = pages.partition("-")
        start, stop = (self._row(name, int(page or 0)) for page in (first, last))
        return self._tree.screen(Target(name, "", start, stop))

    def _path(self, path: str) -> str:
        """Return where the page of a link stands.

        Links name the version of the generation and rows of it. Here they name pages,
        so that a menu that a phone shows leads on after the next export too.
        """
        target = parse_path(path)
        if target is None:
            return UNKNOWN
        if target.first:
            pages = [
                str(page_at(row - 1, self._rows(target.name), self._format.LIMITS.page_rows) + 1)
                for row in (target.first, target.last)
                if row
            ]
            return f"{target.name}/{'-'.join(pages)}.xml"
        plain = f"{target.name}.xml"
        is_transient = isinstance(self._tree.screen(target), Message | Dial)
        return f"{TRANSIENT}/{plain}" if is_transient else plain

    def _row(self, book: str, page: int) -> int:
        """Return the first row of a page; both count from 1, and 0 is none."""
        size = self._format.LIMITS.page_rows
        return page_rows_of(page - 1, self._rows(book), size)[0] + 1 if page else 0

    def _rows(self, book: str) -> int:
        table = self._generation.book_table(self._profile.name, book)
        return table.rows if table is not None else 0

    def _link(self, path: str) -> str:
        return f"{self._base_url}/{self._path(path)}"

    def _page(self, path: str, screen: Screen) -> StaticPage:
        try:
            data = self._format.render(screen, self._link, self._dialect)
            self._format.check(data, self._dialect)
            headers = self._format.headers(screen, self._link, self._dialect)
        except (ScreenError, UnicodeError) as error:
            raise BuildError(f"{path}: the page cannot be written: {error}") from error
        return StaticPage(path, data, any(name == "Refresh" for name, _ in headers))


def _links(screen: Screen) -> tuple[str, ...]:
    match screen:
        case Menu():
            return tuple(item.path for item in screen.items)
        case Page():
            return tuple(path for path in (screen.next, screen.previous) if path is not None)
        case _:
            return ()

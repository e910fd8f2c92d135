"""Render every screen of a generation before it is published.

A screen that breaks a limit raises BuildError, so that phones keep the generation
before.

If a generation was made from the one before, its pages are proven by their parts. After
an insertion each later page begins with another row, but no row and no frame is new:

- Rows that were written are on pages that are rendered here, with the pages beside. All
  other rows were on rendered pages of the generation before, which the same program
  made. A format renders a row in the same way on each page.
- Frames of a book differ in numbers only. Those of the first, second, middle and last
  two pages are rendered here, and no number is longer than on the last ones.
- A page of the largest frame and rows as large as rows can be is rendered too. So no
  page has too many bytes. If it has, all pages are rendered.
- Names are unique in their book (`app.generation.disambiguation`), and what a charset
  makes equal the format makes unique on each page.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from hashlib import blake2b
from itertools import cycle

import msgspec

from app.generation.draft_file import BuildError
from app.generation.reader import BrokenGeneration, Generation
from app.generation.schema import BookTable
from app.languages.catalogue import ENGLISH, LANGUAGES, readable_language
from app.model.names import fold
from app.model.profile import SEARCH, Profile
from app.model.screens import Dialect, Link, Page, Row, Screen, ScreenError
from app.navigation.paging import page_at, page_count, page_rows_of, split
from app.navigation.tree import Target, Tree
from app.phones.registry import FORMATS, Format
from app.search.query import Query, normalise_query


class Verifier:
    """Verifies the generations of one configuration, one after the other.

    A screen that the last verified generation had needs no second proof. It is known by
    its digest: the format makes the same bytes of the same screen.
    """

    def __init__(self, profiles: tuple[Profile, ...]) -> None:
        self._profiles = profiles
        self._verified: set[bytes] = set()

    def verify(
        self, generation: Generation, written: Mapping[str, Collection[int]] | None = None
    ) -> int:
        """Read and render every screen of every profile; return the number of screens.

        Each page is rendered once per charset. The other dialects are rendered on three
        pages of each book. In the further languages that phones of a profile can get,
        one screen of each kind is rendered, because the words are the same everywhere.
        Raises BuildError with the name of the first screen that cannot be shown.

        `written` is for a generation that was made from the one before: the ids of the
        rows of each profile that were written, and of those that are gone.
        """
        walks = [
            _Walk(generation, profile, profile.language or ENGLISH, self._verified)
            for profile in self._profiles
        ]
        count = sum(
            walk.screens(written[walk.profile.name] if written is not None else None)
            for walk in walks
        )
        others = [
            _Walk(generation, profile, language, self._verified)
            for profile in self._profiles
            if not profile.language
            for language in LANGUAGES
            if language != ENGLISH
        ]
        for walk in others:
            walk.one_of_each_kind()
        # Of a generation that was made from another one, most pages were not read.
        known = self._verified if written is not None else set()
        self._verified = known.union(*(walk.verified for walk in (*walks, *others)))
        return count


class _Walk:
    """A walk through the screens of one profile in one language.

    It collects the digests of all.
    """

    def __init__(
        self, generation: Generation, profile: Profile, language: str, known: set[bytes]
    ) -> None:
        self._generation = generation
        self.profile = profile
        self._known = known
        self.verified: set[bytes] = set()
        self._format: Format = FORMATS[profile.format]
        self._tree = Tree(profile, self._format.LIMITS, generation, language=language)
        self._everywhere = _in_language(language, self._format.VERIFY_EVERY_PAGE)
        self._all_dialects = self._everywhere + _in_language(
            language, self._format.VERIFY_SOME_PAGES
        )
        base = "http://".ljust(self._format.LIMITS.base_url, "x")
        self._link: Link = lambda path: f"{base}/p/{profile.name}/{path}"
        self._count = 0

    def screens(self, written: Collection[int] | None) -> int:
        """Render the screens; return how many the profile has.

        Pages without rows of `written`, if they are given, are proven by their parts.
        """
        everywhere, all_of_them = self._everywhere, self._all_dialects
        for name in ("menu", "directory", "", *(item.name for item in self.profile.dials)):
            self._show(Target(name), all_of_them)
        for book in self.profile.books:
            self._show(Target(book.name), all_of_them)
            table = self._generation.book_table(self.profile.name, book.name)
            if table is None or not table.rows:
                continue
            size = self._format.LIMITS.page_rows
            pages = page_count(table.rows, size)
            some = {0, pages // 2, pages - 1}
            chosen = self._pages_to_render(book.name, table, pages, written)
            count = 0
            for page in range(pages):
                start, stop = page_rows_of(page, table.rows, size)
                count += stop - start
                if page not in chosen:
                    self._count += 1
                    continue
                self._show(
                    Target(book.name, self._generation.version, start + 1),
                    all_of_them if page in some else everywhere,
                    stop - start,
                )
            if count != table.rows:
                raise BuildError(
                    f"book {book.name!r}: its pages hold {count} of {table.rows} entries"
                )
            self._menus(book.name, (0, pages), table.rows)
        self._searches(all_of_them)
        return self._count

    def _pages_to_render(
        self, book: str, table: BookTable, pages: int, written: Collection[int] | None
    ) -> set[int]:
        """Return all pages, or those of the written rows, those beside and each frame."""
        size = self._format.LIMITS.page_rows
        chosen = {0, 1, pages // 2, pages - 2, pages - 1}
        try:
            if written is None or not self._fits_largest_page(book, table, pages):
                return set(range(pages))
            for row in written:
                page = page_at(self._generation.position(table, row), table.rows, size)
                chosen.update((page - 1, page, page + 1))
        except BrokenGeneration:
            return set(range(pages))  # the page that cannot be read is reported
        return chosen & set(range(pages))

    def _fits_largest_page(self, book: str, table: BookTable, pages: int) -> bool:
        """Return whether the largest page that a book could have can be shown."""
        limits = self._format.LIMITS
        first = page_rows_of(max(pages - 2, 0), table.rows, limits.page_rows)[0] + 1
        page = self._tree.screen(Target(book, self._generation.version, first))
        if not isinstance(page, Page):
            return False
        # No character takes more bytes than a quotation mark, which formats may have to escape, or
        # one beyond the Basic Multilingual Plane.
        names = (
            f"{at:02d}{character * (limits.row_name - 2)}"
            for at, character in zip(range(limits.page_rows), cycle('"\U00020000'), strict=False)
        )
        rows = tuple(Row(name, "0" * limits.number) for name in names)
        largest = replace(page, rows=rows, next=page.next or page.previous)
        try:
            self._prove(replace(largest, previous=page.previous or page.next), self._all_dialects)
        except (ScreenError, UnicodeError):
            return False
        return True

    def one_of_each_kind(self) -> None:
        """Render the menu, a message, the search form, and the menu and page of a book."""
        targets = [Target("menu"), Target(""), Target(SEARCH, query=Query())]
        for book in self.profile.books[:1]:
            targets += [Target(book.name), Target(book.name, self._generation.version, 1)]
        for target in targets:
            self._show(target, self._everywhere)

    def _searches(self, dialects: tuple[Dialect, ...]) -> None:
        """Render the search forms and results of each book.

        Forms are rendered with and without a query. Results are rendered for the first,
        the middle and the last name.
        """
        for book in (None, *self.profile.books):
            name = book.name if book is not None else SEARCH
            self._show(Target(name, query=Query()), dialects)
            table = (
                self._generation.book_table(self.profile.name, name)
                if book is not None
                else self._generation.all_rows(self.profile.name)
            )
            if table is None or not table.rows:
                continue
            for position in {0, table.rows // 2, table.rows - 1}:
                (row,) = self._generation.rows(table, position, position + 1)
                word = (fold(row.name).split() or [""])[0]
                for q, k in ((row.name, row.number), (word[:1], ""), ("", row.number[-3:])):
                    query = Query(*normalise_query(q, k), form=bool(q and k))
                    self._show(Target(name, query=query), dialects)

    def _menus(self, book: str, pages: tuple[int, int], rows: int) -> None:
        if pages[1] - pages[0] < 2:
            return
        size = self._format.LIMITS.page_rows
        first = page_rows_of(pages[0], rows, size)[0] + 1
        last = page_rows_of(pages[1] - 1, rows, size)[1]
        self._show(Target(book, self._generation.version, first, last), self._everywhere)
        for part in split(pages, min(self.profile.comfort, self._format.LIMITS.menu_items)):
            if part[1] - part[0] > 1:
                self._menus(book, part, rows)

    def _show(self, target: Target, dialects: tuple[Dialect, ...], rows: int | None = None) -> None:
        try:
            screen: Screen = self._tree.screen(target)
            if rows is not None and len(getattr(screen, "rows", ())) != rows:
                raise ScreenError(f"{rows} rows should stand here")
            self._prove(screen, dialects)
        except (ScreenError, BrokenGeneration, UnicodeError) as error:
            where = f"{target.name}.xml" + (f" from row {target.first}" if target.first else "")
            raise BuildError(
                f"profile {self.profile.name!r}, {where}: the screen cannot be shown: {error}"
            ) from error
        self._count += 1

    def _prove(self, screen: Screen, dialects: tuple[Dialect, ...]) -> None:
        digest = self._digest(screen, dialects)
        if digest not in self._known:
            for dialect in dialects:
                data = self._format.render(screen, self._link, dialect)
                self._format.check(data, dialect)
                self._format.headers(screen, self._link, dialect)
        self.verified.add(digest)

    def _digest(self, screen: Screen, dialects: tuple[Dialect, ...]) -> bytes:
        parts = (self.profile.name, type(screen).__name__, screen, dialects)
        return blake2b(msgspec.msgpack.encode(parts), digest_size=16).digest()


def _in_language(language: str, dialects: tuple[Dialect, ...]) -> tuple[Dialect, ...]:
    return tuple(
        msgspec.structs.replace(dialect, language=readable_language(language, dialect.charset))
        for dialect in dialects
    )

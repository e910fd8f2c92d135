"""Build the screens of a book, which are pages of rows and menus over several pages.

Links name a row and not a page, so an old link still finds the nearest page of today.
"""

from gettext import NullTranslations

import msgspec

from app.generation.reader import Generation
from app.generation.schema import BookTable
from app.model.names import fold_in
from app.model.profile import SEARCH, Book, Profile
from app.model.screens import Limits, Menu, MenuItem, Page, Screen
from app.model.text import make_unique
from app.navigation.paging import Range, label, page_at, page_count, page_rows_of, split
from app.navigation.search_screens import row_range, search_path, with_note


class BookScreens(msgspec.Struct, frozen=True):
    """The screens of one book that has rows.

    `note` is a remark on old data ("" for none).
    """

    profile: Profile
    limits: Limits
    words: NullTranslations
    generation: Generation
    book: Book
    table: BookTable
    note: str = ""

    def screen(self, first_row: int = 0, last_row: int = 0) -> Screen:
        """Return the page of a row, or the menu from one row to another.

        Rows are counted from 1. Without `last_row` it is the page, without both the
        menu over the book. A menu over one page is the page itself.
        """
        if first_row:
            first = self._page_of(first_row)
            last = max(first, self._page_of(last_row)) if last_row else first
        else:
            first, last = 0, page_count(self.table.rows, self.limits.page_rows) - 1
        return self._page(first) if first == last else self._menu((first, last + 1))

    def _page_of(self, row: int) -> int:
        return page_at(row - 1, self.table.rows, self.limits.page_rows)

    def _rows_of(self, pages: Range) -> Range:
        rows, size = self.table.rows, self.limits.page_rows
        return page_rows_of(pages[0], rows, size)[0], page_rows_of(pages[1] - 1, rows, size)[1]

    def _path(self, pages: Range) -> str:
        start, stop = self._rows_of(pages)
        rows = f"{start + 1}" if pages[1] - pages[0] == 1 else f"{start + 1}-{stop}"
        return f"{self.book.name}/{self.generation.version}/{rows}.xml"

    def _prompt(self, text: str) -> str:
        return with_note(text, self.note, self.limits.title)

    def _page(self, page: int) -> Page:
        start, stop = page_rows_of(page, self.table.rows, self.limits.page_rows)
        return Page(
            title=self.book.title,
            rows=self.generation.rows(self.table, start, stop),
            prompt=self._prompt(row_range(self.words, start + 1, stop, self.table.rows)),
            next=self._path((page + 1, page + 2)) if stop < self.table.rows else None,
            previous=self._path((page - 1, page)) if page > 0 else None,
            search=search_path(self.book) if SEARCH in self.profile.menu else None,
            softkeys=self.profile.softkeys,
        )

    def _menu(self, pages: Range) -> Menu:
        parts = split(pages, min(self.profile.comfort, self.limits.menu_items))
        names = make_unique(self._labels(parts), self.limits.item_name)
        items = tuple(
            MenuItem(name, self._path(part)) for name, part in zip(names, parts, strict=True)
        )
        start, stop = self._rows_of(pages)
        rows = self.table.rows
        if stop - start == rows:
            text = self.words.ngettext("{count} entry", "{count} entries", rows).format(count=rows)
        else:
            text = row_range(self.words, start + 1, stop, rows)
        return Menu(self.book.title, items, self._prompt(text))

    def _labels(self, parts: tuple[Range, ...]) -> list[str]:
        # The first and last row of each part, and the rows just before and after all of them.
        ends = [row for start, stop in map(self._rows_of, parts) for row in (start, stop - 1)]
        positions = (max(ends[0] - 1, 0), *ends, min(ends[-1] + 1, self.table.rows - 1))
        texts = list(self.generation.headings(self.table, positions))
        if ends[0] == 0:
            texts[0] = ""
        if ends[-1] == self.table.rows - 1:
            texts[-1] = ""
        texts = ["", *texts, ""]
        fold = fold_in(self.profile.language)
        windows = (texts[start : start + 6] for start in range(0, 2 * len(parts), 2))
        return [
            label(before, first, last, after, len(parts), (earlier, later), fold)
            for earlier, before, first, last, after, later in windows
        ]

"""Find a row in a finished generation, and the key presses that lead to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.generation.reader import Generation
from app.generation.schema import BookTable
from app.languages.catalogue import ENGLISH
from app.model.profile import Book, Profile
from app.model.screens import Menu
from app.navigation.paging import page_at, page_count, page_rows_of
from app.navigation.tree import MENU, Tree, parse_path
from app.phones.registry import FORMATS

_MAX_STEPS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One key press, as the item's number in its menu, from 1, and its label."""

    key: int
    label: str


@dataclass(frozen=True, slots=True)
class RowLocation:
    """The location of a row in a book.

    `place` is the position in the book; `line` is the line on the page. All numbers are
    counted from 1. `way` holds the key presses that lead to the row.
    """

    name: str
    place: int
    rows: int
    page: int
    pages: int
    line: int
    way: tuple[Step, ...]


class RowFinder:
    """Finds the rows of one profile's contacts."""

    def __init__(self, profile: Profile, generation: Generation) -> None:
        self._profile = profile
        self._generation = generation
        self._limits = FORMATS[profile.format].LIMITS
        self._tree = Tree(profile, self._limits, generation, language=profile.language or ENGLISH)

    def find(self, book: Book, number: str, name: str, heading: str) -> RowLocation | None:
        """Return the location of a contact's row, or None if the generation has none.

        `number` is what the row dials, `name` the name of the contact's first row, and
        `heading` what it is filed under. Raises BrokenGeneration.
        """
        table = self._generation.book_table(self._profile.name, book.name)
        rows = self._generation.find_by_number(table, number) if table is not None else ()
        # The builder adds the kind of the number to names, and a note to rows that would look the
        # same. So the name alone may not find them.
        likely = [found for found in rows if found[1].name == name] or [
            found for found in rows if found[2] == heading
        ]
        if table is None or not likely:
            return None
        position, row, _ = max(likely, key=lambda found: _alike(found[1].name, name))
        size = self._limits.page_rows
        page, pages = page_at(position, table.rows, size), page_count(table.rows, size)
        line = position - page_rows_of(page, table.rows, size)[0] + 1
        return RowLocation(
            row.name,
            position + 1,
            table.rows,
            page + 1,
            pages,
            line,
            tuple(self._steps(book, table, position + 1)),
        )

    def _steps(self, book: Book, table: BookTable, row: int) -> Iterator[Step]:
        path = MENU
        for _ in range(_MAX_STEPS):
            screen = self._tree.screen(parse_path(path))
            if not isinstance(screen, Menu):
                return
            chosen = 0
            for key, item in enumerate(screen.items, 1):
                target = parse_path(item.path)
                if target is not None and target.name == book.name and target.first <= row:
                    chosen = key
            if not chosen:
                return
            item = screen.items[chosen - 1]
            path = item.path
            yield Step(chosen, item.name)


def _alike(one: str, other: str) -> int:
    """Return the length of the common prefix of two names."""
    return next(
        (at for at, (first, second) in enumerate(zip(one, other, strict=False)) if first != second),
        min(len(one), len(other)),
    )

"""Tests that every phone format runs: the contract of `app.phones.registry.Format`."""

from dataclasses import dataclass

import pytest

from app.model.screens import (
    Dial,
    Dialect,
    Field,
    Menu,
    MenuItem,
    Message,
    Page,
    Row,
    Screen,
    ScreenError,
    SearchForm,
)
from app.phones.registry import Format

HOSTILE = (
    "Ann & <Bo> \"Cy\" 'Di'",
    "x" * 5_000,
    "\x00\ud800\ufffe",
    "\u202eevil",
    "👩‍👩‍👧 Zoë",
    "שלום עולם",
    "a\u0300" * 100,
    "王小明",
    "]]>",
    "",
)


def link(path: str) -> str:
    return f"http://192.168.1.10:8080/{path}"


def rows(count: int) -> tuple[Row, ...]:
    return tuple(Row(f"Name {number}", str(1000 + number)) for number in range(count))


@dataclass(frozen=True)
class Case:
    """A screen and what must stand in its bytes."""

    screen: Screen
    holds: tuple[str, ...] = ()


CASES = (
    Case(
        Menu("Company", (MenuItem("Staff", "staff.xml"), MenuItem("Help", "help.xml")), "Choose"),
        ("Company", link("staff.xml"), link("help.xml")),
    ),
    Case(
        Page("Staff", rows(3), "1-3 of 9", next="staff/v/4.xml", previous="staff/v/1.xml"),
        ("Name 2", "1002", link("staff/v/4.xml")),
    ),
    Case(Message("Sorry", "Nothing here."), ("Sorry", "Nothing here.")),
    Case(Dial("*97#"), ("*97#",)),
    Case(
        SearchForm(
            "Search",
            "Name or number",
            "search.xml",
            (Field("Name", "q", False, "ann"), Field("Keys", "k", True)),
        ),
        ("Name", link("search.xml")),
    ),
)


class FormatContract:
    """Inherit, and provide a fixture `family`."""

    def dialects(self, family: Format) -> tuple[Dialect, ...]:
        return (*family.VERIFY_EVERY_PAGE, *family.VERIFY_SOME_PAGES)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: type(case.screen).__name__)
    def test_every_screen_is_written(self, family: Format, case: Case) -> None:
        for dialect in self.dialects(family):
            if isinstance(case.screen, SearchForm) and not dialect.forms:
                continue
            text = family.render(case.screen, link, dialect).decode(dialect.charset)
            whole = text + str(family.headers(case.screen, link, dialect))
            assert [] == [part for part in case.holds if part not in whole]

    def test_no_text_breaks_a_screen(self, family: Format) -> None:
        for dialect in self.dialects(family):
            for hostile in HOSTILE:
                for screen in (
                    Page(hostile, (Row(hostile, "1001"), Row(hostile, "1002")), hostile),
                    Menu(
                        hostile, (MenuItem(hostile, "a.xml"), MenuItem(hostile, "b.xml")), hostile
                    ),
                    Message(hostile, f"{hostile}\n{hostile}"),
                ):
                    family.render(screen, link, dialect).decode(dialect.charset)

    def test_counts_over_the_limit_are_refused(self, family: Format) -> None:
        dialect, limits = family.VERIFY_EVERY_PAGE[0], family.LIMITS
        family.render(Page("Staff", rows(limits.page_rows)), link, dialect)
        items = tuple(MenuItem(str(number), "a.xml") for number in range(limits.menu_items + 1))
        family.render(Menu("Menu", items[:-1]), link, dialect)
        for screen in (
            Page("Staff", rows(limits.page_rows + 1)),
            Page("Staff", ()),
            Menu("Menu", items),
            Menu("Menu", ()),
        ):
            with pytest.raises(ScreenError):
                family.render(screen, link, dialect)

    def test_it_is_told_its_dialect_by_headers_and_never_fails(self, family: Format) -> None:
        for value in ("", "x" * 1_000, "\xff\x00", ";q=;;,=", "utf-8;q=abc", "*", "CP-"):
            found = family.dialect(dict.fromkeys(family.HEADERS, value))
            family.render(Message("Title", "Text"), link, found)

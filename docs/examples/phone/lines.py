"""Write screens as lines of text for the Lines phone (`format = "lines"`).

The Lines phone is made up. It reads UTF-8, one command with its values a line,
separated by tabs.
"""

from collections.abc import Iterator, Mapping

from app.model.screens import (
    Dial,
    Dialect,
    Limits,
    Link,
    Menu,
    Message,
    Page,
    Screen,
    ScreenError,
    SearchForm,
)
from app.model.text import clean, clean_lines, make_unique, shorten

MEDIA_TYPE = "text/plain"
# Lines Programming Guide 3.1, chapter 4: 20 numbers or 30 menu items a screen, lines of 40
# characters.
LIMITS = Limits(
    page_rows=20,
    menu_items=30,
    title=40,
    row_name=40,
    number=32,
    item_name=40,
    text=1000,
    base_url=100,
    link=400,
)
# The Lines 100 has no letters on its keys and no input fields (firmware 2.4).
WITHOUT_FORMS = Dialect(forms=False)
HEADERS = ("user-agent",)
VERIFY_EVERY_PAGE = (Dialect(),)
VERIFY_SOME_PAGES = (WITHOUT_FORMS,)


def dialect(headers: Mapping[str, str]) -> Dialect:
    """Return the dialect of the model that `User-Agent` names."""
    return WITHOUT_FORMS if "Lines-100" in headers.get("user-agent", "") else Dialect()


def render(screen: Screen, link: Link, dialect: Dialect) -> bytes:
    """Return the lines of a screen.

    Raises ScreenError if the screen exceeds a limit on counts or numbers.
    """
    lines = ("\t".join(map(clean, line)) + "\n" for line in _lines(screen, link, dialect))
    return "".join(lines).encode()


def check(data: bytes, dialect: Dialect) -> None:
    """Raise ScreenError if a Lines phone would refuse the lines of a screen."""
    lines = [line.split("\t") for line in data.decode().splitlines()]
    shown = [line for line in lines if line[0] in ("open", "dial")]
    # Chapter 4 again, and not LIMITS: a fault of this file must not hide itself.
    if len(shown) > 30 or any(len(line) != 3 or not 1 <= len(line[1]) <= 40 for line in shown):
        raise ScreenError("the screen has more than 30 lines, or one over 40 characters")


def headers(screen: Screen, link: Link, dialect: Dialect) -> tuple[tuple[str, str], ...]:
    """Return no headers, because everything is in the lines."""
    return ()


def _lines(screen: Screen, link: Link, dialect: Dialect) -> Iterator[tuple[str, ...]]:
    match screen:
        case Menu():
            _check_count("menu", len(screen.items), LIMITS.menu_items)
            yield "title", _fit(screen.title, LIMITS.title)
            yield "hint", _fit(screen.prompt, LIMITS.title)
            for item in screen.items:
                yield "open", _fit(item.name, LIMITS.item_name), link(item.path)
        case Page():
            _check_count("page", len(screen.rows), LIMITS.page_rows)
            yield "title", _fit(screen.title, LIMITS.title)
            yield "hint", _fit(screen.prompt, LIMITS.title)
            names = make_unique(
                (_fit(row.name, LIMITS.row_name) or row.number for row in screen.rows),
                LIMITS.row_name,
            )
            for name, row in zip(names, screen.rows, strict=True):
                yield "dial", name, _number(row.number)
            search = screen.search if dialect.forms else None
            keys = (("Previous", screen.previous), ("Next", screen.next), ("Search", search))
            for name, path in keys:
                if path is not None:
                    yield "key", name, link(path)
        case Message():
            yield "title", _fit(screen.title, LIMITS.title)
            for line in clean_lines(screen.text)[: LIMITS.text].split("\n"):
                yield "text", line
            if screen.search is not None and dialect.forms:
                yield "key", "Search", link(screen.search)
        case Dial():
            yield "call", _number(screen.number)
        case SearchForm() if dialect.forms:
            yield "title", _fit(screen.title, LIMITS.title)
            yield "hint", _fit(screen.prompt, LIMITS.title)
            for field in screen.fields:
                kind = "digits" if field.keypad else "letters"
                yield "input", field.label, field.parameter, kind, field.value
            yield "send", link(screen.path)
        case SearchForm():
            yield "text", "This phone cannot show a search form."


def _fit(text: str, limit: int) -> str:
    return shorten(clean(text), limit)


def _number(number: str) -> str:
    if not 1 <= len(number) <= LIMITS.number:
        raise ScreenError(f"a number of {len(number)} characters: it may have {LIMITS.number}")
    return number


def _check_count(what: str, count: int, limit: int) -> None:
    if not 1 <= count <= limit:
        raise ScreenError(f"a {what} of {count} lines: it must have 1 to {limit}")

"""Write screens as web pages for people with a browser.

The pages need no script. Their limits are for readability; a browser has none of its
own.
"""

from collections.abc import Iterable, Mapping
from html import escape

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
from app.model.text import clean, clean_lines

MEDIA_TYPE = "text/html"
LIMITS = Limits(
    page_rows=50,
    menu_items=200,
    title=60,
    row_name=60,
    number=60,
    item_name=120,
    text=8000,
    base_url=100,
    link=1900,
)
HEADERS: tuple[str, ...] = ()
VERIFY_EVERY_PAGE = (Dialect(),)
VERIFY_SOME_PAGES: tuple[Dialect, ...] = ()


def dialect(headers: Mapping[str, str]) -> Dialect:
    """Return the only dialect, because every browser reads UTF-8."""
    return Dialect()


# Written by hand: a template of jinja2 takes 1.7 times as long (decision 2).
def _anchor(text: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(clean(text))}</a>'


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(clean(text))}</p>\n" for text in texts)


def _page(page: Page, link: Link) -> str:
    if not 1 <= len(page.rows) <= LIMITS.page_rows:
        raise ScreenError(
            f"a page of {len(page.rows)} entries: it must hold 1 to {LIMITS.page_rows}"
        )
    rows = "".join(
        f"<tr><td>{escape(clean(row.name))}</td>"
        f"<td>{_anchor(row.number, f'tel:{row.number}')}</td></tr>\n"
        for row in page.rows
    )
    paths = (("Previous", page.previous), ("Next", page.next), ("Search", page.search))
    anchors = " ".join(_anchor(name, link(path)) for name, path in paths if path is not None)
    return f"<table>\n{rows}</table>\n<p>{anchors}</p>\n"


def _menu(menu: Menu, link: Link) -> str:
    if not 1 <= len(menu.items) <= LIMITS.menu_items:
        raise ScreenError(
            f"a menu of {len(menu.items)} items: it must hold 1 to {LIMITS.menu_items}"
        )
    items = "".join(f"<li>{_anchor(item.name, link(item.path))}</li>\n" for item in menu.items)
    return f"<ol>\n{items}</ol>\n"


def _message(message: Message, link: Link) -> str:
    text = _paragraphs(clean_lines(message.text).split("\n"))
    search = f"<p>{_anchor('Search', link(message.search))}</p>\n" if message.search else ""
    return text + search


def _form(form: SearchForm, link: Link) -> str:
    fields = "".join(
        f'<p><label>{escape(field.label)} <input name="{escape(field.parameter)}"'
        f' value="{escape(field.value)}"></label></p>\n'
        for field in form.fields
    )
    action = escape(link(form.path))
    return f'<form action="{action}">\n{fields}<p><button>Search</button></p>\n</form>\n'


def render(screen: Screen, link: Link, dialect: Dialect) -> bytes:
    """Return the screen as a web page in UTF-8.

    Raises ScreenError if the screen exceeds a limit.
    """
    match screen:
        case Page():
            title, prompt, body = screen.title, screen.prompt, _page(screen, link)
        case Menu():
            title, prompt, body = screen.title, screen.prompt, _menu(screen, link)
        case Message():
            title, prompt, body = screen.title, "", _message(screen, link)
        case Dial():
            title, prompt = "Call", ""
            body = f"<p>{_anchor(screen.number, f'tel:{screen.number}')}</p>\n"
        case SearchForm():
            title, prompt, body = screen.title, screen.prompt, _form(screen, link)
    heading = escape(clean(title))
    head = (
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{heading}</title>\n"
    )
    top = f"<h1>{heading}</h1>\n" + (_paragraphs([prompt]) if prompt else "")
    return f"<!doctype html>\n{head}{top}{body}".encode("utf-8", "replace")


def headers(screen: Screen, link: Link, dialect: Dialect) -> tuple[tuple[str, str], ...]:
    """Return the headers that forbid scripts and frames."""
    # Content-Security-Policy as in CSP Level 3.
    return (
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    )

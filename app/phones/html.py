"""Write screens as web pages for people with a browser.

The pages need no script. Their limits are for readability; a browser has none of its
own.
"""

from collections.abc import Mapping
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
PROOF_EVERYWHERE = (Dialect(),)
PROOF_SOMEWHERE: tuple[Dialect, ...] = ()


def dialect(headers: Mapping[str, str]) -> Dialect:
    """Return the only dialect, because every browser reads UTF-8."""
    return Dialect()


def _link(text: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(clean(text))}</a>'


def _page(page: Page, link: Link) -> str:
    if not 1 <= len(page.rows) <= LIMITS.page_rows:
        raise ScreenError(
            f"a page of {len(page.rows)} entries: it must hold 1 to {LIMITS.page_rows}"
        )
    rows = "".join(
        f"<tr><td>{escape(clean(row.name))}</td><td>{_link(row.number, f'tel:{row.number}')}</td>"
        "</tr>\n"
        for row in page.rows
    )
    ways = (("Previous", page.previous), ("Next", page.next), ("Search", page.search))
    keys = " ".join(_link(name, link(path)) for name, path in ways if path is not None)
    return f"<table>\n{rows}</table>\n<p>{keys}</p>\n"


def _form(form: SearchForm, link: Link) -> str:
    fields = "".join(
        f'<p><label>{escape(field.label)} <input name="{escape(field.parameter)}"'
        f' value="{escape(field.value)}"></label></p>\n'
        for field in form.fields
    )
    return (
        "<form"
        f' action="{escape(link(form.path))}">\n{fields}<p><button>Search</button></p>\n</form>\n'
    )


def render(screen: Screen, link: Link, dialect: Dialect) -> bytes:
    """Return the screen as a web page in UTF-8.

    Raises ScreenError if the screen exceeds a limit.
    """
    title, prompt = "Call", ""
    match screen:
        case Page():
            title, prompt, body = screen.title, screen.prompt, _page(screen, link)
        case Menu():
            if not 1 <= len(screen.items) <= LIMITS.menu_items:
                raise ScreenError(
                    f"a menu of {len(screen.items)} items: it must hold 1 to {LIMITS.menu_items}"
                )
            title, prompt = screen.title, screen.prompt
            body = (
                "<ol>\n"
                + "".join(
                    f"<li>{_link(item.name, link(item.path))}</li>\n" for item in screen.items
                )
                + "</ol>\n"
            )
        case Message():
            title, body = (
                screen.title,
                "".join(
                    f"<p>{escape(line)}</p>\n" for line in clean_lines(screen.text).split("\n")
                ),
            )
            if screen.search is not None:
                body += f"<p>{_link('Search', link(screen.search))}</p>\n"
        case Dial():
            body = f"<p>{_link(screen.number, f'tel:{screen.number}')}</p>\n"
        case SearchForm():
            title, prompt, body = screen.title, screen.prompt, _form(screen, link)
    heading = escape(clean(title))
    hint = f"<p>{escape(clean(prompt))}</p>\n" if prompt else ""
    head = (
        '<meta charset="utf-8">\n<meta name="viewport"'
        f' content="width=device-width">\n<title>{heading}</title>\n'
    )
    return f"<!doctype html>\n{head}<h1>{heading}</h1>\n{hint}{body}".encode("utf-8", "replace")


def headers(screen: Screen, link: Link, dialect: Dialect) -> tuple[tuple[str, str], ...]:
    """Return the headers that forbid scripts and frames."""
    # Content-Security-Policy as in CSP Level 3.
    return (
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    )

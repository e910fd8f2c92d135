"""Write screens as XML for Cisco desk phones on enterprise firmware.

XSI in these comments is Cisco's "Unified IP Phone Services Application Development
Notes". Limits and element order (Title, Prompt, SoftKeyItem, content) come from the
schema CiscoIPPhone.xsd 3.3.4 and from XSI, chapter "XML Objects".
"""

import re

from app.languages.catalogue import words
from app.model.screens import (
    Dial,
    Dialect,
    Limits,
    Link,
    Menu,
    Message,
    Page,
    Row,
    Screen,
    ScreenError,
    SearchForm,
)
from app.model.text import are_clean, clean_lines, make_unique, shorten
from app.phones import cisco_dialect
from app.phones.cisco_charset import UTF_8, escape, spell, spell_all_latin
from app.phones.cisco_softkeys import list_softkeys, message_softkeys

HEADERS = cisco_dialect.HEADERS
VERIFY_EVERY_PAGE = cisco_dialect.VERIFY_EVERY_PAGE
VERIFY_SOME_PAGES = cisco_dialect.VERIFY_SOME_PAGES
dialect = cisco_dialect.dialect

# Phones read XML only if it is labelled `text/xml` (XSI, "HTTP Requests and Header Settings").
MEDIA_TYPE = "text/xml"
# A 78xx refuses a directory of more than 32 entries with "XML parsing error" (seen on a CP-7821).
LIMITS = Limits(
    page_rows=32,
    menu_items=100,
    title=32,
    row_name=32,
    number=32,
    item_name=64,
    text=4000,
    base_url=100,
    link=154,
)
PAGE_LIMIT = 32 * 1024
URL_LIMIT = 255
PATH_LIMIT = 127
INPUT_LIMIT = 5

# An Expires in the past but after 1970 makes Exit skip transient pages (XSI; 8800 series note).
_EXPIRED = (("Expires", "Sat, 01 Jan 2000 00:00:00 GMT"),)
_AFTER_SCHEME = len("https://")
_NUMBER = re.compile(r"\+?[0-9*#,]+\Z")
_ALL_NUMBERS = re.compile(r"\+?[0-9*#,]+(?:\n\+?[0-9*#,]+)*\Z")


def _text(text: str, charset: str, limit: int) -> str:
    return escape(shorten(spell(text, charset), limit))


def _url(link: Link, path: str) -> str:
    url = link(path)
    if len(url) >= PATH_LIMIT:
        path_start, query = url.find("/", _AFTER_SCHEME), url.find("?")
        path_end = query if query >= 0 else len(url)
        if len(url) > URL_LIMIT or path_end - path_start > PATH_LIMIT:
            raise ScreenError(
                f"a link of {len(url)} characters is over the limit of {URL_LIMIT} (path"
                f" {PATH_LIMIT}); shorten base_url"
            )
    return escape(url)


def _number(number: str) -> str:
    if len(number) > LIMITS.number or not _NUMBER.match(number):
        raise ScreenError(
            f"a number of {len(number)} characters is not dialable: it may hold digits, * and #,"
            f" {LIMITS.number} at most"
        )
    return number


def _numbers(rows: tuple[Row, ...]) -> list[str]:
    # One match over all numbers is faster than one for each.
    numbers = [row.number for row in rows]
    if max(map(len, numbers)) > LIMITS.number or not _ALL_NUMBERS.match("\n".join(numbers)):
        return [_number(number) for number in numbers]
    return numbers


def _optional_url(link: Link, path: str | None) -> str | None:
    return _url(link, path) if path is not None else None


def _page_keys(page: Page, link: Link, dialect: Dialect, *, is_menu: bool) -> str:
    return list_softkeys(
        dialect,
        _optional_url(link, page.next),
        _optional_url(link, page.previous),
        _optional_url(link, page.search) if dialect.forms else None,
        is_menu=is_menu,
    )


def _head(title: str, prompt: str, dialect: Dialect) -> str:
    title = _text(title, dialect.charset, LIMITS.title) or words(dialect.language).gettext(
        "Directory"
    )
    prompt = _text(prompt, dialect.charset, LIMITS.title) if dialect.prompts else ""
    return f"<Title>{title}</Title>\n" + (f"<Prompt>{prompt}</Prompt>\n" if prompt else "")


def _names(rows: tuple[Row, ...], charset: str) -> list[str]:
    """Return the names of a page's rows in the charset, shortened and unique."""
    names = [row.name for row in rows]
    if not are_clean(names):
        names = [spell(name, charset) for name in names]
    elif charset != UTF_8:
        names = spell_all_latin(names)
    if "" in names or max(map(len, names)) > LIMITS.row_name:
        names = [
            shorten(name, LIMITS.row_name) or row.number
            for name, row in zip(names, rows, strict=True)
        ]
    return names if len(set(names)) == len(names) else list(make_unique(names, LIMITS.row_name))


def _page(page: Page, link: Link, dialect: Dialect) -> str:
    if not 1 <= len(page.rows) <= LIMITS.page_rows:
        raise ScreenError(
            f"a directory page of {len(page.rows)} entries: it must hold 1 to {LIMITS.page_rows}"
        )
    head = _head(page.title, page.prompt, dialect)
    names = escape("\n".join(_names(page.rows, dialect.charset))).split("\n")
    rows = list(zip(names, _numbers(page.rows), strict=True))
    has_softkeys = page.softkeys and dialect.keys != ""
    # A phone without Directory objects (840/860) gets lists as menus of `Dial:` items.
    if dialect.directories:
        keys = _page_keys(page, link, dialect, is_menu=False) if has_softkeys else ""
        entries = "".join(
            f"<DirectoryEntry><Name>{name}</Name><Telephone>{number}</Telephone></DirectoryEntry>\n"
            for name, number in rows
        )
        return f"<CiscoIPPhoneDirectory>\n{head}{keys}{entries}</CiscoIPPhoneDirectory>\n"
    # For a single page the phone's own keys of a menu, Select and Exit, are enough.
    keys = ""
    if has_softkeys and (page.next is not None or page.previous is not None):
        keys = _page_keys(page, link, dialect, is_menu=True)
    items = "".join(
        f"<MenuItem><Name>{name}</Name><URL>Dial:{number}</URL></MenuItem>\n"
        for name, number in rows
    )
    return f"<CiscoIPPhoneMenu>\n{head}{keys}{items}</CiscoIPPhoneMenu>\n"


def _menu(menu: Menu, link: Link, dialect: Dialect) -> str:
    if not 1 <= len(menu.items) <= LIMITS.menu_items:
        raise ScreenError(
            f"a menu of {len(menu.items)} items: it must hold 1 to {LIMITS.menu_items}"
        )
    spelled = (spell(item.name, dialect.charset) for item in menu.items)
    names = (shorten(name, LIMITS.item_name) or "-" for name in spelled)
    items = "".join(
        f"<MenuItem><Name>{escape(name)}</Name><URL>{_url(link, item.path)}</URL></MenuItem>\n"
        for name, item in zip(make_unique(names, LIMITS.item_name), menu.items, strict=True)
    )
    head = _head(menu.title, menu.prompt, dialect)
    return f"<CiscoIPPhoneMenu>\n{head}{items}</CiscoIPPhoneMenu>\n"


def _message(message: Message, link: Link, dialect: Dialect) -> str:
    lines = [spell(line, dialect.charset) for line in clean_lines(message.text).split("\n")]
    text = "\n".join(lines)[: LIMITS.text]
    keys = ""
    if message.softkeys and dialect.keys:
        search = message.search if dialect.forms else None
        keys = message_softkeys(dialect, _optional_url(link, search))
    body = f"{_head(message.title, '', dialect)}{keys}<Text>{escape(text)}</Text>\n"
    return f"<CiscoIPPhoneText>\n{body}</CiscoIPPhoneText>\n"


def _form(form: SearchForm, link: Link, dialect: Dialect) -> str:
    if not 1 <= len(form.fields) <= INPUT_LIMIT:
        raise ScreenError(f"a form of {len(form.fields)} fields: it must hold 1 to {INPUT_LIMIT}")
    fields = "".join(
        f"<InputItem><DisplayName>{_text(field.label, dialect.charset, LIMITS.title)}</DisplayName>"
        f"<QueryStringParam>{field.parameter}</QueryStringParam>"
        f"<InputFlags>{'T' if field.keypad else 'A'}</InputFlags>"
        f"<DefaultValue>{_text(field.value, dialect.charset, LIMITS.title)}</DefaultValue>"
        "</InputItem>\n"
        for field in form.fields
    )
    head = f"{_head(form.title, form.prompt, dialect)}<URL>{_url(link, form.path)}</URL>\n"
    return f"<CiscoIPPhoneInput>\n{head}{fields}</CiscoIPPhoneInput>\n"


def render(screen: Screen, link: Link, dialect: Dialect) -> bytes:
    """Return the XML of a screen in a phone's dialect, encoded.

    Raises ScreenError if the screen exceeds a limit on counts, numbers, links or bytes.
    Text is shortened instead.
    """
    match screen:
        case Page():
            body = _page(screen, link, dialect)
        case Menu():
            body = _menu(screen, link, dialect)
        case Message():
            body = _message(screen, link, dialect)
        case Dial():
            item = f'<ExecuteItem Priority="0" URL="Dial:{_number(screen.number)}"/>\n'
            body = f"<CiscoIPPhoneExecute>\n{item}</CiscoIPPhoneExecute>\n"
        case SearchForm():
            if dialect.forms:
                body = _form(screen, link, dialect)
            else:
                text = words(dialect.language).gettext(
                    "This phone cannot show a search form. Please look in the directory itself."
                )
                refusal = Message(screen.title, text, screen.softkeys)
                body = _message(refusal, link, dialect)
    # Content type, prolog and bytes must have the same charset (XSI, "HTTP Requests and Header
    # Settings").
    page = f'<?xml version="1.0" encoding="{dialect.charset}"?>\n{body}'
    data = page.encode(dialect.charset, "replace")
    if len(data) > PAGE_LIMIT:
        raise ScreenError(
            f"a page of {len(data)} bytes is over the limit of {PAGE_LIMIT}; set a smaller comfort"
        )
    return data


def headers(screen: Screen, link: Link, dialect: Dialect) -> tuple[tuple[str, str], ...]:
    """Return the response headers that a screen needs besides type and length."""
    match screen:
        case Page():
            # A phone without our softkeys pages by its own Next key. It shows that key if the
            # response has a `Refresh` header.
            if screen.next is not None and not (screen.softkeys and dialect.keys):
                return (("Refresh", f"0; url={link(screen.next)}"),)
            return ()
        case Message() | Dial():
            return _EXPIRED
        case SearchForm():
            return () if dialect.forms else _EXPIRED
        case Menu():
            return ()


def check(data: bytes, dialect: Dialect) -> None:
    """Raise ScreenError if a phone would refuse the bytes of a screen."""
    # Only builds need it, and its patterns take a moment to compile.
    from app.phones.strict import proof

    proof.check(data, dialect)

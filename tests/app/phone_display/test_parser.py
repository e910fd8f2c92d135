"""Read pages as a phone does: what it shows, and what it refuses."""

import pytest

from app.phone_display.models import MODELS
from app.phone_display.objects import PhoneFault, PhoneText
from app.phone_display.picture import Picture, describe_display
from app.phone_display.response import LoadedPage, read_response
from app.phone_display.state import PhoneState, bounded
from tests.support.phone.breaches import BAD_PAGES
from tests.support.phone.samples import (
    DIRECTORY,
    ENTRY,
    EXECUTE,
    INPUT,
    LIST_MENU,
    MENU,
    TEXT,
    changed,
    entries,
)

PARSE_ERROR = "XML Error [4]: Parse Error"
CP_7821 = MODELS[0]
GOOD_PAGES = {
    "menu": MENU,
    "directory": DIRECTORY,
    "text": TEXT,
    "form": INPUT,
    "call": EXECUTE,
    "list menu": LIST_MENU,
}
# Rules of the strict phone that make a page unreadable. Its others are about what a gateway should
# send, as are these pages.
UNREADABLE = (2, 5, 22, 23, 25, 26)
READABLE = (
    changed(DIRECTORY, ENTRY, entries(32)),
    changed(DIRECTORY, "John Smith", "Mary O&apos;Neil &amp; Sons"),
    changed(INPUT, ">k<", ">q<"),
    changed(INPUT, ">q<", ">q&amp;x<"),
    changed(MENU, "&amp;b", "&amp;amp;b"),
    changed(LIST_MENU, "1001", "1" * 33),
)


def read(page: str | bytes, content_type: str = "text/xml; charset=utf-8") -> LoadedPage:
    body = page if isinstance(page, bytes) else page.encode("utf-8")
    return read_response(200, {"content-type": content_type}, body)


def picture(page: LoadedPage) -> Picture:
    return describe_display(bounded(PhoneState("/"), page, CP_7821), page, CP_7821)


@pytest.mark.parametrize("name", GOOD_PAGES)
def test_a_good_page_has_a_picture(name: str) -> None:
    assert picture(read(GOOD_PAGES[name])).kind == {
        "menu": "list",
        "list menu": "list",
        "directory": "list",
    }.get(name, name)


@pytest.mark.parametrize("name", GOOD_PAGES)
def test_no_byte_can_be_changed_without_a_change_on_the_phone(name: str) -> None:
    body = GOOD_PAGES[name].encode("utf-8")
    before = read(body)
    for position, byte in enumerate(body):
        other = body[:position] + (b"~" if byte != ord("~") else b"-") + body[position + 1 :]
        assert before != read(other), (position, body[max(position - 10, 0) : position + 10])


@pytest.mark.parametrize(
    "page",
    [page for rule, page in BAD_PAGES if rule in UNREADABLE and page not in READABLE],
    ids=lambda page: "",
)
def test_a_page_that_no_phone_can_read_shows_the_error(page: str) -> None:
    fault = read(page).content
    assert isinstance(fault, PhoneFault)
    assert fault.shown in (PARSE_ERROR, "XML Error [5]")
    assert fault.reason.endswith(".")


def test_more_than_32_entries_are_refused() -> None:
    fault = read(changed(DIRECTORY, ENTRY, entries(33))).content
    assert PhoneFault(PARSE_ERROR, "The page has 34 of <DirectoryEntry>, more than 32.") == fault


@pytest.mark.parametrize(
    ("status", "content_type", "body", "shown"),
    [
        (404, "text/plain", b"no", "File Not Found"),
        (503, "text/plain", b"no", "Server Busy!"),
        (500, "text/plain", b"no", "HTTP connection failed"),
        (302, "text/plain", b"no", "HTTP Error [8]"),
        (200, "text/xml; charset=utf-8", b"", "No services configured"),
        (200, "text/xml; charset=utf-8", MENU.encode() + b" " * 200_000, "Data too large!"),
        (200, "application/xml; charset=utf-8", MENU.encode(), PARSE_ERROR),
        (200, "text/xml", MENU.encode(), PARSE_ERROR),
        (200, "text/xml; charset=iso-8859-1", MENU.encode(), PARSE_ERROR),
        (200, "text/xml; charset=x", MENU.encode(), PARSE_ERROR),
    ],
)
def test_a_response_that_the_phone_refuses(
    status: int, content_type: str, body: bytes, shown: str
) -> None:
    fault = read_response(status, {"content-type": content_type}, body).content
    assert isinstance(fault, PhoneFault)
    assert shown == fault.shown


def test_a_text_that_is_not_xml_is_shown_as_it_is() -> None:
    page = read("Out of paper", "text/plain")
    assert PhoneText("", "", (), "Out of paper") == page.content


@pytest.mark.parametrize(
    ("date", "expired"),
    [
        ("Sat, 01 Jan 2000 00:00:00 GMT", True),
        ("Thu, 01 Jan 1970 00:00:00 GMT", False),
        ("Fri, 01 Jan 2100 00:00:00 GMT", False),
        ("0", False),
        ("", False),
    ],
)
def test_which_pages_exit_skips(date: str, expired: bool) -> None:
    headers = {"content-type": "text/xml; charset=utf-8", "expires": date}
    assert expired == read_response(200, headers, TEXT.encode()).expired

"""What the soak with reloads counts as a wrong page."""

import pytest

from app.phones.strict.judge import OpenedPage
from app.phones.strict.objects import DirectoryObject, Entry, MenuObject, PhoneObject
from app.phones.strict.response import Answer
from tests.bench.data import HEADERS
from tests.bench.soak_pages import PageCheck

FILES = [
    f"{HEADERS}\n0,Ann,Krčher,,,+44 1632 960001 000,\n1,Ben,Zoe,,,1001,+44 7700 900001\n",
    f"{HEADERS}\n0,Cat,Smith,,,+44 1632 960001 000,\n",
]
CHECK = PageCheck(FILES, ("Company", "The Company"))
ROWS = "http://127.0.0.1/staff/mx27trq2/33.xml"
ANN = Entry("Ann Krcher", "00441632960001000")


def page(screen: PhoneObject, url: str = ROWS) -> str:
    return CHECK(url, OpenedPage(url, screen, "", False, Answer(200, (), b"")))


def directory(prompt: str, *entries: Entry) -> DirectoryObject:
    return DirectoryObject("Staff", prompt, (), entries)


@pytest.mark.parametrize(
    "screen",
    [
        directory("33-33 of 40", ANN),
        directory("33-34 of 40", Entry("Cat Smith", ANN.number), Entry("Ben Zoe", "1001")),
        directory("33-33 of 40", Entry("Ben Zoe (mobile)", "00447700900001")),
        # Row 33 is gone meanwhile.
        directory("20-20 of 20", ANN),
        directory("", ANN),
    ],
)
def test_a_page_of_rows_that_is_right(screen: DirectoryObject) -> None:
    assert "" == page(screen)


@pytest.mark.parametrize(
    ("screen", "word"),
    [
        (directory("33-33 of 40", Entry("Ann Krcher", "00441632960002000")), "nobody has"),
        (directory("33-33 of 40", Entry("Ben Zoe", ANN.number)), "does not belong"),
        (directory("1-1 of 40", ANN), "row 33 not in 1-1 of 40"),
        (directory("33-64 of 70", ANN), "1 rows under 33-64 of 70"),
        (directory("Choose", ANN), "without rows"),
    ],
)
def test_a_page_of_rows_that_is_wrong(screen: DirectoryObject, word: str) -> None:
    assert word in page(screen)


def test_the_root_menu() -> None:
    url = "http://127.0.0.1/menu.xml?locale=x"
    assert "" == page(MenuObject("The Company", "", (), ()), url)
    assert "not the root menu" in page(MenuObject("Staff", "", (), ()), url)
    assert "not the root menu" in page(directory("1-1 of 1", ANN), url)

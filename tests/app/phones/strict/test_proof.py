"""The proof before publication: what it accepts, what it refuses, and what it says."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.screens import Dialect, Message, Page, Row, Screen, ScreenError
from app.phones import cisco
from app.phones.strict import proof
from tests.app.phones.contract import CASES, HOSTILE, link
from tests.support.phone.breaches import BAD_PAGES
from tests.support.phone.samples import changed

DIALECTS = (*cisco.VERIFY_EVERY_PAGE, *cisco.VERIFY_SOME_PAGES)
FULL = Page(
    "Staff",
    tuple(Row(f"Name & {row}", str(1000 + row)) for row in range(32)),
    "1-32 of 96",
    next="staff/v/33.xml",
    previous="staff/v/1.xml",
    search="search.xml?q=a&form=1",
)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("screen", [*(case.screen for case in CASES), FULL], ids=repr)
def test_what_is_rendered_needs_no_closer_look(screen: Screen, dialect: Dialect) -> None:
    data = cisco.render(screen, link, dialect)
    proof.check(data, dialect)
    assert proof.is_plain(data, dialect)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_rendered_of_hostile_text_is_accepted(hostile: str) -> None:
    for dialect in DIALECTS:
        for screen in (
            Page(hostile, (Row(hostile, "1001"), Row(f"{hostile} 2", "+49,1")), hostile),
            Message(hostile, f"{hostile}\n{hostile}\n\n{hostile}"),
        ):
            proof.check(cisco.render(screen, link, dialect), dialect)


# Whether a page must have softkeys, and numbers a plus or a pause, is a setting of the profile.
REFUSED = [
    (rule, page)
    for rule, page in BAD_PAGES
    if rule != 45
    and ("<SoftKeyItem>" in page or not (rule == 34 and re.search("<Text>|<Telephone>", page)))
]


@pytest.mark.parametrize("rule, page", REFUSED)
def test_a_page_that_breaks_a_rule_is_never_published(rule: int, page: str) -> None:
    dialect = Dialect("utf-8", "exit-first")
    with pytest.raises(ScreenError, match=rf"\(rule {rule} of docs/phone-rules.md\)$") as error:
        proof.check(page.encode(), dialect)
    # A name or a number of a contact must never be in a message that is logged.
    assert not re.search(r"John|Mary|1001|Staff", str(error.value))


def test_the_quick_look_and_the_strict_phone_agree() -> None:
    """What the pattern accepts is never refused by the strict phone."""
    dialect = Dialect("utf-8", "exit-first")
    assert [] == [
        (rule, page) for rule, page in BAD_PAGES if proof.is_plain(page.encode(), dialect)
    ]


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (0, "staff.xml", "st%f.xml"),
        (0, "Company", "C" * 33),
        (0, "Company", "Company\u00a0"),
        (0, "Company", "Com  pany"),
        (1, "Name 1", "Name\u3000 1"),
        (1, "Name 1", "Name  1"),
        (1, ">Exit<", ">Ex  it<"),
        (2, "Sorry", "Sor  ry"),
        (4, "ann", "a  nn"),
    ],
)
def test_the_quick_look_leaves_what_is_odd_to_the_strict_phone(
    kind: int, old: str, new: str
) -> None:
    dialect = DIALECTS[0]
    page = cisco.render(CASES[kind].screen, link, dialect).decode()
    assert proof.is_plain(page.encode(), dialect)
    odd = changed(page, old, new).encode()
    assert not proof.is_plain(odd, dialect)
    with pytest.raises(ScreenError, match=r"rule (9|24|25)"):
        proof.check(odd, dialect)


PAGES = tuple(
    cisco.render(screen, link, dialect)
    for screen in (*(case.screen for case in CASES), FULL)
    for dialect in cisco.VERIFY_EVERY_PAGE
)


@settings(max_examples=500)
@given(st.sampled_from(PAGES), st.integers(0, 5_000), st.integers(0, 40), st.data())
def test_what_the_quick_look_accepts_the_strict_phone_accepts(
    page: bytes, place: int, length: int, data: st.DataObject
) -> None:
    """A piece is replaced by another piece of a page, so that much stays well-formed."""
    other = data.draw(st.sampled_from(PAGES))
    start = data.draw(st.integers(0, len(other)))
    piece = other[start : start + data.draw(st.integers(0, 60))]
    changed_page = page[:place] + piece + page[place + length :]
    for dialect in cisco.VERIFY_EVERY_PAGE:
        if proof.is_plain(changed_page, dialect):
            proof.read_strictly(changed_page, dialect)

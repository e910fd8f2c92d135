"""Whether two names may be one person's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.books.name_matching import compatible, name_words
from connectors.contact import Contact


def named(text: str) -> Contact:
    return Contact(id="1", name=text)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Ann Smith", "Ann Smith"),
        ("Ann Smith", "Smith, Ann"),
        ("ANN SMITH", "ann smith"),
        ("Ann Smith", "Dr. Ann M. Smith"),
        ("Ann Smith", "A. Smith"),
        ("Ann Marie Smith", "A. M. Smith"),
        ("Ann M. Smith", "A. Marie Smith"),
        ("Ann", "Ann Smith"),
        ("Müller, Jörg", "Joerg Mueller"),
        ("Jörg Muller", "Joerg Müller"),
        ("Zoë O'Neill", "Zoe ONeill"),
        ("José-María García", "Jose Maria Garcia"),
        ("山田太郎", "山田 太郎"),
        ("太郎 山田", "山田太郎"),
        ("Ольга Петрова", "Петрова Ольга"),
        ("John Smith Jr.", "Smith, John, Jr"),
    ],
)
def test_names_that_go_together(one: str, other: str) -> None:
    assert compatible(name_words(named(one)), name_words(named(other)))
    assert compatible(name_words(named(other)), name_words(named(one)))


@pytest.mark.parametrize(
    "one, other",
    [
        ("Ann Smith", "Bob Smith"),
        ("Ann Smith", "Ann Miller"),
        ("A. Smith", "B. Smith"),
        ("A. S.", "Ann Smith"),
        ("Anna Smith", "Ann Smith"),
        ("Ann B. Smith", "Ann C. Smith"),
        ("Ann", "Bob"),
        ("John Smith", "John Smith Jr."),
        ("John Smith Sr.", "John Smith Jr."),
        ("Ann Ann", "Ann Smith"),
        ("山田太郎", "山田花子"),
        ("", "Ann"),
        ("", ""),
        ("...", "Ann"),
    ],
)
def test_names_of_different_people(one: str, other: str) -> None:
    assert not compatible(name_words(named(one)), name_words(named(other)))
    assert not compatible(name_words(named(other)), name_words(named(one)))


def test_a_company_is_not_its_people() -> None:
    company = name_words(Contact(id="1", organization="Smith"))
    assert not compatible(company, name_words(named("Ann Smith")))
    assert compatible(company, name_words(named("Smith")))
    assert compatible(company, name_words(Contact(id="2", organization="Smith Ltd")))


def test_parts_of_a_name_do_where_no_full_name_is_shown() -> None:
    parts = name_words(Contact(id="1", given_name="Ann", family_name="Smith"))
    assert "ann smith" == parts.text
    assert "ann" == parts.given


NAMES = st.text("ab AB.-é山", max_size=8)


@given(one=NAMES, other=NAMES)
def test_it_is_the_same_both_ways(one: str, other: str) -> None:
    first, second = name_words(named(one)), name_words(named(other))
    assert compatible(first, second) == compatible(second, first)
    assert bool(first) == compatible(first, first)

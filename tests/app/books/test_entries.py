"""Rows show the kinds of numbers in the language of their profile."""

import pytest

from app.books.entries import Lister
from app.model.names import NameOrder, SortBy
from app.model.profile import Book
from app.phones import cisco
from connectors.contact import Contact, NumberKind, PhoneNumber

BOOK = Book(name="staff", title="Staff", sources=("staff",))
ANN = Contact(
    id="1",
    name="Ann Smith",
    numbers=(
        PhoneNumber("1001", NumberKind.WORK),
        PhoneNumber("1002", NumberKind.MOBILE),
        PhoneNumber("1003", NumberKind.MOBILE),
        PhoneNumber("1004", NumberKind.OTHER, "Boat (red)"),
        PhoneNumber("1005", NumberKind.OTHER),
        PhoneNumber("1006", NumberKind.INTERNAL),
    ),
)


@pytest.mark.parametrize(
    ("language", "kinds"),
    [
        ("", ["mobile", "mobile 2", "boat red", "other", "internal"]),
        ("en", ["mobile", "mobile 2", "boat red", "other", "internal"]),
        ("de", ["mobil", "mobil 2", "boat red", "andere", "intern"]),
        ("ru", ["мобильный", "мобильный 2", "boat red", "другой", "внутренний"]),
    ],
)
def test_the_kind_of_a_number_stands_behind_the_name(language: str, kinds: list[str]) -> None:
    lister = Lister(
        NameOrder.FIRST_LAST, SortBy.LAST, cisco.LIMITS, lambda number: number.value, language
    )
    names = [entry.name for entry in lister.listing(ANN, BOOK, "staff 1").entries]
    assert ["Ann Smith", *(f"Ann Smith ({kind})" for kind in kinds)] == names

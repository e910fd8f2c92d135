"""Names: how they are shown, filed and ordered, in many scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.names import NameOrder, SortBy, display_name, fold, row_key, sort_heading, sort_key
from connectors.contact import Contact


@pytest.mark.parametrize(
    "text, folded",
    [
        ("Ann Smith", "ann smith"),
        ("O'Neill-Łoś", "oneill los"),
        ("Šárka ÅNGSTRÖM", "sarka angstrom"),
        ("Straße", "strasse"),
        ("Ærø Øystein", "aero oystein"),
        ("Đặng Thị Hồng", "dang thi hong"),
        ("İstanbul ışık", "istanbul isik"),
        ("Йод и йог", "йод и йог"),
        ("ΆΛΦΑ", "αλφα"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("हिन्दी", "हिन्दी"),
        ("ไทย ก้าว", "ไทย กาว"),
        ("ｱﾆﾒ", "アニメ"),
        ("１２ Ａ", "12 a"),
        ("...", ""),
        ("A/B_C.D", "a b c d"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert folded == fold(text)


def test_reading_order() -> None:
    names = [
        "Zoë",
        "Émile",
        "emil",
        "Ähre",
        "Ahorn",
        "王",
        "Петров",
        "3M",
        "Ольга",
        "Łukasz",
        "Lukas",
        "ελένη",
        "'t Hooft",
        "(Archive)",
        "Tove",
        "ß",
        "サ",
    ]
    ordered = sorted(names, key=lambda name: sort_key(name, name, "1"))
    assert [
        "3M",
        "Ahorn",
        "Ähre",
        "(Archive)",
        "emil",
        "Émile",
        "Lukas",
        "Łukasz",
        "ß",
        "'t Hooft",
        "Tove",
        "Zoë",
        "ελένη",
        "Ольга",
        "Петров",
        "サ",
        "王",
    ] == ordered


ANN = Contact(
    id="1", name="Dr. Ann M. Smith", given_name="Ann", family_name="Smith", organization="Acme"
)


@pytest.mark.parametrize(
    "contact, first_last, last_first",
    [
        (ANN, "Dr. Ann M. Smith", "Smith, Ann"),
        (
            Contact(id="1", name="Smith, Ann", given_name="Ann", family_name="Smith"),
            "Ann Smith",
            "Smith, Ann",
        ),
        (Contact(id="1", given_name="Ann", family_name="Smith"), "Ann Smith", "Smith, Ann"),
        (Contact(id="1", name="Reception"), "Reception", "Reception"),
        (Contact(id="1", family_name="Smith"), "Smith", "Smith"),
        (Contact(id="1", organization="Acme"), "Acme", "Acme"),
        (
            Contact(id="1", name="山田太郎", given_name="太郎", family_name="山田"),
            "山田太郎",
            "山田太郎",
        ),
        (Contact(id="1", given_name="太郎", family_name="山田"), "山田太郎", "山田太郎"),
        (
            Contact(id="1", name="山田, 太郎", given_name="太郎", family_name="山田"),
            "山田太郎",
            "山田太郎",
        ),
        (
            Contact(id="1", name="김 민준", given_name="민준", family_name="김"),
            "김 민준",
            "김 민준",
        ),
        (Contact(id="1", given_name="Ann", family_name="山田"), "Ann 山田", "山田 Ann"),
        (Contact(id="1"), "", ""),
    ],
)
def test_display_name(contact: Contact, first_last: str, last_first: str) -> None:
    assert (first_last, last_first) == (
        display_name(contact, NameOrder.FIRST_LAST),
        display_name(contact, NameOrder.LAST_FIRST),
    )


@pytest.mark.parametrize(
    "contact, by_last, by_first",
    [
        (ANN, "Smith, Ann", "Ann Smith"),
        (Contact(id="1", name="Reception"), "shown", "shown"),
        (
            Contact(
                id="1",
                given_name="太郎",
                family_name="山田",
                phonetic_given_name="たろう",
                phonetic_family_name="やまだ",
            ),
            "やまだ たろう",
            "たろう やまだ",
        ),
        (
            Contact(id="1", given_name="Ann", family_name="von Berg", sort_name="Berg, Ann"),
            "Berg, Ann",
            "Ann von Berg",
        ),
    ],
)
def test_heading(contact: Contact, by_last: str, by_first: str) -> None:
    assert (by_last, by_first) == (
        sort_heading(contact, SortBy.LAST, "shown"),
        sort_heading(contact, SortBy.FIRST, "shown"),
    )


@given(st.text(), st.text())
def test_keys_never_fail_and_keep_a_contacts_rows_together(first: str, second: str) -> None:
    one = [sort_key(first, first, "1") + row_key(place) for place in range(3)]
    other = sort_key(second, second, "2") + row_key(0)
    assert one == sorted(one)
    assert not one[0] < other < one[2]
    assert fold(fold(first)) == fold(first)

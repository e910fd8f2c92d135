"""Where cards begin and end: folded, quoted, nested, cut and glued ones."""

import pytest

from connectors.vcard.parser import NOT_BEGUN, NOT_ENDED
from tests.connectors.vcard.cards import card, raw_card, summary


@pytest.mark.parametrize(
    "begin, end",
    [
        ("BEGIN:VC\r\n ARD", "END:VCARD"),
        ("BEG\r\n IN:VCARD", "EN\r\n D:VCARD"),
        ("BEGIN:\r\n VCARD", "END:\r\n\tVCARD"),
        ('BEGIN:"VCARD"', 'END:"VCARD"'),
        ('"BEGIN:VCARD"', '"END:VCARD"'),
        ('"BEGIN":"VCARD"', "END:VCARD"),
        ("BEGIN;CHARSET=UTF-8:VCARD", "END:VCARD"),
        ('"BEGIN:VCARD', 'END:VCARD"'),
        ("begin : vcard ", "end : vcard"),
    ],
)
def test_a_folded_or_quoted_begin_begins_a_card(begin: str, end: str) -> None:
    odd = "\r\n".join((begin, "VERSION:3.0", "FN:Odd", "TEL:2", end, ""))
    assert [("Ann", ("1",), ""), ("Odd", ("2",), ""), ("Bob", ("3",), "")] == summary(
        card("FN:Ann", "TEL:1") + odd + card("FN:Bob", "TEL:3")
    )
    assert [("Odd", ("2",), "")] == summary(odd)


def test_a_card_whose_lines_all_stand_in_quotation_marks_or_are_indented() -> None:
    lines = card('FN:Ann ""A"" Smith', "TEL;TYPE=WORK:1").split("\r\n")[:-1]
    assert [('Ann "A" Smith', ("1",), "")] == summary("\r\n".join(f'"{line}"' for line in lines))
    assert [("Ann", ("1",), ""), ("Bob", ("2",), "")] == summary(
        "\r\n".join(
            f"  {line}"
            for line in (card("FN:Ann", "TEL:1") + card("FN:Bob", "TEL:2")).split("\r\n")
        )
    )


def test_words_of_begin_in_a_folded_text_begin_nothing() -> None:
    assert [("Ann", ("1",), "")] == summary(
        card("FN:Ann", "NOTE:see", " BEGIN:VCARD", " END:VCARD", "TEL:1")
    )


def test_lines_outside_of_every_card_are_reported() -> None:
    lost = "VERSION:3.0\r\nFN:Lost\r\nTEL:2\r\nEND:VCARD\r\n"
    assert [("Ann", ("1",), ""), ("Lost", ("2",), NOT_BEGUN)] == summary(
        card("FN:Ann", "TEL:1") + lost
    )
    assert [("Lost", ("2",), NOT_BEGUN), ("Ann", ("1",), "")] == summary(
        "xBEGIN:VCARD\r\n" + lost + card("FN:Ann", "TEL:1")
    )
    assert [("Ann", ("1",), ""), ("", (), NOT_BEGUN)] == summary(
        card("FN:Ann", "TEL:1") + "TEL:2\r\n"
    )


def test_a_card_within_a_card_leaves_the_parent_its_own() -> None:
    nested = raw_card("N:Nested;Nina").decode()
    parent = raw_card("N:Parent;Pia", nested.rstrip(), "TEL;CELL:+49 171 3920009")
    assert [("Pia Parent", ("+49 171 3920009",), ""), ("Nina Nested", (), "")] == summary(parent)


@pytest.mark.parametrize(
    "before, behind, parent",
    [
        (("FN:Pia",), ("TEL:1", "EMAIL:pia@example.com"), ("1",)),
        (("FN:Pia", "TEL:1"), ("item1.TEL:2", "item1.X-ABLabel:Chef"), ("1", "2")),
        (("FN:Pia", "ORG:Acme"), ("NOTE:x", "TEL;WORK:3"), ("3",)),
    ],
)
def test_a_nested_card_with_a_number_keeps_it(
    before: tuple[str, ...], behind: tuple[str, ...], parent: tuple[str, ...]
) -> None:
    data = card(*before, card("FN:Nina", "TEL:9").rstrip(), *behind) + card("FN:Bob", "TEL:5")
    assert [("Pia", parent, ""), ("Nina", ("9",), ""), ("Bob", ("5",), "")] == summary(data)


def test_two_cards_within_a_card_give_nobody_a_strangers_number() -> None:
    inner = card("FN:Nina", "TEL:9").rstrip(), card("FN:Nora", "TEL:8").rstrip()
    found = summary(card("FN:Pia", *inner, "TEL:1") + card("FN:Bob", "TEL:5"))
    assert [("Pia", ()), ("Nina", ("9",)), ("Nora", ("8",)), ("", ()), ("Bob", ("5",))] == [
        (name, values) for name, values, _ in found
    ]
    assert [NOT_ENDED, NOT_BEGUN] == [problem for _, _, problem in found if problem]


def test_a_card_without_end_is_not_the_parent_of_the_next() -> None:
    cut = "BEGIN:VCARD\r\nFN:Cut\r\nTEL:1\r\n"
    lost = "FN:Lost\r\nTEL:3\r\nEND:VCARD\r\n"
    assert [
        ("Cut", ("1",), NOT_ENDED),
        ("Ann", ("2",), ""),
        ("Lost", ("3",), NOT_BEGUN),
    ] == summary(cut + card("FN:Ann", "TEL:2") + lost)

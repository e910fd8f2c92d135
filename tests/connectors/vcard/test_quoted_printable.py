"""Quoted-printable values that end with "=" before a property or a text."""

import pytest

from connectors.vcard.parser import DOUBTFUL, UNREAD_NUMBER, read_cards
from tests.connectors.vcard.cards import raw_card, summary

QP = "CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"


def test_a_soft_break_before_a_property_ends_the_value() -> None:
    greek = "=CE=A0=CE=B1=CF=80=CF=80=CE=B1=CF=82"
    data = raw_card(
        f"N;{QP}:{greek};;;;",
        f"FN;{QP}:{greek}=",
        "TEL;CELL:+306945550105",
        "TEL;HOME:+302105550105",
    ) + raw_card(
        "N:Four;Dan",
        "FN:Dan Four",
        "NOTE;ENCODING=QUOTED-PRINTABLE:call back=0D=0A=",
        "TEL;WORK:030 5550204",
        "TEL;CELL:0172 5550204",
    )
    assert [
        ("Παππας", ("+306945550105", "+302105550105"), ""),
        ("Dan Four", ("030 5550204", "0172 5550204"), ""),
    ] == summary(data)


@pytest.mark.parametrize(
    "opener", ["NOTE", "ADR;HOME", "LABEL;WORK", "ORG", "N", "item2.NOTE", "X-FOO", "note"]
)
@pytest.mark.parametrize(
    "line",
    [
        "TEL;WORK:1",
        "item1.TEL;CELL;PREF:1",
        "item1.TEL:1",
        "TEL;CELL=;VOICE=:1",
        'TEL;TYPE="WORK,VOICE":1',
        "tel;work:1",
    ],
)
def test_any_property_behind_any_quoted_printable_one(opener: str, line: str) -> None:
    for end in ("=", "=0D=0A=", "= \t"):
        data = raw_card("FN:Ann", f"{opener};{QP}:=41b{end}", line, "EMAIL:ann@example.com")
        ((name, found, problem),) = summary(data)
        assert ("Ann", ("1",), "") == (name, found, problem)


@pytest.mark.parametrize("opener", ["FN", "N", "ORG", "TITLE", "EMAIL"])
def test_a_bare_property_behind_a_value_that_is_no_free_text(opener: str) -> None:
    assert [("1",)] == [
        found
        for _, found, _ in summary(
            raw_card("NICKNAME:A", f"{opener};{QP}:=41b=", "TEL:1", "X-FOO:2")
        )
    ]
    ((_, _, problem),) = summary(raw_card("NICKNAME:A", f"{opener};{QP}:=41b=", "TEL:1"))
    assert "" == problem


def test_names_behind_a_soft_break_are_names() -> None:
    data = raw_card(
        f"NOTE;{QP}:=41=",
        "FN;CHARSET=UTF-8:Ann",
        f"ORG;{QP}:=41cme=",
        "N;CHARSET=UTF-8:Smith;Ann",
        "TEL:1",
    )
    (one,) = read_cards(data)
    assert one.contact is not None
    assert ("Ann", "Smith", "Acme", 1) == (
        one.contact.name,
        one.contact.family_name,
        one.contact.organization,
        len(one.contact.numbers),
    )


@pytest.mark.parametrize(
    "lines, name",
    [
        ((f"FN;{QP}:Anna=", "belle"), "Annabelle"),
        ((f"FN;{QP}:Anna=", " Belle"), "Anna Belle"),
        ((f"FN;{QP}:Tel=", "efon: Anna"), "Telefon: Anna"),
        ((f"FN;{QP}:Anna =", "Tel: 030"), "Anna Tel: 030"),
        ((f"FN;{QP}:Anna =", "Note:x"), "Anna Note:x"),
        ((f"FN;{QP}:Anna =", "http://example.com"), "Anna http://example.com"),
        ((f"FN;{QP}:Anna=0D=0A=", "", "TITLE:x"), "Anna"),
        ((f"FN;{QP}:=C3=", "=84nne"), "Änne"),
        ((f"FN;{QP}:Anna=",), "Anna"),
    ],
)
def test_text_behind_a_soft_break_stays_text(lines: tuple[str, ...], name: str) -> None:
    assert [(name, ("1",), "")] == summary(raw_card("TEL:1", *lines))


def test_what_is_in_doubt_behind_a_soft_break_is_reported() -> None:
    assert [("Ann", ("1",), DOUBTFUL)] == summary(
        raw_card("FN:Ann", f"NOTE;{QP}:call=0D=0A=", "TEL:1")
    )
    assert [("Ann", ("2",), DOUBTFUL)] == summary(
        raw_card("FN:Ann", "TEL:2", f"NOTE;{QP}:call=0D=0A=", "TEL: 1")
    )
    assert [("Ann", ("2",), "")] == summary(
        raw_card("FN:Ann", "TEL:2", f"NOTE;{QP}:call=0D=0A=", "Tel: 1")
    )


def test_a_card_within_quoted_printable_text_is_nobody_elses() -> None:
    pasted = (
        "BEGIN:VCARD=0D=0A=",
        "N:Other;Olga=0D=0A=",
        "TEL;CELL:2=0D=0A=",
        "END:VCARD=0D=0A=",
        "bye",
    )
    assert [("Ann", ("1",), "")] == summary(
        raw_card("FN:Ann", f"NOTE;{QP}:see=0D=0A=", *pasted, "TEL:1")
    )
    assert [("Ann", ("1",), "")] == summary(
        raw_card("FN:Ann", f"NOTE;{QP}:{pasted[0]}", *pasted[1:], "TEL:1")
    )
    assert [("Ann", ("1",), UNREAD_NUMBER)] == summary(
        raw_card("FN:Ann", f"AGENT;{QP}:{pasted[0]}", *pasted[1:3], "END:VCARD=0D=0A", "TEL:1")
    )

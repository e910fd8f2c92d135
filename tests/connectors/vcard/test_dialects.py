"""What vCard 2.1 and exporters write against the letter of the standard."""

import pytest

from connectors.vcard.parser import DAMAGED, read_cards
from tests.connectors.vcard.cards import card, raw_card, summary

QP = "CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"


@pytest.mark.parametrize(
    "written, read",
    [
        ("AC\\DC GmbH", "AC\\DC GmbH"),
        ("Nord\\nova", "Nord\\nova"),
        ("A\\NC", "A\\NC"),
        ("C:\\temp", "C:\\temp"),
        ("A\\\\B", "A\\B"),
        ("A\\; B", "A; B"),
        ("A\\, B", "A, B"),
        ("half\\", "half\\"),
    ],
)
def test_a_backslash_in_version_2_1(written: str, read: str) -> None:
    for lines in (
        ("FN:" + written, "N:;x"),
        ("N:" + written,),
        (f"FN;{QP}:" + written.replace("C", "=43"),),
    ):
        (one,) = read_cards(raw_card(*lines, "TEL:1"))
        assert one.contact is not None
        assert read == one.contact.name or read == one.contact.family_name, lines
    (one,) = read_cards(raw_card("ORG:" + written + ";Sales", "TEL:1"))
    assert one.contact is not None
    expected = (read, "Sales") if not written.endswith("\\") else ("half;Sales", "")
    assert expected == (one.contact.organization, one.contact.department)


def test_a_backslash_that_is_no_escape_stays_in_later_versions() -> None:
    for written, read in (
        ("AC\\DC", "AC\\DC"),
        ("A\\nB", "A B"),
        ("A\\:B", "A:B"),
        ("A\\\\DC", "A\\DC"),
    ):
        (one,) = read_cards(card("FN:" + written).encode())
        assert one.contact is not None
        assert read == one.contact.name


def test_what_can_be_read_of_damaged_utf_8_is() -> None:
    russian = "=D0=98=D0=B2=D0=B0=D0=BD =D0=9F=D0=B5=D1=82=D1=80=D0=BE=D0="
    data = raw_card(f"FN;{QP}:{russian}", " =B2", "TEL:1")
    data += raw_card("FN;CHARSET=UTF-8:Иван Петро".encode() + b"\xd0", "TEL:2", version="3.0")
    data += raw_card("FN:Jörg ".encode() + b"\xff" + " Käse".encode(), "TEL:3", version="3.0")
    assert [
        ("Иван Петров", ("1",), ""),
        ("Иван Петро", ("2",), DAMAGED),
        ("Jörg Käse", ("3",), DAMAGED),
    ] == summary(data)


@pytest.mark.parametrize(
    "line, name",
    [
        (b"FN:\xd0\x98\xd0\xb2\xd0\xb0\xd0", "Ива"),
        (b"FN:\xc3\x84nne \xc3\x96z\xc3", "Änne Öz"),
        (b"FN;CHARSET=UTF-8:Petro\xd0", "Petro"),
        (b"FN;CHARSET=UTF-8:J\xb6rg", "Jrg"),
        (b"FN;CHARSET=UTF-8:J\xc3rg", "Jrg"),
        (b"FN;CHARSET=UTF-8:Li \xe6\x9d", "Li"),
        (b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg K=C3=A4se=C3", "Jörg Käse"),
        (b"FN;ENCODING=QUOTED-PRINTABLE:=E5=B1=B1=E7=94=B0=E5=A4=AA=E9=83", "山田太"),
        (b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0=\r\n\t=BD", "Иван"),
        (b"FN;ENCODING=QUOTED-PRINTABLE:=E5=B1=B1=E7=94=\r\n =B0", "山田"),
        (b"FN;ENCODING=QUOTED-PRINTABLE:=E5=B1=B1=E7=94=\r\n B0", "山田"),
        (b"N:K\xc3\xa4se\xff;J\xc3\xb6rg;;;", "Jörg Käse"),
        (b"FN;CHARSET=SHIFT_JIS:" + "山田太郎".encode("shift_jis") + b"\x81", "山田太郎"),
        (b"FN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=CD=F5=D0=A1=C3", "王小"),
        (b"FN;ENCODING=B;CHARSET=UTF-8:w4TDlv8=", "ÄÖ"),
    ],
)
def test_broken_bytes_go_and_the_rest_stays(line: bytes, name: str) -> None:
    ((found, _, problem),) = summary(raw_card(line, "TEL:1"))
    assert (name, "" if b"=\r\n" in line else DAMAGED) == (found, problem)


@pytest.mark.parametrize("field", ["ORG", "TITLE", "CATEGORIES", "NICKNAME"])
def test_other_damaged_texts_are_mended_and_told(field: str) -> None:
    (one,) = read_cards(raw_card(f"{field}:Käse Öl".encode() + b"\xc3", "TEL:1"))
    assert one.contact is not None
    texts = (one.contact.organization, one.contact.title, *one.contact.groups, one.contact.name)
    assert ("Käse Öl", DAMAGED) == ("".join(texts), one.problem)


def test_a_damaged_label_is_mended_and_told() -> None:
    (one,) = read_cards(
        raw_card(
            "FN:Ann", "item1.TEL:1", "item1.X-ABLabel:Büro Öl".encode() + b"\xff", version="3.0"
        )
    )
    assert one.contact is not None
    assert ("Büro Öl", DAMAGED) == (one.contact.numbers[0].label, one.problem)
    (one,) = read_cards(
        raw_card("FN:Ann", f"TEL;X-CUSTOM({QP.replace(';', ',')},=C3=96l=C3=A4=FF):1")
    )
    assert one.contact is not None
    assert ("Ölä", DAMAGED) == (one.contact.numbers[0].label, one.problem)


def test_broken_bytes_in_what_is_not_read_are_no_matter() -> None:
    assert [("Ann", ("1",), "")] == summary(
        raw_card("FN:Ann", b"NOTE:\xc3\xb6\xc3\xb6\xff", "TEL:1")
    )


@pytest.mark.parametrize(
    "charset",
    ["", ";CHARSET=ISO-8859-1", ";CHARSET=windows-1252", ";CHARSET=UTF-8", ";CHARSET=US-ASCII"],
)
@pytest.mark.parametrize(
    "name",
    [
        "Jörg Käse",
        "René",
        "Müller",
        "André",
        "Strauß",
        "Françoise Gößmann",
        "Øyvind Ås",
        "Núñez",
        "Éva Ñ",
    ],
)
def test_real_western_code_pages_stay_right(charset: str, name: str) -> None:
    raw = name.encode("cp1252")
    quoted = "".join(f"={byte:02X}" if byte > 127 else chr(byte) for byte in raw)
    for line in (f"FN{charset}:".encode() + raw, f"FN{charset};ENCODING=QUOTED-PRINTABLE:{quoted}"):
        assert [(name, ("1",), "")] == summary(raw_card(line, "TEL:1"))

"""Small cards of many programs: who is read, and what is reported."""

import pytest

from connectors.vcard.parser import DAMAGED, EMPTY, NO_PROPERTY, NOT_BEGUN, NOT_ENDED, read_cards
from tests.connectors.vcard.cards import card, raw_card

BARE = b"BEGIN:VCARD\r\nFN:Ann\r\nTEL:1\r\nEND:VCARD\r\n"
CARDS: dict[str, tuple[str | bytes, str]] = {
    "quoted-printable in Latin-1": (
        raw_card("N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg", "TEL;WORK:1"),
        "Jörg Müller: work 1",
    ),
    "quoted-printable in small letters": (
        raw_card("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=c3=b6rg", "TEL;CELL:1"),
        "Jörg: mobile 1",
    ),
    "a number in quoted-printable": (
        raw_card("FN:Ann", "TEL;CELL;ENCODING=QUOTED-PRINTABLE:=2B=34=39"),
        "Ann: mobile +49",
    ),
    "two TYPE parameters": (card("FN:Ann", "TEL;TYPE=WORK;TYPE=FAX:1"), "Ann: fax 1"),
    "small letters": (card("fn:Ann", "tel;type=pref,cell:1"), "Ann: mobile 1"),
    "blanks around parameters": (card("FN:Ann", "TEL; TYPE = WORK ; TYPE = FAX:1"), "Ann: fax 1"),
    "blanks before a colon": (card("FN:Ann", "TEL :1", "TEL;WORK :2"), "Ann: other 1, work 2"),
    "a URI with an extension": (
        card("FN:Ann", 'TEL;VALUE=uri;TYPE="voice,work":tel:+1-418-656-9254;ext=102'),
        "Ann: work +1-418-656-9254;ext=102",
    ),
    "a URI in capitals with blanks": (
        card("FN:Ann", "TEL;VALUE=uri:TEL:+49 30 5550101", version="4.0"),
        "Ann: other +49 30 5550101",
    ),
    "a label with a colon": (
        card("FN:Ann", "item1.TEL:1", "item1.X-ABLabel:Chef: privat"),
        "Ann: home 1",
    ),
    "a label before its number": (
        card("FN:Ann", "ITEM3.X-ABLABEL:Arbeit", "item3.TEL:1"),
        "Ann: work 1",
    ),
    "a label of a number and an address": (
        card("FN:Ann", "item1.TEL:1", "item1.EMAIL:a@b.c", "item1.X-ABLabel:Durchwahl"),
        "Ann: internal 1",
    ),
    "a group with a dash and an underscore": (
        card("FN:Ann", "my_item-1.TEL:1", "my_item-1.X-ABLabel:Mobil"),
        "Ann: mobile 1",
    ),
    "Android's own label": (card("FN:Ann", "TEL;X-Büro:1"), "Ann: work 1"),
    "Android's own fields": (
        card("FN:Ann", "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Annie;1;;", "TEL:1"),
        "Ann: other 1",
    ),
    "Evolution's slots": (
        card("FN:Ann", "TEL;X-EVOLUTION-UI-SLOT=1;TYPE=WORK,VOICE:1"),
        "Ann: work 1",
    ),
    "addresses of internet telephony": (
        card("FN:Ann", "IMPP:sip:ann@example.com", "X-SIP:ann@example.com", "TEL:1"),
        "Ann: other 1",
    ),
    "prefixes and suffixes": (
        card("N:van der Berg;Jan;P.;Dr.;Jr.", "TEL:1"),
        "Jan van der Berg: other 1",
    ),
    "a company": (card("ORG:Acme\\, Inc.;Sales", "TEL;WORK:1"), "Acme, Inc.: work 1"),
    "a dash for a name": (card("N:;;;;", "FN:-", "ORG:Acme", "TEL:1"), "Acme: other 1"),
    "signs for a name": (card("FN:.", "N:?;?", "TEL:1"), ": other 1"),
    "a nickname": (card("NICKNAME:Annie", "TEL:1"), "Annie: other 1"),
    "a reading": (
        card("FN:山田太郎", "X-PHONETIC-LAST-NAME:やまだ", "TEL;CELL:090-1"),
        "山田太郎: mobile 090-1",
    ),
    "folds within a name and a number": (
        card("FN:Anna Mus", "\tterfrau", "TEL;TYPE=CELL:0171 55", " 50101"),
        "Anna Musterfrau: mobile 0171 5550101",
    ),
    "a line break in a name": (card("FN:Ann\\nSmith", "TEL:1"), "Ann Smith: other 1"),
    "blank lines": (card("", "FN:Ann", "", "TEL:1", ""), "Ann: other 1"),
    "no version": (BARE, "Ann: other 1"),
    "line feeds and no last one": (BARE.replace(b"\r", b"").rstrip(), "Ann: other 1"),
    "carriage returns": (BARE.replace(b"\n", b""), "Ann: other 1"),
    "UTF-16": (BARE.decode().encode("utf-16"), "Ann: other 1"),
    "a mark before each card": (
        b"\xef\xbb\xbf" + BARE + b"\xef\xbb\xbf" + BARE,
        "Ann: other 1; Ann: other 1",
    ),
    "a remark above, a signature between": (
        b"# exported\r\n" + BARE + b"-- \r\nconfidential\r\n" + BARE,
        "Ann: other 1; Ann: other 1",
    ),
    "a mail with a card": (
        b"Content-Type: text/vcard\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + BARE,
        "Ann: other 1",
    ),
    "a picture that is not folded": (
        raw_card("FN:Ann", "PHOTO;ENCODING=BASE64:", "/9j/4AAQSkZJRgABAQ", "AAAA==", "", "TEL:1"),
        "Ann: other 1",
    ),
    "a number without a value": (card("FN:Ann", "TEL;WORK:", "TEL;CELL:1"), "Ann: mobile 1"),
    "a birthday with a label": (
        card("FN:Ann", "item1.X-ABDATE:2000-01-01", "item1.X-ABLabel:_$!<Anniversary>!$_", "TEL:1"),
        "Ann: other 1",
    ),
    "BEGIN twice": (b"BEGIN:VCARD\r\n" + BARE, f"[{NOT_ENDED}]; Ann: other 1"),
    "BEGIN without a colon": (
        BARE.replace(b"BEGIN:", b"BEGIN ") + BARE,
        f"Ann: other 1 [{NOT_BEGUN}]; Ann: other 1",
    ),
    "FN without a value": (
        card("FN", "N:Smith;Ann", "TEL:1"),
        f"Ann Smith: other 1 [{NO_PROPERTY}]",
    ),
    "an address and nothing else": (card("EMAIL:ann@example.com"), f"[{EMPTY}]"),
    "one broken byte": (
        raw_card("FN:Ann", b"ORG:B\xc3\xa4ckerei M\xc3ller \xc3\xa4", "TEL:1"),
        f"Ann: other 1 [{DAMAGED}]",
    ),
}


@pytest.mark.parametrize(("data", "expected"), CARDS.values(), ids=CARDS.keys())
def test_everybody_is_read_and_nothing_is_passed_over(data: str | bytes, expected: str) -> None:
    found = []
    for one in read_cards(data.encode() if isinstance(data, str) else data):
        text = f"[{one.problem}]" if one.problem else ""
        if one.contact is not None:
            parts = f"{one.contact.given_name} {one.contact.family_name}".strip()
            name = one.contact.name or parts or one.contact.organization
            numbers = (f"{number.kind} {number.value}" for number in one.contact.numbers)
            text = f"{name}: {', '.join(numbers)} {text}".rstrip()
        found.append(text)
    assert expected == "; ".join(found)

"""Cards of further programs with unusual properties, faulty lines or no separation."""

import pytest

from connectors.vcard.parser import NO_PROPERTY, UNREAD_NUMBER, read_cards
from tests.connectors.vcard.cards import card, numbers, raw_card, summary


@pytest.mark.parametrize(
    ("blanks", "lower"), [("", False), (" ", False), ("\ufeff", False), ("", True)]
)
def test_cards_that_are_glued_together_are_two(blanks: str, lower: bool) -> None:
    first, second = card("FN:Ann", "TEL:1"), card("FN:Bob", "TEL:2")
    data = (first.rstrip() + blanks + second).encode()
    data = (
        data.replace(b"BEGIN:VCARD", b"begin:vcard").replace(b"END:VCARD", b"end:vcard")
        if lower
        else data
    )
    assert [("Ann", ("1",), ""), ("Bob", ("2",), "")] == summary(data)


def test_words_of_an_end_within_a_text_glue_nothing() -> None:
    assert [("Ann", ("1",), "")] == summary(
        card("FN:Ann", "NOTE:not END:VCARDBEGIN:VCARD", "TEL:1")
    )


@pytest.mark.parametrize(
    ("line", "kind", "label"),
    [
        ("X-MS-TEL;TYPE=COMPANY:030 5550100", "main", "company"),
        ("X-MS-TEL;VOICE;COMPANY:030 5550100", "main", "company"),
        ("X-MS-TEL;TYPE=ASSISTANT:030 5550100", "other", "assistant"),
        ("X-MS-TEL;TYPE=CALLBACK:030 5550100", "other", "callback"),
        ("item1.X-MS-TEL;WORK:030 5550100", "work", ""),
        ("X-TEL;CELL:030 5550100", "mobile", ""),
        ("X-Phone;TYPE=home:030 5550100", "home", ""),
        ("TEL;TYPE=X-EVOLUTION-COMPANY:030 5550100", "main", "company"),
        ("TEL;TYPE=X-EVOLUTION-CALLBACK:030 5550100", "other", "callback"),
        ("TEL;COMPANY:030 5550100", "main", "company"),
        ("a.b.TEL;WORK:030 5550100", "work", ""),
        ("TEL;TYPE=B=C3=BCro:030 5550100", "work", "Büro"),
        ("TEL;LABEL=Pers=C3=B6nlich:030 5550100", "other", "Persönlich"),
        ("TEL;X-LABEL==50=72=69=76=61=74:030 5550100", "home", "Privat"),
    ],
)
def test_numbers_in_other_clothes(line: str, kind: str, label: str) -> None:
    assert [("030 5550100", kind, label)] == numbers(line)


def test_a_label_belongs_to_a_group_with_a_dot() -> None:
    assert [("1", "other", "Geheim"), ("2", "other", "")] == numbers(
        "a.b.TEL:1", "a.b.X-ABLabel:Geheim", "b.TEL:2"
    )


@pytest.mark.parametrize(
    "line",
    [
        "X-ZIMBRA-OTHERPHONE:030 5550100",
        "X-ASSISTANT-TEL:030 5550100",
        "X-WORK-FAX2:030 5550100",
        "X-MOBILE;PREF:0172 5550100",
        "TEL TYPE=WORK:030 5550100",
        "TEL=WORK:030 5550100",
        "TEL,WORK:030 5550100",
        "TELEPHONE;WORK:030 5550100",
        "PHONE:030 5550100",
        "MobilePhone:0172 5550100",
        "item1.FAX:030 5550100",
        "TEL2:030 5550100",
        "WORK-TEL:030 5550100",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/phone_v2;030 5550100;2;;;",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/vnd.example.phone;0305550100",
        "IMPP:sip:+49305550100",
        "IMPP;TYPE=work:sip:2001@pbx.example",
        "X-SIP:2001",
        "AGENT:BEGIN:VCARD\\nFN:Bea\\nTEL;WORK:2\\nEND:VCARD\\n",
    ],
)
def test_a_number_in_a_line_that_is_not_read_is_told(line: str) -> None:
    assert [("Ann", ("1",), UNREAD_NUMBER)] == summary(card("FN:Ann", "TEL:1", "NOTE:x", line))


def test_a_number_of_a_group_is_told() -> None:
    (one,) = read_cards(card("KIND:group", "FN:Team", "TEL:030 5550100").encode())
    assert (UNREAD_NUMBER, None) == (one.problem, one.contact)


@pytest.mark.parametrize(
    "line",
    [
        "X-PHONE-COUNT:none",
        "X-MICROPHONE:",
        "TELEX:",
        "X-PHONETIC-FIRST-NAME:Enn",
        "X-MOBILE:",
        "X-TELEPATHY:100 percent",
        "TELEX:12345",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/phone_v2;;;",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Enn2;1;;;",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/phonetic_name;Enn2;1;;;",
        "IMPP:sip:ann2@pbx.example",
        "IMPP:xmpp:2001@chat.example",
        "X-SIP:ann2@pbx.example",
        "AGENT:BEGIN:VCARD\\nFN:Bea 2\\nEND:VCARD\\n",
        "TZ:+01:00",
    ],
)
def test_what_holds_no_number_is_not_told(line: str) -> None:
    assert [("Ann", ("1",), "")] == summary(card("FN:Ann", "TEL:1", "NOTE:x", line))


@pytest.mark.parametrize(
    "line",
    [
        "TEL;TYPE=WORK 030 5550100",
        "TEL;030 5550100",
        "item1.TEL;WORK 030 5550100",
        "tel 030 5550100",
    ],
)
@pytest.mark.parametrize("before", ["N:Ann", "NOTE:x", "PHOTO;ENCODING=b:QUJD"])
def test_a_telephone_without_a_colon_is_told_whatever_stands_above(line: str, before: str) -> None:
    assert [("Ann", ("1",), NO_PROPERTY)] == summary(card("FN:Ann", "TEL:1", before, line))


@pytest.mark.parametrize("line", ["FN", "FN Ann Abbott", "N;Abbott;Ann", "ORG;Acme", "a.fn;X=y"])
def test_a_name_without_a_colon_is_told_whatever_stands_above(line: str) -> None:
    assert [("Ann", ("1",), NO_PROPERTY)] == summary(card("NOTE:x", line, "NICKNAME:Ann", "TEL:1"))


@pytest.mark.parametrize("line", ["N", "For Ann", "Organ donor", "N Street", "Fn1"])
def test_words_of_a_note_without_a_colon_are_not_told(line: str) -> None:
    problem = NO_PROPERTY if line == "N" else ""
    assert [("Ann", ("1",), problem)] == summary(card("NOTE:x", line, "NICKNAME:Ann", "TEL:1"))


@pytest.mark.parametrize("end", ["END:VCARD", "end:vcard", " END:VCARD ", "END:VCARD\r\n"])
def test_an_end_behind_the_last_line_ends_the_card(end: str) -> None:
    glued = f"BEGIN:VCARD\r\nFN:Ann\r\nTEL:030 5550101{end}"
    for behind in ("", "\r\n" + card("FN:Bob", "TEL:2")):
        first, *others = summary(glued + behind)
        assert ("Ann", ("030 5550101",), "") == first
        assert bool(behind) == ([("Bob", ("2",), "")] == others)


def test_two_numbers_in_two_lines_of_a_value_are_not_glued() -> None:
    assert [("030 5550100 / 0172 5550100", "work", "")] == numbers(
        r"TEL;WORK:030 5550100\n0172 5550100"
    )
    assert [("030 5550100 / 0172 5550100", "work", "")] == numbers(
        r"TEL;WORK:030 5550100\N\n 0172 5550100\n"
    )
    data = raw_card("FN:Ann", "TEL;WORK;ENCODING=QUOTED-PRINTABLE:030 5550100=0D=0A0172 5550100")
    assert [("Ann", ("030 5550100 / 0172 5550100",), "")] == summary(data)

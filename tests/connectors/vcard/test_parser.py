"""The vCard reader by table: what real programs write, in all versions and dialects."""

import pytest

from connectors.contact import Contact, NumberKind, PhoneNumber
from connectors.vcard.parser import (
    EMPTY,
    NO_PROPERTY,
    NOT_ENDED,
    TOO_LARGE,
    UNREAD_NUMBER,
    Card,
    GroupCard,
    memberships,
    normalise_uid,
    read_cards,
)
from tests.connectors.vcard.cards import card, numbers


def _only(data: bytes | str) -> Card:
    (one,) = read_cards(data.encode() if isinstance(data, str) else data)
    return one


def _contact(*lines: str) -> Contact:
    found = _only(card(*lines)).contact
    assert found is not None
    return found


@pytest.mark.parametrize(
    "line, number",
    [
        ("TEL;TYPE=WORK,VOICE:+49 89 1", ("+49 89 1", "work", "")),
        ("TEL;WORK;VOICE:089 1", ("089 1", "work", "")),
        ("tel;type=cell:0172 1", ("0172 1", "mobile", "")),
        ("Tel;Type=Cell;tYPE=pref:0172 1", ("0172 1", "mobile", "")),
        ('TEL;TYPE="work,voice";VALUE=text:1', ("1", "work", "")),
        ("TEL;TYPE=WORK;TYPE=CELL:1", ("1", "mobile", "")),
        ("TEL;TYPE=HOME,FAX:1", ("1", "fax", "")),
        ("TEL;TYPE=PAGER:1", ("1", "pager", "")),
        ("TEL;TYPE=HOME:1", ("1", "home", "")),
        ("TEL;type=MAIN:1", ("1", "main", "")),
        ("TEL;type=IPHONE;type=CELL;type=VOICE;type=pref:1", ("1", "mobile", "iPhone")),
        ("TEL;TYPE=X-INTERNAL:1001", ("1001", "internal", "internal")),
        ("TEL;TYPE=x-dect,work:1001", ("1001", "work", "dect")),
        ("TEL:1", ("1", "other", "")),
        ("TEL;VOICE:1", ("1", "other", "")),
        ("TEL;TYPE=;PREF=1:1", ("1", "other", "")),
        ("TEL;X-LABEL=Lager:1", ("1", "other", "Lager")),
        ("item1.TEL:1\r\nitem1.X-ABLabel:Büro", ("1", "work", "Büro")),
        ("ITEM1.X-ABLABEL:_$!<HomePage>!$_\r\nitem1.TEL:1", ("1", "home", "HomePage")),
        ("item1.TEL;type=pref:1\r\nitem1.X-ABLabel:_$!<Mobile>!$_", ("1", "mobile", "Mobile")),
        ("item1.TEL:1\r\nitem2.X-ABLabel:Büro", ("1", "other", "")),
        ("TEL;VALUE=uri;TYPE=work:tel:+49-89-5550109", ("+49-89-5550109", "work", "")),
        ("TEL;VALUE=uri:tel:+49-89-5550109;ext=102", ("+49-89-5550109;ext=102", "other", "")),
        ("TEL;VALUE=uri:tel:+49-89-5550109\\;ext=102", ("+49-89-5550109;ext=102", "other", "")),
        ("TEL;VALUE=uri:tel:1001;phone-context=example.com", ("1001", "other", "")),
        ("TEL;VALUE=uri:tel:%2B4989", ("+4989", "other", "")),
        ("TEL:+49 69 5550114\\,\\,4711#", ("+49 69 5550114,,4711#", "other", "")),
        ("TEL:*97", ("*97", "other", "")),
        ("TEL:٠١٢٣", ("٠١٢٣", "other", "")),
    ],
)
def test_numbers_with_their_kinds_and_labels(line: str, number: tuple[str, str, str]) -> None:
    assert [number] == numbers(line)


def test_a_global_tel_uri_is_canonical_and_nothing_else_is() -> None:
    contact = _contact(
        "FN:A", "TEL:tel:+49-89-555.0109", "TEL:+49 89 1", "TEL:tel:+4989;ext=1", "TEL:tel:089"
    )
    assert ["+49895550109", "", "", ""] == [number.canonical for number in contact.numbers]


def test_empty_numbers_are_none_and_equal_ones_are_kept() -> None:
    assert [("1", "mobile", ""), ("1", "mobile", "")] == numbers(
        "TEL;CELL:1", "TEL;CELL:", "TEL;CELL: ", "TEL;CELL:1"
    )


def test_a_whole_card() -> None:
    assert Contact(
        id="",
        name="Dr. Ann Müller, MdB",
        given_name="Ann",
        family_name="Müller",
        phonetic_given_name="an",
        phonetic_family_name="mila",
        sort_name="Mueller",
        organization="Example; Söhne",
        department="Sales, Team 1",
        title="Head",
        emails=("ann@example.com", "a@example.org"),
        groups=("VIP", "Sales, North"),
        numbers=(PhoneNumber("1", NumberKind.WORK),),
    ) == _contact(
        "FN:Dr. Ann Müller\\, MdB",
        "N:Müller;Ann;;Dr.;MdB",
        "X-PHONETIC-FIRST-NAME:an",
        "X-PHONETIC-LAST-NAME:mila",
        "SORT-STRING:Mueller",
        "ORG:Example\\; Söhne;Sales;Team 1;;",
        "TITLE:Head",
        "EMAIL;TYPE=work:ann@example.com",
        "EMAIL:mailto:a@example.org",
        "CATEGORIES:VIP,Sales\\, North",
        "CATEGORIES:VIP",
        "TEL;WORK:1",
        "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 1000,
    )


@pytest.mark.parametrize(
    "lines, expected",
    [
        (("N:Smith;Ann",), ("", "Ann", "Smith")),
        (("N:Smith",), ("", "", "Smith")),
        (("FN:Ann Smith", "N:;;;;"), ("Ann Smith", "", "")),
        (("FN:Ann Smith", "N:Smith;Ann,Mary;;;"), ("Ann Smith", "Ann Mary", "Smith")),
        (("FN:Cut", "N:Cut;;;"), ("Cut", "", "Cut")),
        (("FN:", "N:a\\;b;c\\,d;;;"), ("", "c,d", "a;b")),
        (("FN;PREF=2:Second", "FN;PREF=1:First"), ("First", "", "")),
        (("FN:Line\\nbreak\\Nhere",), ("Line break here", "", "")),
        (("NICKNAME:Annie", "TEL:1"), ("Annie", "", "")),
        (("FN:C:\\\\temp",), ("C:\\temp", "", "")),
        (("FN:half\\",), ("half\\", "", "")),
        (("fn:lower case", "n:case;lower"), ("lower case", "lower", "case")),
        (("X.FN:Grouped",), ("Grouped", "", "")),
        (("FN : Spaced",), ("Spaced", "", "")),
        (('FN;X-A="a:b;c":Quoted',), ("Quoted", "", "")),
        (('FN;X-A="unfinished:Ann',), ("Ann", "", "")),
        (("FN:one\u0085two\u2028three",), ("one\u0085two\u2028three", "", "")),
    ],
)
def test_names(lines: tuple[str, ...], expected: tuple[str, str, str]) -> None:
    contact = _contact(*lines)
    assert expected == (contact.name, contact.given_name, contact.family_name)


@pytest.mark.parametrize(
    "lines, expected",
    [
        (
            (
                "FN;ALTID=1;LANGUAGE=ja:山田太郎",
                "N;ALTID=1;LANGUAGE=en:Yamada;Taro;;;",
                "N;ALTID=1;LANGUAGE=ja:山田;太郎;;;",
            ),
            ("山田太郎", "太郎", "山田", "Taro", "Yamada"),
        ),
        (
            ("FN:山田太郎", "N;ALTID=1:山田;太郎;;;", "N;ALTID=1;LANGUAGE=en:Yamada;Taro;;;"),
            ("山田太郎", "太郎", "山田", "Taro", "Yamada"),
        ),
        (
            ("FN:Ann", "N;ALTID=1;LANGUAGE=en:Smith;Ann;;;", "N;ALTID=1;LANGUAGE=ru:Смит;Анна;;;"),
            ("Ann", "Ann", "Smith", "", ""),
        ),
        (
            ("FN:孫中山", "N;ALTID=1;PHONETIC=jyut:syun1;zung1 saan1;;;", "N;ALTID=1:孫;中山;;;"),
            ("孫中山", "中山", "孫", "zung1 saan1", "syun1"),
        ),
        (
            ("N:山田;太郎;;;", "SOUND;X-IRMC-N;CHARSET=UTF-8:ヤマダ;タロウ;;;;"),
            ("", "太郎", "山田", "タロウ", "ヤマダ"),
        ),
        (("N:", "SOUND;TYPE=x-irmc-n:ヤマダ;;;;", "TEL:1"), ("ヤマダ", "", "", "", "ヤマダ")),
        (("FN:Ann", "SOUND;ENCODING=b:UklGRg=="), ("Ann", "", "", "", "")),
    ],
    ids=[
        "by the language of FN",
        "the first",
        "Latin needs no reading",
        "PHONETIC",
        "SOUND of IrMC",
        "no name but SOUND",
        "a sound",
    ],
)
def test_names_in_several_scripts(lines: tuple[str, ...], expected: tuple[str, ...]) -> None:
    one = _contact(*lines)
    assert expected == (
        one.name,
        one.given_name,
        one.family_name,
        one.phonetic_given_name,
        one.phonetic_family_name,
    )


@pytest.mark.parametrize(
    "lines, expected",
    [
        (
            (
                'N;SORT-AS="Harten,Rene":van der Harten;Rene,J.;Sir;R.D.O.N.',
                "FN:Rene van der Harten",
            ),
            "Harten Rene",
        ),
        (("FN;SORT-AS=Zed:The Zed",), "Zed"),
        (("ORG;SORT-AS=Zed:The Zed",), "Zed"),
        (("FN:A", "X-EVOLUTION-FILE-AS:Filed\\, A"), "Filed, A"),
        (("N;SORT-AS=\"^'quoted^'^nname\":A",), '"quoted"\nname'),
    ],
)
def test_sort_names(lines: tuple[str, ...], expected: str) -> None:
    assert expected == _contact(*lines).sort_name


def test_organisations() -> None:
    alone = _contact("ORG:Example GmbH;", "TEL:1")
    assert ("", "Example GmbH", "") == (alone.name, alone.organization, alone.department)
    shown = _contact("FN:Example GmbH", "N:Smith;Ann;;;", "ORG:Example GmbH", "X-ABShowAs:COMPANY")
    assert ("Example GmbH", "", "Example GmbH") == (
        shown.name,
        shown.family_name,
        shown.organization,
    )
    kind = _contact("KIND:org", "FN:Example GmbH")
    assert ("Example GmbH", "Example GmbH") == (kind.name, kind.organization)


@pytest.mark.parametrize(
    "lines",
    [
        ("KIND:group", "FN:Club", "UID:g", "MEMBER:urn:uuid:A1", "MEMBER:b2"),
        ("KIND:GROUP", "N:Club;;;;", "MEMBER:urn:uuid:A1", "MEMBER:b2"),
        (
            "X-ADDRESSBOOKSERVER-KIND:group",
            "FN:Club",
            *(f"X-ADDRESSBOOKSERVER-MEMBER:{uid}" for uid in ("urn:uuid:a1", "B2")),
        ),
    ],
)
def test_both_kinds_of_group_cards(lines: tuple[str, ...]) -> None:
    one = _only(card(*lines))
    assert (GroupCard("Club", ("a1", "b2")), None) == (one.group, one.contact)


def test_memberships_are_by_plain_uid_and_name_each_group_once() -> None:
    groups = (GroupCard("A", ("x", "x", "y")), GroupCard("B", ("x",)), GroupCard("A", ("x",)))
    assert {"x": ("A", "B"), "y": ("A",)} == memberships(groups)
    assert {"81c2"} == {
        normalise_uid(uid) for uid in ("urn:uuid:81C2", "uuid:81c2", " 81C2 ", "URN:UUID:81c2")
    }


ENCODED = {
    "utf-8": "FN:Müller".encode(),
    "utf-8 in 2.1": b"FN;CHARSET=UTF-8:M\xc3\xbcller",
    "latin-1 declared": b"FN;CHARSET=ISO-8859-1:M\xfcller",
    "nothing declared": b"FN:M\xfcller",
    "quoted-printable": b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller",
    "bare quoted-printable": b"FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=FCller",
    "soft break": b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=\r\nll=\r\ner",
    "soft break with blanks behind it": (
        b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC= \r\nll=\t \r\ner"
    ),
    "soft break before an empty line": (
        b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller=\r\n"
    ),
    "base64": b"FN;ENCODING=b:TcO8bGxlcg==",
    "fold within a character": b"FN:M\xc3\r\n \xbcller",
    "fold by tab": b"FN:M\xc3\xbcl\r\n\tler",
    "fold in the head": b"F\r\n N:M\xc3\xbcller",
    "fold, then a quoted-printable line": (
        b"NOTE;ENCODING=QUOTED-PRINTABLE:a=\r\nb\r\nFN:M\xc3\xbc\r\n ller"
    ),
    "unknown charset": b"FN;CHARSET=x-nonsense:M\xfcller",
    "harmful charset": b"FN;CHARSET=idna:M\xfcller",
    "bare carriage returns": b"FN:M\xc3\xbcller\rTEL:1",
}


@pytest.mark.parametrize("name", ENCODED)
def test_encodings(name: str) -> None:
    one = _only(b"BEGIN:VCARD\r\n" + ENCODED[name] + b"\r\nEND:VCARD\r\n").contact
    assert one is not None
    assert "Müller" == one.name


def test_charsets_of_whole_files_and_of_seven_bits() -> None:
    text = card("FN:Müller")
    for data in (
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        b"\xef\xbb\xbf" + text.encode(),
    ):
        found = _only(data).contact
        assert found is not None
        assert "Müller" == found.name
    japanese = "山田".encode("iso-2022-jp")
    found = _only(b"BEGIN:VCARD\r\nFN;CHARSET=ISO-2022-JP:" + japanese + b"\r\nEND:VCARD").contact
    assert found is not None
    assert "山田" == found.name


def test_a_mixture_of_charsets_is_decoded_line_by_line() -> None:
    data = (
        b"BEGIN:VCARD\nFN:M\xc3\xbcller\nORG:B\xe4cker\nTITLE;"
        b"CHARSET=cp1251:\xc4\xe8\xf0\xe5\xea\xf2\xee\xf0\nEND:VCARD"
    )
    found = _only(data).contact
    assert found is not None
    assert ("Müller", "Bäcker", "Директор") == (found.name, found.organization, found.title)


def _summary(data: str) -> list[tuple[str, int, str]]:
    return [
        (one.contact.name if one.contact else "", one.line, one.problem)
        for one in read_cards(data.encode())
    ]


def test_one_bad_card_costs_one_card() -> None:
    data = (
        card("FN:A")
        + card("UID:bad-1", "NOTE:nothing")
        + card("FN:C", "no colon here")
        + card("FN:D")
    )
    assert [("A", 1, ""), ("", 5, EMPTY), ("C", 10, NO_PROPERTY), ("D", 15, "")] == _summary(data)
    assert "bad-1" == list(read_cards(data.encode()))[1].uid


def test_a_card_without_end_ends_where_the_next_begins() -> None:
    data = "BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\nrubbish\nEND:VCARD\nBEGIN:VCARD\nFN:C"
    assert [("A", 1, NOT_ENDED), ("B", 3, ""), ("C", 8, NOT_ENDED)] == _summary(data)
    assert [False, True, False] == [one.ended for one in read_cards(data.encode())]


@pytest.mark.parametrize("head", ["AGENT:\n", "agent;VALUE=vcard:\n", "AGENT:", "AGENT;X-A=b: "])
def test_a_nested_agent_is_not_a_card(head: str) -> None:
    nested = "AGENT:\nBEGIN:VCARD\nFN:Deep\nTEL:3\nEND:VCARD\n"
    agent = f"{head}BEGIN:VCARD\nFN:Agent\n{nested}TEL:2\nEND:VCARD\n"
    data = f"BEGIN:VCARD\nFN:Boss\n{agent}TEL:1\nEND:VCARD\nBEGIN:VCARD\nFN:Next\nEND:VCARD\n"
    assert [
        ("Boss", 1, UNREAD_NUMBER),
        ("Next", 15 if head.endswith("\n") else 14, ""),
    ] == _summary(data)
    assert ("1",) == tuple(
        number.value
        for one in read_cards(data.encode())
        if one.contact
        for number in one.contact.numbers
    )


def test_an_agent_without_a_number_is_not_told() -> None:
    agent = "AGENT:\nBEGIN:VCARD\nFN:Agent 2\nTEL:none\nEND:VCARD\n"
    assert [("Boss", 1, "")] == _summary(f"BEGIN:VCARD\nFN:Boss\n{agent}TEL:1\nEND:VCARD\n")


def test_text_that_runs_on_without_indent_belongs_to_what_stands_before() -> None:
    data = "BEGIN:VCARD\nFN:A\nNOTE:first\nsecond\nPHOTO;BASE64:QUJD\nREVG\n\nTEL:1\nEND:VCARD"
    assert [("A", 1, "")] == _summary(data)


def test_a_card_over_the_cap_is_reported_and_the_next_arrives() -> None:
    data = card("FN:Huge", "UID:pic", "PHOTO;ENCODING=b:" + "A" * 16_000_001) + card("FN:B")
    assert [("", 1, TOO_LARGE), ("B", 7, "")] == _summary(data)
    assert "pic" == next(read_cards(data.encode())).uid


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"no card", b"\x00\x01\x02", b"<html></html>", b"END:VCARD", b"\xff\xfe"]
)
def test_what_holds_no_card_gives_none(data: bytes) -> None:
    assert [] == list(read_cards(data))

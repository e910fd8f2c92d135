"""What exporters write against the letter of the standard: soft breaks without a rest,
broken bytes, labels, types, nested cards.
"""

import pytest

from connectors.vcard.parser import DAMAGED, DOUBTFUL, NOT_BEGUN, NOT_ENDED, Card, read_cards
from tests.connectors.vcard.cards import card

QP = "CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"
Summary = tuple[str, tuple[str, ...], str]


def raw_card(*lines: bytes | str, version: str = "2.1") -> bytes:
    texts = (line if isinstance(line, bytes) else line.encode() for line in lines)
    return b"\r\n".join((b"BEGIN:VCARD", f"VERSION:{version}".encode(), *texts, b"END:VCARD", b""))


def name_of(one: Card) -> str:
    found = one.contact
    return "" if found is None else found.name or f"{found.given_name} {found.family_name}".strip()


def summary(data: bytes | str) -> list[Summary]:
    cards = read_cards(data.encode() if isinstance(data, str) else data)
    return [
        (
            name_of(one),
            tuple(number.value for number in one.contact.numbers) if one.contact else (),
            one.problem,
        )
        for one in cards
    ]


def numbers(*lines: str, version: str = "3.0") -> list[tuple[str, str, str]]:
    (one,) = read_cards(card("FN:Ann", *lines, version=version).encode())
    assert one.contact is not None
    return [(number.value, number.kind.value, number.label) for number in one.contact.numbers]


# Quoted-printable that ends with "="


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
    assert [("Ann", ("1",), "")] == summary(
        raw_card("FN:Ann", f"AGENT;{QP}:{pasted[0]}", *pasted[1:3], "END:VCARD=0D=0A", "TEL:1")
    )


# Broken bytes


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
    told = (one.contact.organization, one.contact.title, *one.contact.groups, one.contact.name)
    assert ("Käse Öl", DAMAGED) == ("".join(told), one.problem)


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


# Labels


def custom(label: str, charset: str = "UTF-8") -> str:
    return (
        f"X-CUSTOM(CHARSET={charset},ENCODING=QUOTED-PRINTABLE,"
        f"{''.join(f'={byte:02X}' for byte in label.encode(charset))})"
    )


def test_labels_of_ones_own_on_android() -> None:
    assert [("01725550001", "mobile", ""), ("0305550001", "home", "Privat")] == numbers(
        "TEL;CELL:01725550001", f"TEL;{custom('Privat')}:0305550001", version="2.1"
    )
    assert [("01725550004", "mobile", ""), ("0305550004", "home", "Privat, Chef")] == numbers(
        "TEL;TYPE=CELL:01725550004", 'TEL;TYPE="Privat, Chef":0305550004'
    )


@pytest.mark.parametrize(
    "head, label",
    [
        (custom("Mein Büro"), "Mein Büro"),
        (custom("Privat, Chef"), "Privat, Chef"),
        (custom("Chef; privat: nie"), "Chef; privat: nie"),
        (custom("Приват", "windows-1251"), "Приват"),
        (custom("自宅"), "自宅"),
        (f"HOME;{custom('Privat')}", "Privat"),
        (f"{custom('Privat')};PREF", "Privat"),
        (custom("Privat").lower(), "Privat"),
        (f"TYPE={custom('Privat')}", "Privat"),
        (f"TYPE=CELL,{custom('Privat')}", "Privat"),
        (f'TYPE="{custom("Privat, Chef")}"', "Privat, Chef"),
        (f"TYPE={custom('Privat').replace(',', chr(92) + ',')}", "Privat"),
        ("X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,Privat)", "Privat"),
        ("X-CUSTOM(Privat)", "Privat"),
        ("X-CUSTOM(Mein Haus, hinten)", "Mein Haus, hinten"),
        ("X-CUSTOM(ENCODING=QUOTED-PRINTABLE,CHARSET=UTF-8,=50rivat)", "Privat"),
        ("X-CUSTOM=Privat", "Privat"),
        ("TYPE=Privat\\, Chef", "Privat, Chef"),
        ("TYPE=HOME,Privat\\, Chef", "Privat, Chef"),
        ('TYPE="Privat,Chef"', "Privat,Chef"),
        ('TYPE="Mein Büro"', "Mein Büro"),
        ("TYPE=Mein Büro", "Mein Büro"),
        ("TYPE=Lager", "Lager"),
        ("TYPE=LAGER", "lager"),
        ("X-Privat", "Privat"),
        ("TYPE=X-Privat", "Privat"),
        ("X-Privat=", "Privat"),
        ("TYPE=x-dect,x-privat", "dect; privat"),
        ("TYPE=\"Chef ^'intern^'\"", 'Chef "intern"'),
        ('TYPE="work,x-dect"', "dect"),
        ('TYPE="HOME, VOICE"', ""),
        ('X-LABEL="Privat; Chef"', "Privat; Chef"),
    ],
)
def test_labels_of_every_dialect(head: str, label: str) -> None:
    ((number, _, found),) = numbers(f"TEL;{head}:030=41")
    assert ("030=41", label) == (number, found)


def test_a_label_of_apple_and_one_of_type_are_both_kept() -> None:
    assert [("1", "home", "Chef; Privat")] == numbers(
        "item1.TEL;TYPE=X-Privat:1", "item1.X-ABLabel:Chef"
    )
    assert [("1", "other", "Chef; Nora")] == numbers(
        "item1.TEL:1", "item1.X-ABLabel:Chef", "item1.X-ABLabel:Nora"
    )
    assert [("1", "home", "Privat, Chef")] == numbers(
        "item1.TEL:1", "item1.X-ABLabel:Privat\\, Chef"
    )
    assert [("1", "home", "Privat")] == numbers("item1.TEL:1", f"item1.X-ABLabel;{QP}:=50rivat")


def test_a_label_folded_by_soft_breaks() -> None:
    line = f"TEL;{custom('Privat, Chef')}:1"
    assert [("1", "home", "Privat, Chef")] == numbers(f"{line[:60]}=\r\n{line[60:]}")
    assert [("1", "home", "Privat, Chef")] == numbers(f"{line[:61]}\r\n {line[61:]}")


# Types and words for kinds


def test_types_of_roundcube() -> None:
    assert ["fax", "fax", "home", "work"] == [
        kind
        for _, kind, _ in numbers(
            "TEL;TYPE=homefax:1", "TEL;TYPE=workfax:2", "TEL;TYPE=home2:3", "TEL;TYPE=work2:4"
        )
    ]


@pytest.mark.parametrize(
    "kind, words",
    [
        (
            "fax",
            (
                "otherfax WorkFax HOMEFAX fax2 x-homefax telefax Arbeitsfax Privatfax Faxnummer"
                " faks телефакс"
            ),
        ),
        (
            "fax",
            "Faks_domowy télécopie Φαξ فاكس फैक्स faksnummer 传真 傳真 ファックス 자택팩스 自宅FAX",
        ),
        (
            "mobile",
            (
                "cellhome workmobile cell2 Diensthandy Privathandy Mobiltelefon mobilephone"
                " kännykkä matkapuhelin móvil komórka"
            ),
        ),
        (
            "mobile",
            "мобильный мобільний κινητό मोबाइल جوال 携帯電話 手机 휴대폰 cep portable cellulare",
        ),
        (
            "home",
            (
                "home2 homephone Zuhause domicile casa abitazione domowy domů thuis hem hjem koti"
                " otthon acasă ev домашний дом σπίτι منزل घर"
            ),
        ),
        ("home", "自宅 住宅 집 privé"),
        (
            "work",
            (
                "work2 workphone Büro bureau trabajo ufficio trabalho praca práce werk arbete"
                " arbejde työ munka serviciu iş рабочий εργασία"
            ),
        ),
        ("work", "العمل कार्यालय 勤務先 单位 직장 dienstlich робота"),
        ("pager", "pager2 workpager beeper cercapersone buscapersonas пейджер ポケベル 呼机 삐삐"),
        ("main", "main-number hoofdnummer Zentrale"),
        ("other", "voice other Halifax Fairfax dom intl text modem x-dect Lager 2 Chefin"),
    ],
)
def test_words_of_types_in_many_languages(kind: str, words: str) -> None:
    for word in words.split():
        assert [kind] == [found for _, found, _ in numbers(f"TEL;TYPE={word}:1")], word


@pytest.mark.parametrize(
    "kind, label",
    [
        ("fax", "Fax privat"),
        ("fax", "Télécopie (bureau)"),
        ("fax", "_$!<WorkFAX>!$_"),
        ("fax", "FAX（自宅）"),
        ("mobile", "Handy privat"),
        ("mobile", "Firmenhandy 2"),
        ("mobile", "Work Mobile"),
        ("mobile", "iş cep telefonu"),
        ("work", "Telefone do emprego"),
        ("work", "İş telefonu"),
        ("home", "zu Hause / privat"),
        ("home", "घर 2"),
        ("other", "Lager"),
        ("other", "Oma"),
    ],
)
def test_labels_in_many_languages(kind: str, label: str) -> None:
    for lines in (
        ("item1.TEL:1", f"item1.X-ABLabel:{label}"),
        (f"TEL;{custom(label)}:1",),
        (f'TEL;TYPE="{label}":1',),
    ):
        assert [kind] == [found for _, found, _ in numbers(*lines)], lines


def test_a_fax_by_its_label_is_one_whatever_type_says() -> None:
    assert [("1", "fax", "Fax")] == numbers("item1.TEL;TYPE=WORK:1", "item1.X-ABLabel:Fax")
    assert [("1", "mobile", "Handy")] == numbers("item1.TEL;TYPE=HOME:1", "item1.X-ABLabel:Handy")
    assert [("1", "home", "Büro")] == numbers("item1.TEL;TYPE=HOME:1", "item1.X-ABLabel:Büro")


@pytest.mark.parametrize(
    "head, kind",
    [
        ("CELL=;VOICE=", "mobile"),
        ("WORK=;FAX=", "fax"),
        ("PREF=;HOME=", "home"),
        ("cell=cell", "mobile"),
        ("TYPE=;WORK=", "work"),
        ("VOICE=", "other"),
    ],
)
def test_types_with_an_empty_value(head: str, kind: str) -> None:
    assert [("1", kind, "")] == numbers(f"TEL;{head}:1", version="2.1")


# BEGIN and END


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


# vCard 2.1


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

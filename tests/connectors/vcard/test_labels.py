"""Types and labels of numbers, in the words of many programs and languages."""

import pytest

from tests.connectors.vcard.cards import numbers

QP = "CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"


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

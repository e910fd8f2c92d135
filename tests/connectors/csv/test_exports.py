"""Small exports of programs and lists made by hand: who is read, what is reported."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.base import SourceUnavailable
from tests.connectors.csv.lists import read, write


@dataclass(frozen=True, slots=True)
class Export:
    """A file, its expected people ("name: kind number, ...") and reports."""

    text: str
    people: tuple[str, ...]
    report: str = ""
    encoding: str = "utf-8"


EXPORTS = {
    "Grandstream": Export(
        "First Name,Last Name,Account,Work Number,Home Number,Cell Number\nAnn,Abbott,1,51,52,53\n",
        ("Ann Abbott: work 51, home 52, mobile 53",),
        '"Account"',
    ),
    "Fanvil": Export(
        '"name","work","mobile","other","ring","groups"\n"Ann","51","52","","Default",""\n',
        ("Ann: work 51, mobile 52",),
        '"ring"',
    ),
    "Gigaset": Export(
        "LastName;FirstName;OfficeNumber;HomeNumber;MobileNumber\nAbbott;Ann;51;52;53\n",
        ("Ann Abbott: work 51, home 52, mobile 53",),
    ),
    "Freshdesk": Export(
        "Name,Job title,Email,Work phone,Mobile phone,Address\nAnn,Boss,a@b.c,51,52,Street 1\n",
        ("Ann: work 51, mobile 52",),
        '"Address"',
    ),
    "vtiger": Export(
        "First Name,Last Name,Primary Phone,Secondary Phone,Company\nAnn,Abbott,1,3,Acme\n",
        ("Ann Abbott: main 1, other 3",),
    ),
    "Bitrix": Export(
        "ID;Name;Last name;Work phone;Mobile;Extension number\n7;Ann;Abbott;51;52;101\n",
        ("Ann Abbott: work 51, mobile 52, internal 101",),
    ),
    "Asterisk": Export(
        "extension,name,voicemail\n101,Ann,default\n", ("Ann: internal 101",), '"voicemail"'
    ),
    "sipgate": Export(
        "firstName,lastName,phoneNumbers,emails\nAnn,Abbott,51,a@b.c\n", ("Ann Abbott: other 51",)
    ),
    "Auerswald": Export("Name;Rufnummer;Kurzwahl\nAnn;51;01\n", ("Ann: other 51",), '"Kurzwahl"'),
    "Agfeo": Export(
        "Nachname;Vorname;Tel. 1;Tel. 2\nAbbott;Ann;1;2\n", ("Ann Abbott: other 1, other 2",)
    ),
    "Fritz!Box tools": Export(
        "name;number_home;number_mobile;number_work\nAnn;1;2;3\n",
        ("Ann: home 1, mobile 2, work 3",),
    ),
    "Placetel": Export(
        "Vorname,Nachname,Telefon geschäftl.,Telefon priv.,Mobil geschäftl.\nAnn,Abbott,1,2,3\n",
        ("Ann Abbott: work 1, home 2, mobile 3",),
    ),
    "Teams": Export(
        "DisplayName,LineUri\nAnn,tel:+49301;ext=101\n", ("Ann: work tel:+49301;ext=101",)
    ),
    "PowerShell": Export(
        '#TYPE Selected.ADUser\n"Name","telephoneNumber","ipPhone"\n"Ann","51","101"\n',
        ("Ann: work 51, internal 101",),
    ),
    "Swedish": Export(
        "Förnamn;Efternamn;Telefon arbete;Mobiltelefon\nÅsa;Öberg;08-1;070-1\n",
        ("Åsa Öberg: work 08-1, mobile 070-1",),
    ),
    "Turkish": Export(
        "Adı;Soyadı;İş Telefonu;Cep Telefonu\nAyşe;Yılmaz;0212 1;0532 1\n",
        ("Ayşe Yılmaz: work 0212 1, mobile 0532 1",),
    ),
    "Japanese": Export(
        "氏名,会社,電話番号,携帯電話,内線\n山田太郎,Acme,03-1,090-1,101\n",
        ("山田太郎: other 03-1, mobile 090-1, internal 101",),
    ),
    "Dutch": Export(
        "Achternaam;Tussenvoegsel;Voornaam;Mobiel\nBerg;van den;Jan;06 1\n",
        ("Jan van den Berg: mobile 06 1",),
    ),
    "Italian": Export(
        "Cognome;Nome;Telefono ufficio;Cellulare;Interno\nRossi;Anna;06 1;333 1;101\n",
        ("Anna Rossi: work 06 1, mobile 333 1, internal 101",),
    ),
    "Vietnamese": Export(
        "Họ tên;Điện thoại;Di động\nNguyễn Văn A;024 1;090 1\n",
        ("Nguyễn Văn A: other 024 1, mobile 090 1",),
    ),
    "Finnish, cp1252": Export(
        "Etunimi;Sukunimi;Matkapuhelin\nPäivi;Hämäläinen;040 1\nJyrki;Mäkelä;040 2\n",
        ("Päivi Hämäläinen: mobile 040 1", "Jyrki Mäkelä: mobile 040 2"),
        "read as cp1252: that is a guess",
        "cp1252",
    ),
    "Russian, cp1251": Export(
        "Фамилия;Имя;Отчество;Рабочий телефон\nИванов;Иван;Иванович;495 1\n",
        ("Иван Иванович Иванов: work 495 1",),
        "read as cp1251: that is a guess",
        "cp1251",
    ),
    "Korean, cp949": Export(
        "이름,전화번호,휴대폰\n김철수,02-1,010-1\n이영희,02-2,010-2\n",
        ("김철수: other 02-1, mobile 010-1", "이영희: other 02-2, mobile 010-2"),
        "read as cp949: that is a guess",
        "cp949",
    ),
    "Traditional Chinese, Big5": Export(
        "姓名;公司;電話;手機\n王小明;台積電;02-1;0912\n陳美玲;聯發科;02-2;0913\n",
        ("王小明: other 02-1, mobile 0912", "陳美玲: other 02-2, mobile 0913"),
        "that is a guess",
        "big5",
    ),
    "Thai, TIS-620": Export(
        "ชื่อ;นามสกุล;มือถือ\nสมชาย;ใจดี;081 1\nมาลี;สุขใจ;081 2\n",
        ("สมชาย ใจดี: mobile 081 1", "มาลี สุขใจ: mobile 081 2"),
        "that is a guess",
        "cp874",
    ),
    "German, DOS": Export(
        "Name;Telefon\nMüller;1\nJäger;2\nGroß;3\nKöhler;4\n",
        ("Müller: other 1", "Jäger: other 2", "Groß: other 3", "Köhler: other 4"),
        "read as cp850: that is a guess",
        "cp850",
    ),
    "UTF-16, tabs": Export("Name\tTelefon\nÄnne\t51\n", ("Änne: other 51",), encoding="utf-16"),
    "UTF-16 without a mark": Export("Name;Tel\nÄnne;1\n", ("Änne: other 1",), encoding="utf-16-be"),
    "pipes, quotes and a note of two lines": Export(
        'Name|Phone|Note\n"Ann ""A"" Abbott"|51|"multi\nline"\n',
        ('Ann "A" Abbott: other 51',),
        '"Note"',
    ),
    "three columns of one header": Export(
        "Name,Phone,Phone,Phone\nAnn,1,2,3\n", ("Ann: other 1, other 2, other 3",)
    ),
    "line breaks in headers": Export(
        '"Telefon\ndienstlich";"Vor- und\nNachname"\n1;Ann Abbott\n', ("Ann Abbott: work 1",)
    ),
    "old Mac line ends": Export("Name;Tel\rAnn;1\rBob;2\r", ("Ann: other 1", "Bob: other 2")),
    "a mark of the end by DOS": Export("Name;Tel\r\nAnn;1\r\n\x1a", ("Ann: other 1",)),
    "a table in Markdown": Export(
        "| Name | Phone |\n|------|-------|\n| Ann | 51 |\n", ("Ann: other 51",), "line 2"
    ),
    "dashes for names": Export(
        "Vorname;Nachname;Tel\nAnn;-;1\n-;-;2\n--;Bob;3\n",
        ("Ann: other 1", ": other 2", "Bob: other 3"),
    ),
    "an index column without a header": Export(
        ",Name,Phone\n0,Ann,030 51\n", ("Ann: other 030 51",), "column 1"
    ),
    "a contact person of a company": Export(
        "Firma;Ansprechpartner;Telefon\nAcme;Ann Abbott;030 51\n", ("Ann Abbott: other 030 51",)
    ),
    "somebody else's number": Export(
        "Employee Name,Desk Phone,Cell #,Emergency Contact Phone\nAnn,101,52,53\n",
        ("Ann: work 101, mobile 52",),
        '"Emergency Contact Phone"',
    ),
    "a label before each number": Export(
        "Name,Phone Number,Phone Number Type\nAnn,51,Mobile\n", ("Ann: mobile 51",)
    ),
    "a database's words for nothing": Export(
        "Name,Company,Phone\nAnn,(null),51\n\\N,Acme,52\n", ("Ann: other 51", ": other 52")
    ),
}


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS.keys())
def test_everybody_is_read_and_nothing_is_passed_over(tmp_path: Path, export: Export) -> None:
    result = read(write(tmp_path / "a.csv", export.text.encode(export.encoding)))
    assert list(export.people) == [
        f"{one.name}: " + ", ".join(f"{number.kind} {number.value}" for number in one.numbers)
        for one in result.contacts
    ]
    reports = [f"{item.reason} ({item.where})" for item in result.skipped] + list(result.notes)
    assert bool(export.report) == bool(reports)
    assert export.report in " ".join(reports)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Name,Phone\nAnn,1\nPhone,Name\n2,Bob\n", "line 3 holds other headers than the first"),
        ("Name,Phone\nAnn,5551\n\nFirma,Fax\nAcme,5552\n", "line 4 holds other headers"),
        ('Name;Tel\n"Ann;1\nBob;2\n', "line 2: a quotation mark opens there"),
        ("Name~Phone\nAnn~030 5551\n", "does not name the columns"),
        ("Name,Ann,Bob\nPhone,030 5551,030 5552\n", "no column of numbers was recognised"),
        ("Name: Ann\nTel: 030 5551\n\nName: Bob\nTel: 030 5552\n", "does not name the columns"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(
    tmp_path: Path, text: str, error: str
) -> None:
    with pytest.raises(SourceUnavailable, match=error):
        read(write(tmp_path / "a.csv", text))

"""Headers that people write by hand, in many languages, and lists without any."""

from pathlib import Path

import pytest

from connectors.contact import NumberKind
from connectors.csv.columns import fold_header
from connectors.csv.layouts import detect_layout, kind_of_label
from tests.connectors.csv.lists import read, write

WORK, MOBILE, HOME, MAIN = NumberKind.WORK, NumberKind.MOBILE, NumberKind.HOME, NumberKind.MAIN
FAX, PAGER, OTHER = NumberKind.FAX, NumberKind.PAGER, NumberKind.OTHER


@pytest.mark.parametrize(
    ("header", "row", "name", "kind"),
    [
        ("name,number", "Ann Smith,1001", "Ann Smith", OTHER),
        ("Name;Nummer", "Ann Smith;1001", "Ann Smith", OTHER),
        ("NAME\tTELEFON", "Ann Smith\t1001", "Ann Smith", OTHER),
        ("Name|Phone", "Ann Smith|1001", "Ann Smith", OTHER),
        ('"Full Name","Phone Number"', '"Ann Smith","1001"', "Ann Smith", OTHER),
        ("display_name,phone_number", "Ann Smith,1001", "Ann Smith", OTHER),
        ("Number,Name", "1001,Ann Smith", "Ann Smith", OTHER),
        ("Name,Vorname,Telefon", "Smith,Ann,1001", "Ann Smith", OTHER),
        ("Vorname;Nachname;Durchwahl", "Ann;Smith;1001", "Ann Smith", NumberKind.INTERNAL),
        ("Nom;Prénom;Téléphone", "Smith;Ann;1001", "Ann Smith", OTHER),
        ("Nom;Téléphone", "Ann Smith;1001", "Ann Smith", OTHER),
        ("Nombre;Apellidos;Móvil", "Ann;Smith;1001", "Ann Smith", MOBILE),
        ("Nombre;Teléfono", "Ann Smith;1001", "Ann Smith", OTHER),
        ("Nome,Cognome,Cellulare", "Ann,Smith,1001", "Ann Smith", MOBILE),
        ("Nome;Telefone", "Ann Smith;1001", "Ann Smith", OTHER),
        ("Jméno;Příjmení;Linka", "Ann;Smith;1001", "Ann Smith", NumberKind.INTERNAL),
        ("Imię i nazwisko;Numer telefonu", "Ann Smith;1001", "Ann Smith", OTHER),
        ("Naam;Telefoon", "Ann Smith;1001", "Ann Smith", OTHER),
        ("First Name,Last Name,Extension", "Ann,Smith,1001", "Ann Smith", NumberKind.INTERNAL),
        (
            "title,displayname,society,mobilenumber",
            "mrs,Ann Smith,Example,1001",
            "Ann Smith",
            MOBILE,
        ),
        ("First Name,Last Name,Business Number,Home Fax", "Ann,Smith,1001,", "Ann Smith", WORK),
        ("Name,Phone 1,Phone 2", "Ann Smith,1001,", "Ann Smith", OTHER),
    ],
)
def test_plain_headers(tmp_path: Path, header: str, row: str, name: str, kind: NumberKind) -> None:
    (contact,) = read(write(tmp_path / "a.csv", f"{header}\n{row}\n")).contacts
    assert (name, [(kind, "1001")]) == (
        contact.name,
        [(number.kind, number.value) for number in contact.numbers],
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ann Smith,020 7946 0001\nBob,1002\n",
        "sep=;\nAnn Smith;020 7946 0001\nBob;1002",
        "020 7946 0001;Ann Smith\n1002;Bob\n",
    ],
)
def test_a_plain_list_without_headers(tmp_path: Path, text: str) -> None:
    result = read(write(tmp_path / "a.csv", text))
    assert [("Ann Smith", "020 7946 0001"), ("Bob", "1002")] == [
        (contact.name, contact.numbers[0].value) for contact in result.contacts
    ]


def test_excels_own_first_line(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", "sep=;\r\nname;phone\r\nAnn;1001\r\nX;#REF!\r\n"))
    assert ["Ann", "X"] == [contact.name for contact in result.contacts]
    assert "a.csv line 4 column phone" == result.skipped[0].where


def test_a_header_that_looks_like_a_number_does_no_harm(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", "name,phone,2024,2025\nAnn,1001,x,\n"))
    assert [("Ann", "1001")] == [
        (contact.name, contact.numbers[0].value) for contact in result.contacts
    ]


def test_the_mark_of_an_old_files_end_is_no_row(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", "name,phone\r\nAnn,1001\r\n\x1a"))
    assert ["Ann"] == [contact.name for contact in result.contacts]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Work", WORK),
        ("Work Fax", FAX),
        ("WORK MOBILE", MOBILE),
        ("Home", HOME),
        ("Main", MAIN),
        ("Büro", WORK),
        ("Privat", HOME),
        ("iPhone", MOBILE),
        ("Télécopie", FAX),
        ("Służbowy", WORK),
        ("cell", MOBILE),
        ("Pager", PAGER),
        ("", OTHER),
        ("Grand Central", OTHER),
        ("Boat", OTHER),
        ("Arbete", WORK),
        ("携帯電話", MOBILE),
        ("Рабочий факс", FAX),
        ("Pro mobil", MOBILE),
    ],
)
def test_the_kind_that_a_label_means(label: str, kind: NumberKind) -> None:
    assert kind is kind_of_label(label)


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        ("Téléphone (bureau)", "telephone bureau"),
        ("E-Mail 2: Adresse", "e mail 2 adresse"),
        ("  phone_NUMBER ", "phone number"),
        ("\ufeffName", "name"),
        ("Ｎａｍｅ", "name"),
        ("名前", "名前"),
        ("***", ""),
    ],
)
def test_headers_are_compared_folded(header: str, folded: str) -> None:
    assert folded == fold_header(header)


@pytest.mark.parametrize(
    "header",
    [
        "Home Street",
        "Work City",
        "Address 1 - Value",
        "E-mail 1 - Type",
        "Telex",
        "Phone 1 - Label",
        "",
    ],
)
def test_what_is_no_number_is_not_dialled(header: str) -> None:
    assert () == detect_layout([header]).numbers

"""Header rows of real exporters, in `csv/`, are recognised without configuration."""

from pathlib import Path

import pytest

from connectors.contact import Contact, NumberKind, PhoneNumber
from tests.connectors.csv.lists import read

FILES = Path(__file__).parent / "data"
WORK, MOBILE, HOME, MAIN = NumberKind.WORK, NumberKind.MOBILE, NumberKind.HOME, NumberKind.MAIN
FAX, PAGER, OTHER = NumberKind.FAX, NumberKind.PAGER, NumberKind.OTHER


def texts(contact: Contact) -> tuple[str, ...]:
    return (
        contact.name,
        contact.given_name,
        contact.family_name,
        contact.organization,
        contact.department,
        contact.title,
    )


def numbers(contact: Contact) -> list[tuple[NumberKind, str]]:
    return [(number.kind, number.value) for number in contact.numbers]


LAYOUTS = [
    (
        "google-old",
        ("Ann B. Smith", "Ann", "Smith", "Example Ltd", "Purchase", "Buyer"),
        [(MOBILE, "07700 900123"), (MOBILE, "07700 900124"), (FAX, "020 7946 0001")],
        ("myContacts", "Sales"),
        ("ann@example.com", "a@example.com"),
    ),
    (
        "google-new",
        ("Ann B. Smith Jr.", "Ann", "Smith", "Example Ltd", "Purchase", "Buyer"),
        [(WORK, "020 7946 0001"), (WORK, "020 7946 0002"), (OTHER, "07700 900123")],
        ("coworkers", "myContacts"),
        ("ann@example.com",),
    ),
    (
        "outlook-en",
        ("Ann Smith", "Ann", "Smith", "Example Ltd", "Purchase", "Buyer"),
        [
            (FAX, "020 7946 0004"),
            (WORK, "020 7946 0001"),
            (WORK, "020 7946 0002"),
            (MAIN, "020 7946 0000"),
            (HOME, "020 7946 0003"),
            (MOBILE, "07700 900123"),
            (PAGER, "020 7946 0005"),
        ],
        ("Sales", "Support"),
        ("ann@example.com", "a@example.com"),
    ),
    (
        "outlook-de",
        ("Jürgen Weiß", "Jürgen", "Weiß", "Beispiel GmbH", "Einkauf", "Leiter"),
        [
            (FAX, "030 23125 004"),
            (WORK, "030 23125 001"),
            (WORK, "030 23125 002"),
            (HOME, "030 23125 003"),
            (MOBILE, "0172 5550116"),
            (MAIN, "030 23125 0"),
            (MOBILE, "0172 5550117"),
        ],
        ("Vertrieb", "Familie"),
        ("j@example.com", "w@example.com"),
    ),
    (
        "outlook-fr",
        ("Zoé Lefèvre", "Zoé", "Lefèvre", "Exemple SA", "Achats", "Directrice"),
        [
            (FAX, "01 99 00 00 04"),
            (WORK, "01 99 00 00 01"),
            (WORK, "01 99 00 00 02"),
            (MAIN, "01 99 00 00 00"),
            (HOME, "01 99 00 00 03"),
            (MOBILE, "06 39 98 00 01"),
        ],
        ("Ventes", "Famille"),
        ("zoe@example.com", "z@example.com"),
    ),
    (
        "outlook-es",
        ("Íñigo Muñoz Peña", "Íñigo", "Muñoz Peña", "Ejemplo SL", "Compras", "Jefe"),
        [
            (FAX, "910 000 004"),
            (WORK, "910 000 001"),
            (WORK, "910 000 002"),
            (HOME, "910 000 003"),
            (MOBILE, "600 000 001"),
            (MAIN, "910 000 000"),
        ],
        ("Ventas",),
        ("i@example.com", "m@example.com"),
    ),
    (
        "outlook-it",
        ("Niccolò D’Angiò", "Niccolò", "D’Angiò", "Esempio Srl", "Acquisti", "Direttore"),
        [
            (FAX, "06 5550 0104"),
            (WORK, "06 5550 0101"),
            (WORK, "06 5550 0102"),
            (MAIN, "06 5550 0100"),
            (HOME, "06 5550 0103"),
            (MOBILE, "320 5550101"),
        ],
        ("Vendite",),
        ("n@example.com", "d@example.com"),
    ),
    (
        "outlook-pl",
        ("Łukasz Żółkiewski", "Łukasz", "Żółkiewski", "Przykład SA", "Zakupy", "Kierownik"),
        [
            (FAX, "22 555 01 04"),
            (WORK, "22 555 01 01"),
            (WORK, "22 555 01 02"),
            (MAIN, "22 555 01 00"),
            (HOME, "22 555 01 03"),
            (MOBILE, "501 555 010"),
        ],
        ("Sprzedaż",),
        ("l@example.com", "z@example.com"),
    ),
    (
        "outlook-cs",
        ("Šárka Dvořáková", "Šárka", "Dvořáková", "Příklad a. s.", "Nákup", "Vedoucí"),
        [
            (FAX, "225 550 104"),
            (WORK, "225 550 101"),
            (WORK, "225 550 102"),
            (MAIN, "225 550 100"),
            (HOME, "225 550 103"),
            (MOBILE, "601 555 010"),
        ],
        ("Prodej",),
        ("s@example.com", "d@example.com"),
    ),
    (
        "outlook-nl",
        ("Daniëlle van der Meer", "Daniëlle", "van der Meer", "Voorbeeld BV", "Inkoop", "Hoofd"),
        [
            (FAX, "020 555 0104"),
            (WORK, "020 555 0101"),
            (WORK, "020 555 0102"),
            (MAIN, "020 555 0100"),
            (HOME, "020 555 0103"),
            (MOBILE, "06 5555 0101"),
        ],
        ("Verkoop",),
        ("d@example.com", "m@example.com"),
    ),
    (
        "outlook-pt",
        ("Conceição Araújo", "Conceição", "Araújo", "Exemplo Ltda", "Compras", "Chefe"),
        [
            (FAX, "11 5550-0104"),
            (WORK, "11 5550-0101"),
            (WORK, "11 5550-0102"),
            (MAIN, "11 5550-0100"),
            (HOME, "11 5550-0103"),
            (MOBILE, "11 95550-0101"),
        ],
        ("Vendas",),
        ("c@example.com", "a@example.com"),
    ),
    (
        "thunderbird",
        ("Ann Smith (Example)", "Ann", "Smith", "Example Ltd", "Purchase", "Buyer"),
        [
            (WORK, "020 7946 0001"),
            (HOME, "020 7946 0003"),
            (FAX, "020 7946 0004"),
            (PAGER, "020 7946 0005"),
            (MOBILE, "07700 900123"),
        ],
        (),
        ("ann@example.com", "a@example.com"),
    ),
    (
        "freepbx",
        ("Ann Smith", "Ann", "Smith", "Example Ltd", "", "Buyer"),
        [(WORK, "02079460001"), (MOBILE, "07700900123"), (FAX, "02079460004")],
        ("Sales",),
        ("ann@example.com", "a@example.com"),
    ),
]


@pytest.mark.parametrize(
    ("file", "name_parts", "dialled", "groups", "emails"),
    LAYOUTS,
    ids=[layout[0] for layout in LAYOUTS],
)
def test_an_exporters_layout_is_recognised(
    file: str,
    name_parts: tuple[str, ...],
    dialled: list[tuple[NumberKind, str]],
    groups: tuple[str, ...],
    emails: tuple[str, ...],
) -> None:
    result = read(FILES / f"{file}.csv")
    contact = result.contacts[0]
    assert name_parts == texts(contact)
    assert dialled == numbers(contact)
    assert groups == contact.groups
    assert emails == contact.emails
    assert () == result.skipped


def test_labels_are_kept_as_the_source_writes_them() -> None:
    ann, taro = read(FILES / "google-new.csv").contacts
    assert ["Work", "Work", "Boat"] == [number.label for number in ann.numbers]
    assert "Smith, Ann" == ann.sort_name
    assert (PhoneNumber("03-5550-0101", MOBILE, "Mobile"),) == taro.numbers
    assert ["Telefoon op werk", "Telefoon op werk 2"] == [
        number.label
        for number in read(FILES / "outlook-nl.csv").contacts[0].numbers
        if number.kind is WORK
    ]


def test_phonetic_names_and_names_of_east_asia() -> None:
    _, taro = read(FILES / "google-new.csv").contacts
    assert ("山田太郎", "たろう", "やまだ") == (
        taro.name,
        taro.phonetic_given_name,
        taro.phonetic_family_name,
    )
    ann, reception = read(FILES / "google-old.csv").contacts
    assert ("アン", "スミス") == (ann.phonetic_given_name, ann.phonetic_family_name)
    assert ("", "Example Reception", [(MAIN, "020 7946 0000")]) == (
        reception.name,
        reception.organization,
        numbers(reception),
    )

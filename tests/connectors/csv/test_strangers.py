"""Headers of further programs and lists that look alike and mean something else."""

from pathlib import Path

import pytest

from connectors.base import SourceUnavailable
from connectors.contact import NumberKind
from connectors.csv.header_parts import words_of
from connectors.csv.header_spelling import write_out
from connectors.csv.header_words import fields, numbers
from connectors.csv.layouts import detect_layout
from connectors.csv.rows import SECOND_HEADER
from tests.connectors.csv.lists import meanings, not_read, read, table

CUSTOMER_NUMBERS = (
    "Customer #|Customer#|Client #|Company #|Company No.|Org #|Vendor №|Supplier #|Kunde #|Kunde"
    " Nr|Mitarbeiter #|Mitarbeiter Nr.|Dept #|Position #|N° client|Client N°|Nº Cliente|Account"
    " #|Name #|N° Société|Firma n°"
)
DATES_AND_TICKS = (
    "Last Contact|First Contact|Last Client|First Customer|Last Employee|Last contact"
    " (required)|Mobile?|Phone?|Fax?|Mobile (Y/N)|Fax (yes/no)|Telefon (ja/nein)|Phone"
    " y/n|Preferred Name"
)


def test_no_header_is_both_a_text_and_a_number() -> None:
    assert set() == fields().keys() & numbers().keys()


@pytest.mark.parametrize("header", ["Contact", "Contact (required)", "Contact Name", "Contact*"])
def test_a_column_of_contacts_holds_their_names(tmp_path: Path, header: str) -> None:
    (contact,) = read(
        table(tmp_path / "a.csv", f"{header},Company,Phone", "Ann Abbott,Acme,020 7946 0101")
    ).contacts
    assert ("Ann Abbott", "Acme", ["020 7946 0101"]) == (
        contact.name,
        contact.organization,
        [number.value for number in contact.numbers],
    )


@pytest.mark.parametrize(
    "header",
    CUSTOMER_NUMBERS.split("|"),
)
def test_a_number_of_a_customer_is_neither_name_nor_telephone(tmp_path: Path, header: str) -> None:
    result = read(
        table(
            tmp_path / "a.csv",
            f"Name;Mobil;{header}",
            "Anna Muster;0171 5550101;10023456",
            "Bert Probe;0171 5550102;10023457",
        )
    )
    assert ["Anna Muster", "Bert Probe"] == [contact.name for contact in result.contacts]
    assert [1, 1] == [len(contact.numbers) for contact in result.contacts]
    assert {("", "", "")} == {
        (contact.organization, contact.department, contact.title) for contact in result.contacts
    }
    assert f'"{header}".' == not_read(result)


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Phone #", "other"),
        ("Phone #2", "other"),
        ("Phone # 2", "other"),
        ("Company #2", "organization"),
        ("Contact #", "other"),
        ("Cell #", "mobile"),
        ("N° tél.", "other"),
        ("N° de téléphone", "other"),
        ("N° portable", "mobile"),
        ("N° interne", "internal"),
        ("№ телефона", "other"),
        ("Nº de teléfono", "other"),
    ],
)
def test_a_sign_for_number_beside_a_telephone_is_a_telephone_number(
    header: str, meaning: str
) -> None:
    assert [meaning] == meanings([header])


@pytest.mark.parametrize(
    "header",
    DATES_AND_TICKS.split("|"),
)
def test_dates_and_ticks_are_neither_names_nor_numbers(header: str) -> None:
    assert [""] == meanings([header])


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Tel (O)", "work"),
        ("Tel(W)", "work"),
        ("Phone (H)", "home"),
        ("Phone [R]", "home"),
        ("Phone (M)", "mobile"),
        ("Tel. (C.)", "mobile"),
        ("Tel (F)", "fax"),
        ("Tel. (p)", "home"),
        ("Tel. (d)", "work"),
        ("Phone (E)", "other"),
        ("First Name (M)", "given_name"),
        ("Name (F)", "name"),
    ],
)
def test_a_letter_in_brackets_behind_a_telephone_tells_its_kind(header: str, meaning: str) -> None:
    assert [meaning] == meanings([header])


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Company / Organisation", "organization"),
        ("Organisation/Firma", "organization"),
        ("Организация / Компания", "organization"),
        ("Empresa/Organización", "organization"),
        ("Name / Vorname", "name"),
        ("Name und Vorname", "name"),
        ("Nachname + Vorname", "name"),
        ("NOM / Prénom", "name"),
        ("Nombre y Apellido", "name"),
        ("Cognome Nome", "name"),
        ("Jméno Příjmení", "name"),
        ("Nazwisko Imię", "name"),
        ("姓 名", "name"),
        ("Adı, Soyadı", "name"),
        ("Last Name & First Name", "name"),
        ("First Name / Given Name", "given_name"),
        ("Surname / Family name", "family_name"),
        ("Title / Function", "title"),
        ("Celular / WhatsApp", "mobile"),
        ("Firma / Abteilung", ""),
        ("Name / Firma", ""),
        ("Name / Telefon", ""),
        ("Vorname / Geburtstag", ""),
        ("Name Name", ""),
        ("Vorname Straße", ""),
    ],
)
def test_a_header_of_two_is_read_where_both_mean_one_thing(header: str, meaning: str) -> None:
    assert [meaning] == meanings([header])


@pytest.mark.parametrize(
    "header",
    [
        "Telefon/Fax",
        "Tel. / Fax",
        "Tel & Fax",
        "Phone and Fax",
        "Fax/Tel.",
        "Telefon und Telefax",
        "Tél. et fax",
    ],
)
def test_a_number_of_telephone_and_fax_is_a_telephone_number(header: str) -> None:
    assert ["other"] == meanings([header])
    assert [NumberKind.WORK] == [
        column.kind for column in detect_layout([f"{header} (work)"]).numbers
    ]


@pytest.mark.parametrize("header", ["Phone Fax", "Fax Phone", "phone_fax", "Telefon-Fax"])
def test_a_fax_without_a_sign_for_both_is_a_fax(header: str) -> None:
    assert ["fax"] == meanings([header])


@pytest.mark.parametrize("header", ["telephone" * 13_000, "Tel " * 30_000, "a" * 120_000])
def test_only_the_beginning_of_an_endless_header_is_looked_at(tmp_path: Path, header: str) -> None:
    # The time grows with the square of what is looked at.
    assert 120 >= sum(map(len, words_of(header)))
    assert header == write_out(header)
    result = read(table(tmp_path / "a.csv", f"Name;Mobil;{header}", "Anna;1;2"))
    assert [1] == [len(contact.numbers) for contact in result.contacts]
    assert f'"{header.strip()}".' == not_read(result)


@pytest.mark.parametrize("again", ["nAME;tELEFON", " Name ; Telefon ", "Náme;Telefon:"])
def test_a_second_line_of_headers_in_odd_letters_is_told(tmp_path: Path, again: str) -> None:
    result = read(table(tmp_path / "a.csv", "Name;Telefon", "Anna;1", again, "Bert;2"))
    assert ["Anna", "Bert"] == [contact.name for contact in result.contacts]
    assert [SECOND_HEADER] == [item.reason for item in result.skipped if "headers" in item.reason]


@pytest.mark.parametrize(
    ("headers", "rows", "numbers"),
    [
        ("Name,Phone Type,Phone", "Ann,Fax,1", [("1", "fax", "Fax")]),
        ("Name,Phone,Phone Type", "Ann,1,Mobile", [("1", "mobile", "Mobile")]),
        ("Name,Number,Number type", "Ann,1,office", [("1", "work", "office")]),
        (
            "Name,Phone 1,Phone 1 Type,Phone 2,Phone Type 2",
            "Ann,1,Work,2,Home Fax",
            [("1", "work", "Work"), ("2", "fax", "Home Fax")],
        ),
        ("Name,Telefon,Telefontyp", "Ann,1,privat", [("1", "home", "privat")]),
        ("Name,Telefon,Art (Telefon)", "Ann,1,mobil", [("1", "mobile", "mobil")]),
        ("Name,Phone,Phone Type", "Ann,1,", [("1", "other", "")]),
        ("Name,Mobile,Mobile Type", "Ann,1,iOS", [("1", "mobile", "Mobile")]),
        ("Name,Phone,Type", "Ann,1,Customer", [("1", "other", "Phone")]),
    ],
)
def test_a_column_of_types_belongs_to_the_numbers_of_the_same_header(
    tmp_path: Path, headers: str, rows: str, numbers: list[tuple[str, str, str]]
) -> None:
    (contact,) = read(table(tmp_path / "a.csv", headers, rows)).contacts
    assert numbers == [
        (number.value, number.kind.value, number.label) for number in contact.numbers
    ]


@pytest.mark.parametrize(
    "headers",
    [
        "Name;Tel;;Name;Tel",
        "Name;Telefon;Name;Telefon;Name;Telefon",
        "Tel;Name;Tel;Name",
        "Vorname;Nachname;Mobil;Vorname;Nachname;Mobil",
        "Nr;Name;Durchwahl;Nr;Name;Durchwahl",
    ],
)
@pytest.mark.parametrize(
    "columns",
    [
        None,
        {"name": "Name", "given_name": "Vorname", "other": ["Tel", "Telefon"], "recognise": True},
    ],
)
def test_two_lists_side_by_side_are_refused(
    tmp_path: Path, headers: str, columns: dict[str, object] | None
) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        read(
            table(
                tmp_path / "a.csv",
                headers,
                ";".join(f"x{place}" for place, _ in enumerate(headers.split(";"))),
            ),
            columns=columns,
        )
    assert (
        "stands twice, with numbers beside each: these are lists side by side. Put one below the"
        " other." in str(caught.value)
    )


@pytest.mark.parametrize(
    "headers",
    [
        "Name;Name;Tel;Tel",
        "Name;Tel;Name",
        "Firma;Tel;Firma;Tel;Name",
        "Tel;Tel;Name;Name",
        "Name;Tel;Tel;Kontaktname",
    ],
)
def test_columns_that_stand_twice_are_not_always_two_lists(tmp_path: Path, headers: str) -> None:
    assert 1 == len(
        read(
            table(
                tmp_path / "a.csv",
                headers,
                ";".join(str(place) for place, _ in enumerate(headers.split(";"))),
            )
        ).contacts
    )

"""Contacts that an exporter marks as private, and yes/no columns that hold no numbers."""

from pathlib import Path

import pytest

from connectors.base import Skipped
from connectors.contact import NumberKind
from connectors.csv.rows import PRIVATE
from tests.connectors.csv.lists import read, write

TICKS = [
    ("en", (
        "First Name,Last Name,Home Phone,Mobile Phone,Priority,Private,"
        "Sensitivity"
    ), "True", "False", "Normal"),
    ("de", (
        "Vorname,Nachname,Telefon privat,Mobiltelefon,Priorität,Privat,"
        "Vertraulichkeit"
    ), "Wahr", "Falsch", "Normal"),
    ("fr", (
        "Prénom,Nom,Téléphone (domicile),Tél. mobile,Priorité,Privé,Critère de "
        "diffusion"
    ), "Vrai", "Faux", "Normale"),
    ("es", (
        "Nombre,Apellidos,Particular,Teléfono móvil,Prioridad,Privado,"
        "Confidencialidad"
    ), "Verdadero", "Falso", "Normal"),
    ("it", (
        "Nome,Cognome,Abitazione,Cellulare,Priorità,Privato,"
        "Riservatezza"
    ), "Vero", "Falso", "Normale"),
    ("pl", (
        "Imię,Nazwisko,Telefon domowy,Telefon komórkowy,Priorytet,Prywatne,"
        "Charakter"
    ), "Prawda", "Fałsz", "Normalny"),
    ("cs", (
        "Jméno,Příjmení,Telefon (domů),Mobilní telefon,Důležitost,Soukromé,"
        "Utajení"
    ), "Pravda", "Nepravda", "Normální"),
    ("nl", (
        "Voornaam,Achternaam,Telefoon thuis,Mobiele telefoon,Prioriteit,Privé,"
        "Gevoeligheid"
    ), "Waar", "Onwaar", "Normaal"),
    ("pt", (
        "Primeiro nome,Sobrenome,Telefone residencial,Telefone celular,Prioridade,Particular,"
        "Sigilo"
    ), "Verdadeiro", "Falso", "Normal"),
    ("sv", (
        "Förnamn,Efternamn,Hem,Mobiltelefon,Prioritet,Privat,"
        "Känslighet"
    ), "Sant", "Falskt", "Normal"),
    ("da", (
        "Fornavn,Efternavn,Telefon (privat),Mobiltelefon,Prioritet,Privat,"
        "Følsomhed"
    ), "Sand", "Falsk", "Normal"),
    ("nb", (
        "Fornavn,Etternavn,\"Telefon, priv.\",Mobiltelefon,Prioritet,Privat,"
        "Følsomhet"
    ), "Sann", "Usann", "Normal"),
    ("fi", (
        "Etunimi,Sukunimi,Kotipuhelin,Matkapuhelin,Prioriteetti,Yksityinen,"
        "Luottamuksellisuus"
    ), "Tosi", "Epätosi", "Normaali"),
    ("hu", (
        "Utónév,Vezetéknév,Otthoni telefon,Mobiltelefon,Prioritás,Magánjellegű,"
        "Tartalom"
    ), "Igaz", "Hamis", "Normál"),
    ("ro", (
        "Prenume,Nume de familie,Telefon domiciliu,Telefon mobil,Prioritate,Privat,"
        "Sensibilitate"
    ), "Adevărat", "Fals", "Normal"),
    ("ru", (
        "Имя,Фамилия,Домашний телефон,Телефон переносной,Важность,Частное,"
        "Пометка"
    ), "Истина", "Ложь", "Обычная"),
    ("uk", (
        "Ім'я,Прізвище,Домашній телефон,Телефон мобільний,Важливість,Приватне,"
        "Приватність"
    ), "Істина", "Хибність", "Звичайна"),
    ("tr", (
        "İlk Adı,Soyadı,Ev Telefonu,Cep Telefonu,Öncelik,Özel,"
        "Duyarlılık"
    ), "Doğru", "Yanlış", "Normal"),
    ("ja", "名,姓,自宅電話,携帯電話,優先度,プライベート,秘密度", "True", "False", "標準"),
    ("zh", "名,姓,住宅电话,移动电话,优先级,私有,敏感度", "True", "False", "普通"),
]  # fmt: skip


@pytest.mark.parametrize("tick", [case[1:] for case in TICKS], ids=[case[0] for case in TICKS])
def test_outlooks_tick_is_no_phone_and_keeps_a_contact_off_the_phones(
    tmp_path: Path, tick: tuple[str, ...]
) -> None:
    header, yes, no, normal = tick
    text = (
        f"{header}\nAnn,Smith,1001,1002,{normal},{no},{normal}\nBob,Smith,1003,1004,{normal},"
        f"{yes},{normal}\nCid,Smith,1005,,,,\n"
    )
    path = write(tmp_path / "a.csv", text)
    result = read(path)
    home, mobile = NumberKind.HOME, NumberKind.MOBILE
    assert [[("1001", home), ("1002", mobile)], [("1005", home)]] == [
        [(number.value, number.kind) for number in contact.numbers] for contact in result.contacts
    ]
    assert (Skipped(PRIVATE, "a.csv line 3"),) == result.skipped
    everybody = read(path, include_private=True)
    assert (["1001", "1003", "1005"], ()) == (
        [contact.numbers[0].value for contact in everybody.contacts],
        everybody.skipped,
    )
    assert [2, 2, 1] == [len(contact.numbers) for contact in everybody.contacts]


@pytest.mark.parametrize("header", ["Privat", "Particular", "Private", "Privé", "Özel"])
def test_a_home_number_may_stand_below_the_same_word(tmp_path: Path, header: str) -> None:
    path = write(tmp_path / "a.csv", f"Name;Fax;{header}\nAnn;;1001\nBob;;x\nCid;;0\nDee;;\n")
    result = read(path, include_private=True)
    assert [["1001"], [], [], []] == [
        [number.value for number in contact.numbers] for contact in result.contacts
    ]
    assert () == result.skipped
    assert ["Ann", "Cid", "Dee"] == [contact.name for contact in read(path).contacts]


def test_own_columns_name_the_tick_themselves(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Wer,Tel,Privat,Geheim\nAnn,1001,Wahr,\nBob,1002,,ja\n")
    columns = {"name": "Wer", "work": "Tel"}
    assert ["Ann", "Bob"] == [contact.name for contact in read(path, columns=columns).contacts]
    assert ["Ann"] == [
        contact.name for contact in read(path, columns=columns | {"private": "Geheim"}).contacts
    ]


def test_yes_and_no_below_a_number_are_nothing_to_report(tmp_path: Path) -> None:
    result = read(
        write(tmp_path / "a.csv", "Name,Phone,Intern\nAnn,1001,ja\nBob,no,FALSCH\nCid,perhaps,-\n")
    )
    assert [["1001"], [], []] == [
        [number.value for number in contact.numbers] for contact in result.contacts
    ]
    assert (Skipped("text instead of a number", "a.csv line 4 column Phone"),) == result.skipped

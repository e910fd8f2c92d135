"""Undeclared code pages are guessed over all cards of a source, and reported."""

from pathlib import Path

import pytest

from connectors.base import Full
from connectors.carddav.address_book import UNDECLARED
from connectors.vcard.connector import VcardConnector
from connectors.vcard.parser import DAMAGED
from tests.connectors.carddav.server import connector_for
from tests.connectors.contract import everything, names
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_server import Dialect, FakeDav

NAMES = {
    "cp1250": ("Łukasz Żaneta", "Zdeněk Dvořák", "Jiří Šťastný", "Růžena Černá"),
    "cp1251": ("Иван Петров", "Ольга Сидорова", "Юрий Жуков"),
    "cp1252": ("Jörg Käse", "René Müller", "Françoise Gößmann"),
    "cp1253": ("Γιώργος Παπαδόπουλος", "Ελένη Νικολάου"),
    "cp1254": ("Şükrü Öztürk", "Ayşe Yıldız", "İbrahim Çağlar"),
}


def quoted(text: str, encoding: str) -> str:
    return "".join(f"={byte:02X}" if byte > 127 else chr(byte) for byte in text.encode(encoding))


def raw(text: str, encoding: str) -> bytes:
    return card("FN:" + text, "TEL:1", version="2.1").encode(encoding)


def in_quoted_printable(text: str, encoding: str) -> bytes:
    return card(
        f"FN;ENCODING=QUOTED-PRINTABLE:{quoted(text, encoding)}", "TEL:1", version="2.1"
    ).encode()


def fetched(path: Path) -> Full:
    return everything(VcardConnector.model_validate({"path": str(path)}))


def test_the_bat(tmp_path: Path) -> None:
    lines = (
        "N;ENCODING=QUOTED-PRINTABLE:=AFak;=A3ukasz;;;",
        "FN;ENCODING=QUOTED-PRINTABLE:=A3ukasz =AFak",
        "TEL;CELL:600100200",
    )
    (tmp_path / "the-bat.vcf").write_text(card(*lines, version="2.1"), newline="")
    result = fetched(tmp_path)
    (contact,) = result.contacts
    assert ("Łukasz Żak", "Łukasz", "Żak") == (
        contact.name,
        contact.given_name,
        contact.family_name,
    )
    (note,) = result.notes
    assert "the-bat.vcf: card without UID line 1" in note
    assert "Żak" not in note
    assert () == result.skipped


@pytest.mark.parametrize("form", [raw, in_quoted_printable])
@pytest.mark.parametrize("encoding", NAMES)
def test_a_code_page_is_guessed_over_a_whole_file(
    tmp_path: Path, encoding: str, form: object
) -> None:
    assert callable(form)
    (tmp_path / "all.vcf").write_bytes(b"".join(form(name, encoding) for name in NAMES[encoding]))
    result = fetched(tmp_path)
    assert sorted(NAMES[encoding]) == names(result)
    assert f"is read as {encoding}" in result.notes[0]


@pytest.mark.parametrize("encoding", NAMES)
def test_a_code_page_is_guessed_over_a_whole_folder(tmp_path: Path, encoding: str) -> None:
    for place, name in enumerate(NAMES[encoding]):
        (tmp_path / f"{place}.vcf").write_bytes(raw(name, encoding))
    assert sorted(NAMES[encoding]) == names(fetched(tmp_path))


def test_what_is_utf_8_or_declared_is_no_matter_of_the_guess(tmp_path: Path) -> None:
    data = b"".join(raw(name, "cp1251") for name in NAMES["cp1251"]) + card("FN:Zoë Łoś").encode()
    data += b"BEGIN:VCARD\r\nFN;CHARSET=ISO-8859-1:J\xf6rg\r\nEND:VCARD\r\n"
    (tmp_path / "all.vcf").write_bytes(data)
    assert sorted((*NAMES["cp1251"], "Zoë Łoś", "Jörg")) == names(fetched(tmp_path))
    (tmp_path / "all.vcf").write_text(card("FN:Zoë Łoś"), encoding="utf-8")
    assert () == fetched(tmp_path).notes


def test_a_guess_is_made_for_an_address_book_on_a_server(tmp_path: Path) -> None:
    with FakeDav() as server:
        for place, name in enumerate(NAMES["cp1250"]):
            server.put(f"{place}.vcf", in_quoted_printable(name, "cp1250").decode())
        server.put(
            "german.vcf", card("FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=F6rg", "TEL:1")
        )
        result = everything(connector_for(f"{server.url}/dav/book/"))
    assert sorted((*NAMES["cp1250"], "Jörg")) == names(result)
    assert [UNDECLARED] * 4 == [item.reason for item in result.skipped]


def test_western_cards_on_a_server_are_read_as_ever(tmp_path: Path) -> None:
    with FakeDav() as server:
        for place, name in enumerate(NAMES["cp1252"]):
            server.put(f"{place}.vcf", in_quoted_printable(name, "cp1252").decode())
        result = everything(connector_for(f"{server.url}/dav/book/"))
    assert (sorted(NAMES["cp1252"]), ()) == (names(result), result.skipped)


@pytest.mark.parametrize(
    "text",
    [
        "Müller",
        "Sørensen",
        "Åse",
        "Núñez",
        "Strauß",
        "João",
        "Þór",
        "Noël",
        "Français",
        "Jörg – Büro",
        "Sigurðsson",
        "Hœrter",
        "D’Amico",
        "Łukasz"[1:] + "é",
    ],
)
def test_one_western_name_is_enough(tmp_path: Path, text: str) -> None:
    (tmp_path / "one.vcf").write_bytes(raw(text, "cp1252"))
    assert [text] == names(fetched(tmp_path))


def test_a_broken_byte_on_a_server_costs_only_itself() -> None:
    with FakeDav(Dialect(multiget=501)) as server:
        server.put(
            "1.vcf", card("UID:u1", "FN:Jörg ? Käse", "TEL:1").encode().replace(b"?", b"\xff")
        )
        server.put("2.vcf", card("UID:u2", "FN:Ann Öl", "TEL:2"))
        result = everything(connector_for(f"{server.url}/dav/book/"))
    assert ["Ann Öl", "Jörg Käse"] == names(result)
    assert [(DAMAGED, 'book "Book": card u1 line 1')] == [
        (item.reason, item.where) for item in result.skipped
    ]

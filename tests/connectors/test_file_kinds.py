"""Files of other kinds in place of CSV files and vCards are reported with their kind."""

import gzip
import io
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import pytest

from connectors.base import Connector, SourceUnavailable
from connectors.csv.connector import CsvConnector
from connectors.file_kinds import kind_of
from connectors.vcard.connector import VcardConnector
from tests.connectors.csv.lists import read, write
from tests.connectors.vcard.cards import card


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(
                name,
                "application/vnd.oasis.opendocument.spreadsheet" if name == "mimetype" else "x",
            )
    return held.getvalue()


def tarred() -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("people.csv"))
    return held.getvalue()


def database(path: Path) -> bytes:
    connection = sqlite3.connect(path)
    connection.execute("create table people (name text)")
    connection.commit()
    connection.close()
    return path.read_bytes()


YEALINK = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<YealinkIPPhoneDirectory>\n<DirectoryEntry><Name>Ann'
    " Abbott</Name><Telephone>1001</Telephone></DirectoryEntry>\n</YealinkIPPhoneDirectory>\n"
)
GRANDSTREAM = (
    "<AddressBook><Contact><LastName>Abbott</LastName><Phone><phonenumber>1001</phonenumber>"
    "</Phone></Contact></AddressBook>\n"
)
SNOM = (
    "<?xml"
    ' version="1.0"?>\r\n<SnomIPPhoneDirectory>\r\n<DirectoryEntry><Name>Ann</Name>'
    "</DirectoryEntry></SnomIPPhoneDirectory>"
)
CISCO = (
    "\n\n<CiscoIPPhoneDirectory>\n<DirectoryEntry><Name>Ann</Name><Telephone>1</Telephone>"
    "</DirectoryEntry>\n</CiscoIPPhoneDirectory>\n"
)
FRITZBOX = (
    '<?xml version="1.0"'
    ' encoding="utf-8"?>\n<phonebooks><phonebook><contact>0</contact></phonebook></phonebooks>'
)
LDIF = (
    "dn: cn=Ann Abbott,dc=example,dc=com\nobjectClass: person\ncn: Ann Abbott\nsn:"
    " Abbott\ntelephoneNumber: 1001\n"
)
TEXTS: list[tuple[str, str, str]] = [
    ("yealink", YEALINK, "XML"),
    ("grandstream", GRANDSTREAM, "XML"),
    ("snom", SNOM, "XML"),
    ("cisco", CISCO, "XML"),
    ("fritzbox", FRITZBOX, "XML"),
    ("an empty root", "<AddressBook/>\n", "XML"),
    ("a root with attributes", '<list xmlns="urn:x">\n<item>1</item>\n</list>', "XML"),
    ("a remark first", "<!-- exported -->\n<phonebook><entry>1</entry></phonebook>", "XML"),
    ("a vcard", card("FN:Ann Abbott", "TEL:1001"), "a vCard"),
    ("a vcard in small letters", "begin:vcard\nfn:Ann\nend:vcard\n", "a vCard"),
    ("a vcard behind blank lines", "\r\n\r\nBEGIN:VCARD\r\nFN:Ann\r\nEND:VCARD\r\n", "a vCard"),
    ("a quoted vcard", '"BEGIN:VCARD"\n"FN:Ann"\n"END:VCARD"\n', "a vCard"),
    ("ldif", LDIF, "LDIF"),
    ("ldif with a version", f"version: 1\n\n{LDIF}", "LDIF"),
    (
        "ldif of ldapsearch",
        (
            "# extended LDIF\n#\n# LDAPv3\n# base <dc=example> with scope subtree\n#\n\n# Ann,"
            f" example.com\n{LDIF}"
        ),
        "LDIF",
    ),
    ("ldif in base64", "dn:: Y249QW5u\ncn: Ann\n", "LDIF"),
    ("json", '[{"name": "Ann", "phone": "1001"}]', "JSON"),
    ("json on several lines", '{\n  "contacts": [\n    {"name": "Ann"}\n  ]\n}\n', "JSON"),
    ("json lines", '{"name": "Ann"}\n{"name": "Bob"}\n', "JSON"),
    ("rows of json", '[["name", "phone"], ["Ann", "1001"]]', "JSON"),
    (
        "a page",
        "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>name, phone</body></html>",
        "HTML",
    ),
    ("a page in capitals", "<HTML>\n<BODY>name,phone</BODY></HTML>", "HTML"),
    (
        "a table as a spreadsheet",
        '<table border="1"><tr><td>Name</td><td>Phone</td></tr></table>',
        "HTML",
    ),
    ("xhtml", '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html></html>', "HTML"),
    ("a calendar", "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "a calendar"),
    ("mork", '// <!-- <mdb:mork:z v="1.4"/> -->\n', "an address book of old Thunderbird"),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


def refused(connector: type[Connector], path: Path) -> str:
    """The error of a file, which tells of nobody in it."""
    with pytest.raises(SourceUnavailable) as caught:
        connector.model_validate({"path": str(path)}).fetch(None)
    message = str(caught.value)
    assert "Ann" not in message
    assert "1001" not in message
    return message


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("text", "kind"), [pytest.param(*case, id=name) for name, *case in TEXTS])
def test_a_text_of_another_kind_is_named_in_place_of_csv(
    tmp_path: Path, text: str, kind: str, encoding: str
) -> None:
    message = refused(CsvConnector, write(tmp_path / "contacts.csv", text.encode(encoding)))
    assert f"contacts.csv is {kind}" in message
    assert "does not name the columns" not in message
    assert ('connector = "vcard"' in message) == (kind == "a vCard")
    assert ('connector = "ldap"' in message) == (kind == "LDIF")


BINARIES = [
    ("xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), "a spreadsheet (.xlsx)"),
    ("ods", zipped("mimetype", "content.xml"), "a spreadsheet (.ods)"),
    ("zip", zipped("people.csv"), "a spreadsheet or another packed file (.xlsx, .ods, .zip)"),
    ("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old spreadsheet (.xls)"),
    ("gz", gzip.compress(b"name,phone\nAnn,1001\n"), "a compressed file (.gz)"),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
    ("tar", tarred(), "a packed file (.tar)"),
    ("7z", b"7z\xbc\xaf\x27\x1c\x00\x04", "a packed file (.7z)"),
    ("rtf", b"{\\rtf1\\ansi Ann,1001}", "a text with formats (.rtf)"),
    ("access", b"\0\1\0\0Standard ACE DB\0", "a database (Access)"),
]


@pytest.mark.parametrize(
    ("data", "kind"), [pytest.param(*case, id=name) for name, *case in BINARIES]
)
def test_a_binary_file_is_named_in_place_of_csv_and_of_vcards(
    tmp_path: Path, data: bytes, kind: str
) -> None:
    assert f"contacts.csv is {kind}, not CSV: " in refused(
        CsvConnector, write(tmp_path / "contacts.csv", data)
    )
    assert f"contacts.vcf holds no vCard, it is {kind}: " in refused(
        VcardConnector, write(tmp_path / "contacts.vcf", data)
    )


def test_a_database_is_named(tmp_path: Path) -> None:
    data = database(tmp_path / "people.sqlite")
    assert "is a database (SQLite), not CSV" in refused(
        CsvConnector, write(tmp_path / "a.csv", data)
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [pytest.param(*case, id=name) for name, *case in TEXTS if case[1] != "a vCard"],
)
def test_a_text_of_another_kind_is_named_in_place_of_a_vcard(
    tmp_path: Path, text: str, kind: str
) -> None:
    assert f"contacts.vcf holds no vCard, it is {kind}" in refused(
        VcardConnector, write(tmp_path / "contacts.vcf", text)
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    "text",
    [
        "name,phone\nAnn,1001\n",
        "Vorname;Nachname;Telefon\nAnn;Abbott;1001\n",
        "Name\tTel\nAnn\t1001\n",
    ],
)
def test_a_csv_in_place_of_a_vcard_is_told_with_its_connector(
    tmp_path: Path, text: str, encoding: str
) -> None:
    message = refused(VcardConnector, write(tmp_path / "contacts.vcf", text.encode(encoding)))
    assert 'it looks like CSV. Set connector = "csv"' in message


@pytest.mark.parametrize("text", ["", "\n\n", "Ann Abbott\n"])
def test_what_is_nothing_that_is_known_holds_no_vcard(tmp_path: Path, text: str) -> None:
    message = refused(VcardConnector, write(tmp_path / "contacts.vcf", text))
    assert "contacts.vcf holds no vCard. Export it again" in message


HEADERS = [
    "name,phone",
    '"name","phone"',
    "<Name>,<Phone>",
    "[Name],[Phone]",
    "dn,cn,telephoneNumber",
    "ID;Phone;Name",
    "#TYPE Selected.Contact",
    "sep=;",
    "version,name,phone",
    "{Name};{Phone}",
    "BEGIN,Name,Phone",
    "PK,Name,Phone",
    "Name (<b>),Phone",
]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_headers_that_look_like_another_kind_are_none(header: str, encoding: str) -> None:
    assert kind_of(f"{header}\nAnn,1001\n".encode(encoding)) is None


def test_a_csv_of_cards_in_its_cells_is_a_csv(tmp_path: Path) -> None:
    result = read(
        write(
            tmp_path / "a.csv",
            'name,phone,note\nAnn,1001,"BEGIN:VCARD\nFN:x\nEND:VCARD"\nBob,1002,<html>\n',
        )
    )
    assert ["Ann", "Bob"] == [contact.name for contact in result.contacts]


@pytest.mark.parametrize(
    "head", [b"#\n", b" \n", b"<a ", b"version: 1\n", b"<!-- ", b"[ ", b'"BEGIN;']
)
def test_a_hostile_beginning_costs_no_more_than_any(head: bytes) -> None:
    assert kind_of(head * 200_000) in (None, kind_of(head * 20))

"""Contacts of every connector whose mandatory name field holds a dash."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.connectors.contract import everything
from tests.connectors.google.server import google_world
from tests.connectors.ldap.server import SlapdWorld, add
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_server import FakeDav
from tests.support.fakes.people_api import CONNECTIONS
from tests.support.offline_gateway import built, rows, stored, write_people
from tests.support.servers.ca import Authority
from tests.support.servers.slapd import PASSWORD, PEOPLE, READER

pytest_plugins = ["tests.connectors.ldap.fixtures"]


@dataclass(frozen=True, slots=True)
class Written:
    """The names and organisation in a source, and what the phone shows.

    A name has its parts and the name as displayed.
    """

    given: str
    family: str
    shown: str
    organization: str
    expected: str


PEOPLE_WRITTEN = (
    Written("-", "-", "- -", "Acme GmbH", "Acme GmbH"),
    Written(".", "Mono", ". Mono", "Beta AG", "Mono"),
    Written("Anna", ".", "Anna .", "Gamma KG", "Anna"),
    Written("N/A", "N/A", "N/A N/A", "Eps SE", "Eps SE"),
    Written("Anna", "Bauer-Klein", "Anna Bauer-Klein", "-", "Anna Bauer-Klein"),
    Written("n/a", "—", "n/a —", "Zeta KG", "Zeta KG"),
    Written("_", "Blau", "Blau, _", "?", "Blau"),
    Written("n.a.", "--", "n.a. --", "7-Eleven", "7-Eleven"),
    Written("O.", "Kurz", "O. Kurz", "N/A", "O. Kurz"),
    Written("?", "李", "? 李", "…", "李"),
)
EXPECTED = sorted((one.expected, f"030555010{place}") for place, one in enumerate(PEOPLE_WRITTEN))


def number(place: int) -> str:
    return f"030 555010{place}"


def shown(folder: Path, keys: str) -> list[tuple[str, str]]:
    return sorted(rows(built(folder, f"[sources.staff]\n{keys}\n")))


@pytest.mark.parametrize("whole", [True, False], ids=["display name", "parts"])
def test_csv(tmp_path: Path, whole: bool) -> None:
    name = lambda one: {"Display Name": one.shown} if whole else {}  # noqa: E731
    write_people(
        tmp_path / "c.csv",
        (
            {
                "First Name": one.given,
                "Last Name": one.family,
                "Company": one.organization,
                "Phone": number(place),
                **name(one),
            }
            for place, one in enumerate(PEOPLE_WRITTEN)
        ),
    )
    assert EXPECTED == shown(tmp_path, 'connector = "csv"\npath = "c.csv"')


def test_csv_of_whole_names_alone(tmp_path: Path) -> None:
    write_people(
        tmp_path / "c.csv",
        (
            {"Name": one.shown, "Company": one.organization, "Phone": number(place)}
            for place, one in enumerate(PEOPLE_WRITTEN)
        ),
    )
    assert EXPECTED == shown(tmp_path, 'connector = "csv"\npath = "c.csv"')


def cards() -> list[str]:
    return [
        card(
            f"FN:{one.shown.replace(',', chr(92) + ',')}",
            f"N:{one.family};{one.given};;;",
            f"ORG:{one.organization}",
            f"TEL:{number(place)}",
        )
        for place, one in enumerate(PEOPLE_WRITTEN)
    ]


def test_vcard(tmp_path: Path) -> None:
    (tmp_path / "c.vcf").write_text("".join(cards()), encoding="utf-8", newline="")
    assert EXPECTED == shown(tmp_path, 'connector = "vcard"\npath = "c.vcf"')


def test_vcard_without_parts(tmp_path: Path) -> None:
    lines = (text.replace("\r\nN:", "\r\nX-N:") for text in cards())
    (tmp_path / "c.vcf").write_text("".join(lines), encoding="utf-8", newline="")
    assert EXPECTED == shown(tmp_path, 'connector = "vcard"\npath = "c.vcf"')


def test_a_card_of_placeholders_alone_is_reported(tmp_path: Path) -> None:
    (tmp_path / "c.vcf").write_text(
        card("FN:-", "N:-;-;;;", "ORG:-") + card("FN:Ann", "TEL:1001"), newline=""
    )
    settings = built(tmp_path, '[sources.staff]\nconnector = "vcard"\npath = "c.vcf"\n')
    (source,) = settings.sources
    assert ["card without name, organisation and number"] == [
        item.reason for item in everything(source.connector).skipped
    ]


def test_a_real_name_beside_a_placeholder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "c.vcf").write_text(
        card("FN:-", "FN:Ann Real", "N:-;;;;", "N:Real;Ann;;;", "TEL:1001"), newline=""
    )
    assert [("Ann Real", "1001")] == shown(tmp_path, 'connector = "vcard"\npath = "c.vcf"')


def test_carddav(tmp_path: Path) -> None:
    with FakeDav() as server:
        for place, text in enumerate(cards()):
            server.put(f"{place}.vcf", text)
        assert EXPECTED == shown(tmp_path, f'connector = "carddav"\nurl = "{server.url}/dav/book/"')


def test_google(tmp_path: Path) -> None:
    own = {"source": {"type": "CONTACT", "id": "1"}, "primary": True}
    with google_world(tmp_path) as world:
        world.api.put(
            CONNECTIONS,
            *(
                {
                    "resourceName": f"people/c{place}",
                    "names": [
                        {
                            "displayName": one.shown,
                            "givenName": one.given,
                            "familyName": one.family,
                            "metadata": own,
                        }
                    ],
                    "phoneNumbers": [{"value": number(place), "metadata": own}],
                    "organizations": [{"name": one.organization, "metadata": own}],
                }
                for place, one in enumerate(PEOPLE_WRITTEN)
            ),
        )
        keys = (
            f'token_file = "token.json"\napi_endpoint = "{world.api.url}"\ntoken_uri ='
            f' "{world.api.url}/token"'
        )
        assert EXPECTED == shown(world.folder, f'connector = "google"\n{keys}')


def test_ldap(tmp_path: Path, world: SlapdWorld, authority: Authority) -> None:
    for place, one in enumerate(PEOPLE_WRITTEN):
        add(
            world.server,
            f"uid={place},{PEOPLE}",
            cn=one.shown,
            sn=one.family,
            givenName=one.given,
            o=one.organization,
            telephoneNumber=number(place),
        )
    login = f'bind_dn = "{READER}"\npassword = "{PASSWORD}"\nbase_dn = "{PEOPLE}"'
    assert EXPECTED == shown(
        tmp_path,
        f'connector = "ldap"\nurl = "{world.server.tls_url}"\nca_file ='
        f' "{authority.file}"\n{login}',
    )


def test_stored_parts_hold_no_placeholder(tmp_path: Path) -> None:
    write_people(
        tmp_path / "c.csv",
        [
            {
                "First Name": "Anna",
                "Last Name": "-",
                "Company": ".",
                "Department": "N/A",
                "Job Title": "?",
                "Phone": "1001",
            }
        ],
    )
    settings = built(tmp_path, '[sources.staff]\nconnector = "csv"\npath = "c.csv"\n')
    (contact,) = stored(settings.state_dir, "staff")
    assert ("Anna", "Anna", "", "", "", "") == (
        contact.name,
        contact.given_name,
        contact.family_name,
        contact.organization,
        contact.department,
        contact.title,
    )

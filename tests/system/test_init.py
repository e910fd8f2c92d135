"""From nothing to a page of one's own people, typed at a terminal as a new user does."""

import re
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from connectors.contact import NumberKind, PhoneNumber
from tests.connectors.contract import person
from tests.connectors.google.server import GoogleWorld, google_world
from tests.connectors.google.test_login import write_client_file
from tests.connectors.vcard.cards import card_of
from tests.support.conversation import Conversation
from tests.support.phone.strict import CP_7821, Phone, walk
from tests.support.servers.ca import Authority, Certificate
from tests.support.servers.gateway import Gateway, run
from tests.support.servers.radicale import PASSWORD as DAV_PASSWORD
from tests.support.servers.radicale import Radicale
from tests.support.servers.slapd import PASSWORD as LDAP_PASSWORD
from tests.support.servers.slapd import PEOPLE, READER, Slapd, running

pytest_plugins = ["tests.connectors.ldap.fixtures"]
# The child that pexpect forks replaces itself by the command at once.
pytestmark = pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning")

KIND, FILE, URL = "Number [1]: ", "The file: ", "(url): "
DOMAIN, ACCOUNT = "domain (example.com): ", "(Enter: without a login): "
PASSWORD = "(it is not shown): "
TITLE, COUNTRY, LINE = "Title on the phones [Directory]: ", "as they are)", "(Enter: nothing): "
RIGHT = "change answers) [yes]: "
NAMES = {"Ada Byron", "Grace Hopper", "Mary Jackson"}
LIST = (
    "Name;Telefon;Zweitapparat\n"
    "Ada Byron;+49 89 5550001;+49 89 5550101\n"
    "Grace Hopper;+49 89 5550002;+49 89 5550102\n"
    "Mary Jackson;+49 89 5550003;\n"
)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def finish(talk: Conversation, title: str = "Company") -> None:
    """Answer what every kind of source asks at the end."""
    talk.answer(TITLE, title)
    talk.answer(f"{COUNTRY} [DE]: ", "")
    talk.answer(LINE, "0")
    preview = talk.answer(RIGHT, "")
    assert "1  Ada Byron" in preview and "00895550001" in preview
    assert 0 == talk.end(), talk.text


def served_names(folder: Path) -> set[str]:
    """Return the people that a phone sees on the pages of the written configuration."""
    with (
        Gateway(folder, (folder / "gateway.toml").read_text(encoding="utf-8")) as gateway,
        Phone(CP_7821) as phone,
    ):
        return {name.partition(" (")[0] for name, _ in walk(phone, f"{gateway.base}/menu.xml").rows}


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    client = server.client()
    client.make_book("/ann/friends/", "Friends")
    for number, name in enumerate(sorted(NAMES), 1):
        given, family = name.split()
        card = person(
            str(number),
            PhoneNumber(f"+49 89 555000{number}", NumberKind.WORK),
            given=given,
            family=family,
        )
        client.put(f"/ann/friends/{number}.vcf", card_of(card))
    yield server
    server.process.stop()


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory, certificate: Certificate) -> Iterator[Slapd]:
    entries = (
        f"dn: uid={n},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: {n}\ncn: {name}\n"
        f"sn: {name.split()[1]}\ngivenName: {name.split()[0]}\n"
        f"telephoneNumber: +49 89 555000{n}\n"
        for n, name in enumerate(sorted(NAMES), 1)
    )
    with running(tmp_path_factory.mktemp("slapd") / "slapd", certificate, more=entries) as server:
        yield server


def test_a_csv_file_becomes_a_page(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(LIST.encode("cp1252"))
    with Conversation("init", folder=tmp_path) as talk:
        talk.answer(KIND, "")
        talk.answer(FILE, "lists.csv")
        assert "There is no file" in talk.answer(FILE, "list.csv")
        shown = talk.answer("skip [other]: ", "handy")
        assert '"Name" (name)' in shown and '"Zweitapparat"' in shown and "5550101" in shown
        assert "Write one of these words" in talk.answer("skip [other]: ", "home")
        finish(talk)
    assert {"list.csv", "gateway.toml"} == files(tmp_path)
    assert "<directoryURL>http://" in talk.text
    assert talk.text.rstrip().endswith("serve")
    written = (tmp_path / "gateway.toml").read_text(encoding="utf-8")
    assert 'columns = { recognise = true, home = "Zweitapparat" }' in written
    check = run("check", cwd=tmp_path)
    assert (0, False) == (check.returncode, "warning" in check.stdout), check.stdout
    assert NAMES == served_names(tmp_path)


def test_a_carddav_account_becomes_a_page(tmp_path: Path, radicale: Radicale) -> None:
    with Conversation("init", folder=tmp_path) as talk:
        talk.answer(KIND, "nextcloud")
        talk.answer(URL, "http://127.0.0.1:9/")
        talk.answer("without a login): ", "ann")
        talk.answer(PASSWORD, DAV_PASSWORD)
        # Nothing of it is typed again but the address.
        assert "That did not work" in talk.answer("(url) [http://127.0.0.1:9/]: ", radicale.url)
        talk.answer("[ann]: ", "")
        talk.answer("(Enter: the one before): ", "wrong")
        assert "refused the login" in talk.answer(f"(url) [{radicale.url}/]: ", "")
        talk.answer("[ann]: ", "")
        talk.answer("(Enter: the one before): ", DAV_PASSWORD)
        assert "Friends" in talk.wait_for("Reading the contacts ...")
        talk.wait_for("source contacts: 3 contacts")
        finish(talk)
    assert DAV_PASSWORD not in talk.text and "wrong" not in talk.text
    assert {"gateway.toml", "contacts.password"} == files(tmp_path)
    assert 0o600 == mode(tmp_path / "contacts.password")
    assert DAV_PASSWORD not in (tmp_path / "gateway.toml").read_text(encoding="utf-8")
    assert NAMES == served_names(tmp_path)


def test_an_ldap_directory_becomes_a_page(
    tmp_path: Path, slapd: Slapd, authority: Authority
) -> None:
    with Conversation("init", folder=tmp_path) as talk:
        talk.answer(KIND, "ad")
        talk.answer(DOMAIN, slapd.tls_url)
        talk.answer(ACCOUNT, READER)
        talk.answer(PASSWORD, LDAP_PASSWORD)
        shown = talk.answer("(ca_file; Enter: none): ", str(authority.file))
        assert "not signed by an authority that is trusted here" in shown
        talk.answer(f"[{slapd.tls_url}]: ", "")
        talk.answer(f"[{READER}]: ", "")
        talk.answer("(Enter: the one before): ", "")
        assert "is OpenLDAP" in talk.answer("(base_dn) [dc=example,dc=com]: ", "")
        finish(talk)
    assert LDAP_PASSWORD not in talk.text
    assert {"gateway.toml", "staff.password"} == files(tmp_path)
    assert 0o600 == mode(tmp_path / "staff.password")
    assert NAMES == served_names(tmp_path)


FAKES = """
from connectors.google import login
from connectors.google.connector import GoogleConnector
login.PORT = 0
GoogleConnector.model_fields["api_endpoint"].default = "{url}"
GoogleConnector.model_fields["token_uri"].default = "{url}/token"
GoogleConnector.model_rebuild(force=True)
"""
JSON = "shows how to get it): "


@pytest.fixture
def google(tmp_path: Path) -> Iterator[GoogleWorld]:
    with google_world(tmp_path) as world:
        world.token_file.unlink()
        write_client_file(world)
        for number, name in enumerate(sorted(NAMES), 1):
            given, family = name.split()
            phone = PhoneNumber(f"+49 89 555000{number}", NumberKind.WORK)
            world.put(person(str(number), phone, given=given, family=family))
        yield world


def test_a_google_account_is_signed_in_and_shown(google: GoogleWorld) -> None:
    before, folder = FAKES.format(url=google.api.url), google.folder
    known = files(folder)
    with Conversation(
        "init", folder=folder, before=before, OAUTHLIB_INSECURE_TRANSPORT="1"
    ) as talk:
        talk.answer(KIND, "4")
        (folder / "other.json").write_text("{}")
        talk.answer(JSON, "other.json")
        assert "neither an OAuth client" in talk.answer(JSON, "client.json")
        shown = talk.wait_for("ssh -L")
        (address,) = (line for line in shown.splitlines() if line.startswith("http"))
        assert 200 == httpx.get(address.strip(), follow_redirects=True).status_code
        talk.wait_for("Signed in\r\n")
        finish(talk)
    assert known | {"other.json", "gateway.toml", "google-token.json"} == files(folder)
    assert 0o600 == mode(folder / "google-token.json")
    assert "directory-gateway check" not in talk.text
    written = (folder / "gateway.toml").read_text(encoding="utf-8")
    assert 'client_file = "client.json"' in written
    assert 'token_file = "google-token.json"' in written


@pytest.mark.parametrize("way", ["c", "d", signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("at", [KIND, PASSWORD, RIGHT])
def test_an_end_in_between_leaves_nothing_behind(
    tmp_path: Path, radicale: Radicale, way: str | int, at: str
) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    options = ("--url", radicale.url, "--username", "ann", "--country", "DE", "--outside-line", "")
    with Conversation("init", *options, folder=home, TMPDIR=str(temporary)) as talk:
        answers = ((KIND, "2"), (PASSWORD, DAV_PASSWORD), (TITLE, ""), (RIGHT, ""))
        for prompt, text in answers:
            if prompt == at:
                break
            talk.answer(prompt, text)
        talk.wait_for(at)
        assert 130 == talk.end_by(way), talk.text
    assert "Nothing was written." in talk.text and "Traceback" not in talk.text
    assert (set(), set()) == (files(home), files(temporary))


@pytest.mark.parametrize("name", ["gateway.toml", "contacts.password"])
def test_nothing_is_written_over(tmp_path: Path, radicale: Radicale, name: str) -> None:
    (tmp_path / name).write_text("mine")
    (tmp_path / "given").write_text(DAV_PASSWORD)
    with Conversation("init", "--source", "carddav", folder=tmp_path) as talk:
        assert 1 == talk.end()
    assert f"{name} exists already" in talk.text and "Rename" in talk.text
    assert "mine" == (tmp_path / name).read_text()
    assert {name, "given"} == files(tmp_path)


def test_a_person_who_says_no_is_asked_again_with_the_answers(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("name,number\nAda Byron,089 5550001\n")
    with Conversation("init", folder=tmp_path) as talk:
        talk.answer(KIND, "")
        talk.answer(FILE, "list.csv")
        talk.answer(TITLE, "Firma")
        talk.answer(f"{COUNTRY}: ", "+4")
        assert "No country has the code +4." in talk.answer(f"{COUNTRY}: ", "Deutschland")
        talk.answer(LINE, "9")
        assert "90895550001" in talk.answer(RIGHT, "no")
        talk.answer("Number [file]: ", "")
        talk.answer(f"The file [{tmp_path / 'list.csv'}]: ", "")
        talk.answer("Title on the phones [Firma]: ", "")
        talk.answer(f"{COUNTRY} [DE]: ", "")
        talk.answer("(-: none) [9]: ", "-")
        assert " 0895550001" in talk.answer(RIGHT, "y")
        assert 0 == talk.end()
    written = (tmp_path / "gateway.toml").read_text(encoding="utf-8")
    assert 'region = "DE"' in written and '\n# outside_line = "0"' in written


def test_a_file_may_steer_no_terminal(tmp_path: Path) -> None:
    name = "\x1b[2Jlist"
    header = "\x1b]0;Titel\x07Zweit"
    (tmp_path / f"{name}.csv").write_text(
        f"Name;Telefon;{header}\nAda Byron;089 5550001;089 55\x9b31m50101\n"
        "Mary Jackson;089 5550003;089 5550103\n"
    )
    (tmp_path / "list.csv").symlink_to(f"{name}.csv")
    with Conversation("init", folder=tmp_path) as talk:
        talk.answer(KIND, "")
        talk.answer(FILE, "'list.csv'")
        talk.answer("skip [other]: ", "work")
        talk.answer(TITLE, "")
        talk.answer(f"{COUNTRY}: ", "none")
        talk.answer(RIGHT, "")
        assert 0 == talk.end(), talk.text
    steering = {char for char in talk.text if ord(char) < 32 or 127 <= ord(char) < 160}
    assert steering <= {"\r", "\n", "\x1b"}
    # The line of progress is erased by the one sequence that is ours.
    assert {"\x1b[K"} == {found[0] for found in re.finditer(r"\x1b.{2}", talk.text)}


def test_another_kind_is_asked_without_the_answers_of_the_first(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("name,number\nAda Byron,089 5550001\n")
    with Conversation("init", folder=tmp_path) as talk:
        talk.answer(KIND, "1")
        talk.answer(FILE, "list.csv")
        talk.answer(TITLE, "")
        talk.answer(f"{COUNTRY}: ", "Germny")
        talk.answer(f"{COUNTRY}: ", "none")
        talk.answer(RIGHT, "no")
        talk.answer("Number [file]: ", "google")
        talk.answer(JSON, "")
        assert "An answer is needed here." in talk.wait_for(JSON)
        assert 130 == talk.end_by("c")
    assert {"list.csv"} == files(tmp_path)

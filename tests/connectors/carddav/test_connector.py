"""The CardDAV connector against real servers: contract, discovery and deltas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
import pytest

from connectors.base import Connector, Delta, Full, SourceRefused
from connectors.carddav.checkpoint import Checkpoint
from connectors.carddav.connector import CardDavConnector
from connectors.contact import Contact
from tests.connectors.contract import (
    WORK,
    ConnectorContract,
    World,
    applied,
    by_id,
    everything,
    names,
    person,
)
from tests.connectors.vcard.cards import card, card_of
from tests.support.servers.ca import Authority, make_authority
from tests.support.servers.dav import DavClient
from tests.support.servers.processes import ServerProcess
from tests.support.servers.radicale import PASSWORD, Radicale
from tests.support.servers.xandikos import HOME, Xandikos


@dataclass
class DavWorld(World):
    """One new address book on a running server."""

    process: ServerProcess
    client: DavClient
    configuration: Mapping[str, object]
    book: str

    def connector(self) -> Connector:
        return CardDavConnector.model_validate(self.configuration)

    def put(self, *people: Contact) -> None:
        for one in people:
            self.client.put(f"{self.book}{one.id}.vcf", card_of(one))

    def remove(self, *keys: str) -> None:
        for key in keys:
            self.client.delete(f"{self.book}{key}.vcf")

    def break_down(self) -> None:
        self.process.stop()

    def repair(self) -> None:
        self.process.start()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    yield server
    server.process.stop()


@pytest.fixture(scope="module")
def radicale_tls(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale-tls"), authority.issue("127.0.0.1"))
    yield server
    server.process.stop()


@pytest.fixture(scope="module")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Xandikos]:
    server = Xandikos(tmp_path_factory.mktemp("xandikos"))
    yield server
    server.process.stop()


def _lifetime(world: DavWorld, name: str) -> Iterator[DavWorld]:
    world.client.make_book(world.book, name)
    yield world
    world.process.start_again()
    world.client.delete(world.book)


class TestRadicale(ConnectorContract):
    @pytest.fixture
    def world(self, radicale: Radicale) -> Iterator[World]:
        configuration = {
            "url": f"{radicale.url}/ann/book/",
            "username": "ann",
            "password": PASSWORD,
        }
        yield from _lifetime(
            DavWorld(radicale.process, radicale.client(), configuration, "/ann/book/"), "Book"
        )


class TestRadicaleOverTls(ConnectorContract):
    @pytest.fixture
    def world(self, radicale_tls: Radicale, authority: Authority) -> Iterator[World]:
        configuration = {
            "url": radicale_tls.url,
            "username": "bob",
            "password": PASSWORD,
            "books": ["Book"],
            "ca_file": str(authority.file),
        }
        client = radicale_tls.client("bob", authority.file)
        yield from _lifetime(
            DavWorld(radicale_tls.process, client, configuration, "/bob/book/"), "Book"
        )


class TestXandikos(ConnectorContract):
    @pytest.fixture
    def world(self, xandikos: Xandikos) -> Iterator[World]:
        configuration = {"url": xandikos.url, "books": [f"{HOME}/book/"]}
        yield from _lifetime(
            DavWorld(xandikos.process, xandikos.client(), configuration, f"{HOME}/book/"), "Book"
        )


@dataclass(frozen=True)
class Account:
    """A user with two books on Radicale: Staff with three people, Friends with one."""

    server: Radicale
    client: DavClient

    def connector(self, path: str = "/", *books: str) -> Connector:
        return CardDavConnector.model_validate(
            {
                "url": f"{self.server.url}{path}",
                "username": self.client.username,
                "password": PASSWORD,
                "books": list(books),
            }
        )


@pytest.fixture
def account(radicale: Radicale) -> Iterator[Account]:
    client = radicale.client("max@example.com")
    home = "/max@example.com"
    client.make_book(f"{home}/staff/", "Staff")
    client.make_book(f"{home}/my friends/", "Friends &amp; Family")
    for key in ("1", "2", "3"):
        client.put(f"{home}/staff/{key}.vcf", card_of(person(key, WORK)))
    client.put(f"{home}/my friends/Zoë %41.vcf", card_of(person("4", WORK)))
    yield Account(radicale, client)
    client.delete(f"{home}/staff/")
    client.delete(f"{home}/my friends/")


ALL_FOUR = ["Ann Test1", "Ann Test2", "Ann Test3", "Ann Test4"]


@pytest.mark.parametrize(
    "path", ["", "/", "/.well-known/carddav", "/max@example.com/", "/max%40example.com"]
)
def test_books_are_found_from_server_well_known_principal_and_home(
    account: Account, path: str
) -> None:
    result = everything(account.connector(path))
    assert ALL_FOUR == names(result)
    assert {("Staff",), ("Friends & Family",)} == {contact.groups for contact in result.contacts}


def test_an_address_book_alone_is_itself(account: Account) -> None:
    assert ["Ann Test4"] == names(everything(account.connector("/max@example.com/my friends/")))


@pytest.mark.parametrize(
    "word", ["Staff", "staff", "/max@example.com/staff/", "/max%40example.com/staff"]
)
def test_books_chooses_by_name_and_by_path(account: Account, word: str) -> None:
    assert ["Ann Test1", "Ann Test2", "Ann Test3"] == names(
        everything(account.connector("/", word))
    )


def test_a_book_that_is_not_there_is_named_with_those_that_are(account: Account) -> None:
    with pytest.raises(SourceRefused, match=r'no address book "Staf".*"Staff".*Check books'):
        account.connector("/", "Staf").fetch(None)


def test_a_wrong_path_is_refused_and_nothing_else_is_read(
    account: Account, xandikos: Xandikos
) -> None:
    for connector in (
        account.connector("/max@example.com/stuff/"),
        CardDavConnector(url=f"{xandikos.url}/user/stuff/"),
    ):
        with pytest.raises(
            SourceRefused, match=r"There is nothing at .*/stuff/ \(status 404\). Check url"
        ):
            connector.fetch(None)


def test_an_unchanged_account_costs_one_request(account: Account) -> None:
    first = everything(account.connector())
    position = account.server.position()
    again = account.connector().fetch(first.checkpoint)
    assert Delta(checkpoint=first.checkpoint) == again
    assert [
        "PROPFIND request for '/max@example.com/' with depth '1'"
    ] == account.server.requests_since(position)


def test_add_change_delete_and_rename_arrive_and_nothing_else(account: Account) -> None:
    home, client = "/max@example.com", account.client
    first = everything(account.connector())
    known = by_id(first)

    client.put(f"{home}/staff/5.vcf", card_of(person("5", WORK)))
    added = account.connector().fetch(first.checkpoint)
    assert isinstance(added, Delta)
    assert ([f"{home}/staff/5.vcf"], ()) == (
        [contact.id for contact in added.changed],
        added.removed,
    )

    client.put(f"{home}/staff/2.vcf", card_of(person("2", WORK, given="Bea")))
    changed = account.connector().fetch(added.checkpoint)
    assert isinstance(changed, Delta)
    assert (["Bea Test2"], ()) == ([contact.name for contact in changed.changed], changed.removed)

    client.delete(f"{home}/staff/1.vcf")
    removed = account.connector().fetch(changed.checkpoint)
    assert isinstance(removed, Delta)
    assert ((), (f"{home}/staff/1.vcf",)) == (removed.changed, removed.removed)

    client.rename_book(f"{home}/my friends/", "Club")
    renamed = account.connector().fetch(removed.checkpoint)
    assert isinstance(renamed, Delta)
    assert ([("Ann Test4", ("Club",))], ()) == (
        [(one.name, one.groups) for one in renamed.changed],
        renamed.removed,
    )

    for delta in (added, changed, removed, renamed):
        known = applied(known, delta)
    assert by_id(everything(account.connector())) == known


def test_a_new_book_and_a_deleted_book_are_noticed(account: Account) -> None:
    first = everything(account.connector())
    account.client.make_book("/max@example.com/club/", "Club")
    account.client.put("/max@example.com/club/9.vcf", card_of(person("9", WORK)))
    more = account.connector().fetch(first.checkpoint)
    assert isinstance(more, Delta)
    assert [("Ann Test9", ("Club",))] == [
        (contact.name, contact.groups) for contact in more.changed
    ]
    account.client.delete("/max@example.com/club/")
    less = account.connector().fetch(more.checkpoint)
    assert isinstance(less, Delta)
    assert ((), ("/max@example.com/club/9.vcf",)) == (less.changed, less.removed)


def test_a_group_card_changes_the_contacts_that_it_names_and_no_others(account: Account) -> None:
    first = everything(account.connector())
    path = "/max@example.com/staff/group.vcf"
    apple = ("UID:g1", "FN:Sales", "N:Sales;;;;", "X-ADDRESSBOOKSERVER-KIND:group")
    account.client.put(
        path,
        card(
            *apple,
            "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:uid-1",
            "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:UID-2",
        ),
    )
    grouped = account.connector().fetch(first.checkpoint)
    assert isinstance(grouped, Delta)
    assert [("Ann Test1", ("Sales", "Staff")), ("Ann Test2", ("Sales", "Staff"))] == sorted(
        (contact.name, contact.groups) for contact in grouped.changed
    )
    assert by_id(everything(account.connector())) == applied(by_id(first), grouped)

    account.client.put(path, card(*apple, "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:uid-2"))
    smaller = account.connector().fetch(grouped.checkpoint)
    assert isinstance(smaller, Delta)
    assert [("Ann Test1", ("Staff",))] == [
        (contact.name, contact.groups) for contact in smaller.changed
    ]

    account.client.delete(path)
    none = account.connector().fetch(smaller.checkpoint)
    assert isinstance(none, Delta)
    assert ([("Ann Test2", ("Staff",))], ()) == (
        [(one.name, one.groups) for one in none.changed],
        none.removed,
    )


@pytest.mark.parametrize("server", ["radicale", "xandikos"])
def test_a_token_that_the_server_does_not_know_loses_nothing(
    server: str, radicale: Radicale, xandikos: Xandikos
) -> None:
    client, book = (
        (radicale.client("bob"), "/bob/lost/")
        if server == "radicale"
        else (xandikos.client(), f"{HOME}/lost/")
    )
    login = {"username": "bob", "password": PASSWORD} if server == "radicale" else {}
    client.make_book(book, "Lost")
    for key in ("1", "2", "3"):
        client.put(f"{book}{key}.vcf", card_of(person(key, WORK)))
    connector = CardDavConnector.model_validate(
        {"url": f"http://127.0.0.1:{client.port}{book}"} | login
    )
    first = everything(connector)
    known = msgspec.json.decode(first.checkpoint or "", type=Checkpoint)
    token = known.books[0].token
    forged = msgspec.structs.replace(known.books[0], token=token[:-8] + "00000000", ctag="")
    client.delete(f"{book}2.vcf")
    client.put(f"{book}4.vcf", card_of(person("4", WORK)))
    later = connector.fetch(msgspec.structs.replace(known, books=(forged,)).encode())
    assert isinstance(later, Delta)
    assert ([f"{book}4.vcf"], (f"{book}2.vcf",)) == (
        [contact.id for contact in later.changed],
        later.removed,
    )
    client.delete(book)


def test_another_choice_of_books_reads_everything_anew(account: Account) -> None:
    first = everything(account.connector())
    assert isinstance(account.connector("/", "Staff").fetch(first.checkpoint), Full)


def test_a_home_that_moved_is_found_again(account: Account) -> None:
    first = everything(account.connector())
    assert first.checkpoint is not None
    moved = first.checkpoint.replace('/max%40example.com/",false', '/gone/away/",false').replace(
        '/max@example.com/",false', '/gone/away/",false'
    )
    assert moved != first.checkpoint
    again = account.connector().fetch(moved)
    assert by_id(first) == applied(by_id(first), again)


def test_a_wrong_password_is_refused_with_the_keys_to_mend(account: Account) -> None:
    connector = CardDavConnector.model_validate(
        {"url": account.server.url, "username": "ann", "password": "wrong-one"}
    )
    with pytest.raises(
        SourceRefused, match=r"refused the login. Check username and password"
    ) as caught:
        connector.fetch(None)
    assert "wrong-one" not in str(caught.value)


def test_a_login_that_is_missing_is_named(radicale: Radicale) -> None:
    with pytest.raises(
        SourceRefused, match=r"asks for a login. Set username and password, or token"
    ):
        CardDavConnector.model_validate({"url": radicale.url}).fetch(None)


def test_several_batches_are_read_whole_with_progress(radicale: Radicale) -> None:
    client = radicale.client("bob")
    cards = "".join(card_of(person(str(number), WORK)) for number in range(230))
    client.expect(
        (201,), "PUT", "/bob/many/", cards.encode(), **{"Content-Type": "text/vcard; charset=utf-8"}
    )
    seen: list[int] = []
    configuration = {"url": f"{radicale.url}/bob/many/", "username": "bob", "password": PASSWORD}
    result = CardDavConnector.model_validate(configuration).fetch(
        None, lambda done, total: seen.append(done)
    )
    assert isinstance(result, Full)
    assert 230 == len(by_id(result))
    assert [100, 200, 230, 230] == seen
    client.delete("/bob/many/")

"""A real slapd, as administrators set it up: limits, logins, TLS, references, and entries of every shape."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.contact import NumberKind
from tests.connectors.contract import WORK, everything, names, person
from tests.connectors.ldap_world import SlapdWorld, WindowsWorld, add, change, configured, emptied
from tests.servers.ca import Authority, Certificate
from tests.servers.ldap_fake import silent_server
from tests.servers.slapd import PASSWORD, PEOPLE, SUFFIX, Settings, Slapd, free_port, running

pytest_plugins = ["tests.connectors.ldap_fixtures"]

Configured = Callable[..., contextlib.AbstractContextManager[Slapd]]


@pytest.fixture
def world(openldap: Slapd) -> Iterator[SlapdWorld]:
    yield from emptied(SlapdWorld(openldap, configured))


@pytest.fixture
def slapd_with(tmp_path: Path, certificate: Certificate) -> Configured:
    """Start a slapd with global lines of its own and a number of people."""

    def start(people: int, *lines: str, signed: Certificate = certificate) -> contextlib.AbstractContextManager[Slapd]:
        entries = (
            f"dn: uid={n},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: {n}\ncn: P{n}\nsn: S{n}\nmobile: {n}\n"
            for n in range(people)
        )
        return running(tmp_path / "slapd", signed, Settings(globals="\n".join(lines)), entries)

    return start


def refusal(server: Slapd, **keys: Any) -> str:
    """The sentence with which a source asks a person to act; the password is never in it."""
    with pytest.raises(SourceRefused) as caught:
        configured(server, **keys).fetch(None)
    assert PASSWORD not in str(caught.value)
    return str(caught.value)


class TestLimits:
    def test_more_than_a_size_limit_of_500_arrives_by_pages(self, world: SlapdWorld) -> None:
        """The reader may read 500 at once; pages may go on."""
        world.put(*(person(str(number), WORK) for number in range(520)))
        assert 520 == len(everything(world.connector()).contacts)

    @pytest.mark.parametrize(
        "line",
        [
            "sizelimit 500",
            "sizelimit size.soft=500 size.hard=599 size.prtotal=hard",
            "sizelimit size.soft=100 size.hard=500",
            "sizelimit size.prtotal=599",
        ],
    )
    def test_a_limit_in_the_middle_is_an_error(self, slapd_with: Configured, line: str) -> None:
        with slapd_with(600, line) as server:
            assert "size limit" in refusal(server)

    def test_the_documented_line_lifts_the_limit(self, tmp_path: Path, certificate: Certificate) -> None:
        document = Path(__file__).parents[2] / "docs" / "connectors" / "ldap.md"
        (line,) = (line for line in document.read_text(encoding="utf-8").splitlines() if line.startswith("limits "))
        people = (f"dn: uid={n},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: {n}\ncn: P{n}\nsn: S{n}\n" for n in range(600))
        with running(tmp_path / "slapd", certificate, Settings(database=line), people) as server:
            assert 600 == len(everything(configured(server)).contacts)

    def test_a_limit_that_is_just_enough_is_none(self, slapd_with: Configured) -> None:
        with slapd_with(600, "sizelimit size.soft=100 size.hard=600 size.prtotal=hard") as server:
            assert 600 == len(everything(configured(server)).contacts)

    def test_a_limit_set_later_loses_nobody(self, slapd_with: Configured) -> None:
        """What a reader holds is not touched: the next reading raises instead of listing fewer."""
        with slapd_with(600, "sizelimit size.prtotal=unlimited") as server:
            first = everything(configured(server))
            server.settings = Settings(globals="sizelimit 500")
            server.stop()
            server.configure()
            server.start()
            for since in (None, first.checkpoint):
                with pytest.raises(SourceRefused, match="size limit"):
                    configured(server).fetch(since)

    def test_paging_switched_off_is_an_error(self, slapd_with: Configured) -> None:
        with slapd_with(10, "sizelimit size.prtotal=disabled") as server:
            assert "administrative limit" in refusal(server)

    @pytest.mark.parametrize("size", [1, 7, 100])
    def test_a_limit_of_the_page_makes_pages_smaller(self, slapd_with: Configured, size: int) -> None:
        with slapd_with(20, f"sizelimit size.pr={size} size.prtotal=unlimited") as server:
            assert 20 == len(everything(configured(server)).contacts)


class TestLogin:
    @pytest.mark.parametrize(
        "keys, words",
        [
            ({"password": "wrong"}, "bind_dn or password is wrong"),
            ({"bind_dn": f"cn=nobody,{SUFFIX}"}, "bind_dn or password is wrong"),
            ({"bind_dn": "nonsense"}, "bind_dn is not a name"),
            ({"bind_dn": "EXAMPLE\\reader"}, "bind_dn is not a name"),
            ({"password": "bell\u0007"}, "password holds a character"),
            ({"base_dn": f"ou=nowhere,{SUFFIX}"}, "Check base_dn"),
            ({"base_dn": "dc=elsewhere"}, "Check base_dn"),
            ({"base_dn": "no-such-type=x"}, "base_dn is not a name"),
            ({"filter": "(&(objectClass=person)())"}, "filter is not valid"),
            ({"filter": "(telephonNumber=*)"}, 'no attribute "telephonNumber": check its spelling in filter'),
            (
                {"attributes": {"work": "telephonNumber"}},
                'no attribute "telephonNumber": check its spelling in attributes.work',
            ),
        ],
    )
    def test_what_a_person_must_mend_names_the_key(self, openldap: Slapd, keys: dict[str, Any], words: str) -> None:
        assert words in refusal(openldap, **keys)

    def test_names_that_the_server_knows_otherwise_are_accepted(self, world: SlapdWorld) -> None:
        add(world.server, f"uid=1,{PEOPLE}", cn="Ann", sn="Smith", facsimileTelephoneNumber="1", mobile="2")
        reader = configured(
            world.server, filter="(surname=*)", attributes={"fax": "fax", "mobile": "mobileTelephoneNumber", "name": "2.5.4.3"}
        )
        (contact,) = everything(reader).contacts
        assert ["2", "1"] == [number.value for number in contact.numbers]

    def test_anonymous_reading_where_it_is_asked_for(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        assert ["Ann Test1"] == names(everything(configured(world.server, bind_dn="", password=None)))

    @pytest.mark.parametrize("line", ["disallow bind_anon", "require authc", "require bind"])
    def test_anonymous_reading_switched_off(self, slapd_with: Configured, line: str) -> None:
        with slapd_with(3, line) as server:
            assert 3 == len(everything(configured(server)).contacts)
            if line != "require bind":
                assert "bind_dn" in refusal(server, bind_dn="", password=None)

    def test_a_server_that_wants_encryption(self, slapd_with: Configured, authority: Authority) -> None:
        with slapd_with(3, "security simple_bind=128") as server:
            assert "starttls = true" in refusal(server)
            assert 3 == len(everything(configured(server, starttls=True, ca_file=authority.file)).contacts)


class TestSeveralServers:
    def test_a_dead_first_server_is_passed_over(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        reader = configured(world.server, url=[f"ldap://127.0.0.1:{free_port()}", world.server.url])
        assert ["Ann Test1"] == names(everything(reader))

    def test_a_silent_first_server_is_passed_over(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        with silent_server() as port:
            reader = configured(world.server, url=[f"ldap://127.0.0.1:{port}", world.server.url], timeout=1)
            assert ["Ann Test1"] == names(everything(reader))

    def test_a_first_server_that_proves_nothing_is_passed_over(
        self, world: SlapdWorld, slapd_with: Configured, stranger: Authority, authority: Authority
    ) -> None:
        world.put(person("1", WORK))
        with slapd_with(3, signed=stranger.issue("127.0.0.1")) as other:
            reader = configured(world.server, url=[other.tls_url, world.server.tls_url], ca_file=authority.file)
            assert ["Ann Test1"] == names(everything(reader))

    def test_a_wrong_password_is_tried_once(self, openldap: Slapd) -> None:
        message = refusal(openldap, url=[openldap.url, f"ldap://127.0.0.1:{free_port()}"], password="wrong")
        assert 1 == message.count("ldap://")

    def test_all_dead(self, openldap: Slapd) -> None:
        urls = [f"ldap://127.0.0.1:{free_port()}", f"ldap://127.0.0.1:{free_port()}"]
        with pytest.raises(SourceUnavailable) as caught:
            configured(openldap, url=urls).fetch(None)
        assert all(url in str(caught.value) for url in urls)
        assert "Connection refused" in str(caught.value)

    def test_a_name_that_does_not_exist(self, openldap: Slapd) -> None:
        with pytest.raises(SourceUnavailable, match="Check url"):
            configured(openldap, url="ldap://no-such-host.invalid").fetch(None)


class TestTls:
    """The same on every supported Python; an IP address in a certificate counts as a name."""

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
    def test_a_good_certificate(self, world: SlapdWorld, authority: Authority, host: str) -> None:
        world.put(person("1", WORK))
        for keys in (
            {"url": f"ldaps://{host}:{world.server.tls_port}"},
            {"url": f"ldap://{host}:{world.server.port}", "starttls": True},
        ):
            assert ["Ann Test1"] == names(everything(configured(world.server, ca_file=authority.file, **keys)))

    @pytest.mark.parametrize("starttls", [False, True])
    def test_an_unknown_authority(self, openldap: Slapd, stranger: Authority, starttls: bool) -> None:
        keys = {"starttls": True} if starttls else {"url": openldap.tls_url}
        assert "ca_file" in refusal(openldap, **keys)
        assert "ca_file" in refusal(openldap, ca_file=stranger.file, **keys)

    @pytest.mark.parametrize("names_of_it", [["ldap.example.com"], ["10.0.0.1"], ["ldap.example.com", "127.0.0.2"]])
    def test_another_name(self, slapd_with: Configured, authority: Authority, names_of_it: list[str]) -> None:
        with slapd_with(3, signed=authority.issue(*names_of_it)) as server:
            for keys in ({"url": server.tls_url}, {"starttls": True}):
                assert "valid_names" in refusal(server, ca_file=authority.file, **keys)
                assert "valid_names" in refusal(server, ca_file=authority.file, valid_names=["dc1.example.com"], **keys)
                reader = configured(server, ca_file=authority.file, valid_names=["other.example.com", names_of_it[0]], **keys)
                assert 3 == len(everything(reader).contacts)

    def test_an_expired_certificate(self, slapd_with: Configured, authority: Authority) -> None:
        with slapd_with(3, signed=authority.issue("127.0.0.1", expired=True)) as server:
            assert "expired" in refusal(server, url=server.tls_url, ca_file=authority.file)

    def test_a_ca_file_that_is_missing_or_of_another_form(self, openldap: Slapd, tmp_path: Path) -> None:
        assert "cannot be read" in refusal(openldap, url=openldap.tls_url, ca_file=tmp_path / "none.crt")
        (tmp_path / "ca.der").write_bytes(b"0\x82\x01\x0a")
        with pytest.raises(SourceRefused, match="PEM") as caught:
            configured(openldap, url=openldap.tls_url, ca_file=tmp_path / "ca.der").fetch(None)
        assert tmp_path / "ca.der" == caught.value.until_changed

    def test_tls_on_the_wrong_port(self, openldap: Slapd, authority: Authority) -> None:
        for url in (f"ldaps://127.0.0.1:{openldap.port}", f"ldap://127.0.0.1:{openldap.tls_port}"):
            keys = {"ca_file": authority.file} if url.startswith("ldaps") else {}
            with pytest.raises(SourceError, match=r"url|port"):
                configured(openldap, url=url, **keys).fetch(None)


@pytest.mark.parametrize("keys", [{}, {"tls": True}, {"starttls": True}])
@pytest.mark.timeout(20)
def test_a_silent_server_is_given_up(openldap: Slapd, authority: Authority, keys: dict[str, bool]) -> None:
    with silent_server() as port:
        url = f"{'ldaps' if keys.get('tls') else 'ldap'}://127.0.0.1:{port}"
        more: dict[str, Any] = {"ca_file": authority.file} if keys else {}
        with pytest.raises(SourceUnavailable, match="did not answer within 1 s"):
            configured(openldap, url=url, timeout=1, starttls=keys.get("starttls", False), **more).fetch(None)


class TestEntries:
    def test_a_referral_is_counted_and_not_followed(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        add(
            world.server,
            f"ou=branch,{PEOPLE}",
            ["referral", "extensibleObject"],
            ou="branch",
            ref=f"ldap://branch.example.com/ou=people,{SUFFIX}",
        )
        result = everything(world.connector())
        assert ["Ann Test1"] == names(result)
        assert [("a reference to another server, not followed", "branch.example.com")] == [
            (item.reason, item.where) for item in result.skipped
        ]

    @pytest.mark.parametrize(
        "leaf",
        [
            "Smith\\, Ann",
            'Ann \\"Bea\\" Smith',
            "Ann\\+Bob",
            "李 小龍",
            "Ünal \\<Öz\\>",
            "\\#1",
            "a\\\\b",
            "\\20x\\20",
            "Йосип = ok",
        ],
    )
    def test_names_of_entries_in_any_form(self, world: SlapdWorld, leaf: str) -> None:
        dn = f"cn={leaf},{PEOPLE}"
        add(world.server, dn, sn="x", mobile="1")
        add(world.server, f"cn=G{leaf},ou=groups,{SUFFIX}", "groupOfNames", member=dn)
        first = everything(world.connector())
        (contact,) = first.contacts
        assert 1 == len(contact.groups)
        assert contact.groups[0].lstrip("G").strip() in {contact.name, contact.name.strip()}
        change(world.server, dn, mobile="2")
        result = world.connector().fetch(first.checkpoint)
        assert ["2"] == [number.value for contact in result.changed for number in contact.numbers]  # type: ignore[union-attr]

    def test_several_hundred_values(self, world: SlapdWorld) -> None:
        numbers = [f"+49 89 {number:05d}" for number in range(400)]
        add(world.server, f"uid=1,{PEOPLE}", cn="Ann", sn="Smith", mobile=numbers)
        (contact,) = everything(world.connector()).contacts
        assert sorted(numbers) == sorted(number.value for number in contact.numbers)

    def test_values_that_are_no_text_are_reported(self, world: SlapdWorld) -> None:
        add(world.server, f"uid=1,{PEOPLE}", cn="Ann", sn="Smith", mobile="1", jpegPhoto=b"\xff\xd8\xff\xe0\0\x10")
        result = everything(configured(world.server, attributes={"title": "jpegPhoto"}))
        assert ["Ann"] == names(result)
        assert ["a value that is not text"] == [item.reason for item in result.skipped]

    def test_other_languages_and_their_reading(self, world: SlapdWorld) -> None:
        add(
            world.server,
            f"uid=1,{PEOPLE}",
            **{
                "cn": ["Rika Suzuki"],
                "cn;lang-ja": ["鈴木 里佳"],
                "sn": ["Suzuki"],
                "sn;lang-ja": ["鈴木"],
                "sn;lang-ja;phonetic": ["すずき"],
                "givenName": ["Rika"],
                "givenName;lang-ja;phonetic": ["りか"],
                "mobile": ["1"],
            },
        )
        (contact,) = everything(world.connector()).contacts
        assert ("Rika Suzuki", "Rika", "Suzuki") == (contact.name, contact.given_name, contact.family_name)
        assert ("りか", "すずき") == (contact.phonetic_given_name, contact.phonetic_family_name)
        (japanese,) = everything(configured(world.server, attributes={"name": ["cn;lang-ja", "cn"]})).contacts
        assert "鈴木 里佳" == japanese.name

    def test_every_kind_of_number_and_all_fields(self, world: SlapdWorld) -> None:
        add(
            world.server,
            f"uid=1,{PEOPLE}",
            cn=["Ann Smith"],
            sn="Smith",
            givenName="Ann",
            displayName="Smith, Ann",
            o="Example",
            ou="Sales",
            title="Head",
            mail=["a@example.com", "ann@example.com"],
            telephoneNumber="1",
            mobile="2",
            homePhone="3",
            facsimileTelephoneNumber="4",
            pager="5",
        )
        (contact,) = everything(world.connector()).contacts
        assert ("Smith, Ann", "Example", "Sales", "Head") == (
            contact.name,
            contact.organization,
            contact.department,
            contact.title,
        )
        assert ("a@example.com", "ann@example.com") == contact.emails
        assert [("1", "work"), ("2", "mobile"), ("3", "home"), ("4", "fax"), ("5", "pager")] == [
            (number.value, number.kind.value) for number in contact.numbers
        ]
        assert "telephoneNumber" == contact.numbers[0].label

    def test_several_bases_that_overlap_bring_everybody_once(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        result = everything(configured(world.server, base_dn=[SUFFIX, PEOPLE]))
        assert (["Ann Test1"], ()) == (names(result), result.skipped)

    @pytest.mark.parametrize(
        "filter_, found",
        [
            ("(ou=Vertrieb Süd)", ["Ann"]),
            ("(cn=A*)", ["Ann"]),
            ("(cn=\\41nn)", ["Ann"]),
            ("ou=\\2a \\28x\\29", ["Bea"]),
            ("(!(cn=Ann))", ["Bea"]),
        ],
    )
    def test_filters(self, world: SlapdWorld, filter_: str, found: list[str]) -> None:
        add(world.server, f"cn=Ann,{PEOPLE}", sn="x", ou="Vertrieb Süd")
        add(world.server, f"cn=Bea,{PEOPLE}", sn="x", ou="* (x)")
        if filter_ == "(!(cn=Ann))":
            filter_ = f"(&(objectClass=person){filter_})"
        assert found == names(everything(configured(world.server, filter=filter_)))

    def test_scope(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        assert [] == names(everything(configured(world.server, base_dn=SUFFIX, scope="one")))
        assert ["Ann Test1"] == names(everything(configured(world.server, base_dn=PEOPLE, scope="one")))
        assert ["Ann Test1"] == names(everything(configured(world.server, base_dn=f"uid=1,{PEOPLE}", scope="base")))


class TestActiveDirectory:
    """Active Directory's own attributes, in slapd."""

    @pytest.fixture
    def domain(self, openldap: Slapd) -> Iterator[WindowsWorld]:
        for world in emptied(WindowsWorld(openldap, lambda server: configured(server, preset="active-directory"))):
            assert isinstance(world, WindowsWorld)
            yield world

    def test_disabled_accounts_are_left_out_and_contacts_are_not(self, domain: WindowsWorld) -> None:
        domain.put(person("1", WORK), person("2", WORK))
        add(domain.server, f"cn=Lee,{PEOPLE}", "contact", sn="Lee", objectGUID=b"3" * 16, objectCategory="person", mobile="3")
        first = everything(domain.connector())
        assert ["Ann Test1", "Ann Test2", "Lee"] == names(first)
        change(domain.server, f"uid=1,{PEOPLE}", userAccountControl="514", uSNChanged="99999")
        assert ["Ann Test2", "Lee"] == names(everything(domain.connector()))
        assert ["Ann Test2", "Lee"] == names(everything(configured(domain.server, preset="active-directory", filter="(sn=*)")))

    def test_ids_are_written_as_windows_writes_them(self, domain: WindowsWorld) -> None:
        guid = bytes.fromhex("33221100554477668899aabbccddeeff")
        add(domain.server, f"cn=Lee,{PEOPLE}", "contact", sn="Lee", objectGUID=guid, objectCategory="person", mobile="3")
        assert ["00112233-4455-6677-8899-aabbccddeeff"] == [contact.id for contact in everything(domain.connector()).contacts]

    def test_its_own_numbers_and_names(self, domain: WindowsWorld) -> None:
        domain.put(person("1", WORK))
        more = {"otherTelephone": ["2", "3"], "ipPhone": "4", "otherMobile": "5", "company": "Example", "department": "Sales"}
        change(domain.server, f"uid=1,{PEOPLE}", **{**more, "msDS-PhoneticLastName": "すずき"})
        (contact,) = everything(domain.connector()).contacts
        assert [WORK.value, "2", "3", "4", "5"] == [number.value for number in contact.numbers]
        assert NumberKind.INTERNAL == contact.numbers[3].kind
        assert ("Example", "Sales", "すずき") == (contact.organization, contact.department, contact.phonetic_family_name)


def test_disabled_accounts_of_freeipa_are_left_out(world: SlapdWorld) -> None:
    add(world.server, f"cn=Ann,{PEOPLE}", "user", sn="x", nsUniqueId="1", nsAccountLock="FALSE", mobile="1")
    add(world.server, f"cn=Bea,{PEOPLE}", "user", sn="x", nsUniqueId="2", nsAccountLock="TRUE", mobile="1")
    add(world.server, f"cn=Cem,{PEOPLE}", "user", sn="x", nsUniqueId="3", mobile="1")
    assert ["Ann", "Cem"] == names(everything(configured(world.server, preset="freeipa")))

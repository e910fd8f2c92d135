"""Entries of every shape in a real slapd.

Names are in any script, with many values, references and attributes of other servers.
"""

from collections.abc import Iterator

import pytest

from connectors.contact import NumberKind
from tests.connectors.contract import WORK, everything, names, person
from tests.connectors.ldap.server import SlapdWorld, WindowsWorld, add, change, configured, emptied
from tests.support.servers.slapd import PEOPLE, SUFFIX, Slapd

pytest_plugins = ["tests.connectors.ldap.fixtures"]


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
        assert ["2"] == [number.value for contact in result.changed for number in contact.numbers]

    def test_several_hundred_values(self, world: SlapdWorld) -> None:
        numbers = [f"+49 89 {number:05d}" for number in range(400)]
        add(world.server, f"uid=1,{PEOPLE}", cn="Ann", sn="Smith", mobile=numbers)
        (contact,) = everything(world.connector()).contacts
        assert sorted(numbers) == sorted(number.value for number in contact.numbers)

    def test_values_that_are_no_text_are_reported(self, world: SlapdWorld) -> None:
        add(
            world.server,
            f"uid=1,{PEOPLE}",
            cn="Ann",
            sn="Smith",
            mobile="1",
            jpegPhoto=b"\xff\xd8\xff\xe0\0\x10",
        )
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
        assert ("Rika Suzuki", "Rika", "Suzuki") == (
            contact.name,
            contact.given_name,
            contact.family_name,
        )
        assert ("りか", "すずき") == (contact.phonetic_given_name, contact.phonetic_family_name)
        (japanese,) = everything(
            configured(world.server, attributes={"name": ["cn;lang-ja", "cn"]})
        ).contacts
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
        assert ["Ann Test1"] == names(
            everything(configured(world.server, base_dn=PEOPLE, scope="one"))
        )
        assert ["Ann Test1"] == names(
            everything(configured(world.server, base_dn=f"uid=1,{PEOPLE}", scope="base"))
        )


class TestActiveDirectory:
    """Active Directory's own attributes, in slapd."""

    @pytest.fixture
    def domain(self, openldap: Slapd) -> Iterator[WindowsWorld]:
        for world in emptied(
            WindowsWorld(openldap, lambda server: configured(server, preset="active-directory"))
        ):
            assert isinstance(world, WindowsWorld)
            yield world

    def test_disabled_accounts_are_left_out_and_contacts_are_not(
        self, domain: WindowsWorld
    ) -> None:
        domain.put(person("1", WORK), person("2", WORK))
        add(
            domain.server,
            f"cn=Lee,{PEOPLE}",
            "contact",
            sn="Lee",
            objectGUID=b"3" * 16,
            objectCategory="person",
            mobile="3",
        )
        first = everything(domain.connector())
        assert ["Ann Test1", "Ann Test2", "Lee"] == names(first)
        change(domain.server, f"uid=1,{PEOPLE}", userAccountControl="514", uSNChanged="99999")
        assert ["Ann Test2", "Lee"] == names(everything(domain.connector()))
        assert ["Ann Test2", "Lee"] == names(
            everything(configured(domain.server, preset="active-directory", filter="(sn=*)"))
        )

    def test_ids_are_written_as_windows_writes_them(self, domain: WindowsWorld) -> None:
        guid = bytes.fromhex("33221100554477668899aabbccddeeff")
        add(
            domain.server,
            f"cn=Lee,{PEOPLE}",
            "contact",
            sn="Lee",
            objectGUID=guid,
            objectCategory="person",
            mobile="3",
        )
        assert ["00112233-4455-6677-8899-aabbccddeeff"] == [
            contact.id for contact in everything(domain.connector()).contacts
        ]

    def test_its_own_numbers_and_names(self, domain: WindowsWorld) -> None:
        domain.put(person("1", WORK))
        more = {
            "otherTelephone": ["2", "3"],
            "ipPhone": "4",
            "otherMobile": "5",
            "company": "Example",
            "department": "Sales",
        }
        change(domain.server, f"uid=1,{PEOPLE}", **{**more, "msDS-PhoneticLastName": "すずき"})
        (contact,) = everything(domain.connector()).contacts
        assert [WORK.value, "2", "3", "4", "5"] == [number.value for number in contact.numbers]
        assert NumberKind.INTERNAL == contact.numbers[3].kind
        assert ("Example", "Sales", "すずき") == (
            contact.organization,
            contact.department,
            contact.phonetic_family_name,
        )


def test_disabled_accounts_of_freeipa_are_left_out(world: SlapdWorld) -> None:
    add(
        world.server,
        f"cn=Ann,{PEOPLE}",
        "user",
        sn="x",
        nsUniqueId="1",
        nsAccountLock="FALSE",
        mobile="1",
    )
    add(
        world.server,
        f"cn=Bea,{PEOPLE}",
        "user",
        sn="x",
        nsUniqueId="2",
        nsAccountLock="TRUE",
        mobile="1",
    )
    add(world.server, f"cn=Cem,{PEOPLE}", "user", sn="x", nsUniqueId="3", mobile="1")
    assert ["Ann", "Cem"] == names(everything(configured(world.server, preset="freeipa")))

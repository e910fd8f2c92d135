"""Parts of the LDAP connector without a server: entry names, values, checkpoints."""

import contextlib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Skipped
from connectors.contact import Contact, NumberKind
from connectors.ldap.ber import Entry, read_entry
from connectors.ldap.checkpoint import (
    ChangeAttributes,
    Checkpoint,
    EntryState,
    content_of,
    read_checkpoint,
    recheck_ids,
    write_checkpoint,
)
from connectors.ldap.dn import leaf_name, parent_of, parse_dn, units
from connectors.ldap.entries import EntryReader, GroupsFrom
from connectors.ldap.presets import PRESETS, Attributes
from connectors.ldap.reader import filter_attributes


class TestNames:
    @pytest.mark.parametrize(
        "dn, parts",
        [
            ("cn=Ann", [("cn", "Ann")]),
            ("CN=Smith\\, Ann,OU=Sales", [("cn", "Smith, Ann"), ("ou", "Sales")]),
            ("cn=a+uid=b,dc=x", [("cn", "a"), ("uid", "b"), ("dc", "x")]),
            ("cn=a\\+b\\=c,dc=x", [("cn", "a+b=c"), ("dc", "x")]),
            ('cn="Smith, Ann";dc=x', [("cn", "Smith, Ann"), ("dc", "x")]),
            ("cn=\\C3\\9Cnal", [("cn", "Ünal")]),
            ("cn=李 小龍 , dc = x", [("cn", "李 小龍"), ("dc", "x")]),
            ("cn=a\\\\,dc=x", [("cn", "a\\"), ("dc", "x")]),
            ("cn=\\ a\\ ,dc=x", [("cn", " a "), ("dc", "x")]),
            ("cn=\\20a\\20,dc=x", [("cn", " a "), ("dc", "x")]),
            ("cn=,dc=x", [("cn", ""), ("dc", "x")]),
            ("1.2.3=#04024869,dc=x", [("1.2.3", "#04024869"), ("dc", "x")]),
            ("cn=a=b,dc=x", [("cn", "a=b"), ("dc", "x")]),
        ],
    )
    def test_taken_apart(self, dn: str, parts: list[tuple[str, str]]) -> None:
        assert tuple(parts) == parse_dn(dn)

    @pytest.mark.parametrize("dn", ["", "x", "cn=a,,dc=x", "=a"])
    def test_what_is_no_name(self, dn: str) -> None:
        with pytest.raises(ValueError):
            parse_dn(dn)
        assert "" == leaf_name(dn)
        assert () == units(dn)

    def test_units_are_the_nearest_first(self) -> None:
        assert ("Sales", "EMEA, DE") == units("cn=a,ou=Sales,OU=EMEA\\, DE,o=x,ou=Sales,dc=x")

    def test_parent(self) -> None:
        assert "ou=a\\,b,dc=x" == parent_of("cn=Smith\\, Ann,ou=a\\,b,dc=x")
        assert "" == parent_of("dc=x")

    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
    def test_an_escaped_value_comes_back(self, value: str) -> None:
        by_sign = "".join(f"\\{letter}" if letter in ' ,+"\\<>;=#' else letter for letter in value)
        by_bytes = "".join(f"\\{byte:02X}" for byte in value.encode())
        assert (value, value) == (leaf_name(f"cn={by_sign},dc=x"), leaf_name(f"cn={by_bytes},dc=x"))

    @given(st.text())
    def test_any_text_ends_well(self, text: str) -> None:
        leaf_name(text)
        units(text)
        parent_of(text)


def tlv(tag: int, *parts: bytes) -> bytes:
    value = b"".join(parts)
    size = len(value)
    head = (
        bytes([size])
        if size < 128
        else (
            b"\x82" + size.to_bytes(2, "big") if size < 65536 else b"\x84" + size.to_bytes(4, "big")
        )
    )
    return bytes([tag]) + head + value


def message(dn: bytes, values: Mapping[bytes, list[bytes]]) -> bytes:
    attributes = [
        tlv(0x30, tlv(4, name), tlv(0x31, *(tlv(4, value) for value in found)))
        for name, found in values.items()
    ]
    return tlv(0x30, tlv(2, b"\x01"), tlv(0x64, tlv(4, dn), tlv(0x30, *attributes)))


class TestBytes:
    @given(
        st.binary(),
        st.dictionaries(
            st.from_regex(rb"[a-z]{1,9}", fullmatch=True), st.lists(st.binary(max_size=300))
        ),
    )
    def test_what_was_written_is_read(self, dn: bytes, values: dict[bytes, list[bytes]]) -> None:
        entry = read_entry(message(dn, values))
        assert (
            Entry(
                dn.decode(errors="replace"),
                {name.decode(): tuple(found) for name, found in values.items()},
            )
            == entry
        )

    def test_names_in_lower_case_and_with_options(self) -> None:
        entry = read_entry(message(b"cn=a", {b"CN;Lang-JA": [b"x" * 70_000]}))
        assert Entry("cn=a", {"cn;lang-ja": (b"x" * 70_000,)}, tagged=True) == entry

    def test_other_messages_are_not_ours(self) -> None:
        assert (
            read_entry(tlv(0x30, tlv(2, b"\x01"), tlv(0x65, tlv(10, b"\0"), tlv(4), tlv(4))))
            is None
        )

    @given(st.binary(max_size=60))
    def test_any_bytes_are_an_entry_or_a_known_error(self, data: bytes) -> None:
        with contextlib.suppress(ValueError, IndexError):
            assert isinstance(read_entry(b"\x30\x40\x02\x01\x01\x64" + data), Entry)

    @given(st.integers(min_value=1, max_value=30))
    def test_a_cut_message_is_an_error(self, cut: int) -> None:
        whole = message(b"cn=a", {b"mobile": [b"0172 5550116", b"0172 5550117"]})
        with pytest.raises((ValueError, IndexError)):
            read_entry(whole[:-cut])


def read(
    values: Mapping[str, tuple[bytes, ...]],
    groups_from: GroupsFrom = "memberOf",
    **attributes: list[str],
) -> Contact | None:
    mapping = Attributes.model_validate(attributes).over(PRESETS["openldap"].attributes)
    tagged = any(";" in name for name in values)
    return (
        EntryReader(mapping, groups_from)
        .read(Entry("cn=a,ou=b,dc=c", {"entryuuid": (b"1",), **values}, tagged))
        .contact
    )


class TestEntries:
    def test_the_first_attribute_with_a_value_counts(self) -> None:
        contact = read({"displayname": (b" ", b""), "cn": (b" Ann ", b"Annie")})
        assert Contact(id="1", name="Ann") == contact

    def test_an_attribute_in_another_language_only(self) -> None:
        contact = read(
            {"sn;lang-ja": ("鈴木".encode(),), "sn;lang-ja;phonetic": ("すずき".encode(),)}
        )
        assert Contact(id="1", family_name="鈴木", phonetic_family_name="すずき") == contact

    def test_a_value_that_is_no_text_costs_that_value(self) -> None:
        contact = read({"cn": (b"Ann",), "mobile": (b"\xff\xfe", b"1\x002", b"3")})
        assert ["3"] == [number.value for number in contact.numbers] if contact else None

    def test_a_key_that_is_switched_off(self) -> None:
        contact = read({"cn": (b"Ann",), "pager": (b"1",)}, pager=[])
        assert Contact(id="1", name="Ann") == contact

    def test_numbers_of_the_house_and_others(self) -> None:
        contact = read({"x": (b"1", b"2"), "y": (b"3",)}, main=["x"], other=["y"])
        assert [("1", NumberKind.MAIN), ("2", NumberKind.MAIN), ("3", NumberKind.OTHER)] == [
            (number.value, number.kind) for number in (contact.numbers if contact else ())
        ]

    def test_groups(self) -> None:
        values = {
            "cn": (b"Ann",),
            "memberof": (
                b"CN=Sales\\, EMEA,DC=x",
                b"nonsense",
                "cn=Öl,dc=x".encode(),
                b"cn=Sales\\2c EMEA,dc=y",
            ),
        }
        assert ("Sales, EMEA", "Öl") == (read(values) or Contact(id="")).groups
        assert ("b",) == (read(values, "ou") or Contact(id="")).groups

    def test_neither_name_nor_number(self) -> None:
        assert read({"mail": (b"a@example.com",)}) is None

    @pytest.mark.parametrize(
        "filter_, words",
        [
            ("(cn=a)", ["cn"]),
            (
                "(&(objectClass=person)(!(mail=*))(|(sn>=b)(sn<=c)(cn;lang-ja~=d)))",
                ["objectClass", "mail", "sn", "cn"],
            ),
            ("(memberOf:1.2.840.113556.1.4.1941:=cn=a=b,dc=x)", ["memberOf"]),
            ("(:caseExactMatch:=a)", []),
            ("(2.5.4.3=a)", []),
        ],
    )
    def test_attributes_that_a_filter_names(self, filter_: str, words: list[str]) -> None:
        assert [("filter", word) for word in words] == list(filter_attributes(filter_))


class TestCheckpoints:
    def test_written_and_read_again(self) -> None:
        states = {"a": EntryState(b"12345678", b"abcdefgh"), "b\n": EntryState(b"\0" * 8)}
        memory = Checkpoint(
            "question", states, frozenset({"a"}), (Skipped("reason", "entry b"),), 5.0
        )
        assert memory == read_checkpoint(write_checkpoint(memory), "question")
        assert read_checkpoint(write_checkpoint(memory), "another question") is None

    @given(st.text())
    def test_what_is_none_of_ours(self, text: str) -> None:
        assert read_checkpoint(text, "question") is None

    def test_a_damaged_one(self) -> None:
        text = write_checkpoint(
            Checkpoint("question", {"a": EntryState(b"12345678")}, frozenset(), (), 5.0)
        )
        for at in range(0, len(text), 3):
            assert read_checkpoint(text[:at], "question") is None

    def test_fifty_thousand_fit_into_two_megabytes(self) -> None:
        states = {
            f"{n:08x}-9e4f-1040-{n % 65536:04x}-{n * 2654435761 % 2**48:012x}": EntryState(
                n.to_bytes(8), n.to_bytes(8)
            )
            for n in range(50_000)
        }
        text = write_checkpoint(Checkpoint("question", states, frozenset(), (), 5.0))
        assert len(text) < 3_000_000

    def test_a_stamp_differs_with_what_shows_a_change(self) -> None:
        stamps = ChangeAttributes(("entrycsn",), "modifytimestamp", ("memberof",))
        plain = Entry(
            "cn=a", {"entrycsn": (b"1",), "modifytimestamp": (b"2",), "memberof": (b"x", b"y")}
        )
        others = [
            Entry("cn=b", plain.values),
            plain.with_values("entrycsn", (b"2",)),
            plain.with_values("modifytimestamp", (b"3",)),
            plain.with_values("memberof", (b"x",)),
            plain.with_values("memberof", (b"xy",)),
            plain.with_values("memberof", ()),
        ]
        assert len(others) + 1 == len({stamps.of(entry) for entry in (plain, *others)})
        assert stamps.of(plain) == stamps.of(plain.with_values("memberof", (b"y", b"x")))
        assert stamps.of(plain) == stamps.of(plain.with_values("mail", (b"z",)))

    @pytest.mark.parametrize(
        "value, date",
        [
            (b"20261123103342Z", 1795430022.0),
            (b"20261123103342.0Z", 1795430022.0),
            (b"yesterday", None),
            (b"20269923103342Z", None),
        ],
    )
    def test_dates(self, value: bytes, date: float | None) -> None:
        assert date == ChangeAttributes((), "modifytimestamp", ()).date(
            Entry("", {"modifytimestamp": (value,)})
        )

    def test_no_contact_has_no_content(self) -> None:
        assert b"" == content_of(None)
        assert content_of(Contact(id="1", name="a")) != content_of(Contact(id="1", name="b"))

    @pytest.mark.parametrize(
        "date, newest, took, again, waited, expected",
        [
            (100.0, 100.0, 0.0, False, 0.0, True),
            (100.0, 101.0, 0.0, False, 0.0, True),
            (100.0, 102.0, 0.0, False, 0.0, False),
            (100.0, 102.0, 0.5, False, 0.0, True),
            (100.0, 160.0, 59.0, False, 0.0, True),
            (100.0, 160.0, 58.0, False, 0.0, False),
            (100.0, 100.0, 0.0, True, 1.9, True),
            (100.0, 100.0, 0.0, True, 2.0, False),
            (100.0, 100.0, 0.0, False, 900.0, True),
            (100.0, 100.0, 0.0, True, -3600.0, True),
            (None, 100.0, 0.0, False, 0.0, True),
            (None, None, 0.0, True, 900.0, False),
        ],
    )
    def test_what_must_be_read_once_more(
        self,
        date: float | None,
        newest: float | None,
        took: float,
        again: bool,
        waited: float,
        expected: bool,
    ) -> None:
        found = recheck_ids({"a": date}, newest, took, frozenset({"a"} if again else ()), waited)
        assert expected == ("a" in found)

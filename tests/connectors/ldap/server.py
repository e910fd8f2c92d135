"""Worlds for the LDAP tests on a real slapd, and helpers to change a directory by hand."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import ldap3
import pytest
from ldap3.core.exceptions import LDAPNoSuchObjectResult

from connectors.base import SourceRefused
from connectors.contact import Contact, NumberKind
from connectors.ldap.connector import LdapConnector
from tests.connectors.contract import World
from tests.support.patience import PATIENCE
from tests.support.servers.slapd import ADMIN, PASSWORD, PEOPLE, READER, SUFFIX, Slapd

GROUPS = f"ou=groups,{SUFFIX}"
READER_PASSWORD = PASSWORD

_ATTRIBUTES = {
    NumberKind.WORK: "telephoneNumber",
    NumberKind.MOBILE: "mobile",
    NumberKind.HOME: "homePhone",
    NumberKind.FAX: "facsimileTelephoneNumber",
    NumberKind.PAGER: "pager",
}

Make = Callable[..., LdapConnector]
Configured = Callable[..., contextlib.AbstractContextManager[Slapd]]

_INTEGER = (
    "EQUALITY integerMatch ORDERING integerOrderingMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27"
    " SINGLE-VALUE"
)
_OCTETS = "EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE"
_TIME = "EQUALITY generalizedTimeMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE"
_TEXTS = "EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15"
_TEXT = f"{_TEXTS} SINGLE-VALUE"

# What Active Directory and 389 Directory Server keep of a person. slapd has AD's rule "all these
# bits are set" built in.
_FOREIGN = {
    "userAccountControl": ("1.2.840.113556.1.4.8", _INTEGER),
    "objectGUID": ("1.2.840.113556.1.4.2", _OCTETS),
    "uSNChanged": ("1.2.840.113556.1.2.120", _INTEGER),
    "whenChanged": ("1.2.840.113556.1.2.3", _TIME),
    "sAMAccountName": ("1.2.840.113556.1.4.221", _TEXT),
    "objectCategory": ("1.2.840.113556.1.4.782", _TEXT),
    "company": ("1.2.840.113556.1.2.146", _TEXT),
    "department": ("1.2.840.113556.1.2.141", _TEXT),
    "ipPhone": ("1.2.840.113556.1.4.721", _TEXTS),
    "otherTelephone": ("1.2.840.113556.1.2.18", _TEXTS),
    "otherMobile": ("1.2.840.113556.1.4.647", _TEXTS),
    "msDS-PhoneticFirstName": ("1.2.840.113556.1.4.1942", _TEXT),
    "msDS-PhoneticLastName": ("1.2.840.113556.1.4.1943", _TEXT),
    "nsUniqueId": ("2.16.840.1.113730.3.1.70", _TEXT),
    "nsAccountLock": ("2.16.840.1.113730.3.1.610", _TEXT),
}
OTHER_SCHEMA = "\n".join(
    [
        *(
            f"attributetype ( {oid} NAME '{name}' {kind} )"
            for name, (oid, kind) in _FOREIGN.items()
        ),
        (
            "objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP inetOrgPerson STRUCTURAL MAY ("
            f" {' $ '.join(_FOREIGN)} ) )"
        ),
        (
            "objectclass ( 1.2.840.113556.1.5.15 NAME 'contact' SUP inetOrgPerson STRUCTURAL MAY ("
            f" {' $ '.join(_FOREIGN)} ) )\n"
        ),
    ]
)


@contextlib.contextmanager
def admin(server: Slapd) -> Iterator[ldap3.Connection]:
    """A connection that may write everything; what it is asked must succeed."""
    target = ldap3.Server(server.url, get_info=ldap3.NONE, connect_timeout=PATIENCE)
    connection = ldap3.Connection(
        target, ADMIN, PASSWORD, check_names=False, raise_exceptions=True, receive_timeout=PATIENCE
    )
    connection.open()
    connection.bind()
    try:
        yield connection
    finally:
        connection.unbind()


def add(server: Slapd, dn: str, classes: str | list[str] = "inetOrgPerson", **values: Any) -> None:
    """Add an entry; "__" in the name of an attribute stands for "-"."""
    with admin(server) as connection:
        connection.add(
            dn, classes, {name.replace("__", "-"): value for name, value in values.items()}
        )


def change(server: Slapd, dn: str, **values: str | bytes | list[str] | list[bytes]) -> None:
    """Replace values of an entry; an empty list deletes."""
    with admin(server) as connection:
        connection.modify(
            dn,
            {
                name: [(ldap3.MODIFY_REPLACE, value if isinstance(value, list) else [value])]
                for name, value in values.items()
            },
        )


def delete(server: Slapd, dn: str) -> None:
    with admin(server) as connection:
        connection.delete(dn)


def move(server: Slapd, dn: str, leaf: str, parent: str | None = None) -> None:
    """Rename an entry, and move it under another one."""
    with admin(server) as connection:
        connection.modify_dn(dn, leaf, new_superior=parent)


def clear(server: Slapd) -> None:
    """Delete everything but the tree that a new server has."""
    keep = {name.lower() for name in (SUFFIX, PEOPLE, GROUPS, READER)}
    with admin(server) as connection:
        connection.search(
            SUFFIX,
            "(objectClass=*)",
            attributes=["1.1"],
            controls=[("2.16.840.1.113730.3.4.2", False, None)],
        )
        found = [item["dn"] for item in connection.response if item["type"] == "searchResEntry"]
        for dn in sorted(found, key=len, reverse=True):
            if dn.lower() not in keep:
                connection.delete(dn, controls=[("2.16.840.1.113730.3.4.2", False, None)])


class SlapdWorld(World):
    """People under ou=people of a slapd; the key is the uid."""

    def __init__(self, server: Slapd, make: Make) -> None:
        self.server = server
        self._make = make

    def connector(self) -> LdapConnector:
        return self._make(self.server)

    def put(self, *people: Contact) -> None:
        with admin(self.server) as connection:
            for contact in people:
                dn = f"uid={contact.id},{PEOPLE}"
                values: dict[str, Any] = {
                    "displayName": [contact.name],
                    "cn": [contact.name],
                    "givenName": [contact.given_name],
                    "sn": [contact.family_name],
                    **self.more(contact.id),
                }
                for number in contact.numbers:
                    values.setdefault(_ATTRIBUTES[number.kind], []).append(number.value)
                empty: dict[str, list[str]] = {name: [] for name in _ATTRIBUTES.values()}
                try:
                    connection.modify(
                        dn,
                        {
                            name: [(ldap3.MODIFY_REPLACE, value)]
                            for name, value in (empty | values).items()
                        },
                    )
                except LDAPNoSuchObjectResult:
                    connection.add(dn, self.object_class, values)

    object_class = "inetOrgPerson"

    def more(self, key: str) -> dict[str, Any]:
        """Values that this kind of server keeps by itself."""
        return {}

    def remove(self, *keys: str) -> None:
        with admin(self.server) as connection:
            for key in keys:
                connection.delete(f"uid={key},{PEOPLE}")

    def break_down(self) -> None:
        self.server.stop()

    def repair(self) -> None:
        self.server.start()


class WindowsWorld(SlapdWorld):
    """The same with attributes of Active Directory: binary GUIDs and a change counter."""

    object_class = "user"
    _usn = 0

    def more(self, key: str) -> dict[str, Any]:
        WindowsWorld._usn += 1
        return {
            "objectGUID": [key.encode().ljust(16, b"\xff")],
            "uSNChanged": [str(WindowsWorld._usn)],
            "whenChanged": ["20261123103342.0Z"],
            "objectCategory": ["person"],
            "userAccountControl": ["512"],
        }


class NetscapeWorld(SlapdWorld):
    """The same with attributes of 389 Directory Server without the USN plug-in.

    Times of changes are exact to the second only.
    """

    object_class = "user"

    def more(self, key: str) -> dict[str, Any]:
        return {"nsUniqueId": [f"66446001-1dd211b2-66225011-{int(key):08x}"]}


def emptied(world: SlapdWorld) -> Iterator[SlapdWorld]:
    """Yield a world without people, and leave its server running."""
    clear(world.server)
    yield world
    if world.server.pid is None:
        world.server.start()


def configured(server: Slapd, **keys: Any) -> LdapConnector:
    """A connector for a server, logging in as the reader; `keys` replace and add."""
    data: dict[str, Any] = {
        "url": server.url,
        "bind_dn": READER,
        "password": READER_PASSWORD,
        "base_dn": PEOPLE,
        "timeout": PATIENCE,
    }
    return LdapConnector.model_validate(data | keys)


def refusal(server: Slapd, **keys: Any) -> str:
    """Return the sentence that asks a person to act.

    The password is never in it.
    """
    with pytest.raises(SourceRefused) as caught:
        configured(server, **keys).fetch(None)
    assert PASSWORD not in str(caught.value)
    return str(caught.value)

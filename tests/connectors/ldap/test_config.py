"""The LDAP connector takes each valid key, and refuses others with a sentence."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.ldap.connector import LdapConnector
from connectors.registry import load

GOOD: dict[str, Any] = {
    "url": "ldaps://dc1.example.com",
    "bind_dn": "cn=reader,dc=example,dc=com",
    "password": "never to be shown",
    "base_dn": "ou=people,dc=example,dc=com",
}


def build(**keys: Any) -> LdapConnector:
    data = GOOD | keys
    return LdapConnector.model_validate(
        {key: value for key, value in data.items() if value is not ...}
    )


def test_the_word_ldap_is_registered() -> None:
    assert LdapConnector is load("ldap")


def test_every_key() -> None:
    connector = LdapConnector.model_validate(
        GOOD
        | {
            "url": ["ldap://[::1]:3389", "ldap://dc2.example.com/"],
            "base_dn": ["ou=a,dc=example,dc=com", "ou=b,dc=example,dc=com"],
            "filter": "mail=*",
            "scope": "one",
            "preset": "active-directory",
            "attributes": {"work": ["telephoneNumber", "ipPhone"], "name": "cn;lang-ja", "fax": []},
            "starttls": True,
            "ca_file": "ca.crt",
            "valid_names": ["dc1.example.com"],
            "page_size": 100,
            "sync": "full",
            "groups_from": "ou",
            "timeout": "5s",
        },
        context={"base": Path("/etc/directory-gateway")},
    )
    assert Path("/etc/directory-gateway/ca.crt") == connector.ca_file
    assert "(mail=*)" == connector.filter
    assert ("telephoneNumber", "ipPhone") == connector.attributes.work


@pytest.mark.parametrize(
    "name", ["cn=reader,dc=example,dc=com", "reader@example.com", "EXAMPLE\\reader"]
)
def test_every_form_of_login(name: str) -> None:
    assert name == build(bind_dn=name).bind_dn


@pytest.mark.parametrize(
    "keys, words",
    [
        ({"url": "dc1.example.com"}, "not an LDAP address"),
        ({"url": "http://dc1.example.com"}, "not an LDAP address"),
        ({"url": "ldap:dc1.example.com"}, "not an LDAP address"),
        ({"url": "ldap://"}, "names no server"),
        ({"url": "ldap://dc1:port"}, "port"),
        ({"url": "ldap://dc1:99999"}, "port"),
        ({"url": "ldap://[::1"}, "not an LDAP address"),
        ({"url": "ldap://dc1/dc=example,dc=com"}, "base_dn"),
        ({"url": "ldap://reader:secret@dc1"}, "bind_dn and password"),
        ({"url": []}, "at least 1"),
        ({"url": ...}, "required"),
        ({"bind_dn": ...}, 'bind_dn = ""'),
        ({"password": ...}, "password is missing or empty"),
        ({"password": ""}, "password is missing or empty"),
        ({"bind_dn": ""}, "bind_dn is empty"),
        ({"base_dn": ""}, "distinguished name"),
        ({"base_dn": "people"}, "distinguished name"),
        ({"base_dn": ["dc=a", "people"]}, "distinguished name"),
        ({"filter": "(cn=a"}, "1 bracket is not closed"),
        ({"filter": "(&(cn=a)(cn=b"}, "2 brackets are not closed"),
        ({"filter": "(cn=a))"}, "closed too early"),
        ({"filter": "(cn=a)(cn=b)"}, "closed too early"),
        ({"filter": "cn=a)"}, "closed too early"),
        ({"filter": "(cn=a\\b)"}, "backslash"),
        ({"scope": "sub"}, "subtree"),
        ({"preset": "ad"}, "active-directory"),
        ({"attributes": {"mobil": "mobile"}}, "not permitted"),
        ({"attributes": {"mobile": "mobile number"}}, "not the name of an attribute"),
        ({"attributes": {"id": []}}, "attributes.id"),
        ({"starttls": True}, "starttls is for ldap://"),
        ({"url": "ldap://dc1", "ca_file": "/ca.crt"}, "starttls = true"),
        ({"url": ["ldaps://dc1", "ldap://dc2"], "valid_names": ["dc"]}, "starttls = true"),
        ({"valid_names": [""]}, "not a name of a server"),
        ({"valid_names": ["dc1..example.com"]}, "not a name of a server"),
        ({"page_size": 0}, "greater than"),
        ({"sync": "never"}, "auto"),
        ({"groups_from": "cn"}, "memberOf"),
        ({"timeout": 0}, "greater than"),
    ],
)
def test_a_mistake_is_told_and_shows_no_secret(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        build(**keys)
    assert words in str(caught.value)
    assert "never to be shown" not in str(caught.value)


def test_the_password_is_not_shown() -> None:
    connector = build()
    assert "never to be shown" not in repr(connector)
    assert "never to be shown" not in repr(connector._login_options)
    assert "never to be shown" not in str(connector.model_dump())


def test_building_one_loads_no_ldap3() -> None:
    """The web process reads the same configuration and never asks a directory."""
    program = (
        "import sys; from connectors.ldap.connector import LdapConnector; "
        f"LdapConnector.model_validate({GOOD!r}); "
        "sys.exit(' '.join(name for name in ('ldap3', 'pyasn1') if name in sys.modules) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stderr)

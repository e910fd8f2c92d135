"""Find out from its root entry what kind of directory a server is, and what to read."""

import re
from dataclasses import dataclass

from connectors.base import SourceUnavailable
from connectors.ldap.connection import LoginOptions, Server, open_connection
from connectors.ldap.presets import PresetName
from connectors.ldap.search import Searcher

_CAPABILITIES = "supportedcapabilities"
_CONTEXTS = "namingcontexts"
_DEFAULT = "defaultnamingcontext"
_VENDOR = "vendorname"
# FreeIPA adds these to the root entry of its 389 Directory Server.
_IPA = ("ipadomainlevel", "ipatopologypluginversion", "ipatopologyismanaged")
# Active Directory and AD LDS (MS-ADTS 3.1.1.3.4.3, LDAP_CAP_ACTIVE_DIRECTORY_OID and ..._ADAM_OID).
# Samba's domain controllers announce the first, too.
_ACTIVE_DIRECTORY = frozenset({b"1.2.840.113556.1.4.800", b"1.2.840.113556.1.4.1851"})
# Branches of the server itself: its configuration, schema, monitor, logs, certificates and cache.
_NO_PEOPLE = re.compile(
    r"cn=(config|schema|monitor|changelog|accesslog|deltalog|ipa)\b|o=(ipaca|netscaperoot)\b"
    r"|CN=(Configuration|Schema),|DC=(Domain|Forest)DnsZones,",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RootEntry:
    """What a server says about itself: its preset, and branches that may hold people.

    The likeliest branch is the first.
    """

    preset: PresetName
    bases: tuple[str, ...]


def read_root(server: Server, options: LoginOptions) -> RootEntry:
    """Log in and return what the root entry says (RFC 4512, section 5.1).

    Raises SourceUnavailable or SourceRefused as `open_connection` does. `bases` is
    empty if the server does not say.
    """
    wanted = (
        "namingContexts",
        "defaultNamingContext",
        "supportedCapabilities",
        "vendorName",
        *_IPA,
    )
    with open_connection(server, options) as connection:
        searcher = Searcher(connection, server, options.timeout)
        entry = searcher.read_one("", "(objectClass=*)", wanted)
    if entry is None:
        raise SourceUnavailable(f"{server.url} shows nothing of itself. Is it an LDAP server?")
    return describe_root({name: tuple(values) for name, values in entry.values.items()})


def describe_root(values: dict[str, tuple[bytes, ...]]) -> RootEntry:
    """Return what the values of a root entry mean; names are in lower case."""
    preset = _preset(values)
    default, contexts = _texts(values, _DEFAULT), _texts(values, _CONTEXTS)
    bases = [base for base in dict.fromkeys((*default, *contexts)) if not _NO_PEOPLE.match(base)]
    if preset == "freeipa":
        # Its other branches hold the same people once more, for old clients, and no people.
        bases = [f"cn=users,cn=accounts,{base}" for base in bases]
    return RootEntry(preset, tuple(base for base in bases if base))


def _preset(values: dict[str, tuple[bytes, ...]]) -> PresetName:
    if not _ACTIVE_DIRECTORY.isdisjoint(values.get(_CAPABILITIES, ())):
        return "active-directory"
    if any(name in values for name in _IPA):
        return "freeipa"
    is_389 = any(vendor.startswith("389") for vendor in _texts(values, _VENDOR))
    return "389" if is_389 else "openldap"


def _texts(values: dict[str, tuple[bytes, ...]], name: str) -> tuple[str, ...]:
    return tuple(value.decode("utf-8", "replace") for value in values.get(name, ()))

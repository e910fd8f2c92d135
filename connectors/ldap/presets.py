"""What the attributes of a directory mean, for each kind of server.

Facts:
- inetOrgPerson (RFC 2798) and its parents (RFC 4519, RFC 4524): telephoneNumber, mobile, homePhone, pager,
  facsimileTelephoneNumber, displayName, cn, givenName, sn, o, ou, departmentNumber, title, mail. A server answers with the
  first name of an attribute, whichever of its names was asked for ("fax" comes back as "facsimileTelephoneNumber").
- entryUUID (RFC 4530) and entryCSN (OpenLDAP, microseconds) change never, and with every change. 389 Directory Server and
  FreeIPA have nsUniqueId, and entryusn where the USN plug-in is on. modifyTimestamp (RFC 4512, section 3.4.2) has whole
  seconds.
- Active Directory (MS-ADA1..3, MS-ADTS 3.1.1.3): objectGUID is 16 bytes, a little-endian GUID; uSNChanged is a counter of one
  domain controller; bit 2 of userAccountControl is "disabled", and contacts have no such attribute; 1.2.840.113556.1.4.803 is
  the rule "all these bits are set"; phonetic names are msDS-Phonetic...; further numbers are other...
- nsAccountLock is "TRUE" for disabled accounts of 389 Directory Server and FreeIPA.

Law of this file: it knows the words of directories, and which word of ours each stands for. It reads nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from connectors.contact import NumberKind

PresetName = Literal["openldap", "active-directory", "389", "freeipa"]

_DESCRIPTION = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+)(?:;[A-Za-z0-9-]+)*")

_FIRST_NAMES = {
    "commonname": "cn",
    "fax": "facsimiletelephonenumber",
    "gn": "givenname",
    "hometelephonenumber": "homephone",
    "mobiletelephonenumber": "mobile",
    "organizationalunitname": "ou",
    "organizationname": "o",
    "pagertelephonenumber": "pager",
    "rfc822mailbox": "mail",
    "surname": "sn",
}


def one_or_more(value: object) -> object:
    """Let a single text stand for a list of one."""
    return (value,) if isinstance(value, str) else value


def _descriptions(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if _DESCRIPTION.fullmatch(name) is None:
            raise ValueError('not the name of an attribute: it looks like "telephoneNumber" or "cn;lang-ja"')
    return names


Names = Annotated[tuple[str, ...], BeforeValidator(one_or_more), AfterValidator(_descriptions)]
"""Attribute names, the preferred one first; one may be given as plain text."""


class Attributes(BaseModel):
    """Which attributes hold what. Of a text the first attribute that has a value counts; of numbers and e-mails, all."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    id: Names = ()
    name: Names = ()
    given_name: Names = ()
    family_name: Names = ()
    phonetic_given_name: Names = ()
    phonetic_family_name: Names = ()
    sort_name: Names = ()
    organization: Names = ()
    department: Names = ()
    title: Names = ()
    emails: Names = ()
    work: Names = ()
    internal: Names = ()
    mobile: Names = ()
    home: Names = ()
    main: Names = ()
    other: Names = ()
    fax: Names = ()
    pager: Names = ()

    def over(self, preset: "Attributes") -> "Attributes":
        """Return a preset's attributes, with those that are set here in their place."""
        return preset.model_copy(update={key: getattr(self, key) for key in self.model_fields_set})

    def numbers(self) -> Iterator[tuple[NumberKind, str]]:
        """Yield each kind of number with each attribute that holds such numbers, in order."""
        for kind in _NUMBER_KINDS:
            for name in getattr(self, kind.value):
                yield kind, name

    def all_names(self) -> Iterator[tuple[str, str]]:
        """Yield (key, attribute) for every attribute named."""
        for key in type(self).model_fields:
            for name in getattr(self, key):
                yield key, name


_NUMBER_KINDS = (
    NumberKind.WORK,
    NumberKind.INTERNAL,
    NumberKind.MOBILE,
    NumberKind.HOME,
    NumberKind.MAIN,
    NumberKind.OTHER,
    NumberKind.FAX,
    NumberKind.PAGER,
)


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind of server. `filter` is replaced by the configured one; `hidden` is always added to it.

    `exact` are attributes whose value changes with every change of an entry; `dated` is the one that says when, to the second.
    """

    attributes: Attributes
    filter: str
    hidden: str
    exact: tuple[str, ...]
    dated: str


_PEOPLE = Attributes(
    id=("entryUUID",),
    name=("displayName", "cn"),
    given_name=("givenName",),
    family_name=("sn",),
    phonetic_given_name=("givenName;phonetic",),
    phonetic_family_name=("sn;phonetic",),
    organization=("o",),
    department=("ou", "departmentNumber"),
    title=("title",),
    emails=("mail",),
    work=("telephoneNumber",),
    internal=("ipPhone",),
    mobile=("mobile",),
    home=("homePhone",),
    fax=("facsimileTelephoneNumber",),
    pager=("pager",),
)
_389 = _PEOPLE.model_copy(update={"id": ("nsUniqueId",)})
_ACTIVE_DIRECTORY = _PEOPLE.model_copy(
    update={
        "id": ("objectGUID",),
        "phonetic_given_name": ("msDS-PhoneticFirstName",),
        "phonetic_family_name": ("msDS-PhoneticLastName",),
        "organization": ("company", "o"),
        "department": ("department", "ou"),
        "work": ("telephoneNumber", "otherTelephone"),
        "internal": ("ipPhone", "otherIpPhone"),
        "mobile": ("mobile", "otherMobile"),
        "home": ("homePhone", "otherHomePhone"),
        "fax": ("facsimileTelephoneNumber", "otherFacsimileTelephoneNumber"),
        "pager": ("pager", "otherPager"),
    }
)

PRESETS: dict[PresetName, Preset] = {
    "openldap": Preset(_PEOPLE, "(objectClass=person)", "", ("entryCSN",), "modifyTimestamp"),
    "active-directory": Preset(
        _ACTIVE_DIRECTORY,
        "(&(objectCategory=person)(|(objectClass=user)(objectClass=contact)))",
        "(|(!(userAccountControl=*))(!(userAccountControl:1.2.840.113556.1.4.803:=2)))",
        ("uSNChanged",),
        "whenChanged",
    ),
    "389": Preset(_389, "(objectClass=person)", "(!(nsAccountLock=TRUE))", ("entryusn",), "modifyTimestamp"),
    "freeipa": Preset(_389, "(objectClass=person)", "(!(nsAccountLock=TRUE))", ("entryusn",), "modifyTimestamp"),
}


def response_name(name: str) -> str:
    """Return the description, in lower case, under which a server answers for an attribute that was asked for."""
    base, _, options = name.lower().partition(";")
    base = _FIRST_NAMES.get(base, base)
    return f"{base};{options}" if options else base

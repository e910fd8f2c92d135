"""Presets of attributes and filters for each kind of directory server."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from connectors.contact import NumberKind

PresetName = Literal["openldap", "active-directory", "389", "freeipa"]

_DESCRIPTION = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+)(?:;[A-Za-z0-9-]+)*")

# A server answers with the first name of an attribute, whichever of its names was requested ("fax"
# comes back as "facsimileTelephoneNumber").
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
    """Return a single text as a list of one, and any other value unchanged."""
    return (value,) if isinstance(value, str) else value


def _descriptions(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if _DESCRIPTION.fullmatch(name) is None:
            raise ValueError(
                'not the name of an attribute: it looks like "telephoneNumber" or "cn;lang-ja"'
            )
    return names


Names = Annotated[tuple[str, ...], BeforeValidator(one_or_more), AfterValidator(_descriptions)]
"""Attribute names, the preferred one first; a single one may be plain text."""


class Attributes(BaseModel):
    """Mapping of contact fields to attributes.

    For a text the first attribute with a value counts; for numbers and e-mails all
    attributes count.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True
    )

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
        """Return a preset's attributes, overridden by those that are set here."""
        return preset.model_copy(update={key: getattr(self, key) for key in self.model_fields_set})

    def numbers(self) -> Iterator[tuple[NumberKind, str]]:
        """Yield each kind of number with each attribute that holds it, in order."""
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
    """Preset for one kind of server.

    The configured filter replaces `filter`; `hidden` is always added. `exact` are
    attributes that change with every change of an entry. `dated` shows its time, to the
    second.
    """

    attributes: Attributes
    filter: str
    hidden: str
    exact: tuple[str, ...]
    dated: str


# inetOrgPerson (RFC 2798) and its parents (RFC 4519, RFC 4524): telephoneNumber, mobile, homePhone,
# pager, facsimileTelephoneNumber, displayName, cn, givenName, sn, o, ou, departmentNumber, title,
# mail. entryUUID (RFC 4530) never changes.
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
# 389 Directory Server and FreeIPA have nsUniqueId.
_389 = _PEOPLE.model_copy(update={"id": ("nsUniqueId",)})
# Active Directory (MS-ADA1..3, MS-ADTS 3.1.1.3): objectGUID is 16 bytes, a little-endian GUID.
# Phonetic names are msDS-Phonetic...; further numbers are other...
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

# entryCSN (OpenLDAP, microseconds) changes with every change. 389 Directory Server and FreeIPA have
# entryusn if the USN plug-in is on. uSNChanged is a counter of one domain controller.
# modifyTimestamp (RFC 4512, section 3.4.2) has whole seconds.
PRESETS: dict[PresetName, Preset] = {
    "openldap": Preset(_PEOPLE, "(objectClass=person)", "", ("entryCSN",), "modifyTimestamp"),
    "active-directory": Preset(
        _ACTIVE_DIRECTORY,
        "(&(objectCategory=person)(|(objectClass=user)(objectClass=contact)))",
        # Bit 2 of userAccountControl is "disabled", and contacts have no such attribute.
        # 1.2.840.113556.1.4.803 is the rule "all these bits are set".
        "(|(!(userAccountControl=*))(!(userAccountControl:1.2.840.113556.1.4.803:=2)))",
        ("uSNChanged",),
        "whenChanged",
    ),
    # nsAccountLock is "TRUE" for disabled accounts of 389 Directory Server and FreeIPA.
    "389": Preset(
        _389, "(objectClass=person)", "(!(nsAccountLock=TRUE))", ("entryusn",), "modifyTimestamp"
    ),
    "freeipa": Preset(
        _389, "(objectClass=person)", "(!(nsAccountLock=TRUE))", ("entryusn",), "modifyTimestamp"
    ),
}


def response_name(name: str) -> str:
    """Return the description under which a server answers for a requested attribute.

    It is in lower case.
    """
    base, _, options = name.lower().partition(";")
    base = _FIRST_NAMES.get(base, base)
    return f"{base};{options}" if options else base

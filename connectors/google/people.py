"""Decode people of the People API and turn them into contacts.

The facts in this file are those of the People API v1, discovery document of 2025-11-17.
"""

from collections.abc import Iterable, Mapping

import msgspec

from connectors.contact import Contact, NumberKind, PhoneNumber, without_placeholders


class ApiObject(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Part of a response; fields that are not declared are ignored."""


class FieldSource(ApiObject, frozen=True, gc=False):
    """Source of a field of a person.

    Every field of a person is a list whose entries name their source. CONTACT and
    OTHER_CONTACT are what the account's owner wrote, DOMAIN_CONTACT what a Workspace
    administrator wrote. PROFILE and DOMAIN_PROFILE are what the person publishes.
    """

    type: str = ""


class FieldMetadata(ApiObject, frozen=True, gc=False):
    """Metadata of a field: its source, and whether it is the first choice."""

    primary: bool = False
    source: FieldSource = FieldSource()

    @property
    def is_profile(self) -> bool:
        return self.source.type in ("PROFILE", "DOMAIN_PROFILE")


class Name(ApiObject, frozen=True, gc=False):
    display_name: str = ""
    unstructured_name: str = ""
    given_name: str = ""
    family_name: str = ""
    phonetic_given_name: str = ""
    phonetic_family_name: str = ""
    metadata: FieldMetadata = FieldMetadata()


class Organization(ApiObject, frozen=True, gc=False):
    name: str = ""
    department: str = ""
    title: str = ""
    current: bool = False
    metadata: FieldMetadata = FieldMetadata()


class Number(ApiObject, frozen=True, gc=False):
    value: str = ""
    type: str = ""
    formatted_type: str = ""
    canonical_form: str = ""
    metadata: FieldMetadata = FieldMetadata()


class Email(ApiObject, frozen=True, gc=False):
    value: str = ""


class GroupMembership(ApiObject, frozen=True, gc=False):
    contact_group_resource_name: str = ""


class Membership(ApiObject, frozen=True, gc=False):
    contact_group_membership: GroupMembership = GroupMembership()


# `deleted` and `previousResourceNames` come only in responses to a sync token. A resource name may
# change when a contact is linked with a profile.
class PersonMetadata(ApiObject, frozen=True, gc=False):
    deleted: bool = False
    previous_resource_names: tuple[str, ...] = ()


class Person(ApiObject, frozen=True, gc=False):
    """Person of a list; `resource_name` is the only field that is always present."""

    resource_name: str
    metadata: PersonMetadata = PersonMetadata()
    names: tuple[Name, ...] = ()
    organizations: tuple[Organization, ...] = ()
    phone_numbers: tuple[Number, ...] = ()
    email_addresses: tuple[Email, ...] = ()
    memberships: tuple[Membership, ...] = ()


class ContactGroup(ApiObject, frozen=True, gc=False):
    """Label of the account's owner, or a system group.

    `name` is the owner's, or for system groups a fixed English word ("myContacts",
    "starred"). We do not take `formattedName`: it is translated, so the same group
    would have another name in another account.
    """

    resource_name: str
    name: str = ""


# `PhoneNumber.type` is one of home, work, mobile, homeFax, workFax, otherFax, pager, workMobile,
# workPager, main, googleVoice and other, or any word of the owner's. `formattedType` is the same in
# the language of the account, and `canonicalForm` is E.164.
_KINDS: Mapping[str, NumberKind] = {
    "home": NumberKind.HOME,
    "work": NumberKind.WORK,
    "mobile": NumberKind.MOBILE,
    "workMobile": NumberKind.MOBILE,
    "main": NumberKind.MAIN,
    "homeFax": NumberKind.FAX,
    "workFax": NumberKind.FAX,
    "otherFax": NumberKind.FAX,
    "pager": NumberKind.PAGER,
    "workPager": NumberKind.PAGER,
}
_TYPES_WITHOUT_LABEL = frozenset({"", "other", *(kind.value for kind in _KINDS.values())})


def contact_of(person: Person, contact_id: str, group_names: Mapping[str, str]) -> Contact:
    """Return the person as a contact with the given id.

    `group_names` maps resource names of groups to their names. A group that is not in
    the map is left out, because it was deleted during the read.
    """
    name = _name(person.names)
    organization = _organization(person.organizations)
    # No list may be asked for `fileAses` (it is no valid word of `personFields`), so Google gives
    # us no name to sort by.
    return Contact(
        id=contact_id,
        name=without_placeholders(name.display_name)
        or without_placeholders(name.unstructured_name),
        given_name=without_placeholders(name.given_name),
        family_name=without_placeholders(name.family_name),
        phonetic_given_name=without_placeholders(name.phonetic_given_name),
        phonetic_family_name=without_placeholders(name.phonetic_family_name),
        organization=without_placeholders(organization.name),
        department=without_placeholders(organization.department),
        title=without_placeholders(organization.title),
        emails=_unique(email.value for email in person.email_addresses),
        groups=_unique(
            group_names.get(membership.contact_group_membership.contact_group_resource_name, "")
            for membership in person.memberships
        ),
        numbers=_numbers(person.phone_numbers),
    )


def _name(names: tuple[Name, ...]) -> Name:
    """Return the contact's own name, else the profile's."""
    filled = [
        name
        for name in names
        if _has_text(name.display_name, name.unstructured_name, name.given_name, name.family_name)
    ]
    return min(
        filled,
        key=lambda name: (name.metadata.is_profile, not name.metadata.primary),
        default=Name(),
    )


def _organization(organizations: tuple[Organization, ...]) -> Organization:
    """Return the contact's own organisation, else the profile's.

    A present organisation comes before past ones.
    """
    filled = [item for item in organizations if _has_text(item.name, item.department, item.title)]
    return min(
        filled,
        key=lambda item: (item.metadata.is_profile, not item.current, not item.metadata.primary),
        default=Organization(),
    )


def _has_text(*texts: str) -> bool:
    return any(without_placeholders(text) for text in texts)


def _numbers(numbers: tuple[Number, ...]) -> tuple[PhoneNumber, ...]:
    """Return every number in Google's order.

    A number that the linked profile merely repeats counts as the contact's own.
    """
    own = {
        number.canonical_form or number.value
        for number in numbers
        if not number.metadata.is_profile
    }
    return tuple(
        PhoneNumber(
            value=number.value,
            kind=_KINDS.get(number.type, NumberKind.OTHER),
            label=""
            if number.type in _TYPES_WITHOUT_LABEL
            else number.formatted_type or number.type,
            canonical=number.canonical_form,
        )
        for number in numbers
        if number.value
        and not (number.metadata.is_profile and (number.canonical_form or number.value) in own)
    )


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))

"""A person's JSON, and the contact that comes of it."""

from typing import Any

import msgspec
import pytest

from connectors.contact import Contact, NumberKind, PhoneNumber
from connectors.google.people import Person, contact_of

OWN: dict[str, Any] = {"source": {"type": "CONTACT", "id": "1"}}
PROFILE: dict[str, Any] = {"source": {"type": "PROFILE", "id": "2"}}
DOMAIN: dict[str, Any] = {"source": {"type": "DOMAIN_PROFILE", "id": "3"}}


def read(**fields: Any) -> Contact:
    body = msgspec.json.encode({"resourceName": "people/c1", "etag": "%1", **fields})
    return contact_of(
        msgspec.json.decode(body, type=Person), "people/c1", {"contactGroups/7f": "Team"}
    )


@pytest.mark.parametrize(
    "names, expected",
    [
        pytest.param([], ("", "", ""), id="none"),
        pytest.param(
            [
                {
                    "displayName": "Ann Smith",
                    "givenName": "Ann",
                    "familyName": "Smith",
                    "metadata": OWN,
                }
            ],
            ("Ann Smith", "Ann", "Smith"),
            id="own",
        ),
        pytest.param(
            [
                {"displayName": "A. Profile", "metadata": PROFILE | {"primary": True}},
                {"displayName": "Ann Own", "metadata": OWN},
            ],
            ("Ann Own", "", ""),
            id="own before profile, even a primary one",
        ),
        pytest.param(
            [{"metadata": OWN}, {"displayName": "A. Profile", "metadata": PROFILE}],
            ("A. Profile", "", ""),
            id="profile where the own is empty",
        ),
        pytest.param(
            [
                {"displayName": "First", "metadata": DOMAIN},
                {"displayName": "Best", "metadata": DOMAIN | {"primary": True}},
            ],
            ("Best", "", ""),
            id="primary among equals",
        ),
        pytest.param(
            [{"unstructuredName": "Reception", "metadata": OWN}],
            ("Reception", "", ""),
            id="free form",
        ),
        pytest.param(
            [{"familyName": "Smith"}], ("", "", "Smith"), id="no display name, no metadata"
        ),
    ],
)
def test_names(names: list[dict[str, Any]], expected: tuple[str, str, str]) -> None:
    contact = read(names=names)
    assert expected == (contact.name, contact.given_name, contact.family_name)


def test_phonetic_names() -> None:
    contact = read(
        names=[
            {
                "displayName": "山田太郎",
                "phoneticGivenName": "たろう",
                "phoneticFamilyName": "やまだ",
                "metadata": OWN,
            }
        ]
    )
    assert ("たろう", "やまだ") == (contact.phonetic_given_name, contact.phonetic_family_name)


@pytest.mark.parametrize(
    "organizations, expected",
    [
        pytest.param(
            [{"name": "ACME", "department": "Sales", "title": "Head"}],
            ("ACME", "Sales", "Head"),
            id="one",
        ),
        pytest.param(
            [{"name": "Old", "metadata": OWN}, {"name": "New", "current": True, "metadata": OWN}],
            ("New", "", ""),
            id="present one",
        ),
        pytest.param(
            [
                {"name": "Theirs", "current": True, "metadata": PROFILE},
                {"name": "Ours", "metadata": OWN},
            ],
            ("Ours", "", ""),
            id="own before profile",
        ),
        pytest.param(
            [{"metadata": OWN}, {"title": "Head", "metadata": OWN}],
            ("", "", "Head"),
            id="empty ones do not count",
        ),
    ],
)
def test_organizations(organizations: list[dict[str, Any]], expected: tuple[str, str, str]) -> None:
    contact = read(organizations=organizations)
    assert expected == (contact.organization, contact.department, contact.title)
    assert "" == contact.name


@pytest.mark.parametrize(
    "word, kind, label",
    [
        ("home", NumberKind.HOME, ""),
        ("work", NumberKind.WORK, ""),
        ("mobile", NumberKind.MOBILE, ""),
        ("homeFax", NumberKind.FAX, "homeFax, said"),
        ("workFax", NumberKind.FAX, "workFax, said"),
        ("otherFax", NumberKind.FAX, "otherFax, said"),
        ("pager", NumberKind.PAGER, ""),
        ("workMobile", NumberKind.MOBILE, "workMobile, said"),
        ("workPager", NumberKind.PAGER, "workPager, said"),
        ("main", NumberKind.MAIN, ""),
        ("googleVoice", NumberKind.OTHER, "googleVoice, said"),
        ("other", NumberKind.OTHER, ""),
        ("Büro", NumberKind.OTHER, "Büro, said"),
        ("", NumberKind.OTHER, ""),
    ],
)
def test_kinds_and_labels_of_numbers(word: str, kind: NumberKind, label: str) -> None:
    number = {
        "value": "089 5550109",
        "type": word,
        "formattedType": f"{word}, said",
        "canonicalForm": "+49895550109",
    }
    (read_number,) = read(phoneNumbers=[number]).numbers
    assert PhoneNumber("089 5550109", kind, label, "+49895550109") == read_number


def test_a_custom_label_without_a_translation_is_the_word_itself() -> None:
    (number,) = read(phoneNumbers=[{"value": "1", "type": "Boot"}]).numbers
    assert "Boot" == number.label


@pytest.mark.parametrize(
    "numbers, expected",
    [
        pytest.param(
            [("1", "1", OWN), ("2", "2", OWN), ("1", "1", OWN)],
            ["1", "2", "1"],
            id="the owner's are kept as they are",
        ),
        pytest.param(
            [("089 1", "+49891", PROFILE), ("+49 89 1", "+49891", OWN)],
            ["+49 89 1"],
            id="repeated by the profile",
        ),
        pytest.param(
            [("089 1", "", PROFILE), ("089 1", "", OWN)],
            ["089 1"],
            id="repeated, without a canonical form",
        ),
        pytest.param(
            [("1", "", OWN), ("2", "", PROFILE)], ["1", "2"], id="the profile has one more"
        ),
        pytest.param([("1", "", DOMAIN), ("1", "", DOMAIN)], ["1", "1"], id="a profile alone"),
        pytest.param([("", "", OWN), ("2", "", OWN)], ["2"], id="no number at all"),
    ],
)
def test_numbers_of_two_sources(
    numbers: list[tuple[str, str, dict[str, Any]]], expected: list[str]
) -> None:
    body = [
        {"value": value, "canonicalForm": canonical, "metadata": source}
        for value, canonical, source in numbers
    ]
    assert expected == [number.value for number in read(phoneNumbers=body).numbers]


def test_groups_and_mail_once_each_and_known_ones_alone() -> None:
    memberships = [
        {"contactGroupMembership": {"contactGroupResourceName": "contactGroups/7f"}},
        {"contactGroupMembership": {"contactGroupResourceName": "contactGroups/gone"}},
        {"domainMembership": {"inViewerDomain": True}},
        {"contactGroupMembership": {"contactGroupResourceName": "contactGroups/7f"}},
    ]
    emails = [
        {"value": "a@example.com"},
        {"value": "b@example.com"},
        {"value": "a@example.com"},
        {},
    ]
    contact = read(memberships=memberships, emailAddresses=emails)
    assert (("Team",), ("a@example.com", "b@example.com")) == (contact.groups, contact.emails)


def test_fields_that_we_do_not_know_do_no_harm() -> None:
    assert Contact(id="people/c1", name="Ann") == read(
        names=[{"displayName": "Ann", "newField": {"a": [1]}}], birthdays=[{"date": {"year": 1970}}]
    )

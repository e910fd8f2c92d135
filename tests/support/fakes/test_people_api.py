"""The fake People API refuses what the discovery document forbids.

Otherwise the connector's tests would prove nothing.
"""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.fakes.people_api import CONNECTIONS, DIRECTORY, GROUPS, OTHER, PeopleApi
from tests.support.fakes.people_oauth import CONTACTS
from tests.support.fakes.people_oauth import DIRECTORY as DIRECTORY_SCOPE
from tests.support.fakes.people_oauth import OTHER as OTHER_SCOPE

FIELDS = {"personFields": "names,metadata"}
SOURCES = "DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE"


@pytest.fixture
def api() -> Iterator[PeopleApi]:
    api = PeopleApi()
    api.start()
    for n in range(3):
        api.put(
            CONNECTIONS,
            {
                "resourceName": f"people/c{n}",
                "names": [{"displayName": f"Name {n}"}],
                "phoneNumbers": [{"value": "1"}],
            },
        )
    yield api
    api.stop()


def get(api: PeopleApi, path: str, *scopes: str, **query: str | list[str]) -> httpx.Response:
    token = api.oauth.access_token(*(scopes or (CONTACTS, OTHER_SCOPE, DIRECTORY_SCOPE)))
    return httpx.get(api.url + path, params=query, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    "path, query",
    [
        (CONNECTIONS, {}),
        (CONNECTIONS, FIELDS | {"pageSize": "1001"}),
        (CONNECTIONS, FIELDS | {"pageSize": "0"}),
        (CONNECTIONS, FIELDS | {"readMask": "names"}),
        (CONNECTIONS, FIELDS | {"requestSyncToken": "True"}),
        (CONNECTIONS, FIELDS | {"sources": "CONTACT"}),
        (CONNECTIONS, FIELDS | {"pageToken": "never-seen"}),
        (CONNECTIONS, {"personFields": "names,fileAses"}),
        (CONNECTIONS, {"personFields": ["names", "metadata"]}),
        (OTHER, {}),
        (OTHER, {"readMask": "names,organizations"}),
        (DIRECTORY, {"readMask": "names"}),
        (DIRECTORY, {"sources": SOURCES}),
        (DIRECTORY, {"sources": f"('{SOURCES}',)", "readMask": "names"}),
        (GROUPS, {"groupFields": "formattedName"}),
    ],
)
def test_refused(api: PeopleApi, path: str, query: dict[str, str | list[str]]) -> None:
    assert 400 == get(api, path, **query).status_code


@pytest.mark.parametrize(
    "path, query",
    [
        (CONNECTIONS, FIELDS | {"pageSize": "1000", "alt": "json", "requestSyncToken": "true"}),
        (OTHER, {"readMask": "names,phoneNumbers,emailAddresses,metadata"}),
        (
            DIRECTORY,
            {
                "readMask": "names,organizations",
                "sources": [SOURCES, "DIRECTORY_SOURCE_TYPE_DOMAIN_CONTACT"],
            },
        ),
        (GROUPS, {}),
    ],
)
def test_accepted(api: PeopleApi, path: str, query: dict[str, str | list[str]]) -> None:
    assert 200 == get(api, path, **query).status_code


@pytest.mark.parametrize(
    "path, scope, status",
    [
        (CONNECTIONS, CONTACTS, 400),
        (CONNECTIONS, DIRECTORY_SCOPE, 403),
        (OTHER, CONTACTS, 403),
        (DIRECTORY, CONTACTS, 403),
    ],
)
def test_scopes(api: PeopleApi, path: str, scope: str, status: int) -> None:
    assert status == get(api, path, scope).status_code
    assert 401 == httpx.get(api.url + path).status_code


def test_the_mask_decides_what_is_told(api: PeopleApi) -> None:
    first = get(api, CONNECTIONS, personFields="names").json()["connections"][0]
    assert {
        "resourceName": "people/c0",
        "etag": "%2",
        "names": [{"displayName": "Name 0"}],
    } == first


def test_a_page_token_goes_with_its_parameters(api: PeopleApi) -> None:
    token = get(api, CONNECTIONS, personFields="names", pageSize="2").json()["nextPageToken"]
    assert (
        400
        == get(api, CONNECTIONS, personFields="names", pageSize="3", pageToken=token).status_code
    )
    assert (
        400
        == get(api, CONNECTIONS, personFields="metadata", pageSize="2", pageToken=token).status_code
    )
    assert 1 == len(
        get(api, CONNECTIONS, personFields="names", pageSize="2", pageToken=token).json()[
            "connections"
        ]
    )


def test_a_sync_token_goes_with_its_parameters(api: PeopleApi) -> None:
    whole = get(api, CONNECTIONS, **FIELDS, requestSyncToken="true").json()
    token = whole["nextSyncToken"]
    assert "nextSyncToken" not in get(api, CONNECTIONS, **FIELDS).json()
    assert (
        400
        == get(
            api, CONNECTIONS, **FIELDS, requestSyncToken="true", pageSize="5", syncToken=token
        ).status_code
    )
    assert 400 == get(api, CONNECTIONS, **FIELDS, syncToken=token).status_code
    api.remove(CONNECTIONS, "people/c1")
    changes = get(api, CONNECTIONS, **FIELDS, requestSyncToken="true", syncToken=token).json()
    assert [("people/c1", {"deleted": True})] == [
        (person["resourceName"], person["metadata"]) for person in changes["connections"]
    ]


def test_the_sync_token_comes_with_the_last_page_alone(api: PeopleApi) -> None:
    parameters = {**FIELDS, "requestSyncToken": "true", "pageSize": "2"}
    first = get(api, CONNECTIONS, **parameters).json()
    last = get(api, CONNECTIONS, **parameters, pageToken=first["nextPageToken"]).json()
    assert (False, True) == ("nextSyncToken" in first, "nextSyncToken" in last)


def test_groups_come_thirty_at_a_time_unless_asked_otherwise(api: PeopleApi) -> None:
    for n in range(40):
        api.put_group(f"contactGroups/{n}", f"Group {n}")
    assert 30 == len(get(api, GROUPS).json()["contactGroups"])
    assert 43 == len(get(api, GROUPS, pageSize="1000").json()["contactGroups"])

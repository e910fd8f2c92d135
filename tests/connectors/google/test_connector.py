"""The Google connector: contract, lists, checkpoints, and the requests of a fetch."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.base import Delta, Full
from connectors.contact import Contact
from tests.connectors.contract import (
    MOBILE,
    WORK,
    ConnectorContract,
    applied,
    by_id,
    everything,
    names,
    person,
)
from tests.connectors.google.server import GoogleWorld, google_world, person_json
from tests.support.fakes.people_api import CONNECTIONS, DIRECTORY, GROUPS, OTHER, TOKEN, membership


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with google_world(tmp_path) as world:
        yield world


class TestContract(ConnectorContract):
    """The suite of all connectors, against the account's contacts."""


class TestContractOfEverything(ConnectorContract):
    """Likewise with all three lists: one token each, and one delta for all."""

    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[GoogleWorld]:
        with google_world(tmp_path) as world:
            world.keys |= {"other_contacts": True, "directory": True}
            yield world


def test_the_web_process_loads_nothing_of_googles() -> None:
    script = (
        "import sys, connectors.google.connector,"
        " connectors.registry\nconnectors.registry.load('google').model_validate({'token_file':"
        " 'x.json'})\nheavy = ('google.auth', 'google.oauth2', 'googleapiclient',"
        " 'google_auth_oauthlib', 'httplib2', 'requests', 'oauthlib')\nprint([name for name in"
        " heavy if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "[]" == done.stdout.strip()


def test_what_a_full_read_costs(world: GoogleWorld) -> None:
    world.keys |= {"other_contacts": True, "directory": True}
    world.put(*(person(str(n), WORK) for n in range(2500)))
    result = everything(world.connector())
    assert 2500 == len(result.contacts)
    assert {TOKEN: 1, CONNECTIONS: 3, OTHER: 1, DIRECTORY: 1, GROUPS: 1} == dict(world.api.requests)
    assert 1 == world.api.connections


def test_the_access_token_is_kept_for_the_next_fetch(world: GoogleWorld) -> None:
    world.put(person("1", WORK))
    first = everything(world.connector())
    world.api.requests.clear()
    result = world.connector().fetch(first.checkpoint)
    assert Delta(checkpoint=result.checkpoint) == result
    assert {CONNECTIONS: 1, GROUPS: 1} == dict(world.api.requests)


def test_ten_thousand_people_in_ten_requests(world: GoogleWorld) -> None:
    world.put(*(person(str(n), WORK, MOBILE) for n in range(10_000)))
    seen: list[tuple[int, int | None]] = []
    result = world.connector().fetch(None, lambda done, total: seen.append((done, total)))
    assert isinstance(result, Full)
    assert 10_000 == len(result.contacts)
    assert [(n * 1000, 10_000) for n in range(1, 11)] == seen
    assert {TOKEN: 1, CONNECTIONS: 10, GROUPS: 1} == dict(world.api.requests)
    assert 1 == world.api.connections


def test_other_contacts_and_the_directory_are_read_where_asked_for(world: GoogleWorld) -> None:
    world.put(person("1", WORK))
    noted = person_json(person("2", MOBILE, given="Noted"))
    world.api.put(OTHER, noted | {"resourceName": "otherContacts/c2"})
    colleague = person_json(person("3", WORK, given="Colleague"))
    world.api.put(DIRECTORY, colleague | {"resourceName": "people/c1"})
    assert ["Ann Test1"] == names(everything(world.connector()))
    assert ["Ann Test1", "Noted Test2"] == names(everything(world.connector(other_contacts=True)))
    all_three = everything(world.connector(other_contacts=True, directory=True))
    assert {"people/c1", "otherContacts/c2", "directory/people/c1"} == {
        contact.id for contact in all_three.contacts
    }


def test_deletions_in_every_list(world: GoogleWorld) -> None:
    world.keys |= {"other_contacts": True, "directory": True}
    world.put(person("1", WORK), person("2", WORK))
    world.api.put(OTHER, person_json(person("1", WORK)) | {"resourceName": "otherContacts/c1"})
    world.api.put(DIRECTORY, person_json(person("1", WORK)))
    first = everything(world.connector())
    world.remove("1")
    world.api.remove(OTHER, "otherContacts/c1")
    result = world.connector().fetch(first.checkpoint)
    assert isinstance(result, Delta)
    assert {"people/c1", "otherContacts/c1"} == set(result.removed)
    assert {"people/c2", "directory/people/c1"} == set(applied(by_id(first), result))


def test_a_resource_name_that_changes_leaves_no_double(world: GoogleWorld) -> None:
    world.put(person("1", WORK))
    first = everything(world.connector())
    world.api.rename_person(CONNECTIONS, "people/c1", person_json(person("9", WORK)))
    result = world.connector().fetch(first.checkpoint)
    assert isinstance(result, Full)
    assert {"people/c9"} == set(by_id(result))


def test_a_resource_name_that_somebody_else_has_by_now(world: GoogleWorld) -> None:
    world.put(person("1", WORK))
    world.api.rename_person(CONNECTIONS, "people/c1", person_json(person("9", WORK)))
    world.put(person("1", MOBILE))
    first = everything(world.connector())
    world.put(person("9", MOBILE))
    assert {"people/c1", "people/c9"} == set(
        applied(by_id(first), world.connector().fetch(first.checkpoint))
    )


def test_groups_by_name(world: GoogleWorld) -> None:
    world.api.put_group("contactGroups/7f", "Fußball & Co")
    world.api.put(
        CONNECTIONS,
        person_json(person("1", WORK))
        | {
            "memberships": [
                membership(f"contactGroups/{name}")
                for name in ("7f", "myContacts", "starred", "deleted")
            ]
        },
    )
    (contact,) = everything(world.connector()).contacts
    assert ("Fußball & Co", "myContacts", "starred") == contact.groups


def member(group: str) -> Contact:
    return Contact(id="1", name="Ann", given_name="Ann", numbers=(WORK,), groups=(group,))


@pytest.mark.parametrize("change", ["rename", "delete"])
def test_a_known_group_that_changes_is_read_as_everything(world: GoogleWorld, change: str) -> None:
    world.api.put_group("contactGroups/7f", "Team")
    world.put(member("7f"))
    first = everything(world.connector())
    if change == "rename":
        world.api.put_group("contactGroups/7f", "Crew")
    else:
        world.api.remove_group("contactGroups/7f")
    result = world.connector().fetch(first.checkpoint)
    assert isinstance(result, Full)
    assert [("myContacts", "Crew") if change == "rename" else ("myContacts",)] == [
        contact.groups for contact in result.contacts
    ]


def test_a_new_group_is_read_as_changes(world: GoogleWorld) -> None:
    world.put(person("1", WORK), person("2", WORK))
    first = everything(world.connector())
    world.api.put_group("contactGroups/7f", "Team")
    world.put(member("7f"))
    result = world.connector().fetch(first.checkpoint)
    assert isinstance(result, Delta)
    assert [("people/c1", ("myContacts", "Team"))] == [
        (contact.id, contact.groups) for contact in result.changed
    ]


def test_more_groups_than_a_page_holds(world: GoogleWorld) -> None:
    for n in range(1200):
        world.api.put_group(f"contactGroups/{n}", f"Group {n}")
    world.put(member("1199"))
    (contact,) = everything(world.connector()).contacts
    assert ("myContacts", "Group 1199") == contact.groups
    assert 2 == world.api.requests[GROUPS]


@pytest.mark.parametrize("keys", [{"other_contacts": True}, {"directory": True}])
def test_a_checkpoint_is_bound_to_the_lists(world: GoogleWorld, keys: dict[str, bool]) -> None:
    world.put(person("1", WORK))
    first = everything(world.connector())
    world.api.requests.clear()
    assert isinstance(world.connector(**keys).fetch(first.checkpoint), Full)
    assert 1 == world.api.requests[CONNECTIONS]


def test_a_checkpoint_is_bound_to_the_account(world: GoogleWorld) -> None:
    world.put(person("1", WORK))
    first = everything(world.connector())
    world.sign_in()
    world.api.requests.clear()
    assert isinstance(world.connector().fetch(first.checkpoint), Full)
    assert 1 == world.api.requests[CONNECTIONS]


def test_a_checkpoint_holds_no_name_and_no_secret(world: GoogleWorld) -> None:
    world.api.put_group("contactGroups/7f", "Team")
    refresh_token = world.sign_in()
    world.put(member("7f"))
    checkpoint = everything(world.connector()).checkpoint or ""
    assert 100 < len(checkpoint)
    assert [] == [
        word for word in ("Ann", "Team", WORK.value, refresh_token, "secret") if word in checkpoint
    ]

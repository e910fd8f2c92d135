"""Each way of reading finds the real changes of a directory.

Changes that only seem to be some are tested too.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from connectors.base import Delta, Full
from connectors.contact import Contact
from connectors.ldap.checkpoint import read_checkpoint, write_checkpoint
from connectors.ldap.connector import LdapConnector
from tests.connectors.contract import MOBILE, WORK, applied, by_id, everything, person
from tests.connectors.ldap.server import (
    GROUPS,
    NetscapeWorld,
    SlapdWorld,
    add,
    change,
    configured,
    delete,
    emptied,
    move,
)
from tests.support.servers.slapd import PEOPLE, SUFFIX, Slapd

pytest_plugins = ["tests.connectors.ldap.fixtures"]


@pytest.fixture(params=["auto", "full"])
def sync(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(openldap: Slapd, sync: str) -> Iterator[SlapdWorld]:
    yield from emptied(
        SlapdWorld(openldap, lambda server: configured(server, sync=sync, base_dn=SUFFIX))
    )


def after(world: SlapdWorld, do: Callable[[], None]) -> list[Contact]:
    """Return the contacts after a change, the same by each way of reading.

    The reader has read before the change.
    """
    reader: LdapConnector = world.connector()
    before = everything(reader)
    do()
    result = reader.fetch(before.checkpoint)
    assert isinstance(result, Full if reader.sync == "full" else Delta)
    known = applied(by_id(before), result)
    assert by_id(everything(reader)) == known
    again = reader.fetch(result.checkpoint)
    assert known == applied(known, again)
    return sorted(known.values(), key=lambda contact: contact.name)


def people_are(contacts: list[Contact]) -> list[str]:
    return [contact.name for contact in contacts]


def test_added(world: SlapdWorld) -> None:
    world.put(person("1", WORK))
    assert ["Ann Test1", "Bea Test2"] == people_are(
        after(world, lambda: world.put(person("2", MOBILE, given="Bea")))
    )


def test_changed(world: SlapdWorld) -> None:
    world.put(person("1", WORK), person("2", WORK))
    _, contact = after(
        world, lambda: change(world.server, f"uid=2,{PEOPLE}", telephoneNumber="4711")
    )
    assert ["4711"] == [number.value for number in contact.numbers]


def test_changed_again_within_the_same_second(world: SlapdWorld) -> None:
    world.put(person("1", WORK))
    for number in ("1", "2", "3", "4"):
        (contact,) = after(
            world,
            lambda number=number: change(world.server, f"uid=1,{PEOPLE}", telephoneNumber=number),
        )
        assert [number] == [item.value for item in contact.numbers]


def test_renamed_and_moved_keep_their_id(world: SlapdWorld) -> None:
    world.put(person("1", WORK), person("2", WORK))
    add(world.server, f"ou=away,{SUFFIX}", "organizationalUnit", ou="away")
    ids = sorted(by_id(everything(world.connector())))
    after(world, lambda: move(world.server, f"uid=1,{PEOPLE}", "uid=one"))
    contacts = after(
        world, lambda: move(world.server, f"uid=2,{PEOPLE}", "uid=2", f"ou=away,{SUFFIX}")
    )
    assert ids == sorted(contact.id for contact in contacts)


def test_deleted(world: SlapdWorld) -> None:
    world.put(person("1", WORK), person("2", WORK))
    assert ["Ann Test2"] == people_are(after(world, lambda: world.remove("1")))


def test_deleted_and_made_again_is_another(world: SlapdWorld) -> None:
    world.put(person("1", WORK))
    (before,) = everything(world.connector()).contacts

    def again() -> None:
        world.remove("1")
        world.put(person("1", WORK))

    (contact,) = after(world, again)
    assert before.name == contact.name
    assert before.id != contact.id


def test_everybody_deleted(world: SlapdWorld) -> None:
    """The connector says so; whether it is believed is the refresher's business."""
    world.put(person("1", WORK))
    assert [] == after(world, lambda: world.remove("1"))


def test_many_changes_at_once(world: SlapdWorld) -> None:
    world.put(*(person(str(number), WORK) for number in range(30)))
    reader = world.connector()
    before = everything(reader)
    world.put(*(person(str(number), MOBILE, given="Bea") for number in range(30)))
    result = reader.fetch(before.checkpoint)
    assert isinstance(result, Full)
    assert {"Bea"} == {contact.given_name for contact in result.contacts}


def test_many_changes_in_one_second_are_read_again_once(openldap: Slapd) -> None:
    """A server shows changes to the second only.

    After many changes, one more complete fetch follows, and no further one.
    """
    for world in emptied(NetscapeWorld(openldap, lambda server: configured(server, preset="389"))):
        world.put(*(person(str(number), WORK) for number in range(30)))
        first = everything(world.connector())
        question = world.connector()._plan.question
        memory = read_checkpoint(first.checkpoint, question)
        assert memory is not None
        assert len(memory.unsettled) > 0
        everybody = frozenset(memory.states)
        second = world.connector().fetch(
            write_checkpoint(replace(memory, unsettled=everybody, read_at=memory.read_at - 3))
        )
        assert isinstance(second, Full)
        settled = read_checkpoint(second.checkpoint, question)
        assert settled is not None
        assert frozenset() == settled.unsettled
        assert Delta(checkpoint=second.checkpoint) == world.connector().fetch(second.checkpoint)


@pytest.mark.parametrize("sync", ["auto"])
class TestOnlyWhatChanged:
    def test_a_change_that_a_phone_never_sees_is_no_change(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        first = everything(world.connector())
        change(world.server, f"uid=1,{PEOPLE}", description="seen by nobody")
        result = world.connector().fetch(first.checkpoint)
        assert isinstance(result, Delta)
        assert ((), (), None) == (result.changed, result.removed, result.skipped)
        assert first.checkpoint != result.checkpoint

    def test_nothing_new_keeps_the_checkpoint(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        first = everything(world.connector())
        assert Delta(checkpoint=first.checkpoint) == world.connector().fetch(first.checkpoint)

    def test_another_configuration_reads_everything(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        first = everything(world.connector())
        for keys in (
            {"filter": "(sn=*)"},
            {"attributes": {"work": "mobile"}},
            {"base_dn": PEOPLE},
            {"groups_from": "ou"},
        ):
            assert isinstance(
                configured(world.server, **{"base_dn": SUFFIX, **keys}).fetch(first.checkpoint),
                Full,
            )

    def test_left_and_returned_to_the_filter(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK), person("2", WORK))
        reader = configured(world.server, filter="(telephoneNumber=*)")
        first = everything(reader)
        change(world.server, f"uid=1,{PEOPLE}", telephoneNumber=[])
        gone = reader.fetch(first.checkpoint)
        assert isinstance(gone, Delta)
        assert 1 == len(gone.removed)
        change(world.server, f"uid=1,{PEOPLE}", telephoneNumber="1")
        back = reader.fetch(gone.checkpoint)
        assert isinstance(back, Delta)
        assert gone.removed == tuple(contact.id for contact in back.changed)

    def test_moved_out_of_the_base_is_gone(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK), person("2", WORK))
        reader = configured(world.server, base_dn=PEOPLE)
        first = everything(reader)
        move(world.server, f"uid=1,{PEOPLE}", "uid=1", SUFFIX)
        result = reader.fetch(first.checkpoint)
        assert isinstance(result, Delta)
        assert 1 == len(result.removed)

    def test_groups_come_and_go_though_members_do_not_change(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK), person("2", WORK))
        first = everything(world.connector())
        assert [(), ()] == [contact.groups for contact in first.contacts]
        sales = f"cn=Sales\\, EMEA,{GROUPS}"
        add(world.server, sales, "groupOfNames", cn="Sales, EMEA", member=f"uid=1,{PEOPLE}")
        joined = world.connector().fetch(first.checkpoint)
        assert isinstance(joined, Delta)
        assert [("Ann Test1", ("Sales, EMEA",))] == [
            (contact.name, contact.groups) for contact in joined.changed
        ]
        delete(world.server, sales)
        left = world.connector().fetch(joined.checkpoint)
        assert isinstance(left, Delta)
        assert [("Ann Test1", ())] == [(contact.name, contact.groups) for contact in left.changed]

    def test_a_renamed_unit_changes_the_groups_of_all_in_it(self, world: SlapdWorld) -> None:
        unit = f"ou=Sales,{PEOPLE}"
        add(world.server, unit, "organizationalUnit", ou="Sales")
        add(world.server, f"uid=1,{unit}", cn="Ann", sn="Smith", mobile="1")
        reader = configured(world.server, groups_from="ou")
        first = everything(reader)
        assert [("Sales", "people")] == [contact.groups for contact in first.contacts]
        move(world.server, unit, "ou=Marketing")
        result = reader.fetch(first.checkpoint)
        assert isinstance(result, Delta)
        assert [("Marketing", "people")] == [contact.groups for contact in result.changed]

    def test_what_could_not_be_read_is_told_when_it_changes(self, world: SlapdWorld) -> None:
        reader = configured(
            world.server, attributes={"name": "description", "family_name": [], "given_name": []}
        )
        world.put(person("1"), person("2", WORK))
        first = everything(reader)
        assert ["no name and no number"] == [item.reason for item in first.skipped]
        assert 1 == len(first.contacts)
        change(world.server, f"uid=2,{PEOPLE}", telephoneNumber=[])
        both = reader.fetch(first.checkpoint)
        assert isinstance(both, Delta)
        assert both.skipped is not None
        assert 2 == len(both.skipped)
        assert (first.contacts[0].id,) == both.removed
        change(world.server, f"uid=1,{PEOPLE}", telephoneNumber="1")
        one = reader.fetch(both.checkpoint)
        assert isinstance(one, Delta)
        assert one.skipped is not None
        assert [f"entry {first.contacts[0].id}"] == [item.where for item in one.skipped]
        assert 1 == len(one.changed)

"""The contract of `connectors.base`, as tests that every connector runs.

A connector's test module inherits `ConnectorContract` and provides the fixture `world`:
a running real source (a folder, a server on loopback) that can be changed and be
pointed at. The suite itself knows no protocol.
"""

from abc import ABC, abstractmethod

import msgspec
import pytest

from connectors.base import Connector, Delta, Full, SourceError, SourceRefused, SourceUnavailable
from connectors.contact import Contact, NumberKind, PhoneNumber


def person(key: str, *numbers: PhoneNumber, given: str = "Ann", family: str = "") -> Contact:
    """A contact to put into a world.

    `key` is the world's name for it, not the id that the connector will make.
    """
    family = family or f"Test{key}"
    return Contact(
        id=key, name=f"{given} {family}", given_name=given, family_name=family, numbers=numbers
    )


class World(ABC):
    """A real source that a test can fill, change and break."""

    @abstractmethod
    def connector(self) -> Connector:
        """Return a new connector, configured for this source as it stands."""

    @abstractmethod
    def put(self, *people: Contact) -> None:
        """Add people, or change those with the same id (the world's key)."""

    @abstractmethod
    def remove(self, *keys: str) -> None:
        """Delete people by the key they were put under."""

    @abstractmethod
    def break_down(self) -> None:
        """Make the source unreachable until `repair`.

        The server is stopped, or the file is missing.
        """

    @abstractmethod
    def repair(self) -> None:
        """Undo `break_down`; the people are as before."""


WORK = PhoneNumber("+49 (0)89 555-0109", NumberKind.WORK)
MOBILE = PhoneNumber("0172 5550116", NumberKind.MOBILE)
MOBILE_2 = PhoneNumber("0172 5550117", NumberKind.MOBILE)


def everything(connector: Connector) -> Full:
    """Fetch from nothing; must be a Full."""
    result = connector.fetch(None)
    assert isinstance(result, Full)
    return result


def applied(known: dict[str, Contact], result: Full | Delta) -> dict[str, Contact]:
    """What a reader holds after a fetch, given what it held before."""
    if isinstance(result, Full):
        return {contact.id: contact for contact in result.contacts}
    after = {key: contact for key, contact in known.items() if key not in result.removed}
    return after | {contact.id: contact for contact in result.changed}


def by_id(result: Full) -> dict[str, Contact]:
    return {contact.id: contact for contact in result.contacts}


def names(result: Full) -> list[str]:
    return sorted(contact.name for contact in result.contacts)


class ConnectorContract:
    """Inherit, and provide a fixture `world` that yields an empty World."""

    def test_building_one_does_no_io(self, world: World) -> None:
        world.break_down()
        assert world.connector() is not None

    def test_it_is_immutable_and_refuses_unknown_keys(self, world: World) -> None:
        connector = world.connector()
        data = connector.model_dump()
        with pytest.raises(ValueError):
            type(connector).model_validate(data | {"no_such_key": 1})
        with pytest.raises(ValueError):
            connector.timeout = 1.0

    def test_everything_arrives_as_written(self, world: World) -> None:
        world.put(
            person("1", WORK, MOBILE), person("2", MOBILE, given="Zoë", family="Müller & <Søn>")
        )
        result = everything(world.connector())
        assert ["Ann Test1", "Zoë Müller & <Søn>"] == names(result)
        first = next(contact for contact in result.contacts if contact.name == "Ann Test1")
        assert {WORK.value, MOBILE.value} == {number.value for number in first.numbers}

    def test_two_numbers_of_one_kind_are_both_kept_in_order(self, world: World) -> None:
        world.put(person("1", MOBILE, MOBILE_2))
        (contact,) = everything(world.connector()).contacts
        assert [MOBILE.value, MOBILE_2.value] == [number.value for number in contact.numbers]

    def test_ids_are_unique_and_stable(self, world: World) -> None:
        world.put(person("1", WORK), person("2", WORK), person("3", MOBILE))
        first = everything(world.connector())
        assert 3 == len(by_id(first))
        world.put(person("4", MOBILE))
        assert by_id(first).items() <= by_id(everything(world.connector())).items()

    def test_unchanged_is_an_empty_delta_or_the_same_full(self, world: World) -> None:
        world.put(person("1", WORK), person("2", WORK))
        first = everything(world.connector())
        again = world.connector().fetch(first.checkpoint)
        assert by_id(first) == applied(by_id(first), again)
        if isinstance(again, Delta):
            assert ((), ()) == (again.changed, again.removed)

    def test_a_change_since_a_checkpoint_equals_a_full_fetch(self, world: World) -> None:
        world.put(*(person(str(n), WORK) for n in range(5)))
        first = everything(world.connector())
        world.put(person("1", MOBILE, given="Bea"), person("9", WORK))
        world.remove("3")
        later = world.connector().fetch(first.checkpoint)
        assert by_id(everything(world.connector())) == applied(by_id(first), later)
        assert ["Ann Test0", "Ann Test2", "Ann Test4", "Ann Test9", "Bea Test1"] == sorted(
            contact.name for contact in applied(by_id(first), later).values()
        )

    @pytest.mark.parametrize("since", ["", "nonsense", "0", "{}", "\x00", "x" * 10_000])
    def test_an_unknown_checkpoint_gives_everything(self, world: World, since: str) -> None:
        world.put(person("1", WORK))
        result = world.connector().fetch(since)
        assert isinstance(result, Full)
        assert ["Ann Test1"] == names(result)

    def test_unreachable_is_an_error_never_a_list(self, world: World) -> None:
        world.put(person("1", WORK))
        first = everything(world.connector())
        world.break_down()
        for since in (None, first.checkpoint):
            with pytest.raises(SourceError) as caught:
                world.connector().fetch(since)
            assert isinstance(caught.value, SourceUnavailable | SourceRefused)
            assert "Ann" not in str(caught.value) and WORK.value not in str(caught.value)
            assert len(str(caught.value)) > 20
        world.repair()
        assert by_id(first) == by_id(everything(world.connector()))

    def test_progress_is_told_and_ends_at_the_number_read(self, world: World) -> None:
        world.put(*(person(str(n), WORK) for n in range(7)))
        seen: list[tuple[int, int | None]] = []
        world.connector().fetch(None, lambda done, total: seen.append((done, total)))
        assert seen and 7 == seen[-1][0]
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)

    def test_a_progress_that_refuses_ends_the_reading(self, world: World) -> None:
        world.put(*(person(str(n), WORK) for n in range(7)))
        enough = SourceRefused("that is enough")

        def refuse(done: int, total: int | None) -> None:
            raise enough

        with pytest.raises(SourceRefused) as caught:
            world.connector().fetch(None, refuse)
        assert enough is caught.value
        assert 7 == len(everything(world.connector()).contacts)

    def test_places_are_those_of_all_contacts_or_none(self, world: World) -> None:
        world.put(
            person("1", WORK), person("2", WORK), person("3", MOBILE, given="Ann", family="Test1")
        )
        found = world.connector().locations()
        assert found.keys() in (set(), by_id(everything(world.connector())).keys())
        assert len(found) == len(set(found.values()))
        assert not any("Ann" in where for where in found.values())
        # A complete result tells the same.
        full = everything(world.connector())
        ids = [contact.id for contact in full.contacts]
        assert found == dict(zip(ids, full.places, strict=False))

    def test_contacts_survive_the_store(self, world: World) -> None:
        world.put(person("1", WORK, MOBILE))
        for contact in everything(world.connector()).contacts:
            assert contact == msgspec.msgpack.decode(msgspec.msgpack.encode(contact), type=Contact)

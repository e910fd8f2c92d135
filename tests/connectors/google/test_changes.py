"""After any change of an account, deltas give the same contacts as a full fetch."""

import tempfile
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connectors.base import Delta
from connectors.contact import Contact
from tests.connectors.contract import MOBILE, WORK, applied, by_id, everything
from tests.connectors.google.server import GoogleWorld, google_world, person_json
from tests.support.fakes.people_api import CONNECTIONS, DIRECTORY, OTHER

KEYS = st.sampled_from("1234")
GROUPS = st.sampled_from(["a", "b", "c"])
LISTS = st.sampled_from([CONNECTIONS, OTHER, DIRECTORY])
STEPS = st.one_of(
    st.tuples(st.just("put"), LISTS, KEYS, st.sampled_from(["Bea", "Zoë"]), st.sets(GROUPS)),
    st.tuples(st.just("remove"), LISTS, KEYS),
    st.tuples(st.just("link"), KEYS, KEYS),
    st.tuples(st.just("name group"), GROUPS, st.sampled_from(["Team", "Crew", "Ärzte"])),
    st.tuples(st.just("remove group"), GROUPS),
    st.just(("fetch",)),
)


class Account:
    """What a test does to the fake, and which of it makes sense now.

    There are people and groups from the start.
    """

    def __init__(self, world: GoogleWorld) -> None:
        self.world = world
        self.people: dict[str, set[str]] = {CONNECTIONS: set(), OTHER: set(), DIRECTORY: set()}
        self.groups: set[str] = set()
        self.gone: set[str] = set()
        self.do(("name group", "a", "Team"))
        for path in self.people:
            for key in "123":
                self.do(("put", path, key, "Ann", {"a"}))

    def do(self, step: tuple[object, ...]) -> None:
        match step:
            case ("put", str(path), str(key), str(given), set(groups)):
                person = self.person(key, given, tuple(sorted(groups & self.groups)))
                self.world.api.put(path, person | {"resourceName": resource_name(path, key)})
                self.people[path].add(key)
            case ("remove", str(path), str(key)) if key in self.people[path]:
                self.world.api.remove(path, resource_name(path, key))
                self.people[path].remove(key)
            case ("link", str(old), str(new)) if (
                old in self.people[CONNECTIONS] and new not in self.people[CONNECTIONS]
            ):
                self.world.api.rename_person(
                    CONNECTIONS, f"people/c{old}", self.person(new, "Linked", ())
                )
                self.people[CONNECTIONS] ^= {old, new}
            case (
                "name group",
                str(name),
                str(title),
            ) if name not in self.gone:  # the server assigns names, and none twice
                self.world.api.put_group(f"contactGroups/{name}", title)
                self.groups.add(name)
            case ("remove group", str(name)) if name in self.groups:
                self.world.api.remove_group(f"contactGroups/{name}")
                self.groups.remove(name)
                self.gone.add(name)

    def person(self, key: str, given: str, groups: tuple[str, ...]) -> dict[str, object]:
        return person_json(
            Contact(
                id=key,
                name=f"{given} {key}",
                given_name=given,
                numbers=(WORK, MOBILE),
                groups=groups,
            )
        )


def resource_name(path: str, key: str) -> str:
    return f"{'otherContacts' if path == OTHER else 'people'}/c{key}"


# Without shrinking: each example is a dozen real requests, and the steps are few.
@settings(max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(STEPS, max_size=12))
def test_full_then_deltas_equal_full(steps: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder, google_world(Path(folder)) as world:
        world.keys |= {"other_contacts": True, "directory": True}
        account = Account(world)
        first = everything(world.connector())
        held, since = by_id(first), first.checkpoint
        for step in [*steps, ("fetch",)]:
            account.do(step)
            if step == ("fetch",):
                result = world.connector().fetch(since)
                if isinstance(result, Delta):
                    assert set() == set(result.removed) & {contact.id for contact in result.changed}
                held, since = applied(held, result), result.checkpoint
                assert by_id(everything(world.connector())) == held

"""A complete result writes only what differs, and the steps of a source are known."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.state import steps
from app.state.changes import Change, compare
from app.state.source_records import SourceRecord, read_record
from app.state.store import FILE, Store
from app.state.store_snapshot import StoreSnapshot
from connectors.base import Delta, Full
from connectors.contact import Contact, PhoneNumber
from tests.support.offline_gateway import stored


def person(key: int, number: int = 0) -> Contact:
    numbers = (PhoneNumber(f"{1000 + number}"),) if number else ()
    return Contact(id=f"{key:02d}", name=f"Person {key}", numbers=numbers)


def take(store: Store, result: Full | Delta) -> Change:
    record = store.record("staff")
    change = store.compare(record, result)
    updated = SourceRecord(
        "staff", digest=change.digest, contacts=change.after, last_success=1.0, last_full=1.0
    )
    store.apply(updated, change.delta)
    return change


def changed_since(folder: Path, digest: str) -> set[str] | None:
    with StoreSnapshot(folder) as view:
        return view.changed_since("staff", digest)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    store.open("now")
    return store


def test_the_steps_hold_every_id_that_changed(tmp_path: Path, store: Store) -> None:
    digests = [take(store, Full(tuple(person(key, 1) for key in range(9)))).digest]
    digests.append(take(store, Full(tuple(person(key, 1) for key in range(1, 10)))).digest)
    digests.append(take(store, Delta((person(4, 7), person(5, 1)), ("06", "77"))).digest)
    assert set() == changed_since(tmp_path, digests[2])
    assert {"04", "06"} <= (changed_since(tmp_path, digests[1]) or set())
    assert {"00", "09", "04", "06"} <= (changed_since(tmp_path, digests[0]) or set())
    assert None is changed_since(tmp_path, "another")
    store.forget_all_but(())
    take(store, Full((person(1, 1),)))
    assert None is changed_since(tmp_path, digests[0])


def test_a_contact_that_is_the_same_is_not_written(tmp_path: Path, store: Store) -> None:
    take(store, Full(tuple(person(key, 1) for key in range(9))))
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as file:
        file.execute(
            "CREATE TRIGGER no BEFORE INSERT ON contact WHEN new.id != '03'"
            " BEGIN SELECT RAISE(ABORT, 'written'); END"
        )
    change = take(store, Full(tuple(person(key, 1 + (key == 3)) for key in range(1, 9))))
    assert (("03",), ("00",)) == (
        tuple(contact.id for contact in change.delta.changed),
        change.delta.removed,
    )
    assert (9, 8, 1, 0) == (change.before, change.after, change.lost, change.silent)


def test_old_steps_are_deleted_and_a_large_one_is_not_kept(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "MAX_STEPS", 3)
    digests = [take(store, Full((person(1, number),))).digest for number in range(1, 7)]
    assert {"01"} == changed_since(tmp_path, digests[2])
    assert None is changed_since(tmp_path, digests[1])
    monkeypatch.setattr(steps, "MAX_IDS", 2)
    take(store, Full((person(1, 9), person(2), person(3))))
    assert None is changed_since(tmp_path, digests[5])


def test_a_program_that_knows_no_steps_breaks_the_chain(tmp_path: Path, store: Store) -> None:
    first = take(store, Full((person(1, 1),))).digest
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as file:
        file.execute("UPDATE source SET digest = 'ab'")
    take(store, Full((person(1, 2),)))
    assert None is changed_since(tmp_path, first)
    assert {"01"} == changed_since(tmp_path, "ab")


PEOPLE = st.dictionaries(st.integers(0, 6), st.integers(0, 2), max_size=7).map(
    lambda found: tuple(person(*item) for item in found.items())
)


@settings(max_examples=60, deadline=None)
@given(before=PEOPLE, after=PEOPLE)
def test_a_full_result_and_its_delta_are_one(
    before: tuple[Contact, ...],
    after: tuple[Contact, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("store")
    store = Store(folder)
    store.open("now")
    take(store, Full(before))
    change = take(store, Full(after))
    assert tuple(sorted(after, key=lambda contact: contact.id)) == stored(folder, "staff")
    with closing(sqlite3.connect(folder / FILE)) as file:
        # The digest is that of the contacts, whatever was stored before them.
        from_nothing = compare(file, SourceRecord("other"), Full(after)).digest
        assert from_nothing == change.digest == read_record(file, "staff").digest
    assert change.altered == (set(before) != set(after))
    assert len(after) == change.after
    numbers = {contact.id: contact.numbers for contact in after}
    lost = [one for one in before if one.id not in numbers or (one.numbers and not numbers[one.id])]
    assert len(lost) == change.lost
    had_number = any(contact.numbers for contact in lost)
    assert change.empty == (not after or (had_number and not any(numbers.values())))

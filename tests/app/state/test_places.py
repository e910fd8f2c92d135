"""Where a contact stands in its source, as the last complete reading found it."""

from pathlib import Path

from app.state.source_records import SourceRecord
from app.state.store import Store
from connectors.base import Full
from connectors.contact import Contact

CONTACTS = (Contact(id="a"), Contact(id="b"))


def opened(folder: Path) -> Store:
    store = Store(folder)
    store.open("aside")
    return store


def test_a_place_is_that_of_the_last_reading(tmp_path: Path) -> None:
    store = opened(tmp_path)
    assert "" == store.place("staff", "a")
    store.save_places("staff", Full(CONTACTS, places=("f.csv line 2", "f.csv line 3")))
    store.save_places("other", Full(CONTACTS, places=("o.csv line 2", "o.csv line 3")))
    assert ["f.csv line 2", "o.csv line 3"] == [
        store.place("staff", "a"),
        store.place("other", "b"),
    ]
    store.save_places("staff", Full(CONTACTS[1:], places=("f.csv line 2",)))
    assert ["", "f.csv line 2"] == [store.place("staff", key) for key in "ab"]
    store.save_places("staff", Full(CONTACTS))
    assert "" == store.place("staff", "b")


def test_the_places_of_a_source_go_with_it(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.save_record(SourceRecord("staff"))
    store.save_places("staff", Full(CONTACTS, places=("f.csv line 2", "f.csv line 3")))
    store.forget_all_but([])
    assert "" == store.place("staff", "a")

"""The store at one moment: read twice, it says the same twice."""

from pathlib import Path

import pytest

from app.state.source_records import SourceRecord
from app.state.store import Store, StoreError
from app.state.store_snapshot import StoreSnapshot
from connectors.base import Delta, Full
from connectors.contact import Contact


def stored(folder: Path, *contacts: Contact) -> Store:
    store = Store(folder)
    assert "" == store.open("now")
    store.apply(
        SourceRecord("one", "as then", contacts=len(contacts), last_success=1.0),
        Full(contacts, None),
    )
    return store


def test_it_gives_contacts_by_id_and_one_by_one(tmp_path: Path) -> None:
    ann, bob = Contact(id="2", name="Ann"), Contact(id="1", name="Bob")
    stored(tmp_path, ann, bob)
    with StoreSnapshot(tmp_path) as view:
        assert [bob, ann] == list(view.contacts("one"))
        assert (ann, None, None) == (
            view.contact("one", "2"),
            view.contact("one", "3"),
            view.contact("two", "2"),
        )
        assert ("as then", None) == (view.fingerprint("one"), view.fingerprint("two"))


def test_what_is_saved_meanwhile_is_not_seen(tmp_path: Path) -> None:
    ann, bob = Contact(id="1", name="Ann"), Contact(id="2", name="Bob")
    store = stored(tmp_path, ann, bob)
    with StoreSnapshot(tmp_path) as view:
        assert [ann, bob] == list(view.contacts("one"))
        store.apply(SourceRecord("one", contacts=1, last_success=2.0), Delta((), ("1",), None))
        assert [ann, bob] == list(view.contacts("one"))
        assert ann == view.contact("one", "1")
    with StoreSnapshot(tmp_path) as view:
        assert [bob] == list(view.contacts("one"))


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"), StoreSnapshot(tmp_path):
        pass
    assert [] == list(tmp_path.iterdir())


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    stored(tmp_path, Contact(id="1", name="Ann"))
    (tmp_path / "sources.sqlite").write_bytes(b"no database " * 1000)
    with pytest.raises(StoreError, match="cannot be read"), StoreSnapshot(tmp_path) as view:
        list(view.contacts("one"))

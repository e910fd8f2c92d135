"""Tests of store files: an older one is migrated, a newer one is left alone."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs

from app.refresh.brake import describe_held
from app.refresh.refresher import Refresher
from app.settings.loader import parse
from app.state import store_schema
from app.state.source_records import SourceRecord
from app.state.store import Store, StoreError
from app.state.store_snapshot import StoreSnapshot
from connectors.base import Full, Skipped
from tests.support import contacts
from tests.support.offline_gateway import stored
from tests.support.servers.gateway import Gateway, eventually, run
from tests.support.servers.steered import crowd

FIRST = """
CREATE TABLE source (
  name TEXT PRIMARY KEY, fingerprint TEXT, checkpoint TEXT, digest TEXT, contacts INTEGER,
  skipped BLOB, last_success REAL, last_full REAL, held TEXT, held_since REAL, accepted INTEGER
);
CREATE TABLE contact (source TEXT, id TEXT, data BLOB, PRIMARY KEY (source, id)) WITHOUT ROWID;
PRAGMA user_version = 1;
"""
SKIPPED = (Skipped("no name", "line 2"),)


def first_form(folder: Path, *held: tuple[str, str, float | None]) -> None:
    """Write a store as the first version did.

    Each of the sources `held` (name, digest of the held result, since when) has ten
    contacts.
    """
    with closing(sqlite3.connect(folder / "sources.sqlite", isolation_level=None)) as file:
        file.executescript(FIRST)
        for name, digest, since in held:
            rows = [(name, person.id, msgspec.msgpack.encode(person)) for person in crowd(10)]
            file.executemany("INSERT INTO contact VALUES (?, ?, ?)", rows)
            known = ("print", "point", "0" * 32, 10, msgspec.msgpack.encode(SKIPPED), 100.0, 50.0)
            file.execute(
                "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                (name, *known, digest, since),
            )
        # A source that never answered but with nothing at all.
        nothing = msgspec.msgpack.encode(())
        file.execute(
            "INSERT INTO source VALUES ('new', '', NULL, '', 0, ?, NULL, NULL, 'd', 70.0, 0)",
            (nothing,),
        )


def test_a_store_of_the_first_form_keeps_its_contacts_and_what_is_held(tmp_path: Path) -> None:
    first_form(tmp_path, ("staff", "", None), ("shop", "abc", 60.0))
    store = Store(tmp_path)
    assert store.held("shop") is None, "looked at by a command before a builder has opened it"
    assert crowd(10) == stored(tmp_path, "staff")
    for notices in (
        ["sources.sqlite was written by an earlier version of this program (form 1;"],
        [],
    ):
        with capture_logs() as lines:
            assert "" == store.open("now")
        assert notices == [line["notice"].partition(" this version")[0] for line in lines]
        for name in ("staff", "shop"):
            assert crowd(10) == stored(tmp_path, name)
            assert SourceRecord(
                name, "print", "point", "0" * 32, 10, SKIPPED, 100.0, 50.0
            ) == store.record(name)
    assert [path.name for path in tmp_path.iterdir() if "damaged" in path.name] == []
    shop, new = store.held("shop"), store.held("new")
    assert (None, 60.0, 70.0) == (
        store.held("staff"),
        shop.since if shop else 0,
        new.since if new else 0,
    )
    assert SourceRecord("new") == store.record("new")


def test_what_an_earlier_version_held_is_held_on_with_names(tmp_path: Path) -> None:
    first_form(tmp_path, ("staff", "abc", 60.0))
    store = Store(tmp_path)
    store.open("now")
    data = {
        "state_dir": str(tmp_path),
        "sources": {"staff": {"connector": "csv", "path": "staff.csv"}},
    }
    (source,) = parse(data, tmp_path / "gateway.toml").sources
    refresher = Refresher(source, store)
    assert ("held", 60.0) == (refresher.status.state, refresher.status.held_since)
    assert not refresher.handle_result(Full(crowd(4)))
    held = store.held("staff")
    assert held is not None and refresher.status.error == describe_held(source, held)
    assert tuple(person.name for person in crowd(6, first=4)) == store.going("staff")
    assert store.accept("staff", held.digest) and refresher.handle_result(Full(crowd(4)))


def test_a_change_of_form_is_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_form(tmp_path, ("staff", "abc", 60.0))

    def no_space() -> str:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(store_schema, "_program", no_space)
        with pytest.raises(StoreError, match="has space left"):
            Store(tmp_path).open("now")
    with closing(sqlite3.connect(tmp_path / "sources.sqlite")) as file:
        assert (1,) == file.execute("PRAGMA user_version").fetchone()
        assert (60.0,) == file.execute(
            "SELECT held_since FROM source WHERE name = 'staff'"
        ).fetchone()
    assert "" == Store(tmp_path).open("now")
    assert crowd(10) == stored(tmp_path, "staff")


def test_a_file_of_another_user_is_told_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after root has put back a copy. Tests may run as root, whom no file refuses."""

    def refuse(path: object, *_: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", refuse)
        with pytest.raises(StoreError) as caught:
            Store(tmp_path).open("now")
    file = tmp_path / "sources.sqlite"
    assert str(caught.value).endswith(f"owner of its folder: chown --reference={tmp_path} {file}.")
    assert "" == Store(tmp_path).open("now")


def newer(path: Path, writer: str | None) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        if writer is None:
            file.execute("DROP TABLE meta")
        else:
            file.execute("UPDATE meta SET value = ?", (writer,))
        file.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    "writer, words",
    [
        ("directory-gateway 7.1", "(directory-gateway 7.1, store format 99;"),
        (None, "(store format 99;"),
    ],
)
@pytest.mark.parametrize("distrust", [False, True])
def test_a_store_of_a_newer_form_is_told_and_left_alone(
    tmp_path: Path, writer: str | None, words: str, distrust: bool
) -> None:
    store = Store(tmp_path)
    store.open("now")
    store.apply(SourceRecord("staff", contacts=3), Full(crowd(3)))
    newer(tmp_path / "sources.sqlite", writer)
    before = (tmp_path / "sources.sqlite").read_bytes()
    again = Store(tmp_path)
    with pytest.raises(StoreError) as caught:
        again.open("now", distrust=distrust)
    assert (
        f"sources.sqlite was written by a newer version of this program {words} this version"
        " knows 2)." in str(caught.value)
    )
    assert "damage" not in str(caught.value) and not again.damaged
    assert before == (tmp_path / "sources.sqlite").read_bytes()
    assert [] == list(tmp_path.glob("*.damaged-*"))
    with pytest.raises(StoreError, match="newer version"), StoreSnapshot(tmp_path):
        pass
    with pytest.raises(StoreError, match="newer version"):
        again.held("staff")


def test_phones_are_served_beside_a_store_of_a_newer_form(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(12)))
    with Gateway(tmp_path, contacts.CONFIG) as gateway:
        eventually(lambda: "12 of 12" in gateway.text("/staff.xml"), "twelve people")
    store = tmp_path / "state" / "sources.sqlite"
    newer(store, "directory-gateway 7.1")
    with gateway:
        problem = eventually(lambda: gateway.status()["problem"], "a problem")
        assert (
            "written by a newer version of this program (directory-gateway 7.1, store format 99"
            in problem
        )
        assert "12 of 12" in gateway.text("/staff.xml")
        assert "store_set_aside" not in gateway.logged()
        accepted = run("accept", "staff", cwd=tmp_path)
        assert (1, True) == (accepted.returncode, "newer version" in accepted.stderr)
        # Moved away, as the sentence says: everything is read anew, and the phones see no gap.
        store.rename(tmp_path / "kept.sqlite")
        eventually(lambda: gateway.status()["problem"] == "", "no problem any more")
        assert "12 of 12" in gateway.text("/staff.xml")
    newer(store, "directory-gateway 7.1")
    once = run("build", "--once", cwd=tmp_path)
    assert (1, True) == (once.returncode, "newer version of this program" in once.stderr)

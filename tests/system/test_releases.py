"""The state directory of the last release is opened by this program, and the reverse.

`tests/support/release_0_2/state` was written by the code of release 0.2.0. The sources
are gone in these tests, so nothing can come from them.
"""

import shutil
import time
from pathlib import Path

import msgspec
import pytest

from app.state import store_schema
from app.state.status import STATUS_FILE
from tests.support.release_0_2 import store as old
from tests.support.release_0_2.config import CONFIG, SHOP, STAFF, STATE
from tests.support.servers.gateway import Gateway, eventually, run

EVERYBODY = {name for name, _ in (*STAFF, *SHOP)}


@pytest.fixture
def upgraded(tmp_path: Path) -> Gateway:
    """Return a gateway of this program, not started, on the state of the release."""
    shutil.copytree(STATE, tmp_path / "state")
    (tmp_path / "state").chmod(0o700)
    for path in (tmp_path / "state").iterdir():
        path.chmod(0o600)
    return Gateway(tmp_path, CONFIG)


def listed(gateway: Gateway) -> set[str]:
    """Return the people whom phones get."""
    pages = gateway.text("/staff.xml") + gateway.text("/shop.xml")
    return {name for name in EVERYBODY if f"<Name>{name}<" in pages}


def notices(gateway: Gateway) -> list[str]:
    """Return what the log says about other versions."""
    lines = gateway.logged().splitlines()
    return [line.partition("notice=")[2] for line in lines if "event=other_version" in line]


def test_the_state_of_the_last_release_is_served_without_its_sources(upgraded: Gateway) -> None:
    store = upgraded.folder / "state" / "sources.sqlite"
    before = [old.read_source(store, name) for name in ("staff", "shop")]
    held = old.read_held(store, "shop")
    with upgraded as gateway:
        assert EVERYBODY == listed(gateway)
        eventually(lambda: gateway.status()["sources"]["shop"]["state"] == "failing", "no file")
        assert gateway.status()["sources"]["shop"]["held_since"]
        going = run("accept", "shop", "--dry-run", cwd=gateway.folder).stdout
        assert {name for name, _ in SHOP[1:]} == {name for name, _ in SHOP if name in going}
        assert EVERYBODY == listed(gateway)
        assert 1 == len(notices(gateway))
        assert (
            "earlier version of this program (form 3; this version reads 6)" in notices(gateway)[0]
        )
        assert "set_aside" not in gateway.logged() and "damaged" not in gateway.logged()
    # And back: what the release would read is what it wrote.
    assert old.FORM == old.form_of(store)
    assert before == [old.read_source(store, name) for name in ("staff", "shop")]
    assert held == old.read_held(store, "shop")
    people = [*old.read_contacts(store, "staff"), *old.read_contacts(store, "shop")]
    assert {(person.name, person.numbers[0].value) for person in people} == {*STAFF, *SHOP}


def test_what_the_release_stored_after_a_downgrade_is_served_after_the_next_upgrade(
    upgraded: Gateway,
) -> None:
    store = upgraded.folder / "state" / "sources.sqlite"
    with upgraded as gateway:
        assert EVERYBODY == listed(gateway)
    others = old.read_contacts(store, "shop")[:2]
    old.replace_contacts(store, "shop", others, "0" * 31 + "1", time.time())
    with upgraded as gateway:
        shop = {person.name for person in others}
        eventually(lambda: listed(gateway) == {*shop, *(name for name, _ in STAFF)}, "two shops")


def test_the_last_release_can_read_the_store_of_this_program() -> None:
    # With another form, a downgrade would lose every contact until all sources were read again:
    # add tables or columns in a way that the release passes over.
    assert old.FORM == store_schema.FORM


def test_a_status_of_a_newer_version_is_told_and_written_anew(upgraded: Gateway) -> None:
    status = upgraded.folder / "state" / STATUS_FILE
    status.write_bytes(msgspec.json.encode({"form": 99, "sources": ["another form"]}))
    shown = run("status", cwd=upgraded.folder)
    assert "problem: status.json was written by a newer version of this program" in shown.stdout
    with upgraded as gateway:
        eventually(lambda: gateway.status()["problem"] == "", "the status of this version")
    assert 1 == msgspec.json.decode(status.read_bytes())["form"]
    assert 0o600 == status.stat().st_mode & 0o777

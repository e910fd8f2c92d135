"""Tests that failing tries leave no file descriptor open."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.build.builder import Builder
from app.generation.draft_file import BuildError
from app.settings.loader import Settings
from app.state.store import Store, StoreError
from app.state.store_snapshot import StoreSnapshot
from connectors.base import Full
from tests.support import contacts
from tests.support.offline_gateway import configured
from tests.support.servers.small_disk import fill, may_mount, mounted
from tests.support.servers.steered import crowd

TRIES = 200


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@contextmanager
def counted() -> Iterator[list[int]]:
    """Give a list of the numbers of open descriptors, before and after.

    The garbage collector is off, so that it closes none.
    """
    gc.collect()
    gc.disable()
    found = [_descriptors()]
    try:
        yield found
        found.append(_descriptors())
    finally:
        gc.enable()


def settings(folder: Path) -> Settings:
    return configured(folder, contacts.CONFIG)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.open("now")
    (tmp_path / "sources.sqlite").write_bytes(b"no database at all" * 1000)

    def view() -> None:
        with StoreSnapshot(tmp_path) as opened:
            opened.fingerprint("staff")

    errors = []
    with counted() as found:
        for _ in range(TRIES):
            for use in (lambda: store.record("staff"), view):
                try:
                    use()
                except StoreError as error:
                    # Kept, as a traceback in a thread is: what it holds open must not depend on it.
                    errors.append(error)
    assert (2 * TRIES, found[0]) == (len(errors), found[1])


if may_mount():

    def test_a_full_disk(tmp_path: Path) -> None:
        given = settings(tmp_path)
        with mounted(given.state_dir, 400) as state:
            builder = Builder(given)
            builder.prepare()
            (refresher,) = builder.refreshers()
            refresher.handle_result(Full(crowd(2)))
            fill(state)
            errors: list[Exception] = []
            with counted() as found:
                for count in range(TRIES):
                    assert not refresher.handle_result(Full(crowd(3 + count % 7)))
                    with pytest.raises((BuildError, StoreError)) as raised:
                        builder.compose()
                    errors.append(raised.value)
            assert found[0] == found[1]


def test_a_generation_that_cannot_be_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings(tmp_path)
    given.state_dir.mkdir(mode=0o700)
    builder = Builder(given)
    builder.prepare()
    for memo in given.state_dir.glob("memo-*"):
        memo.unlink()
    # The draft is made and opened, and the next step fails.
    monkeypatch.setattr(
        "app.generation.writer.create_caller_table",
        lambda file: file.execute("SELECT * FROM nothing"),
    )
    errors: list[Exception] = []
    with counted() as found:
        for _ in range(TRIES):
            with pytest.raises(BuildError) as raised:
                builder.compose()
            errors.append(raised.value)
    assert found[0] == found[1]
    assert [] == [
        path.name
        for path in given.state_dir.iterdir()
        if path.name.startswith((".draft", ".scratch"))
    ]

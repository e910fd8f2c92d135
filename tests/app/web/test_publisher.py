"""Tests of the publisher with several generations, some of them old or damaged."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.build.builder import Builder
from app.build.composer import Composer
from app.generation.files import current_version, file_digest, file_name, read_current
from app.phones.registry import FORMATS
from app.settings.loader import Settings, parse
from app.state import control
from app.state.source_records import SourceRecord
from app.state.store import Store
from app.web import generations
from app.web.access import SelectedProfile
from app.web.generations import MAX_OPEN
from app.web.publisher import Publisher
from connectors.base import Full
from tests.support.servers.steered import crowd

DIALECT = FORMATS["cisco"].dialect({})
BASE = "http://127.0.0.1"


class Directory:
    """A state directory with a store, and a publisher that serves it."""

    def __init__(self, folder: Path) -> None:
        data = {
            "state_dir": str(folder),
            "sources": {"staff": {"connector": "csv", "path": "staff.csv"}},
        }
        self.settings: Settings = parse(data, folder / "gateway.toml")
        self.folder = folder
        self.store = Store(folder)
        self.store.open("now")
        self.publish(40)
        self.publisher = Publisher(self.settings)

    def publish(self, count: int) -> str:
        """Publish a generation of so many people; returns its version."""
        self.store.apply(
            SourceRecord("staff", last_success=1.0, digest=str(count)), Full(crowd(count))
        )
        Composer(self.settings, self.store, self.folder).compose()
        return current_version(self.folder) or ""

    def page(self, path: str) -> str:
        """Return what a phone gets."""
        choice = SelectedProfile(self.settings.profiles[0], "")
        return self.publisher.answer(choice, path, DIALECT, BASE).body.decode()


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    return Directory(tmp_path)


def test_links_into_many_old_generations_leave_the_current_one_open(directory: Directory) -> None:
    versions = [directory.publish(40 + count) for count in range(1, MAX_OPEN + 3)]
    directory.publisher.poll()
    for count, version in enumerate(versions[:-1], 1):
        assert f"of {40 + count}" in directory.page(f"staff/{version}/1.xml")
    # Not cached yet, so it is read from the file that must still be open.
    assert f"of {40 + len(versions)}" in directory.page(f"staff/{versions[-1]}/30.xml")
    assert (
        directory.publisher.generation is not None
        and versions[-1] == directory.publisher.generation.version
    )
    directory.publisher.close()


def test_a_damaged_old_generation_is_given_up_alone(directory: Directory) -> None:
    old, new = directory.publish(5_000), directory.publish(50)
    directory.publisher.poll()
    assert "1-32 of 5000" in directory.page(f"staff/{old}/1.xml")
    with (directory.folder / file_name(old)).open("r+b") as file:
        file.seek(16_384)
        file.write(b"\x5a" * 1_000_000)
    with capture_logs() as lines:
        assert "26-50 of 50" in directory.page(f"staff/{old}/4500.xml"), "the nearest page of today"
        assert "26-50 of 50" in directory.page(f"staff/{old}/4900.xml")
    assert [("generation_damaged", old)] == [(line["event"], line["version"]) for line in lines]
    assert (
        directory.publisher.generation is not None and new == directory.publisher.generation.version
    )
    directory.publisher.close()


@pytest.mark.parametrize("written", [b"", b"\xff\xff", b"zzzzzzzz", b"../../x"])
def test_without_a_readable_pointer_the_newest_generation_is_served(
    directory: Directory, written: bytes
) -> None:
    version = directory.publish(50)
    (directory.folder / "current").write_bytes(written)
    directory.publisher.close()
    directory.publisher = Publisher(directory.settings)
    assert (
        directory.publisher.generation is not None
        and version == directory.publisher.generation.version
    )
    assert "50 entries" in directory.page("staff.xml")
    directory.publisher.close()


DAMAGE = (
    "UPDATE rows_1 SET name = NULL WHERE id = 48",
    "UPDATE rows_1 SET name = x'41ff' WHERE id = 48",
    "UPDATE rows_1 SET number = NULL WHERE id = 48",
    "UPDATE rows_1 SET number = x'37' WHERE id = 48",
)


def break_rows(directory: Directory, version: str, statement: str) -> None:
    with closing(sqlite3.connect(directory.folder / file_name(version))) as file:
        file.execute(statement)
        file.commit()


def test_a_generation_of_another_version_is_told_if_no_builder_replaces_it(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "RETRY_SECONDS", 0.0)
    break_rows(directory, directory.publish(31), "UPDATE meta SET value = 99 WHERE key = 'schema'")
    with closing(Publisher(directory.settings)) as publisher, capture_logs() as lines:
        for _ in range(5):
            publisher.poll()
    assert [("generation_of_other_version", "warning")] == [
        (line["event"], line["log_level"]) for line in lines
    ]
    assert "newer version of this program (form 99; this version reads 6)" in lines[0]["notice"]
    directory.publisher.close()


@pytest.mark.parametrize("statement", DAMAGE)
def test_a_row_that_is_no_text_is_answered_by_the_generation_before(
    directory: Directory, statement: str
) -> None:
    directory.publish(31)
    newer = directory.publish(32)
    break_rows(directory, newer, statement)
    directory.publisher.poll()
    with capture_logs() as lines:
        assert "1-31 of 31" in directory.page("staff.xml")
    assert [("generation_damaged", newer)] == [(line["event"], line["version"]) for line in lines]
    assert (control.Request("rebuild"),) == control.receive(directory.folder, control.REBUILD)
    directory.publisher.close()


@pytest.mark.parametrize(
    "statement",
    [
        *(
            f"UPDATE book SET {column} = {value}"
            for column in ("sources", "rows", "rows_table", "subset")
            for value in ("NULL", "x'41ff'")
        ),
        *(
            f"UPDATE meta SET value = {value} WHERE key = '{key}'"
            for key in ("version", "built_at")
            for value in ("NULL", "x'41ff'", "'abc'")
        ),
        *(
            "UPDATE dial SET number = 7",
            "UPDATE unlisted SET count = 'many'",
            "DELETE FROM book",
            "DELETE FROM meta",
        ),
    ],
)
def test_what_a_generation_says_of_itself_may_be_damaged_too(
    directory: Directory, statement: str
) -> None:
    directory.publish(31)
    break_rows(directory, directory.publish(32), statement)
    directory.publisher.close()
    directory.publisher = Publisher(directory.settings)
    assert "CiscoIPPhone" in directory.page("staff.xml") and "<CiscoIPPhoneMenu>" in directory.page(
        "menu.xml"
    )
    with capture_logs():
        Builder(directory.settings).prepare()
    directory.publisher.poll()
    assert "1-32 of 32" in directory.page("staff.xml")
    directory.publisher.close()


@pytest.mark.parametrize("statement", DAMAGE)
def test_a_row_that_is_no_text_without_a_generation_before_is_a_message(
    directory: Directory, statement: str
) -> None:
    newer = directory.publish(32)
    for path in directory.folder.glob("gen-*.sqlite"):
        if newer not in path.name:
            path.unlink()
    break_rows(directory, newer, statement)
    directory.publisher.close()
    directory.publisher = Publisher(directory.settings)
    assert "CiscoIPPhoneText" in directory.page("staff.xml")
    directory.publisher.close()


def test_a_caller_whose_name_is_no_text_is_unknown(directory: Directory) -> None:
    directory.publish(32)
    directory.publisher.poll()

    def fail(_: object) -> str:
        raise TypeError("expected text")

    with capture_logs() as lines:
        assert "" == directory.publisher.read_current(fail)
    assert ["TypeError while a screen was made"] == [line["error"] for line in lines]
    directory.publisher.close()


@pytest.mark.parametrize(
    "statement",
    [
        *DAMAGE,
        "UPDATE rows_1 SET name = 5 WHERE id = 48",
        "UPDATE rows_1 SET number = '911' WHERE id = 48",
    ],
)
def test_the_builder_replaces_a_file_whose_digest_is_not_the_published_one(
    directory: Directory, statement: str
) -> None:
    version = directory.publish(32)
    break_rows(directory, version, statement)
    builder = Builder(directory.settings)
    with capture_logs() as lines:
        builder.prepare()
    events = [line["event"] for line in lines if line["log_level"] != "debug"]
    assert ["generation_set_aside", "generation_published"] == events
    assert version != current_version(directory.folder)
    directory.publisher.poll()
    assert "1-32 of 32" in directory.page("staff.xml")
    directory.publisher.close()


def test_a_sound_file_is_kept_with_and_without_a_digest_in_the_pointer(
    directory: Directory,
) -> None:
    directory.publish(32)
    # The people of a generation are written by a builder.
    Builder(directory.settings).prepare()
    version = current_version(directory.folder)
    assert read_current(directory.folder).digest == file_digest(
        directory.folder / file_name(version or "")
    )
    Builder(directory.settings).prepare()
    assert version == current_version(directory.folder)
    (directory.folder / "current").write_text(f"{version}\n")
    Builder(directory.settings).prepare()
    # Of people without a digest nobody knows whether they are whole, so they are written anew.
    assert version != current_version(directory.folder)
    assert [] == list(directory.folder.glob("*.damaged-*"))


def test_a_folder_in_place_of_the_pointer_is_moved_aside(directory: Directory) -> None:
    (directory.folder / "current").unlink()
    (directory.folder / "current").mkdir()
    version = directory.publish(32)
    assert version and version == current_version(directory.folder)
    assert 1 == len(list(directory.folder.glob("current.aside-*")))

"""The publisher among many generations: links of before, files that are damaged, and never a page less of the current one."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.access import Choice
from app.composer import Composer
from app.generation import current_version, file_name
from app.phones import FORMATS
from app.publisher import MOST_OPEN, Publisher
from app.settings import Settings, parse
from app.store import Record, Store
from connectors.base import Full
from tests.servers.steered import crowd

DIALECT = FORMATS["cisco"].dialect({})
BASE = "http://127.0.0.1"


class Shelf:
    """A state directory in which generations are published, and a publisher that looks at it."""

    def __init__(self, folder: Path) -> None:
        data = {"state_dir": str(folder), "sources": {"staff": {"connector": "csv", "path": "staff.csv"}}}
        self.settings: Settings = parse(data, folder / "gateway.toml")
        self.folder = folder
        self.store = Store(folder)
        self.store.open("now")
        self.publish(40)
        self.publisher = Publisher(self.settings)

    def publish(self, count: int) -> str:
        """Publish a generation of so many people; returns its version."""
        self.store.apply(Record("staff", last_success=1.0, digest=str(count)), Full(crowd(count)))
        Composer(self.settings, self.store, self.folder).compose()
        return current_version(self.folder) or ""

    def page(self, path: str) -> str:
        """Return what a phone gets."""
        choice = Choice(self.settings.profiles[0], "")
        return self.publisher.answer(choice, path, DIALECT, BASE).body.decode()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_links_into_many_old_generations_leave_the_current_one_open(shelf: Shelf) -> None:
    versions = [shelf.publish(40 + count) for count in range(1, MOST_OPEN + 3)]
    shelf.publisher.look()
    for count, version in enumerate(versions[:-1], 1):
        assert f"of {40 + count}" in shelf.page(f"staff/{version}/1.xml")
    # Not cached yet, so it is read from the file that must still be open.
    assert f"of {40 + len(versions)}" in shelf.page(f"staff/{versions[-1]}/30.xml")
    assert shelf.publisher.generation is not None and versions[-1] == shelf.publisher.generation.version
    shelf.publisher.close()


def test_a_damaged_old_generation_is_given_up_alone(shelf: Shelf) -> None:
    old, new = shelf.publish(5_000), shelf.publish(50)
    shelf.publisher.look()
    assert "1-32 of 5000" in shelf.page(f"staff/{old}/1.xml")
    with (shelf.folder / file_name(old)).open("r+b") as file:
        file.seek(16_384)
        file.write(b"\x5a" * 1_000_000)
    with capture_logs() as told:
        assert "26-50 of 50" in shelf.page(f"staff/{old}/4500.xml"), "the nearest page of today"
        assert "26-50 of 50" in shelf.page(f"staff/{old}/4900.xml")
    assert [("generation_damaged", old)] == [(line["event"], line["version"]) for line in told]
    assert shelf.publisher.generation is not None and new == shelf.publisher.generation.version
    shelf.publisher.close()


@pytest.mark.parametrize("written", [b"", b"\xff\xff", b"zzzzzzzz", b"../../x"])
def test_without_a_readable_pointer_the_newest_generation_is_served(shelf: Shelf, written: bytes) -> None:
    version = shelf.publish(50)
    (shelf.folder / "current").write_bytes(written)
    shelf.publisher.close()
    shelf.publisher = Publisher(shelf.settings)
    assert shelf.publisher.generation is not None and version == shelf.publisher.generation.version
    assert "50 entries" in shelf.page("staff.xml")
    shelf.publisher.close()

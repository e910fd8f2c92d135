"""A changed file is a reason to read; its neighbours are not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.refresh.folder_watch import FolderWatch
from connectors.csv.connector import CsvConnector
from connectors.vcard.connector import VcardConnector
from tests.support import contacts
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, eventually


@contextmanager
def watched(connector: CsvConnector | VcardConnector) -> Iterator[list[int]]:
    calls: list[int] = []
    watch = FolderWatch(connector.watched_folders(), connector.file_state, lambda: calls.append(1))
    watch.start()
    try:
        yield calls
    finally:
        watch.stop()
        watch.join(PATIENCE)


@pytest.mark.parametrize("path", ["contacts.csv", "*.csv", "lists/*/contacts.csv"])
def test_a_file_that_is_replaced_is_told_and_its_neighbours_are_not(
    tmp_path: Path, path: str
) -> None:
    file = tmp_path / ("lists/one/contacts.csv" if "/" in path else "contacts.csv")
    file.parent.mkdir(parents=True, exist_ok=True)
    contacts.write(file, [contacts.person(1)])
    connector = CsvConnector.model_validate({"path": path}, context={"base": tmp_path})
    before = connector.file_state()
    (file.parent / "notes.txt").write_text("no reason")
    assert before == connector.file_state()
    with watched(connector) as calls:
        (file.parent / "notes.txt").write_text("still no reason")
        contacts.write(file, [contacts.person(1), contacts.person(2)])
        eventually(lambda: calls, "the change")
        assert before != connector.file_state()
    assert [1] == calls


def test_a_folder_that_comes_later_is_noticed(tmp_path: Path) -> None:
    connector = CsvConnector.model_validate(
        {"path": "later/contacts.csv"}, context={"base": tmp_path}
    )
    with watched(connector) as calls:
        (tmp_path / "later").mkdir()
        contacts.write(tmp_path / "later" / "contacts.csv", [contacts.person(1)])
        eventually(lambda: calls, "the folder")


def test_vcard_files_tell_as_well(tmp_path: Path) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nTEL:1\r\nEND:VCARD\r\n"
    (tmp_path / "a.vcf").write_text(card)
    connector = VcardConnector.model_validate({"path": "."}, context={"base": tmp_path})
    before = connector.file_state()
    (tmp_path / "notes.txt").write_text("no reason")
    assert before == connector.file_state()
    (tmp_path / "b.vcf").write_text(card)
    assert before != connector.file_state()


def test_our_own_state_beside_the_file_is_no_reason(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with Gateway(tmp_path, f'state_dir = "."\n{contacts.CONFIG}') as gateway:
        eventually(lambda: gateway.status()["sources"]["staff"]["state"] == "ok", "it is read")
        first = gateway.status()["sources"]["staff"]["last_success"]
        for turn in range(30):
            (tmp_path / "log.txt").write_text(str(turn))
            gateway.get("/menu.xml")
        contacts.write(tmp_path / "contacts.csv", [contacts.person(1), contacts.person(2)])
        eventually(lambda: gateway.status()["sources"]["staff"]["contacts"] == 2, "the change")
    assert first
    assert 2 == gateway.logged().count("event=source_changed")


def test_a_missing_file_is_a_state_too(tmp_path: Path) -> None:
    """A connector's `file_state` may raise for a file that does not exist yet."""
    file = tmp_path / "people.json"
    calls: list[int] = []
    watch = FolderWatch((tmp_path,), lambda: str(file.stat().st_size), lambda: calls.append(1))
    watch.start()
    try:
        file.write_text("[]")
        eventually(lambda: calls, "the file")
    finally:
        watch.stop()
        watch.join(PATIENCE)

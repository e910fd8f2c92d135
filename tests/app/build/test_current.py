"""What makes a published generation out of date: its people file, and other versions."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.build.builder import Builder
from app.build.current import CurrentGeneration
from app.generation.files import (
    CURRENT,
    Published,
    current_version,
    file_digest,
    file_name,
    people_file_name,
    publish,
    read_current,
)
from app.generation.memo import find_memo
from app.state.store import Store
from tests.support import contacts
from tests.support.offline_gateway import built, rows, write_people


@pytest.mark.parametrize("fault", ["missing", "damaged", "written by an earlier program"])
def test_a_people_file_that_cannot_be_used_makes_the_next_build_due(
    tmp_path: Path, fault: str
) -> None:
    write_people(tmp_path / "contacts.csv", [{"Name": "Ann Smith", "Work Phone": "1001"}])
    settings = built(tmp_path, contacts.CONFIG)
    current = CurrentGeneration(settings, Store(settings.state_dir))
    assert current.is_up_to_date()
    published = read_current(settings.state_dir)
    path = settings.state_dir / people_file_name(published.version)
    if fault == "missing":
        path.unlink()
    elif fault == "damaged":
        path.write_bytes(path.read_bytes()[:-100] + b"x" * 100)
    else:
        file = settings.state_dir / CURRENT
        file.write_text("\n".join(file.read_text().split()[:3]) + "\n")
    assert not current.is_up_to_date()
    assert read_current(settings.state_dir).version == published.version


def execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(statement)


def other_generation(folder: Path, form: int) -> Path:
    path = folder / file_name(current_version(folder) or "")
    execute(path, f"UPDATE meta SET value = '{form}' WHERE key = 'schema'")
    return path


def other_people(folder: Path, form: int) -> Path:
    current = read_current(folder)
    path = folder / people_file_name(current.version)
    execute(path, f"PRAGMA user_version = {form}")
    publish(folder, Published(current.version, current.digest, 0.1, file_digest(path)))
    return path


def other_pointer(folder: Path, form: int) -> Path:
    version, *lines = (folder / CURRENT).read_text().splitlines()
    (folder / CURRENT).write_text("\n".join([version, *lines[:3], str(form), "more"]))
    return folder / file_name(version)


def other_program(folder: Path, form: int) -> Path:
    version = current_version(folder) or ""
    memo = find_memo(folder, version)
    assert memo is not None
    execute(memo, f"UPDATE meta SET value = '{form}' WHERE key = 'program'")
    return folder / file_name(version)


@pytest.mark.parametrize(
    "change, form, message",
    [
        (other_generation, 99, "a newer version of this program (form 99; this version reads 6)"),
        (other_generation, 5, "an earlier version of this program (form 5; this version reads 6)"),
        (other_people, 99, "a newer version of this program (form 99; this version reads 1)"),
        (other_people, 0, "an earlier version of this program (form 0; this version reads 1)"),
        (other_pointer, 99, "current was written by a newer version of this program (form 99;"),
        (other_program, 99, "was not written by exactly this program"),
    ],
)
def test_what_another_version_wrote_is_told_once_left_alone_and_made_again(
    tmp_path: Path, change: Callable[[Path, int], Path], form: int, message: str
) -> None:
    source = write_people(tmp_path / "contacts.csv", [{"Name": "Ann", "Work Phone": "1001"}])
    settings = built(tmp_path, contacts.CONFIG)
    before = current_version(settings.state_dir)
    path = change(settings.state_dir, form)
    data = path.read_bytes()
    source.unlink()
    for expected in (["other_version", "generation_published"], []):
        with capture_logs() as lines:
            Builder(settings).prepare()
        assert expected == [line["event"] for line in lines if line["log_level"] != "debug"]
        if expected:
            assert message in lines[0]["notice"]
            assert lines[0]["notice"].endswith(". It is made again from the stored contacts.")
    assert [("Ann", "1001")] == rows(settings)
    assert before != current_version(settings.state_dir)
    assert data == path.read_bytes()
    assert [] == list(settings.state_dir.glob("*.damaged-*"))

"""Old generations are deleted with their people files; the current one never is."""

import os
import time
from pathlib import Path

from app.generation.files import (
    Published,
    delete_old_generations,
    file_name,
    free_version,
    new_version,
    publish,
)

OLD, OTHER, CURRENT = "00000old", "0000other", "00current"


def test_a_people_file_goes_with_its_generation(tmp_path: Path) -> None:
    now = time.time()
    for age, version in ((3000, OLD), (2000, OTHER), (10, CURRENT)):
        for kind in ("gen", "people"):
            path = tmp_path / f"{kind}-{version}.sqlite"
            path.touch()
            os.utime(path, (now - age, now - age))
    for name in ("people-00orphan.sqlite", ".draft-people-00000000.sqlite", "people-notes.txt"):
        (tmp_path / name).touch()
    publish(tmp_path, Published(CURRENT))
    delete_old_generations(tmp_path, 900, 20)
    kept = {"current", "people-notes.txt"}
    kept |= {
        f"{kind}-{version}.sqlite" for kind in ("gen", "people") for version in (OTHER, CURRENT)
    }
    assert kept == {path.name for path in tmp_path.iterdir()}
    delete_old_generations(tmp_path, 900, 1)
    assert {"current", "people-notes.txt", f"gen-{CURRENT}.sqlite", f"people-{CURRENT}.sqlite"} == {
        path.name for path in tmp_path.iterdir()
    }


def test_a_free_version_is_later_than_what_is_published(tmp_path: Path) -> None:
    """Also if that is of another host, whose clock is ahead, or if the clock went back."""
    ahead = new_version(time.time() + 86_400)
    publish(tmp_path, Published(ahead))
    found = free_version(tmp_path)
    assert ahead < found
    (tmp_path / file_name(found)).touch()
    assert found < free_version(tmp_path)

"""The same contacts and configuration give the same generation file, byte for byte."""

import shutil
import time
from pathlib import Path

from app.build.once import build_once
from app.generation.files import current_version, file_name, moment_of, read_current
from app.generation.reader import Generation
from app.settings.loader import load
from tests.support import contacts

CONFIG = """
[sources.staff]
connector = "csv"
path = "contacts.csv"
[sources.more]
connector = "csv"
path = "more.csv"
[books.all]
title = "All"
sources = ["staff", "more"]
[books.some]
title = "Some"
sources = ["staff"]
exclude = ["Smith"]
[profiles.default]
sort_by = "first"
[profiles.other]
menu = ["some"]
"""


def build(folder: Path) -> bytes:
    """Return the bytes of a generation that is built in a new folder."""
    folder.mkdir()
    (folder / "gateway.toml").write_text(CONFIG)
    contacts.write(folder / "contacts.csv", (contacts.person(row) for row in range(300)))
    contacts.write(folder / "more.csv", (contacts.person(row) for row in range(200, 400)))
    settings = load(folder / "gateway.toml")
    build_once(settings)
    version = current_version(settings.state_dir)
    assert version is not None
    return (settings.state_dir / file_name(version)).read_bytes()


def test_two_builders_write_the_same_file(tmp_path: Path) -> None:
    one = build(tmp_path / "one")
    assert one == build(tmp_path / "other")
    (tmp_path / "moved").symlink_to(tmp_path / "one")
    settings = load(tmp_path / "moved" / "gateway.toml")
    build_once(settings)
    assert (
        one
        == (settings.state_dir / file_name(current_version(settings.state_dir) or "")).read_bytes()
    )


def test_what_tells_when_stands_beside_the_file(tmp_path: Path) -> None:
    before = time.time()
    build(tmp_path / "one")
    state = tmp_path / "one" / "state"
    published = read_current(state)
    generation = Generation(state / file_name(published.version))
    assert published.version == generation.version
    assert published.build_seconds == generation.build_seconds > 0
    assert moment_of(published.version) == generation.built_at
    assert int(before * 1000) <= generation.built_at * 1000 <= time.time() * 1000
    generation.close()
    shutil.copy(state / file_name(published.version), state / file_name("00000old"))
    other = Generation(state / file_name("00000old"))
    assert ("00000old", 0.0) == (other.version, other.build_seconds)
    other.close()

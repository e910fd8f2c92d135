"""The lease of a state directory, which every builder holds."""

import threading
from pathlib import Path

import pytest

from app.build.state_dir_lease import state_dir_lease
from app.generation.files import Published, file_name, people_file_name, read_current
from app.state.locks import BUILDER, is_held
from tests.support.patience import SHORT


def test_it_follows_no_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / BUILDER).symlink_to(victim)
    with (
        pytest.raises(OSError, match="symbolic links"),
        state_dir_lease(tmp_path, threading.Event()),
    ):
        pass
    assert "precious" == victim.read_text()


def test_it_is_not_waited_for_longer_than_asked(tmp_path: Path) -> None:
    with (
        state_dir_lease(tmp_path, threading.Event()) as first,
        state_dir_lease(tmp_path, threading.Event(), timeout=SHORT) as second,
    ):
        assert first is not None and second is None
        assert is_held(tmp_path)
    assert not is_held(tmp_path)


def test_it_is_not_waited_for_at_the_end(tmp_path: Path) -> None:
    ending = threading.Event()
    ending.set()
    with state_dir_lease(tmp_path, ending) as publish:
        assert publish is None


def test_what_it_yields_publishes(tmp_path: Path) -> None:
    published = Published("mg3k1x", "ab", 0.5, "cd")
    for name in (file_name(published.version), people_file_name(published.version)):
        (tmp_path / name).write_bytes(b"content")
    with state_dir_lease(tmp_path, threading.Event()) as publish:
        assert publish is not None
        publish(tmp_path, published)
    assert published == read_current(tmp_path)

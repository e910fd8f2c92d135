"""The state directory: ours alone; a folder that somebody else made, or a link that somebody laid, is refused."""

import os
import threading
from pathlib import Path

import pytest

from app import requests
from app.lock import Lock
from app.state import make_folder


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "state"
    make_folder(folder)
    assert 0o700 == folder.stat().st_mode & 0o777
    assert 0o700 == (folder / "requests").stat().st_mode & 0o777
    folder.chmod(0o777)
    make_folder(folder)
    assert 0o700 == folder.stat().st_mode & 0o777


def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
        with pytest.raises(PermissionError, match="belongs to another user"):
            make_folder(folder)
    else:
        with pytest.raises(PermissionError):
            make_folder(Path("/"))


def test_a_link_in_a_folder_where_everybody_may_write_is_refused(tmp_path: Path) -> None:
    shared, mine = tmp_path / "shared", tmp_path / "mine"
    shared.mkdir()
    shared.chmod(0o1777)
    mine.mkdir()
    (shared / "state").symlink_to(mine)
    with pytest.raises(PermissionError, match="it is a link"):
        make_folder(shared / "state")
    private = tmp_path / "private"
    private.mkdir()
    (private / "state").symlink_to(mine)
    make_folder(private / "state")


def test_the_lock_follows_no_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "builder.lock").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic links"), Lock(tmp_path, threading.Event()):
        pass
    assert "precious" == victim.read_text()


def test_the_lock_is_not_waited_for_longer_than_asked(tmp_path: Path) -> None:
    with Lock(tmp_path, threading.Event()) as first, Lock(tmp_path, threading.Event(), patience=0.1) as second:
        assert (True, False) == (first.held, second.held)


def test_requests_are_taken_once(tmp_path: Path) -> None:
    requests.ask(tmp_path, requests.FULL, "staff-one")
    requests.ask(tmp_path, requests.RELOAD)
    assert (("full", "staff-one"),) == requests.take(tmp_path, requests.FULL, requests.REFRESH)
    assert (("reload", ""),) == requests.take(tmp_path, requests.RELOAD)
    assert () == requests.take(tmp_path, requests.FULL, requests.RELOAD)

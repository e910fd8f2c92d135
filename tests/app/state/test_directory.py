"""Tests of the state directory: folders and links of other users are refused."""

import os
from pathlib import Path

import pytest

from app.state import control
from app.state.directory import check_state_dir, describe_error, prepare_state_dir, replace_file
from tests.support.servers.gateway import run


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "state"
    prepare_state_dir(folder)
    assert 0o700 == folder.stat().st_mode & 0o777
    assert 0o700 == (folder / "requests").stat().st_mode & 0o777
    folder.chmod(0o777)
    prepare_state_dir(folder)
    assert 0o700 == folder.stat().st_mode & 0o777


def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
        with pytest.raises(PermissionError, match="belongs to another user"):
            prepare_state_dir(folder)
    else:
        with pytest.raises(PermissionError):
            prepare_state_dir(Path("/"))


def test_a_link_in_a_folder_where_everybody_may_write_is_refused(tmp_path: Path) -> None:
    shared, mine = tmp_path / "shared", tmp_path / "mine"
    shared.mkdir()
    shared.chmod(0o1777)
    mine.mkdir()
    (shared / "state").symlink_to(mine)
    with pytest.raises(PermissionError, match="it is a link"):
        prepare_state_dir(shared / "state")
    private = tmp_path / "private"
    private.mkdir()
    (private / "state").symlink_to(mine)
    prepare_state_dir(private / "state")


def test_requests_are_taken_once(tmp_path: Path) -> None:
    control.send(tmp_path, control.FULL, "staff-one")
    control.send(tmp_path, control.RELOAD)
    assert (control.Request("full", "staff-one"),) == control.receive(
        tmp_path, control.FULL, control.REFRESH
    )
    assert (control.Request("reload"),) == control.receive(tmp_path, control.RELOAD)
    assert () == control.receive(tmp_path, control.FULL, control.RELOAD)


@pytest.mark.parametrize("verb, source", [("../pwned", ""), ("answer", ""), ("full", "../a")])
def test_a_request_never_leads_out_of_its_folder(tmp_path: Path, verb: str, source: str) -> None:
    with pytest.raises(ValueError, match="not a request"):
        control.send(tmp_path, verb, source)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", [0o755, 0o1777, 0o711, 0o750])
def test_a_shared_folder_is_not_taken_over(tmp_path: Path, mode: int) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "somebody-else.txt").write_text("precious")
    (shared / "current").write_text("also theirs")
    shared.chmod(mode)
    with pytest.raises(OSError, match=r"other files than the gateway.s \(1\)") as caught:
        prepare_state_dir(shared)
    assert "Set state_dir to a folder of its own" in describe_error(caught.value)
    assert mode == shared.stat().st_mode & 0o7777
    assert ["current", "somebody-else.txt"] == sorted(path.name for path in shared.iterdir())


@pytest.mark.parametrize("name", ["sources.sqlite", "builder.lock"])
def test_a_name_of_ours_that_somebody_else_put_there_makes_no_folder_ours(
    tmp_path: Path, name: str
) -> None:
    shared, own = tmp_path / "shared", tmp_path / "own"
    shared.mkdir()
    own.touch()
    (shared / "somebody-else.txt").write_text("precious")
    (shared / name).symlink_to(own)
    shared.chmod(0o1777)
    with pytest.raises(OSError, match="other files than"):
        prepare_state_dir(shared)
    with pytest.raises(OSError, match="other files than"):
        check_state_dir(shared)
    assert 0o1777 == shared.stat().st_mode & 0o7777


@pytest.mark.parametrize(
    "held",
    [
        (),
        ("lost+found",),
        ("sources.sqlite", "google-token.json"),
        ("current", "gen-0abcdef1.sqlite"),
        ("requests",),
        ("certificate.json", "reload-problem", "session.key", "status.json"),
    ],
)
def test_an_open_folder_of_its_own_is_closed(tmp_path: Path, held: tuple[str, ...]) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    for name in held:
        (folder / name).mkdir() if name == "requests" else (folder / name).touch()
    folder.chmod(0o755)
    prepare_state_dir(folder)
    assert 0o700 == folder.stat().st_mode & 0o777


def test_a_home_is_not_taken_over_by_the_command_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    (home / "thesis.odt").touch()
    (tmp_path / "gateway.toml").write_text(
        f'state_dir = "{home}"\n[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'
    )
    result = run("build", "--once", cwd=tmp_path)
    assert 1 == result.returncode and "Set state_dir to a folder of its own" in result.stderr
    assert 0o755 == home.stat().st_mode & 0o777
    assert ["thesis.odt"] == [path.name for path in home.iterdir()]


def test_what_cannot_be_written_is_found_without_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loose").symlink_to(tmp_path / "nothing")
    for name, problem in (
        ("file", "Not a directory"),
        ("file/state", "Not a directory"),
        ("loose", "it is a link that leads nowhere"),
    ):
        with pytest.raises(OSError, match=problem) as caught:
            check_state_dir(tmp_path / name)
        assert "A file is in the way" in describe_error(caught.value)
        with pytest.raises(OSError, match=r"Not a directory|File exists"):
            prepare_state_dir(tmp_path / name)
    (tmp_path / "state").mkdir(mode=0o700)
    for name in ("state", "not/yet"):
        check_state_dir(tmp_path / name)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    for name in ("state", "not/yet"):
        with pytest.raises(PermissionError, match="Permission denied"):
            check_state_dir(tmp_path / name)
    assert ["file", "loose", "state"] == sorted(path.name for path in tmp_path.iterdir())


def test_a_small_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    replace_file(path, b"one")
    replace_file(path, b"two")
    assert (b"two", 0o600) == (path.read_bytes(), path.stat().st_mode & 0o777)
    folder = tmp_path / "folder"
    (folder / "inside").mkdir(parents=True)
    with pytest.raises(OSError):
        replace_file(folder, b"three")
    assert {path, folder} == set(tmp_path.iterdir()), "no draft is left"

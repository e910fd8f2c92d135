"""`check` says that the state directory cannot be used, and leaves no trace in it."""

from pathlib import Path

import pytest

from tests.support import contacts
from tests.support.servers.gateway import Gateway, run


def check(folder: Path, state_dir: str, *words: str) -> tuple[int, list[str]]:
    (folder / "contacts.csv").write_text("name,number\nAnn,1001\n")
    (folder / "gateway.toml").write_text(
        f'state_dir = "{state_dir}"\n{contacts.CONFIG}', encoding="utf-8"
    )
    shown = run("check", *words, cwd=folder)
    warnings = [line for line in shown.stdout.splitlines() if "warning: line 1: state_dir" in line]
    return shown.returncode, warnings


@pytest.mark.parametrize("words", [(), ("--offline",)])
def test_a_file_in_the_way_is_a_warning(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("in the way")
    for state_dir in ("file", "file/state"):
        code, (warning,) = check(tmp_path, state_dir, *words)
        assert 0 == code
        assert f"state_dir {tmp_path / state_dir} (checked as user " in warning
        assert "A file is in the way: move it, or set state_dir to another folder." in warning


def test_a_folder_of_other_programs_is_a_warning(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    (home / "thesis.odt").touch()
    code, (warning,) = check(tmp_path, "home")
    assert (0, True) == (code, "Set state_dir to a folder of its own" in warning)
    assert ["thesis.odt"] == [path.name for path in home.iterdir()]


def test_a_folder_that_can_be_used_or_made_is_none_and_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir(mode=0o700)
    for state_dir in ("there", "not/yet"):
        assert (0, []) == check(tmp_path, state_dir)
    assert not (tmp_path / "not").exists()
    assert [] == list((tmp_path / "there").iterdir())


def test_a_folder_in_use_is_none(gateway: Gateway) -> None:
    shown = run("check", cwd=gateway.folder)
    assert (0, False) == (shown.returncode, ": state_dir" in shown.stdout)

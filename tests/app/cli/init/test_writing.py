"""All files are written or none, and never over another."""

import os
from pathlib import Path

import pytest

from app.cli.init.writing import NewFile, NotWritten, refuse_existing, written


def test_files_are_written_with_their_modes(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        files = (NewFile(tmp_path / "b", b"2", is_secret=True), NewFile(tmp_path / "a", b"1"))
        with written(files):
            pass
    finally:
        os.umask(old)
    assert (b"1", 0o644) == ((tmp_path / "a").read_bytes(), (tmp_path / "a").stat().st_mode & 0o777)
    assert (b"2", 0o600) == ((tmp_path / "b").read_bytes(), (tmp_path / "b").stat().st_mode & 0o777)


def test_the_group_of_a_folder_with_setgid_reads_secrets(tmp_path: Path) -> None:
    """So a service of that group reads what root writes into its folder."""
    tmp_path.chmod(0o2750)
    with written((NewFile(tmp_path / "a", b"1", is_secret=True),)):
        pass
    assert 0o640 == (tmp_path / "a").stat().st_mode & 0o777


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_fails_afterwards_takes_the_files_away(
    tmp_path: Path, error: type[BaseException]
) -> None:
    with pytest.raises(error), written((NewFile(tmp_path / "a", b"1"),)):
        raise error
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["file", "dangling link"])
def test_an_existing_file_stays_and_nothing_is_written(tmp_path: Path, kind: str) -> None:
    there, elsewhere = tmp_path / "there", tmp_path / "elsewhere"
    if kind == "file":
        there.write_bytes(b"mine")
    else:
        there.symlink_to(elsewhere)
    with (
        pytest.raises(NotWritten, match=r"there exists by now"),
        written((NewFile(tmp_path / "new", b"1"), NewFile(there, b"2"))),
    ):
        pass
    assert [there] == list(tmp_path.iterdir())
    assert not elsewhere.exists()
    with pytest.raises(NotWritten, match=r"there exists already.*Rename"):
        refuse_existing(there)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="There is no folder"):
        refuse_existing(tmp_path / "none" / "gateway.toml")
    file = NewFile(tmp_path / "none" / "gateway.toml", b"")
    with pytest.raises(NotWritten, match="Nothing was written"), written((file,)):
        pass

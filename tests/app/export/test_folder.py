"""A folder of exported files: what is replaced, what is never touched, what is told."""

import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export.folder import OWN, CannotExport, Exported, open_folder
from tests.support.servers.small_disk import fill, may_mount, mounted

Files = tuple[tuple[str, bytes], ...]
FIRST: Files = (("menu.xml", b"menu"), ("staff.xml", b"staff"), ("staff/1.xml", b"1"))


def export(folder: Path, files: Files) -> Exported:
    with open_folder(folder) as place:
        return place.write(files)


def found(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their path, without the export's own."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and OWN not in path.parts
    }


def times(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_mtime_ns for name in found(folder)}


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "phones"
    assert Exported(3, 0, 0, 0) == export(folder, FIRST)
    assert dict(FIRST) == found(folder)
    before = times(folder)
    assert Exported(0, 0, 3, 0) == export(folder, FIRST)
    assert before == times(folder)
    second = (("menu.xml", b"menu"), ("staff.xml", b"other"), ("staff/2.xml", b"2"))
    assert Exported(1, 1, 1, 1) == export(folder, second)
    assert dict(second) == found(folder)
    assert before["menu.xml"] == times(folder)["menu.xml"]
    assert Exported(0, 0, 1, 2) == export(folder, second[:1])
    assert ["menu.xml"] == [path.name for path in folder.iterdir() if path.name != OWN]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["menu.xml", "a.xml", "a/1.xml", "a/2.xml", "b/1-3.xml"]),
            st.sampled_from([b"one", b"two"]),
        ),
        min_size=2,
        max_size=4,
    )
)
def test_the_last_export_is_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, exports: list[dict[str, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "mine.txt").write_bytes(b"mine")
    before: dict[str, bytes] = {}
    for files in exports:
        done = export(folder, tuple(files.items()))
        assert {"mine.txt": b"mine", **files} == found(folder)
        equal = before.items() & files.items()
        assert (len(files), len(equal)) == (done.total, done.unchanged)
        assert len(before.keys() - files.keys()) == done.deleted
        before = files


def test_a_web_server_may_read_the_pages_and_not_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "phones"
    old = os.umask(0o077)
    try:
        export(folder, FIRST)
    finally:
        os.umask(old)
    modes = {
        str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in folder.iterdir()
    }
    assert {"menu.xml": 0o644, "staff.xml": 0o644, "staff": 0o755, OWN: 0o700} == modes
    assert 0o755 == folder.stat().st_mode & 0o777


@pytest.mark.parametrize("kind", ["file", "link", "folder", "parent", "parent link"])
def test_what_somebody_else_put_there_is_never_touched(tmp_path: Path, kind: str) -> None:
    folder, elsewhere = tmp_path / "phones", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "1.xml").write_bytes(b"mine")
    match kind:
        case "file":
            (folder / "staff.xml").write_bytes(b"mine")
        case "link":
            (folder / "staff.xml").symlink_to(tmp_path / "nowhere")
        case "folder":
            (folder / "staff.xml").mkdir()
        case "parent":
            (folder / "staff").write_bytes(b"mine")
        case _:
            (folder / "staff").symlink_to(elsewhere)
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(CannotExport, match=r"in the way: staff.*Nothing was changed") as error:
        export(folder, FIRST)
    assert "menu.xml" not in str(error.value)
    assert before == sorted(path.name for path in folder.iterdir())
    assert b"mine" == (elsewhere / "1.xml").read_bytes()


def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    folder, secret = tmp_path / "phones", tmp_path / "secret"
    export(folder, FIRST)
    secret.write_bytes(b"secret")
    (folder / "staff.xml").unlink()
    (folder / "staff.xml").symlink_to(secret)
    with pytest.raises(CannotExport, match=r"in the way: staff\.xml\. "):
        export(folder, (("staff.xml", b"other"),))
    assert Exported(0, 0, 1, 2) == export(folder, FIRST[:1])
    assert b"secret" == secret.read_bytes()
    assert (folder / "staff.xml").is_symlink()


@pytest.mark.parametrize("text", ["", "[]", '{"files": 7}', "\x00"])
def test_a_damaged_manifest_stops_the_export(tmp_path: Path, text: str) -> None:
    export(tmp_path, FIRST)
    (tmp_path / OWN / "manifest.json").write_text(text)
    with pytest.raises(CannotExport, match=r"manifest\.json is damaged"):
        export(tmp_path, FIRST)
    assert dict(FIRST) == found(tmp_path)


def test_a_manifest_that_names_files_elsewhere_deletes_none_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "phones"
    export(folder, FIRST)
    outside = tmp_path / "outside.xml"
    outside.write_bytes(b"mine")
    names = ["../outside.xml", str(outside), f"{OWN}/lock", "", "menu.xml"]
    text = '{"files": ["' + '", "'.join(names) + '"]}'
    (folder / OWN / "manifest.json").write_text(text)
    assert 1 == export(folder, ()).deleted
    assert outside.exists() and (folder / OWN / "lock").exists()


def test_a_second_export_at_the_same_time_changes_nothing(tmp_path: Path) -> None:
    with open_folder(tmp_path) as place:
        place.write(FIRST)
        with pytest.raises(CannotExport, match="another export is writing it"):
            export(tmp_path, ())
    assert dict(FIRST) == found(tmp_path)
    assert Exported(0, 0, 3, 0) == export(tmp_path, FIRST)


def test_a_refused_export_leaves_no_folder_of_its_own(tmp_path: Path) -> None:
    for folder in (tmp_path / "new" / "phones", tmp_path):
        with pytest.raises(CannotExport, match="no source"), open_folder(folder):
            raise CannotExport("no source has been read yet")
        assert [] == list(tmp_path.iterdir())


def test_an_export_whose_lock_file_another_one_just_deleted_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(tmp_path, FIRST)
    monkeypatch.setattr(fcntl, "flock", lambda *_: (tmp_path / OWN / "lock").unlink())
    with pytest.raises(CannotExport, match="another export is writing it"):
        export(tmp_path, ())
    assert dict(FIRST) == found(tmp_path)


def test_pages_that_cannot_be_made_change_nothing(tmp_path: Path) -> None:
    def failing() -> Iterator[tuple[str, bytes]]:
        yield "menu.xml", b"new menu"
        raise ValueError("a page is broken")

    export(tmp_path, FIRST)
    with open_folder(tmp_path) as place, pytest.raises(ValueError, match="broken"):
        place.write(failing())
    assert dict(FIRST) == found(tmp_path)
    assert {"lock", "manifest.json"} == {path.name for path in (tmp_path / OWN).iterdir()}


def test_an_export_that_was_interrupted_is_completed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(tmp_path, FIRST)
    second: Files = (("menu.xml", b"m"), ("b.xml", b"b"), ("b/1.xml", b"1"))
    replace = Path.replace

    def interrupted(path: Path, target: Path) -> Path:
        if target.name == "b.xml":
            raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            export(tmp_path, second)
    # The pages that others link to come first, so nothing that is linked is missing.
    assert {**dict(FIRST), "b/1.xml": b"1"} == found(tmp_path)
    assert Exported(1, 1, 1, 2) == export(tmp_path, second)
    assert dict(second) == found(tmp_path)


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = tuple((f"a/{number}.xml", b"x" * 4096) for number in range(64))
    if may_mount():
        with mounted(tmp_path / "disk", 512) as disk:
            export(disk, FIRST)
            filler = fill(disk)
            with pytest.raises(CannotExport, match=r"No space left on device.*Make room there"):
                export(disk, (*FIRST, *large))
            assert dict(FIRST) == {
                name: data for name, data in found(disk).items() if name != filler.name
            }
            filler.unlink()
            assert 64 == export(disk, (*FIRST, *large)).new
        return
    export(tmp_path, FIRST)

    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CannotExport, match=r"No space left on device.*Make room there"):
        export(tmp_path, (*FIRST, *large))
    assert dict(FIRST) == found(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotExport, match=r"file/phones cannot be written \(Not a directory\)"):
        export(tmp_path / "file" / "phones", FIRST)

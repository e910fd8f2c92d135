"""The id of a state directory: drawn once, private, the same for all its processes."""

from pathlib import Path

from app.state.host_id import FILE, read_host_id


def test_an_id_is_drawn_once_and_kept_private(tmp_path: Path) -> None:
    found = read_host_id(tmp_path)
    assert found == read_host_id(tmp_path)
    assert 32 == len(bytes.fromhex(found).hex())
    assert 0o600 == (tmp_path / FILE).stat().st_mode & 0o777


def test_each_folder_has_its_own(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    assert read_host_id(one) != read_host_id(two)


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"short")
    found = read_host_id(tmp_path)
    assert found == read_host_id(tmp_path)
    assert [FILE] == [path.name for path in tmp_path.iterdir()]

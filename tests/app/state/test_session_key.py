"""The key of sessions in the state directory."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.state.session_key import FILE, KEY_BYTES, read_session_key


def test_all_workers_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(read_session_key, [tmp_path] * 40))
    assert [KEY_BYTES] == [len(key) for key in keys]
    assert [FILE] == [path.name for path in tmp_path.iterdir()]
    assert 0o600 == stat.S_IMODE((tmp_path / FILE).stat().st_mode)


def test_a_damaged_key_is_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"short")
    assert KEY_BYTES == len(read_session_key(tmp_path))
    assert read_session_key(tmp_path) == read_session_key(tmp_path)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(bytes(KEY_BYTES))
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        read_session_key(tmp_path)

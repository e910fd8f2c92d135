"""The files of a certificate and its key are read, or it is said why not."""

import os
from pathlib import Path
from typing import Any

import pytest

from app.tls.pair import CertificateError, TlsSettings, read_pair


def problems_of(path: Path) -> tuple[str, ...]:
    """Return what is wrong if both files are at one path."""
    with pytest.raises(CertificateError) as caught:
        read_pair(TlsSettings(path, path))
    return caught.value.problems


def test_a_folder_does_not_stay_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The supervisor tries again every second."""
    opened: list[int] = []
    open_file = os.open

    def noted(*words: Any) -> int:
        opened.append(open_file(*words))
        return opened[-1]

    monkeypatch.setattr(os, "open", noted)
    assert 2 == len(problems_of(tmp_path))
    assert 2 == len(opened)
    for number in opened:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(number)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, flags: int) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    found = problems_of(tmp_path / "file")
    assert 2 == len(found)
    assert all("may not be read by this user" in problem for problem in found)

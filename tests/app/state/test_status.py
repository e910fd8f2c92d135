"""The files of the state that commands and pages read, damaged ones too."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.state import certificate_state, status
from app.state.certificate_state import read_certificate_state
from app.state.status import Status, iso_time, read_status

DAMAGED = [
    b"",
    b"\0" * 4096,
    b"[]",
    b'{"problem":"\xff"}',
    b'{"form":1e300}',
    b'{"a":' + b"[" * 100_000,
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / status.STATUS_FILE).write_bytes(content)
    (tmp_path / certificate_state.FILE).write_bytes(content)
    assert Status() == read_status(tmp_path)
    assert read_certificate_state(tmp_path) is None


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    "seconds, shown",
    [
        (None, None),
        (0.0, "1970-01-01T01:00:00+01:00"),
        # The end of a certificate that has none.
        (253_402_300_799.0, "9999-12-30T01:00:00+01:00"),
        (1e300, "9999-12-30T01:00:00+01:00"),
        (-1e300, "1970-01-01T01:00:00+01:00"),
    ],
)
def test_times_of_every_size_are_shown(seconds: float | None, shown: str | None) -> None:
    assert shown == iso_time(seconds)

"""A secret's file is read again after a change, and a failure is reported once."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from app.refresh.refresher import Refresher
from app.settings.sources import Source
from app.state.store import Store
from connectors.base import SourceRefused
from tests.support.offline_gateway import configured

CONFIG = (
    '[sources.cloud]\nconnector = "carddav"\nurl = "https://cloud.example/"\nusername ='
    ' "ann"\npassword_file = "word"\n'
)


def password(source: Source) -> str:
    secret = source.connector.password  # type: ignore[attr-defined]
    assert isinstance(secret, SecretStr)
    return secret.get_secret_value()


@pytest.fixture
def refresher(tmp_path: Path) -> Refresher:
    (tmp_path / "word").write_text("old\n")
    (source,) = configured(tmp_path, CONFIG).sources
    store = Store(tmp_path)
    store.open("now")
    return Refresher(source, store)


def test_a_changed_file_gives_another_secret_and_the_same_source(
    refresher: Refresher, tmp_path: Path
) -> None:
    before = refresher.source
    assert not refresher.renew() and before is refresher.source
    (tmp_path / "word").write_text("another\n")
    assert refresher.renew() and not refresher.renew()
    assert ("another", before.fingerprint) == (
        password(refresher.source),
        refresher.source.fingerprint,
    )


def test_a_file_of_the_same_size_and_time_is_noticed(refresher: Refresher, tmp_path: Path) -> None:
    word = tmp_path / "word"
    before = word.stat()
    word.write_text("new\n")
    os.utime(word, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert refresher.renew() and "new" == password(refresher.source)


def test_a_new_secret_begins_its_pauses_anew(refresher: Refresher, tmp_path: Path) -> None:
    refused = SourceRefused("wrong password")
    for _ in range(5):
        refresher.handle_result(refused)
    (tmp_path / "word").write_text("another\n")
    refresher.renew()
    refresher.handle_result(refused)
    assert 1 == refresher.status.refusals
    assert refresher.wait() <= refresher.source.refresh * 1.05


@pytest.mark.parametrize("broken", ["gone", "empty", "binary"])
def test_a_file_that_cannot_be_used_leaves_the_secret_as_it_was(
    refresher: Refresher, tmp_path: Path, broken: str
) -> None:
    word = tmp_path / "word"
    if broken == "gone":
        word.unlink()
    else:
        word.write_bytes(b"" if broken == "empty" else b"\xff\xfe")
    with capture_logs() as lines:
        for _ in range(3):
            assert not refresher.renew()
    assert [("secret_not_read", str(word))] == [(line["event"], line["files"]) for line in lines]
    assert "old" == password(refresher.source)
    word.write_text("whole again\n")
    assert refresher.renew() and "whole again" == password(refresher.source)

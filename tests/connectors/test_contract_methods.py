"""Connectors of local files override the contract's methods for watching files."""

import pytest

from connectors.base import Connector
from connectors.registry import load


@pytest.mark.parametrize("word", ["csv", "vcard"])
@pytest.mark.parametrize("method", ["watched_folders", "file_state"])
def test_files_are_watched(word: str, method: str) -> None:
    assert getattr(load(word), method) is not getattr(Connector, method)

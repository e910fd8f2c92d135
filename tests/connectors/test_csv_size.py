"""A file that is no phonebook by its size is refused before it fills the memory."""

import tracemalloc
from pathlib import Path

import pytest

from connectors.base import SourceUnavailable
from connectors.csv import CsvConnector
from connectors.csv_files import MAX_FILE


@pytest.mark.parametrize("size", [MAX_FILE + 1, 20_000_000_000])
def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"name,phone\nAnn,1001\n")
        file.truncate(size)  # a hole: it takes no room on the disk
    tracemalloc.start()
    try:
        with pytest.raises(SourceUnavailable, match=r"a\.csv is larger than 256 MB") as caught:
            CsvConnector.model_validate({"path": str(path)}).fetch(None)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()
    assert "Ann" not in str(caught.value)


def test_one_such_file_among_others_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,phone\nAnn,1001\n")
    with (tmp_path / "b.csv").open("wb") as file:
        file.truncate(MAX_FILE + 1)
    with pytest.raises(SourceUnavailable, match=r"b\.csv is larger"):
        CsvConnector.model_validate({"path": str(tmp_path / "*.csv")}).fetch(None)

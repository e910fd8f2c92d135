"""CSV files for tests: writing and reading them, and what was not read."""

import os
from collections.abc import Sequence
from pathlib import Path

from connectors.base import Full
from connectors.csv.columns import Layout
from connectors.csv.connector import CsvConnector
from connectors.csv.layouts import detect_layout
from tests.connectors.contract import everything


def write(path: Path, text: str | bytes) -> Path:
    """Write a file with an old time of change, so that no reader waits for it."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    return path


def read(*paths: Path, **keys: object) -> Full:
    return everything(CsvConnector.model_validate({"path": [str(path) for path in paths], **keys}))


def table(path: Path, *rows: str) -> Path:
    return write(path, "".join(f"{row}\n" for row in rows))


def not_read(result: Full) -> str:
    return "".join(note for note in result.notes if "are not read" in note).partition("not read: ")[
        2
    ]


def meanings(headers: Sequence[str]) -> list[str]:
    """What each of some headers means beside the others."""
    layout = detect_layout(headers)
    found = [""] * len(headers)
    for field in Layout.__dataclass_fields__:
        if field not in ("numbers", "merged", "private", "name_may_be_part"):
            for index in getattr(layout, field):
                found[index] = field
    for column in layout.numbers:
        found[column.index] = column.kind.value
    for item in layout.merged:
        found[item.column] = found[item.into]
    return found

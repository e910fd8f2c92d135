"""Keep where each contact stands in its source, for sources whose ids say nothing.

The table is made when the first place is written, so a file of an earlier version has
none. The functions take an open connection and leave transactions to the caller.
"""

import sqlite3
from collections.abc import Iterable

from app.state.bulk import insert_rows

_TABLE = """
CREATE TABLE IF NOT EXISTS place (
  source TEXT, id TEXT, place TEXT, PRIMARY KEY (source, id)
) WITHOUT ROWID
"""


def write_places(file: sqlite3.Connection, source: str, places: Iterable[tuple[str, str]]) -> None:
    """Replace the places of a source; they come as (id, place)."""
    file.execute(_TABLE)
    remove_places(file, source)
    insert_rows(file, "place", 3, ((source, *place) for place in places), "INSERT OR IGNORE")


def remove_places(file: sqlite3.Connection, source: str) -> None:
    """Remove the places of a source."""
    if _has_table(file):
        file.execute("DELETE FROM place WHERE source = ?", (source,))


def find_place(file: sqlite3.Connection, source: str, key: str) -> str:
    """Return the place of a contact by its id, "" if it is not known."""
    if not _has_table(file):
        return ""
    row = file.execute(
        "SELECT place FROM place WHERE source = ? AND id = ?", (source, key)
    ).fetchone()
    return str(row[0]) if row else ""


def _has_table(file: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'place'"
    return file.execute(query).fetchone() is not None

"""Write where the blocks of a list of rows start, by which a position is found."""

import sqlite3
from array import array

import msgspec

from app.generation.schema import BLOCK


def write_list(file: sqlite3.Connection, table: str) -> int:
    """Write the number of rows of a table with ids, and where its blocks start.

    Returns the number of rows. Raises sqlite3.Error.
    """
    ids = array("q", (row for (row,) in file.execute(f"SELECT id FROM {table} ORDER BY id")))
    starts = msgspec.msgpack.encode(ids[::BLOCK].tolist())
    file.execute("INSERT OR REPLACE INTO list VALUES (?, ?, ?)", (table, len(ids), starts))
    return len(ids)

"""Insert many rows into a table of SQLite at a low cost a row."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, islice

_VALUES = 999
"""How many values a statement of any SQLite takes (SQLite, "Limits In SQLite")."""


def insert_rows(
    file: sqlite3.Connection,
    table: str,
    width: int,
    rows: Iterable[Sequence[object]],
    verb: str = "INSERT OR ROLLBACK",
) -> None:
    """Insert rows of `width` values each; `table` may name its columns.

    `verb` has a conflict clause. Raises sqlite3.Error.
    """
    # `executemany` runs a statement for each row, which costs more than the row. A statement that
    # must be able to undo its own rows alone (without a conflict clause, or of an FTS5 table) would
    # make each FTS5 table of the connection write out what it holds in memory.
    one = f"({', '.join('?' * width)})"
    size = _VALUES // width
    remaining = iter(rows)
    while len(batch := tuple(islice(remaining, size))) == size:
        values = ", ".join([one] * size)
        file.execute(f"{verb} INTO {table} VALUES {values}", tuple(chain.from_iterable(batch)))
    file.executemany(f"{verb} INTO {table} VALUES {one}", batch)

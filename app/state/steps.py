"""Record which contacts changed from one state of a source to the next.

A state is known by the digest of its contacts, so a chain of steps from one digest to
another holds every id that may differ. The table is made when the first step is
written: a program that does not know it breaks the chain, and harms nothing. The
functions take an open connection and leave transactions to the caller.
"""

import sqlite3
from collections.abc import Collection

import msgspec

_TABLE = """
CREATE TABLE IF NOT EXISTS step (
  number INTEGER PRIMARY KEY, source TEXT, before TEXT, after TEXT, ids BLOB
)
"""
MAX_STEPS = 64
"""How many steps of a source are kept."""

MAX_IDS = 50_000
"""A step that touches more contacts is not kept: everything is then read anew."""


def add_step(
    file: sqlite3.Connection, source: str, before: str, after: str, ids: Collection[str]
) -> None:
    """Record that a source went from one digest to another by a change of these ids."""
    file.execute(_TABLE)
    if len(ids) > MAX_IDS:
        remove_steps(file, source)
        return
    data = msgspec.msgpack.encode(tuple(ids))
    file.execute(
        "INSERT INTO step (source, before, after, ids) VALUES (?, ?, ?, ?)",
        (source, before, after, data),
    )
    file.execute(
        "DELETE FROM step WHERE source = ?1 AND number <= (SELECT number FROM step WHERE"
        " source = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
        (source, MAX_STEPS),
    )


def remove_steps(file: sqlite3.Connection, source: str) -> None:
    """Delete the steps of a source."""
    if _exists(file):
        file.execute("DELETE FROM step WHERE source = ?", (source,))


def changed_between(
    file: sqlite3.Connection, source: str, before: str, after: str
) -> set[str] | None:
    """Return the ids that changed between two digests of a source.

    They may include ids whose contacts are the same again. Return None if no chain of
    steps leads from one digest to the other.
    """
    if before == after:
        return set()
    if not _exists(file):
        return None
    ids: set[str] = set()
    digest = after
    steps = file.execute(
        "SELECT before, after, ids FROM step WHERE source = ? ORDER BY number DESC", (source,)
    )
    for earlier, later, data in steps:
        if later != digest:
            return None
        ids.update(msgspec.msgpack.decode(data, type=tuple[str, ...]))
        if earlier == before:
            return ids
        digest = earlier
    return None


def _exists(file: sqlite3.Connection) -> bool:
    return file.execute("SELECT 1 FROM sqlite_master WHERE name = 'step'").fetchone() is not None

"""Store what is known about each source beside its contacts.

The functions take an open connection and leave transactions to the caller.
"""

import sqlite3
from dataclasses import dataclass

import msgspec

from connectors.base import Skipped


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """The stored facts about a source.

    Times are in seconds since 1970. `digest` identifies its set of contacts in any
    order.
    """

    name: str
    fingerprint: str = ""
    checkpoint: str | None = None
    digest: str = ""
    contacts: int = 0
    skipped: tuple[Skipped, ...] = ()
    last_success: float | None = None
    last_full: float | None = None


def read_record(file: sqlite3.Connection, name: str) -> SourceRecord:
    """Return the record of a source, an empty one if none is stored."""
    row = file.execute(
        "SELECT fingerprint, checkpoint, digest, contacts, skipped, last_success, last_full"
        " FROM source WHERE name = ?",
        (name,),
    ).fetchone()
    if row is None:
        return SourceRecord(name)
    fingerprint, checkpoint, digest, contacts, data, last_success, last_full = row
    skipped = msgspec.msgpack.decode(data, type=tuple[Skipped, ...])
    return SourceRecord(
        name, fingerprint, checkpoint, digest, contacts, skipped, last_success, last_full
    )


def write_record(file: sqlite3.Connection, record: SourceRecord) -> None:
    """Save the record of a source."""
    file.execute(
        "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.name,
            record.fingerprint,
            record.checkpoint,
            record.digest,
            record.contacts,
            msgspec.msgpack.encode(record.skipped),
            record.last_success,
            record.last_full,
        ),
    )

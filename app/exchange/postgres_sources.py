"""What is saved of the sources in the PostgreSQL exchange."""

import uuid
from typing import TYPE_CHECKING

from app.exchange import postgres_files
from app.state.source_copies import SourceCopy

if TYPE_CHECKING:
    import psycopg

_SAVE = """
INSERT INTO directory_gateway.source AS row (name, epoch, digest, facts, upload)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (name) DO UPDATE SET
  epoch = excluded.epoch, digest = excluded.digest, facts = excluded.facts,
  upload = CASE row.digest WHEN excluded.digest THEN row.upload ELSE excluded.upload END
"""
_FORGET_SOURCE_PARTS = """
DELETE FROM directory_gateway.source_part
WHERE upload NOT IN (SELECT upload FROM directory_gateway.source)
"""


def write_source(
    connection: "psycopg.Connection", epoch: int, source: str, copy: SourceCopy
) -> None:
    """Replace what is saved of a source; contacts that are saved stay.

    Raises psycopg.Error and what the parts raise.
    """
    upload = uuid.uuid4().hex
    row = connection.execute(
        "SELECT digest FROM directory_gateway.source WHERE name = %s", (source,)
    ).fetchone()
    is_new = row is None or row[0] != copy.digest
    if is_new:
        postgres_files.write_source_parts(connection, upload, copy.parts)
    connection.execute(_SAVE, (source, epoch, copy.digest, copy.facts, upload))
    if is_new:
        connection.execute(_FORGET_SOURCE_PARTS)


def delete_all_but(connection: "psycopg.Connection", sources: tuple[str, ...]) -> None:
    """Delete what is saved of all sources but these. Raises psycopg.Error."""
    connection.execute(
        "DELETE FROM directory_gateway.source WHERE name <> ALL (%s)", (list(sources),)
    )
    connection.execute(_FORGET_SOURCE_PARTS)


def read_facts(connection: "psycopg.Connection", source: str) -> bytes | None:
    """Return a source's facts, None if nothing is saved of it. Raises psycopg.Error."""
    row = connection.execute(
        "SELECT facts FROM directory_gateway.source WHERE name = %s", (source,)
    ).fetchone()
    return bytes(row[0]) if row is not None else None

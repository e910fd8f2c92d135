"""Generations in the PostgreSQL exchange, and which one is current."""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from app.exchange import postgres_files
from app.exchange.base import KEPT_GENERATIONS, ExchangeError, Publication
from app.generation.files import Published, is_version

if TYPE_CHECKING:
    import psycopg

_CURRENT = """
SELECT g.version, g.digest, g.build_seconds, g.people_digest, g.schema, g.size, p.epoch
FROM directory_gateway.pointer p JOIN directory_gateway.generation g USING (version)
"""
_POINT = """
INSERT INTO directory_gateway.pointer (version, epoch) VALUES (%s, %s)
ON CONFLICT (one) DO UPDATE SET version = excluded.version, epoch = excluded.epoch
"""
_NOTE_PUBLICATION = "INSERT INTO directory_gateway.publication (version) VALUES (%s)"
_FORGET_PUBLICATIONS = """
DELETE FROM directory_gateway.publication
WHERE at < clock_timestamp() - interval '7 days'
  AND version NOT IN (SELECT version FROM directory_gateway.pointer)
"""
_FORGET_OLD = """
DELETE FROM directory_gateway.generation
WHERE version NOT IN (SELECT version FROM directory_gateway.pointer)
  AND version NOT IN (
    SELECT version FROM directory_gateway.generation ORDER BY version DESC LIMIT %s
  )
"""
_FORGET_PARTS = """
DELETE FROM directory_gateway.part
WHERE upload NOT IN (SELECT upload FROM directory_gateway.generation)
"""


def write_generation(
    connection: "psycopg.Connection", folder: Path, publication: Publication
) -> None:
    """Write a generation and its files, unless it is there.

    Raises ExchangeError if another one has its version. Raises OSError or
    psycopg.Error.
    """
    published, upload = publication.published, uuid.uuid4().hex
    known = connection.execute(
        "SELECT 1 FROM directory_gateway.generation WHERE version = %s", (published.version,)
    ).fetchone()
    if known is None:
        postgres_files.write_files(connection, folder, publication, upload)
    inserted = connection.execute(
        "INSERT INTO directory_gateway.generation"
        " (version, schema, digest, people_digest, build_seconds, size, upload)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (version) DO NOTHING RETURNING version",
        (
            published.version,
            publication.schema,
            published.digest,
            published.people_digest,
            published.build_seconds,
            publication.size,
            upload,
        ),
    ).fetchone()
    if inserted is None:
        _refuse_other(connection, published)


def _refuse_other(connection: "psycopg.Connection", published: Published) -> None:
    row = connection.execute(
        "SELECT digest, people_digest FROM directory_gateway.generation WHERE version = %s",
        (published.version,),
    ).fetchone()
    if row != (published.digest, published.people_digest):
        raise ExchangeError(
            f"the exchange has another generation of version {published.version}. The next"
            " build has another version."
        )


def point(connection: "psycopg.Connection", epoch: int, version: str) -> None:
    """Make a generation the current one, and delete old ones. Raises psycopg.Error."""
    connection.execute(_POINT, (version, epoch))
    connection.execute(_NOTE_PUBLICATION, (version,))
    connection.execute(_FORGET_PUBLICATIONS)
    connection.execute(_FORGET_OLD, (KEPT_GENERATIONS,))
    connection.execute(_FORGET_PARTS)


def read_current(connection: "psycopg.Connection") -> Publication | None:
    """Return what is current, None if nothing is.

    Raises ExchangeError if its version cannot be part of a file's name, and
    psycopg.Error.
    """
    row = connection.execute(_CURRENT).fetchone()
    if row is None:
        return None
    version, digest, seconds, people, schema, size, epoch = row
    if not is_version(version):
        raise ExchangeError("the exchange names a version that cannot be part of a file's name")
    return Publication(Published(version, digest, seconds, people), schema, size, epoch)

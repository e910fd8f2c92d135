"""Requests and reports of hosts in the PostgreSQL exchange."""

from typing import TYPE_CHECKING

import msgspec

from app.exchange.base import FOR_EVERY_HOST, HostReport
from app.state.control import Request

if TYPE_CHECKING:
    import psycopg

# Nobody waits longer for a request; a host that was off meanwhile reads its configuration anyway.
_FORGET_REQUESTS = """
DELETE FROM directory_gateway.request WHERE at < clock_timestamp() - interval '1 hour'
"""
_FORGET_HOSTS = """
DELETE FROM directory_gateway.host WHERE at < clock_timestamp() - interval '7 days'
"""
_TAKE_FOR_ALL = """
WITH new AS (
  INSERT INTO directory_gateway.taken
  SELECT id, %(host)s FROM directory_gateway.request WHERE is_for_all
  ON CONFLICT DO NOTHING RETURNING request
)
SELECT verb, source, digest FROM directory_gateway.request
WHERE id IN (SELECT request FROM new) ORDER BY id
"""
_TAKE_AS_BUILDER = """
WITH gone AS (DELETE FROM directory_gateway.request WHERE NOT is_for_all RETURNING *)
SELECT verb, source, digest FROM gone ORDER BY id
"""
_REPORT = """
INSERT INTO directory_gateway.host VALUES (%s, %s, %s, %s, %s, %s, %s, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, version = excluded.version, schema = excluded.schema,
  builds = excluded.builds, keys = excluded.keys, status = excluded.status, at = excluded.at
"""
_HOSTS = """
SELECT name, version, schema, builds, keys, status,
  greatest(extract(epoch FROM clock_timestamp() - at), 0)
FROM directory_gateway.host ORDER BY name, id
"""


def write_request(connection: "psycopg.Connection", request: Request) -> None:
    """Store a request. Raises psycopg.Error."""
    connection.execute(
        "INSERT INTO directory_gateway.request (verb, source, digest, is_for_all)"
        " VALUES (%s, %s, %s, %s)",
        (request.verb, request.source, request.digest, request.verb in FOR_EVERY_HOST),
    )


def take_requests(
    connection: "psycopg.Connection", host: str, *, builds: bool
) -> tuple[Request, ...]:
    """Return the requests for all hosts that a host has not taken yet.

    If it builds, the requests for the host that builds too. Raises psycopg.Error.
    """
    connection.execute(_FORGET_REQUESTS)
    rows = connection.execute(_TAKE_FOR_ALL, {"host": host}).fetchall()
    if builds:
        rows += connection.execute(_TAKE_AS_BUILDER).fetchall()
    return tuple(Request(*row) for row in rows)


def write_report(connection: "psycopg.Connection", host: str, report: HostReport) -> None:
    """Replace a host's report, and delete those that are a week old.

    Raises psycopg.Error.
    """
    keys = msgspec.json.encode(report.keys).decode()
    connection.execute(
        _REPORT,
        (host, report.name, report.version, report.schema, report.builds, keys, report.status),
    )
    connection.execute(_FORGET_HOSTS)


def read_reports(connection: "psycopg.Connection") -> tuple[HostReport, ...]:
    """Return all reports by the hosts' names. Raises psycopg.Error."""
    return tuple(
        HostReport(
            name,
            version,
            schema,
            builds,
            msgspec.json.decode(keys, type=tuple[tuple[str, str], ...]),
            bytes(status),
            float(age),
        )
        for name, version, schema, builds, keys, status, age in connection.execute(_HOSTS)
    )

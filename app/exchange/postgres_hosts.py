"""Requests and reports of hosts, and who builds, in the PostgreSQL exchange."""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from app.exchange.base import FOR_EVERY_HOST, HostReport, LeaseHolder
from app.state.control import Request

if TYPE_CHECKING:
    import psycopg

# Nobody waits longer for a request.
_FORGET_REQUESTS = """
WITH gone AS (
  DELETE FROM directory_gateway.request WHERE at < clock_timestamp() - interval '1 hour'
  RETURNING is_for_all
)
SELECT count(*) FROM gone WHERE NOT is_for_all
"""
_AGO = "SELECT clock_timestamp() - %s * interval '1 second'"
_TAKE_FOR_ALL = """
WITH new AS (
  INSERT INTO directory_gateway.taken
  SELECT id, %(host)s FROM directory_gateway.request
  WHERE is_for_all AND at >= %(since)s
  ON CONFLICT DO NOTHING RETURNING request
)
SELECT verb, source, digest FROM directory_gateway.request
WHERE id IN (SELECT request FROM new) ORDER BY id
"""
_TAKE_AS_BUILDER = """
WITH gone AS (DELETE FROM directory_gateway.request WHERE NOT is_for_all RETURNING *)
SELECT verb, source, digest FROM gone ORDER BY id
"""
# The lag of a host is counted from the first publication after the one that it serves. Of a host
# that serves none that is known here, it is counted from the last one.
_HOSTS = """
SELECT h.name, h.version, h.schema, h.builds AND l.host IS NOT NULL, h.keys, h.status, h.release,
  greatest(extract(epoch FROM clock_timestamp() - h.at), 0),
  CASE WHEN h.version <> p.version
    THEN greatest(extract(epoch FROM clock_timestamp() - coalesce(missed.at, newest.at)), 0)
    ELSE 0 END
FROM directory_gateway.host h
LEFT JOIN directory_gateway.lease l ON l.host = h.id AND l.until > clock_timestamp()
LEFT JOIN directory_gateway.pointer p ON true
LEFT JOIN LATERAL (
  SELECT number FROM directory_gateway.publication WHERE version = h.version
  ORDER BY number DESC LIMIT 1
) served ON true
LEFT JOIN LATERAL (
  SELECT at FROM directory_gateway.publication WHERE number > served.number
  ORDER BY number LIMIT 1
) missed ON true
LEFT JOIN (
  SELECT at FROM directory_gateway.publication ORDER BY number DESC LIMIT 1
) newest ON true
ORDER BY h.name, h.id
"""
# Without statistics of the tables the server takes the query for a long one, and compiles it for a
# second. It runs for a millisecond.
_DO_NOT_COMPILE = "SET LOCAL jit = off"
_HOLDER = """
SELECT coalesce(h.name, ''), l.epoch,
  greatest(extract(epoch FROM clock_timestamp() - l.since), 0),
  greatest(extract(epoch FROM l.until - clock_timestamp()), 0)
FROM directory_gateway.lease l LEFT JOIN directory_gateway.host h ON h.id = l.host
WHERE l.until > clock_timestamp()
"""


def write_request(connection: "psycopg.Connection", request: Request) -> None:
    """Store a request. Raises psycopg.Error."""
    connection.execute(
        "INSERT INTO directory_gateway.request (verb, source, digest, is_for_all)"
        " VALUES (%s, %s, %s, %s)",
        (request.verb, request.source, request.digest, request.verb in FOR_EVERY_HOST),
    )


def moment(connection: "psycopg.Connection", seconds: float) -> datetime:
    """Return what the server's clock said so many seconds ago. Raises psycopg.Error."""
    (found,) = connection.execute(_AGO, (seconds,)).fetchall()
    ago: datetime = found[0]
    return ago


def forget_requests(connection: "psycopg.Connection") -> int:
    """Delete the requests that are an hour old.

    Returns how many of them no host that builds has taken. Raises psycopg.Error.
    """
    row = connection.execute(_FORGET_REQUESTS).fetchone()
    return int(row[0]) if row is not None else 0


def take_requests(
    connection: "psycopg.Connection", host: str, since: datetime, *, builds: bool
) -> tuple[Request, ...]:
    """Return the requests for all hosts since a moment that a host has not taken yet.

    If it builds, the requests for the host that builds too. Raises psycopg.Error.
    """
    rows = connection.execute(_TAKE_FOR_ALL, {"host": host, "since": since}).fetchall()
    if builds:
        rows += connection.execute(_TAKE_AS_BUILDER).fetchall()
    return tuple(Request(*row) for row in rows)


def read_reports(connection: "psycopg.Connection") -> tuple[HostReport, ...]:
    """Return all reports by the hosts' names, in a transaction. Raises psycopg.Error."""
    connection.execute(_DO_NOT_COMPILE)
    return tuple(
        HostReport(
            name,
            version,
            schema,
            builds,
            _keys(keys),
            bytes(status),
            release,
            float(age),
            float(lag),
        )
        for name, version, schema, builds, keys, status, release, age, lag in connection.execute(
            _HOSTS
        )
    )


def _keys(written: str) -> tuple[tuple[str, str], ...]:
    """Return a host's keys; none if another release wrote them in another form."""
    try:
        return msgspec.json.decode(written, type=tuple[tuple[str, str], ...])
    except msgspec.MsgspecError:
        return ()


def read_holder(connection: "psycopg.Connection") -> LeaseHolder | None:
    """Return who holds the lease, None while nobody does. Raises psycopg.Error."""
    row = connection.execute(_HOLDER).fetchone()
    if row is None:
        return None
    name, epoch, held, left = row
    return LeaseHolder(name, int(epoch), float(held), float(left))

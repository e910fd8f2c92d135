"""The row of a host in the PostgreSQL exchange, which one running program writes."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from app.exchange.base import HostReport

if TYPE_CHECKING:
    import psycopg

# The first report of a program takes the row: the program that wrote it before is dead, or it
# finds the row taken. Later ones replace a row of another program only if it was written before
# this program's last report (a failover brought it back), or if the other is gone. A host that
# builds may be too busy to report; then it renews the lease.
_REPORT = """
INSERT INTO directory_gateway.host AS row
  (id, name, version, schema, builds, keys, status, release, run, at)
VALUES (%(id)s, %(name)s, %(version)s, %(schema)s, %(builds)s, %(keys)s, %(status)s, %(release)s,
  %(run)s, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, version = excluded.version, schema = excluded.schema,
  builds = excluded.builds, keys = excluded.keys, status = excluded.status,
  release = excluded.release, run = excluded.run, at = excluded.at
WHERE row.run = excluded.run OR row.at <= coalesce(%(last)s::timestamptz, 'infinity')
  OR row.at < clock_timestamp() - %(seconds)s * interval '1 second' AND NOT EXISTS (
    SELECT FROM directory_gateway.lease l WHERE l.host = row.id AND l.until > clock_timestamp()
  )
RETURNING at
"""
_FORGET_HOSTS = """
DELETE FROM directory_gateway.host WHERE at < clock_timestamp() - interval '7 days'
"""


class HostRow:
    """The row of the host with an id, as one run of the program writes it.

    `other` is the name of another running host with this id, which was started later,
    "" if none is known. It is gone if it holds no lease and does not report for
    `seconds`.
    """

    def __init__(self, host: str, seconds: float) -> None:
        self.other = ""
        self._host, self._seconds = host, seconds
        self._run = uuid.uuid4().hex
        self._last: datetime | None = None

    def write(self, connection: "psycopg.Connection", report: HostReport) -> None:
        """Replace the host's report, unless another running host has this id.

        Deletes reports that are a week old. Raises psycopg.Error.
        """
        values = {
            "id": self._host,
            "name": report.name,
            "version": report.version,
            "schema": report.schema,
            "builds": report.builds,
            "keys": msgspec.json.encode(report.keys).decode(),
            "status": report.status,
            "release": report.release,
            "run": self._run,
            "last": self._last,
            "seconds": self._seconds,
        }
        row = connection.execute(_REPORT, values).fetchone()
        if row is not None:
            self.other, self._last = "", row[0]
        else:
            self.other = self._written_name(connection)
        connection.execute(_FORGET_HOSTS)

    def _written_name(self, connection: "psycopg.Connection") -> str:
        row = connection.execute(
            "SELECT name FROM directory_gateway.host WHERE id = %s", (self._host,)
        ).fetchone()
        return str(row[0]) if row is not None else ""

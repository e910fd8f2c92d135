"""The exchange in a PostgreSQL database.

No statement holds a contact as text: contacts travel as compressed parts, in
parameters.
"""

import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.exchange import (
    postgres_files,
    postgres_generations,
    postgres_hosts,
    postgres_sources,
    schema,
)
from app.exchange.base import (
    FOR_EVERY_HOST,
    FOR_THE_BUILDER,
    LEASE_SECONDS,
    ExchangeError,
    Fenced,
    HostReport,
    Lease,
    LeaseHolder,
    Publication,
    SourceData,
)
from app.exchange.database import Database
from app.exchange.host_row import HostRow
from app.logs import Log
from app.state.control import Request

if TYPE_CHECKING:
    import psycopg

_ACQUIRE = """
INSERT INTO directory_gateway.lease AS row (host, holder, epoch, until)
VALUES (%(host)s, %(holder)s, 1, clock_timestamp() + %(seconds)s * interval '1 second')
ON CONFLICT (one) DO UPDATE SET
  host = excluded.host, holder = excluded.holder, until = excluded.until,
  since = CASE row.holder WHEN excluded.holder THEN row.since ELSE clock_timestamp() END,
  epoch = row.epoch + (row.holder <> excluded.holder)::int
WHERE row.holder = excluded.holder
  OR row.until + %(respite)s * interval '1 second' <= clock_timestamp()
  OR row.host = excluded.host AND %(is_first)s
RETURNING epoch, extract(epoch FROM until - clock_timestamp())
"""
_VERBS = (*FOR_EVERY_HOST, *FOR_THE_BUILDER)
_START_SECONDS = 60.0
"""A host read its configuration so long before it opened the exchange, at most.

Requests to read it again that are older have been met.
"""
_log = Log("builder")


class PostgresExchange:
    """An exchange in the database at `url`, for one host.

    Whoever stops at any point keeps others waiting for a few seconds at most: no lock
    that another host needs is held during an upload, in which the server waits for as
    long as the connection is there (`idle_in_transaction_session_timeout` does not
    count then).

    `host` is a text that only this state directory has; without it the exchange may
    only be looked at, and no tables are made. One thread may renew the lease while
    another does everything else: each has its own connection. Once `is_ending` returns
    True, a server that does not answer is hardly waited for.
    """

    def __init__(
        self,
        url: str,
        *,
        host: str,
        password: Callable[[], str | None] = lambda: None,
        lease_seconds: float = LEASE_SECONDS,
        is_ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._host = host
        self._lease_seconds = lease_seconds
        self._holder = ""
        self._has_asked = False
        self._row = HostRow(host, lease_seconds)
        self._opened_at = time.monotonic()
        self._since: datetime | None = None
        makes = bool(host)
        self._leasing = Database(url, password, makes_tables=makes, is_ending=is_ending)
        self._working = Database(
            url, password, makes_tables=makes, listens=True, is_ending=is_ending
        )

    def lease(self, *, respite: float = 0.0) -> Lease | None:
        """Acquire or renew the lease; see `Exchange.lease`."""
        if self._row.other:
            self.release()
            return None
        holder = self._holder or uuid.uuid4().hex
        with self._leasing.transaction() as connection:
            connection.execute("SET LOCAL statement_timeout = '4s'")
            values = {
                "host": self._host,
                "holder": holder,
                "seconds": self._lease_seconds,
                # Whoever else holds it under this id is dead, or was started later.
                "is_first": not self._has_asked,
                "respite": respite,
            }
            row = connection.execute(_ACQUIRE, values).fetchone()
        self._has_asked = True
        if row is None:
            self._holder = ""
            return None
        self._holder = holder
        return Lease(int(row[0]), holder, float(row[1]))

    def release(self) -> None:
        """Give the lease back; see `Exchange.release`."""
        holder, self._holder = self._holder, ""
        if holder:
            with self._leasing.transaction() as connection:
                connection.execute(
                    "UPDATE directory_gateway.lease SET until = clock_timestamp()"
                    " WHERE holder = %s",
                    (holder,),
                )
                connection.execute("NOTIFY directory_gateway")

    def lease_holder(self) -> LeaseHolder | None:
        """Return who holds the lease; see `Exchange.lease_holder`."""
        with self._working.connected() as connection:
            return postgres_hosts.read_holder(connection)

    def publish(self, lease: Lease, folder: Path, publication: Publication) -> None:
        """Publish a generation; see `Exchange.publish`."""
        with self._working.transaction() as connection:
            postgres_generations.write_generation(connection, folder, publication)
            self._hold(connection, lease)
            postgres_generations.point(connection, lease.epoch, publication.published.version)
            connection.execute("NOTIFY directory_gateway")

    def _hold(self, connection: "psycopg.Connection", lease: Lease) -> None:
        """Keep others from the lease until the transaction ends; Fenced if it is lost.

        This is the last statement but for short ones: it must not make others wait for
        an upload.
        """
        row = connection.execute(
            "SELECT 1 FROM directory_gateway.lease WHERE holder = %s AND epoch = %s"
            " AND until > clock_timestamp() FOR SHARE",
            (lease.holder, lease.epoch),
        ).fetchone()
        if row is None:
            raise Fenced

    def current(self) -> Publication | None:
        """Return what is published; see `Exchange.current`."""
        with self._working.connected() as connection:
            return postgres_generations.read_current(connection)

    def fetch(self, publication: Publication, folder: Path) -> None:
        """Put a publication's files into a state directory; see `Exchange.fetch`."""
        with self._working.snapshot() as connection:
            postgres_files.read_files(connection, publication, folder)

    def watch(self, seconds: float) -> bool:
        """Wait for a notification; see `Exchange.watch`."""
        with self._working.connected() as connection:
            return next(connection.notifies(timeout=seconds, stop_after=1), None) is not None

    def save(self, lease: Lease, data: SourceData, source: str) -> None:
        """Save what is stored of a source; see `Exchange.save`."""
        with data.copy(source) as copy, self._working.transaction() as connection:
            postgres_sources.write_source(connection, lease.epoch, source, copy)
            self._hold(connection, lease)

    def forget_all_but(self, lease: Lease, sources: tuple[str, ...]) -> None:
        """Delete what was saved of other sources; see `Exchange.forget_all_but`."""
        with self._working.transaction() as connection:
            postgres_sources.delete_all_but(connection, sources)
            self._hold(connection, lease)

    def load(self, data: SourceData, source: str) -> bool:
        """Restore what was saved of a source; see `Exchange.load`."""
        with self._working.snapshot() as connection:
            facts = postgres_sources.read_facts(connection, source)
            if facts is None:
                return False
            data.restore(source, facts, postgres_files.read_source_parts(connection, source))
        return True

    def ask(self, request: Request) -> None:
        """Leave a request; see `Exchange.ask`."""
        with self._working.transaction() as connection:
            postgres_hosts.write_request(connection, request)
            connection.execute("NOTIFY directory_gateway")

    def requests(self, *, builds: bool) -> tuple[Request, ...]:
        """Take the requests for this host; see `Exchange.requests`."""
        with self._working.transaction() as connection:
            if self._since is None:
                ago = time.monotonic() - self._opened_at + _START_SECONDS
                self._since = postgres_hosts.moment(connection, ago)
            taken = postgres_hosts.take_requests(connection, self._host, self._since, builds=builds)
        known = tuple(request for request in taken if request.verb in _VERBS)
        if len(known) < len(taken):
            _log.warning("requests_refused", count=len(taken) - len(known))
        return known

    def report(self, report: HostReport) -> str:
        """Replace what this host says of itself; see `Exchange.report`."""
        with self._working.transaction() as connection:
            self._row.write(connection, report)
            expired = postgres_hosts.forget_requests(connection)
        if expired:
            _log.warning("requests_expired", count=expired)
        return self._row.other

    def hosts(self) -> tuple[HostReport, ...]:
        """Return what each host said of itself; see `Exchange.hosts`."""
        with self._working.transaction() as connection:
            return postgres_hosts.read_reports(connection)

    def check_rights(self) -> None:
        """Raise ExchangeError if the role may not write; nothing is changed."""
        with self._working.transaction() as connection:
            schema.try_writing(connection)

    def close(self) -> None:
        """Give the lease back if the server answers, and end both connections."""
        if self._leasing.is_ready():
            with suppress(ExchangeError):
                self.release()
        self._leasing.close()
        self._working.close()

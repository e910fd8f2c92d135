"""A connection to PostgreSQL that is opened when needed, with errors as sentences."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from app.exchange import postgres_errors, schema
from app.exchange.base import ExchangeError
from app.exchange.connection import connect, is_readable

if TYPE_CHECKING:
    import psycopg

# A server that does not answer, and a host that has gone, are noticed well within a lease.
_DEFAULTS = {
    "application_name": "directory-gateway",
    "connect_timeout": "4",
    "keepalives_idle": "4",
    "keepalives_interval": "2",
    "keepalives_count": "2",
    "tcp_user_timeout": "8000",
}
SILENCE_SECONDS, _ENDING_SECONDS = 8.0, 1.0
"""After so long without a byte from or to the server a connection is given up."""
# The server ends the session of a host that has gone, and its locks, as soon as the host would
# give up the server. Without these settings it waits for two hours. Through a Unix socket they
# have no effect.
_KEEPALIVE = (
    "SET LOCAL tcp_keepalives_idle = 4; SET LOCAL tcp_keepalives_interval = 2;"
    " SET LOCAL tcp_keepalives_count = 2; SET LOCAL tcp_user_timeout = 8000;"
)
# A frozen holder of the lease's row must not keep others waiting longer than this.
_LIMITS = (
    f"{_KEEPALIVE} SET LOCAL lock_timeout = '3s';"
    " SET LOCAL idle_in_transaction_session_timeout = '4s'"
)
# A frozen reader keeps nobody waiting, but its snapshot keeps deleted rows on the disk.
_SNAPSHOT = (
    f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; {_KEEPALIVE}"
    " SET LOCAL idle_in_transaction_session_timeout = '60s'"
)


class Database:
    """One connection to the database at `url`, which one thread at a time uses.

    After an error it is closed, and the next use opens another one. The first
    connection brings the tables up to date, and so does the next one after they were
    lost; unless it `makes_tables` it only looks whether they are. With `listens` it
    gets notifications. `password` is called for each connection, and may raise
    ExchangeError. Once `is_ending` returns True, the server is given one second for
    each answer.
    """

    def __init__(
        self,
        url: str,
        password: Callable[[], str | None],
        *,
        makes_tables: bool = True,
        listens: bool = False,
        is_ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._url, self._password, self._makes_tables = url, password, makes_tables
        self._listens, self._is_ending = listens, is_ending
        self._lock = threading.Lock()
        self._connection: psycopg.Connection | None = None
        self._is_prepared = False

    @contextmanager
    def connected(self) -> Iterator["psycopg.Connection"]:
        """Yield the connection. Raises ExchangeError for every error of psycopg."""
        try:
            import psycopg
        except ImportError as error:
            raise ExchangeError(
                f"the exchange needs psycopg, which is not installed: {sys.executable} -m pip"
                " install 'psycopg[binary]>=3.2', then restart the gateway. See \"Two hosts in ten"
                ' minutes" in docs/several-machines.md.'
            ) from error
        with self._lock:
            try:
                connection = self._connection
                if connection is None or connection.closed or self._was_ended(connection):
                    self.close()
                    connection = self._connection = self._connect()
                yield connection
            except psycopg.Error as error:
                self.close()
                if error.sqlstate in schema.MISSING:
                    self._is_prepared = False
                raise ExchangeError(postgres_errors.sentence(error, self._servers())) from error

    @contextmanager
    def transaction(self) -> Iterator["psycopg.Connection"]:
        """Yield the connection in a transaction, committed at the end."""
        with self.connected() as connection, connection.transaction():
            connection.execute(_LIMITS)
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator["psycopg.Connection"]:
        """Yield the connection in a transaction that reads the state of its beginning."""
        with self.connected() as connection, connection.transaction():
            connection.execute(_SNAPSHOT)
            yield connection

    def _connect(self) -> "psycopg.Connection":
        import psycopg

        given = psycopg.conninfo.conninfo_to_dict(self._url)
        extra = {name: value for name, value in _DEFAULTS.items() if name not in given}
        password = self._password()
        if password is not None:
            extra["password"] = password
        text = psycopg.conninfo.make_conninfo(self._url, **extra)
        try:
            connection = connect(text, self._silence)
        except ValueError as error:
            # Python's own, before any server of names is asked: a part of the name is too long.
            raise ExchangeError(
                f"the exchange failed: {self._servers()}: {error}. Check url under [exchange]."
            ) from error
        try:
            if not self._is_prepared:
                with connection.transaction():
                    connection.execute(_LIMITS)
                    if self._makes_tables:
                        schema.prepare(connection)
                    else:
                        schema.require(connection)
                self._is_prepared = True
            if self._listens:
                connection.execute("LISTEN directory_gateway")
        except BaseException:
            connection.close()
            raise
        return connection

    def _servers(self) -> str:
        """Return the hosts in the url as libpq reads it, without a password."""
        import psycopg

        try:
            given = psycopg.conninfo.conninfo_to_dict(self._url)
        except psycopg.Error:
            return "url"
        return str(given.get("host") or given.get("hostaddr") or "the server")

    def _was_ended(self, connection: "psycopg.Connection") -> bool:
        """Return whether the server ended a connection while nobody used it.

        Otherwise it says nothing unasked, but for notifications: who listens for them
        notices the end too.
        """
        return not self._listens and is_readable(connection)

    def _silence(self) -> float:
        return _ENDING_SECONDS if self._is_ending() else SILENCE_SECONDS

    def is_ready(self) -> bool:
        """Return whether there is a connection, and no thread uses it."""
        connection = self._connection
        return connection is not None and not connection.closed and not self._lock.locked()

    def close(self) -> None:
        """Close the connection; the next use opens another one."""
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
        self._connection = None

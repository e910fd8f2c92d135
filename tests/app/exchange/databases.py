"""A database of a test's PostgreSQL, and the hosts that meet in it."""

from pathlib import Path
from uuid import uuid4

from app.exchange.postgres import PostgresExchange
from tests.app.exchange.contract_host import ContractHost
from tests.support.servers.postgres import PostgresServer

LONG = 60.0


class Database:
    """A database of the server, and the exchanges that tests opened in it."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.name = server.new_database()
        self.opened: list[PostgresExchange] = []

    def host(self, name: str, seconds: float = LONG) -> ContractHost:
        exchange = PostgresExchange(
            self.server.url(self.name),
            host=uuid4().hex,
            password=lambda: self.server.password,
            lease_seconds=seconds,
        )
        self.opened.append(exchange)
        return ContractHost(self.folder / name, exchange)

    def close(self) -> None:
        """Close the exchanges that tests opened."""
        for exchange in self.opened:
            exchange.close()

    def end_lease(self) -> None:
        """Let the lease end, as if its holder had not renewed it."""
        self.run("UPDATE directory_gateway.lease SET until = clock_timestamp()")

    def run(self, statement: str) -> None:
        """Execute a statement as the superuser, in this database."""
        with self.server.admin(self.name) as connection:
            connection.execute(statement)

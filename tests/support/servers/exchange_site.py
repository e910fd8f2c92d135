"""Hosts of several in this process, which share a PostgreSQL and a file of contacts."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.build.host import HostLoop
from app.build.host_exchange import open_exchange
from app.exchange.base import Exchange
from app.exchange.postgres import PostgresExchange
from app.generation.files import (
    current_version,
    publish,
)
from app.generation.reader import OtherVersion
from app.settings.loader import Settings
from app.state import control
from app.state.control import Request
from app.state.directory import prepare_state_dir
from app.state.source_copies import SourceCopies
from app.state.status import SourceStatus, read_status
from app.state.store import Store
from tests.support.offline_gateway import configured, rows
from tests.support.patience import PATIENCE
from tests.support.servers.postgres import PostgresServer


@dataclass(frozen=True, slots=True)
class HostPair:
    """The settings, exchange and store of one host, and the exchange of another one."""

    settings: Settings
    exchange: Exchange
    store: Store
    other: PostgresExchange


class ExchangeSite:
    """Hosts that share a database and a file of contacts."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._database = server.new_database()
        self.contacts = folder / "contacts.csv"
        (folder / "password").write_text(server.password)

    def write(self, *names: str) -> None:
        """Replace the contacts by people with these names."""
        lines = [f"{name},08955501{number:02}" for number, name in enumerate(names)]
        draft = self.contacts.with_name("draft")
        draft.write_text("\n".join(["name,work", *lines]) + "\n")
        draft.replace(self.contacts)

    def host(self, name: str, more: str = "", url: str = "") -> Settings:
        """Return the settings of a host, whose state directory is there."""
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        settings = configured(
            folder,
            f'[sources.staff]\nconnector = "csv"\npath = "{self.contacts}"\n{more}'
            f'[exchange]\nurl = "{url or self._server.url(self._database)}"\n'
            f'password_file = "{self._folder / "password"}"\nname = "{name}"\n',
        )
        prepare_state_dir(settings.state_dir)
        return settings

    def run(self, statement: str) -> None:
        """Execute a statement as the superuser, in this database."""
        with self._server.admin(self._database) as connection:
            connection.execute(statement)


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Let a host build or follow, until the end."""
    loop = HostLoop(settings, publish=publish)
    loop.prepare()
    loop.start()
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        yield
    finally:
        loop.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def shows(settings: Settings, *names: str) -> bool:
    """Return whether what a host serves can be read, and has these people."""
    if current_version(settings.state_dir) is None:
        return False
    try:
        return list(names) == [name for name, _ in rows(settings)]
    except OtherVersion:
        return False


def state(settings: Settings) -> str:
    return read_status(settings.state_dir).sources.get("staff", SourceStatus()).state


def saved_sources(settings: Settings) -> tuple[str, ...]:
    """Return the sources of which the exchange can restore data."""
    folder = settings.state_dir.with_name("restored")
    prepare_state_dir(folder)
    store = Store(folder)
    store.open("test")
    with closing(open_exchange(settings, as_host=False)) as exchange:
        return tuple(
            name for name in ("family", "staff") if exchange.load(SourceCopies(store), name)
        )


def received(settings: Settings) -> tuple[Request, ...]:
    """Take and return all requests in a host's state directory."""
    return control.receive(
        settings.state_dir, control.REFRESH, control.FULL, control.REBUILD, control.RELOAD
    )

"""Hosts on small disks and a PostgreSQL, each in a network of its own."""

import math
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, eventually
from tests.support.servers.network import Namespace, Network
from tests.support.servers.postgres import running_postgres
from tests.support.servers.site_hosts import BUILDER, Site, exchange_of
from tests.support.servers.small_disk import mounted

WEB_WORKER = "app.web.worker"
PEOPLE = 60
"""So many people have two pages behind a menu, and links with a version on each."""
DISK_KILOBYTES, ENGINE_KILOBYTES = 32_768, 262_144
STATE, BOOK = "state", "/staff.xml"
# Every publication is noted beside the exchange's own tables, which keep the last few only.
_NOTE_PUBLICATIONS = """
CREATE SCHEMA notes;
CREATE TABLE notes.published (
  number bigint GENERATED ALWAYS AS IDENTITY, version text NOT NULL, epoch bigint NOT NULL,
  at double precision NOT NULL DEFAULT extract(epoch FROM clock_timestamp())
);
CREATE FUNCTION notes.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO notes.published (version, epoch) VALUES (NEW.version, NEW.epoch);
  RETURN NEW;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE ON directory_gateway.pointer
  FOR EACH ROW EXECUTE FUNCTION notes.note();
INSERT INTO notes.published (version, epoch)
  SELECT version, 0 FROM directory_gateway.generation ORDER BY version;
"""


class FaultyHost(Gateway):
    """A host in a network of its own, whose processes may be killed or frozen.

    Its phones reach it in that network, over loopback: they are not cut off from it
    when it is cut off from the exchange.
    """

    def __init__(self, folder: Path, config: str, namespace: Namespace) -> None:
        super().__init__(folder, config)
        self.namespace = namespace
        self._silences: list[tuple[float, float]] = []

    def is_forked(self) -> bool:
        """Return False: a fork of another process would be in its network."""
        return False

    def start(self) -> None:
        """Start it in its network, and wait until it is ready."""
        with self.namespace.entered():
            super().start()

    def get(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Request a path from its own network; see `Client.get`."""
        with self.namespace.entered():
            return super().get(path, method, **headers)

    def new_socket(self) -> socket.socket:
        """Return a socket of its network."""
        with self.namespace.entered():
            return socket.socket()

    def fall_silent(self) -> None:
        """Note that from now on its phones may get no answer: no web worker runs."""
        self._silences.append((time.time(), math.inf))

    def speak(self) -> None:
        """Note that from now on its phones must get an answer."""
        begun, _ = self._silences[-1]
        self._silences[-1] = (begun, time.time())

    def was_silent(self, since: float) -> bool:
        """Return whether its phones could get no answer, now or since then."""
        return any(end >= since for _, end in self._silences)

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to the supervisor, and then to its children."""
        children = [*self.children(BUILDER), *self.children(WEB_WORKER)]
        for process in (self.process.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def signal_children(self, module: str, number: signal.Signals) -> None:
        """Send a signal to the children that run a module."""
        for process in self.children(module):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def wait_until_ready(self) -> None:
        """Wait until its web worker answers."""
        eventually(lambda: self.status_code("/-/ready") == 200, f"ready\n{self.logged()[-3000:]}")

    def stop(self) -> int:
        """Stop it, whatever was done to it."""
        if self.process.poll() is None:
            self.signal_all(signal.SIGCONT)
        return super().stop()


class FaultySite(Site):
    """Hosts and a PostgreSQL on one network; see `Site`. People have revisions."""

    def __init__(self, folder: Path, network: Network, engine: Namespace, stack: ExitStack) -> None:
        self.network, self.engine = network, engine
        with engine.entered():
            server = stack.enter_context(running_postgres(engine.address, ENGINE_KILOBYTES))
            super().__init__(folder, server, stack)
        self.faulty: dict[str, FaultyHost] = {}
        self.revision = 0

    def write_revision(self) -> None:
        """Replace everybody by their next revision, which their names and numbers tell."""
        self.revision += 1
        lines = [
            f"{number},Ann{number:02},Rev{self.revision:04},0895{self.revision:04}{number:02}"
            for number in range(PEOPLE)
        ]
        draft = self.contacts.with_name("draft")
        draft.write_text("\n".join(["id,given_name,family_name,work", *lines]) + "\n")
        draft.replace(self.contacts)

    def new_host(self, folder: Path, config: str) -> FaultyHost:
        """Return a host in a network of its own, with a small disk for its state."""
        (folder / STATE).mkdir()
        self._stack.enter_context(mounted(folder / STATE, DISK_KILOBYTES))
        host = FaultyHost(folder, config, self.network.add(folder.name))
        self.faulty[folder.name] = host
        return host

    def note_publications(self) -> None:
        """Let the engine note each publication from now on."""
        with self.engine.entered(), self.server.admin(self.database) as connection:
            connection.execute(_NOTE_PUBLICATIONS)

    def publications(self) -> list[tuple[str, int, float]]:
        """Return (version, epoch, seconds since 1970) of each publication, in order."""
        with self.engine.entered(), self.server.admin(self.database) as connection:
            return connection.execute(
                "SELECT version, epoch, at FROM notes.published ORDER BY number"
            ).fetchall()

    def start_engine(self) -> None:
        """Start PostgreSQL again, also while processes of a killed one still end."""

        def started() -> bool:
            try:
                self.server.start()
            except (RuntimeError, subprocess.SubprocessError):
                return False
            return True

        with self.engine.entered():
            eventually(started, "PostgreSQL runs", PATIENCE)

    def stop_engine(self, how: signal.Signals) -> None:
        """Stop PostgreSQL by a signal."""
        self.server.stop(how)

    def builders(self, names: list[str]) -> list[str]:
        """Return those of these hosts that say that they build."""
        # Another one may be frozen, and not answer.
        found = []
        for name in names:
            with suppress(OSError, ValueError):
                if exchange_of(self.faulty[name])["builds"]:
                    found.append(name)
        return found


@contextmanager
def running_faulty_site(folder: Path, names: tuple[str, ...]) -> Iterator[FaultySite]:
    """Yield a site with these hosts, and end all of it afterwards."""
    with Network() as network, ExitStack() as stack:
        site = FaultySite(folder, network, network.add("engine"), stack)
        site.write_revision()
        for name in names:
            site.add(name)
        site.note_publications()
        yield site

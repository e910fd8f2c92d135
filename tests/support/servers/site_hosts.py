"""Several gateways that share a PostgreSQL and a file of contacts."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tests.support.servers.gateway import Gateway, eventually
from tests.support.servers.postgres import PostgresServer, running_postgres

BUILDER = "app.build.worker"
BOOK = "/staff.xml"


class Site:
    """Hosts of one site, by name, and what they share. It stops what it started."""

    def __init__(self, folder: Path, server: PostgresServer, stack: ExitStack) -> None:
        self.folder, self.server = folder, server
        self.database = server.new_database()
        self.url = server.url(self.database)
        self.contacts = folder / "contacts.csv"
        self.password = folder / "password"
        self.password.write_text(server.password)
        self.password.chmod(0o600)
        self.hosts: dict[str, Gateway] = {}
        self._stack = stack

    def write(self, *names: str) -> None:
        """Replace the contacts by people with these names."""
        lines = [f"{name},Smith,08955501{number:02}" for number, name in enumerate(names)]
        draft = self.contacts.with_name("draft")
        draft.write_text("\n".join(["given_name,family_name,work", *lines]) + "\n")
        draft.replace(self.contacts)

    def config(self, name: str, more: str = "") -> str:
        """Return the configuration of a host, without [listen]."""
        return (
            f'title = "Site"\n[sources.staff]\nconnector = "csv"\npath = "{self.contacts}"\n'
            f'[exchange]\nurl = "{self.url}"\n'
            f'password_file = "{self.password}"\nname = "{name}"\n{more}'
        )

    def add(self, name: str) -> Gateway:
        """Start another host, and wait until it serves."""
        folder = self.folder / name
        folder.mkdir()
        host = self._stack.enter_context(self.new_host(folder, self.config(name)))
        self.hosts[name] = host
        return host

    def new_host(self, folder: Path, config: str) -> Gateway:
        """Return a host that is not started yet."""
        return Gateway(folder, config)

    def shows(self, host: Gateway, *names: str) -> bool:
        """Return whether a phone of this host sees these people and nobody else."""
        page = host.text(BOOK)
        return [f"{name} Smith" for name in sorted(names)] == [
            part.partition("</Name>")[0]
            for part in page.split("<Name>")[1:]
            if "Smith" in part.partition("</Name>")[0]
        ]

    def until_all_show(self, *names: str) -> None:
        """Wait until all hosts serve these people, in one and the same version."""
        for host in self.hosts.values():
            eventually(partial(self.shows, host, *names), f"{names}\n{self.logs()}")
        self.until_one_version()

    def until_one_version(self) -> str:
        """Wait until all hosts serve the same version, and return it."""
        eventually(
            lambda: len({version_of(host) for host in self.hosts.values()}) == 1,
            f"one version\n{self.logs()}",
        )
        return version_of(next(iter(self.hosts.values())))

    def leader(self) -> str:
        """Wait until one host builds, and return its name."""

        def found() -> list[str]:
            return [name for name, host in self.hosts.items() if exchange_of(host)["builds"]]

        eventually(lambda: len(found()) == 1, f"one host builds\n{self.logs()}")
        return found()[0]

    def logs(self) -> str:
        """Return the ends of all hosts' logs."""
        return "\n".join(
            f"--- {name}\n{host.logged()[-3000:]}" for name, host in self.hosts.items()
        )


def version_of(host: Gateway) -> str:
    """Return the version that a host serves, "" if none."""
    generation = host.status()["generation"]
    return str(generation["version"]) if generation else ""


def exchange_of(host: Gateway) -> dict[str, Any]:
    """Return what a host's status says of the exchange."""
    return dict(host.status()["exchange"] or {"builds": False})


def signal_builder(host: Gateway, number: signal.Signals) -> None:
    """Send a signal to the builder of a host."""
    (builder,) = eventually(lambda: host.children(BUILDER), "a builder")
    os.kill(builder, number)


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Yield a site without hosts, and stop its hosts and its PostgreSQL afterwards."""
    with running_postgres() as server, ExitStack() as stack:
        yield Site(folder, server, stack)

"""Xandikos as a child process: no login, one user, and one address book.

The book is at /user/contacts/addressbook/.
"""

import sys
from pathlib import Path

from tests.support.servers.dav import DavClient
from tests.support.servers.processes import ServerProcess

HOME = "/user/contacts"


class Xandikos:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.process = ServerProcess(self._command, folder / "log")
        self.process.start()

    @property
    def url(self) -> str:
        """Return the server's address, without a path."""
        return f"http://127.0.0.1:{self.process.port}"

    def client(self) -> DavClient:
        """Return a client that can write."""
        return DavClient(self.process.port)

    def _command(self, port: int) -> list[str]:
        arguments = [
            "--defaults",
            "-d",
            str(self.folder / "data"),
            "--state-dir",
            str(self.folder / "state"),
        ]
        listen = ["--listen-address", "127.0.0.1", "--port", str(port), "--no-detect-systemd"]
        return [sys.executable, "-m", "xandikos", "serve", *arguments, *listen]

"""Radicale as a child process, over HTTP or HTTPS.

Its users are `USERS`, or any other, with the password `PASSWORD`.
"""

import ssl
import sys
from pathlib import Path

from tests.support.servers.ca import Certificate
from tests.support.servers.dav import DavClient
from tests.support.servers.processes import ServerProcess

PASSWORD = "kept in the test, ä"
USERS = ("ann", "bob", "max@example.com")

_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
ssl = {ssl}
certificate = {certificate}
key = {key}
certificate_authority = {authority}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = info
"""


class Radicale:
    """A running server.

    `tls` is its certificate. `authority` signs the accepted client certificates.
    """

    def __init__(
        self, folder: Path, tls: Certificate | None = None, authority: Path | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._tls = tls
        self._authority = authority
        (folder / "users").write_text("".join(f"{user}:{PASSWORD}\n" for user in USERS))
        self.process = ServerProcess(self._command, folder / "log")
        self.process.start()

    @property
    def url(self) -> str:
        """Return the server's address, without a path."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.process.port}"

    def client(self, user: str = "ann", ca_file: Path | None = None) -> DavClient:
        """Return a client that can write as a user."""
        context = ssl.create_default_context(cafile=ca_file) if self._tls else None
        return DavClient(self.process.port, user, PASSWORD, context)

    def requests_since(self, position: int) -> list[str]:
        """Return the methods and paths requested since a position in the log."""
        lines = self.process.log.read_text().splitlines()[position:]
        return [
            line.partition("[INFO] ")[2].partition(" received")[0]
            for line in lines
            if " request for " in line
        ]

    def position(self) -> int:
        """Return the present end of the log."""
        return len(self.process.log.read_text().splitlines())

    def _command(self, port: int) -> list[str]:
        config = self.folder / "config"
        config.write_text(
            _CONFIG.format(
                port=port,
                ssl=bool(self._tls),
                certificate=self._tls.certificate if self._tls else "",
                key=self._tls.key if self._tls else "",
                authority=self._authority or "",
                folder=self.folder,
            )
        )
        return [sys.executable, "-m", "radicale", "--config", str(config)]

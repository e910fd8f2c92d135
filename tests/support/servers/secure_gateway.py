"""The real gateway with a certificate of a test authority."""

import socket
import ssl
from pathlib import Path

from tests.support import contacts
from tests.support.patience import PATIENCE
from tests.support.servers.ca import Authority, Certificate
from tests.support.servers.gateway import Gateway
from tests.support.servers.processes import free_port


class SecureGateway(Gateway):
    """A gateway with a certificate for 127.0.0.1, and with `plain` a port for http too.

    `get` and `status` ask by https.
    """

    def __init__(
        self, folder: Path, authority: Authority, *, plain: bool, more: str = "", config: str = ""
    ) -> None:
        self.files = Certificate(folder / "gateway.crt", folder / "gateway.key")
        self.authority = authority
        self.plain_port = free_port() if plain else None
        self._more_listen = more
        self.renew()
        super().__init__(folder, config or contacts.CONFIG)
        self.base = f"https://127.0.0.1:{self.port}"
        self.context = ssl.create_default_context(cafile=str(authority.file))

    def renew(self) -> str:
        """Issue a certificate into the files that the gateway reads; return its number."""
        fresh = self.authority.issue("127.0.0.1")
        fresh.copy_to(self.files)
        return fresh.certificate.stem.rpartition("-")[2].upper()

    def listen(self) -> str:
        ports = (
            f"port = {self.port}\n"
            if self.plain_port is None
            else f"port = {self.plain_port}\nhttps_port = {self.port}\n"
        )
        files = 'certificate = "gateway.crt"\nkey = "gateway.key"\n'
        return f'\n[listen]\nhost = "127.0.0.1"\n{ports}{files}{self._more_listen}'

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        """Return a connection before its handshake."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE, (source, 0))

    def secure(self, source: str = "127.0.0.1") -> ssl.SSLSocket:
        """Return a connection after its handshake."""
        assert self.context is not None
        return self.context.wrap_socket(self.connect(source), server_hostname="127.0.0.1")

    def ask(self, path: str, source: str = "127.0.0.1") -> tuple[str, bytes]:
        """Request a path; return the certificate's number and the whole answer."""
        with self.secure(source) as line:
            certificate = line.getpeercert() or {}
            host = f"Host: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
            line.sendall(f"GET {path} HTTP/1.1\r\n{host}\r\n".encode())
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        return str(certificate["serialNumber"]).lstrip("0"), answer

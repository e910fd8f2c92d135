"""nginx as a child process on loopback, with lines in its server block."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.support.servers.processes import ServerProcess

_CONFIG = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    # What a package of a distribution sets, to show that an export does not depend on it.
    types {{ text/html html; application/xml xml; }}
    default_type application/octet-stream;
    gzip on;
    gzip_types application/xml text/xml;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {servers}
}}
"""
_SERVER = """
    server {{
        listen 127.0.0.1:{port};
        {lines}
    }}
"""


class Nginx(ServerProcess):
    """A running nginx; a context manager.

    The server block has `lines`, which may include a file that is written before the
    start. With `servers` it is the text of all server blocks for a port.
    """

    def __init__(
        self, folder: Path, lines: str = "", servers: Callable[[int], str] | None = None
    ) -> None:
        folder.mkdir()
        self._folder = folder
        self._servers = servers or (lambda port: _SERVER.format(port=port, lines=lines))
        super().__init__(self._words, folder / "output.log")

    def _words(self, port: int) -> Sequence[str]:
        config = self._folder / "nginx.conf"
        text = _CONFIG.format(folder=self._folder, servers=self._servers(port))
        config.write_text(text, encoding="utf-8")
        return ("/usr/sbin/nginx", "-p", str(self._folder), "-c", str(config))

    @property
    def base(self) -> str:
        """Return the address of the server."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Nginx":
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

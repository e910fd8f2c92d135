"""Caddy as a child process on loopback, with lines of a Caddyfile."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.support.servers.processes import ServerProcess

_GLOBAL = """{
    admin off
    auto_https disable_redirects
    default_bind 127.0.0.1
    servers {
        protocols h1
    }
}
"""


class Caddy(ServerProcess):
    """A running Caddy; a context manager.

    `sites` returns the site blocks for a port.
    """

    def __init__(self, folder: Path, sites: Callable[[int], str]) -> None:
        folder.mkdir()
        self._folder = folder
        self._sites = sites
        super().__init__(self._words, folder / "output.log")

    def _words(self, port: int) -> Sequence[str]:
        config = self._folder / "Caddyfile"
        config.write_text(_GLOBAL + self._sites(port), encoding="utf-8")
        homes = (f"XDG_{name}_HOME={self._folder}" for name in ("CONFIG", "DATA"))
        return ("env", *homes, "caddy", "run", "--config", str(config), "--adapter", "caddyfile")

    def __enter__(self) -> "Caddy":
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

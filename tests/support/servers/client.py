"""Request pages of a gateway on a port of loopback."""

import json
import ssl
import urllib.error
import urllib.request
from typing import Any

from tests.support.patience import PATIENCE


class Client:
    """Whoever requests pages of a gateway, from 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.context: ssl.SSLContext | None = None

    def listen(self) -> str:
        """Return the section `[listen]` for the port."""
        return f'\n[listen]\nhost = "127.0.0.1"\nport = {self.port}\n'

    def get(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Request a path (or a complete URL); return status, headers and body.

        Names of headers are in lower case.
        """
        url = path if path.startswith("http") else self.base + path
        request = urllib.request.Request(
            url,
            method=method,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE, context=self.context) as answer:
                return (
                    answer.status,
                    {name.lower(): value for name, value in answer.headers.items()},
                    answer.read(),
                )
        except urllib.error.HTTPError as error:
            with error:
                return (
                    error.code,
                    {name.lower(): value for name, value in error.headers.items()},
                    error.read(),
                )

    def text(self, path: str) -> str:
        """Return the body of a path as text."""
        return self.get(path)[2].decode("utf-8")

    def status_code(self, path: str) -> int:
        """Return the status of a path; 0 if there is no answer."""
        try:
            return self.get(path)[0]
        except OSError:
            return 0

    def status(self) -> dict[str, Any]:
        """Return `/-/status`."""
        return dict(json.loads(self.get("/-/status")[2]))

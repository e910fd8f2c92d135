"""The access log of a running gateway, over sockets: each kind of request is one line."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, command, environment, eventually

CONFIG = """\
[sources.staff]
connector = "csv"
path = "staff.csv"
"""


class Logged(Gateway):
    """A gateway whose standard output is a file of its own."""

    def start(self) -> None:
        with self.log.open("ab") as log, (self.folder / "access.log").open("ab") as access:
            self.process = subprocess.Popen(
                command("serve", *self._options),
                cwd=self.folder,
                env=environment(),
                stdout=access,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        eventually(lambda: self.alive() and self.status_code("/-/ready") == 200, "ready")

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines of the access log so far."""
        text = (self.folder / "access.log").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def last(self, path: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait for lines with a path, and return the last ones."""

        def found() -> list[dict[str, Any]]:
            lines = [line for line in self.lines() if line.get("path", "") == path]
            return lines[-count:] if len(lines) >= count else []

        return eventually(found, f"{count} lines of {path}")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logged]:
    folder = tmp_path_factory.mktemp("access")
    (folder / "staff.csv").write_text("Name,Phone\nThrudbert Zyxquist,0895550101\n")
    with Logged(folder, CONFIG, "--access-log", "--log-json") as running:
        yield running


def raw(gateway: Gateway, request: bytes) -> bytes:
    """Send bytes on a new connection, and return the response."""
    with socket.create_connection(("127.0.0.1", gateway.port), PATIENCE) as client:
        client.sendall(request)
        parts = []
        while part := client.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_a_phones_pages_from_the_cache_too(gateway: Logged) -> None:
    phone = {"x_CiscoIPPhoneModelName": "CP-7821"}
    bodies = [gateway.get("/staff.xml?name=SEP001122AABBCC", **phone)[2] for _ in range(5)]
    cached = "directory_gateway_cache_hits_total 0.0"
    assert cached not in gateway.text("/-/metrics")
    lines = gateway.last("/staff.xml", 5)
    assert [len(body) for body in bodies] == [line["bytes"] for line in lines]
    for line in lines:
        assert datetime.fromisoformat(line["timestamp"]).utcoffset() is not None
        assert 0 < line["microseconds"]
        assert ("request", "127.0.0.1", "GET", 200, "default", "SEP001122AABBCC", "CP-7821") == (
            *(line["event"], line["address"], line["method"], line["status"], line["profile"]),
            *(line["device"], line["model"]),
        )


@pytest.mark.parametrize(
    ("request_line", "body", "path", "status", "reason"),
    [
        (b"GET /search.xml?q=Thrudbert&k=0895550101", b"", "/search.xml", 200, ""),
        (b"HEAD /search.xml?q=Zyxquist", b"", "/search.xml", 200, ""),
        (b"POST /search.xml", b"q=Thrudbert", "/search.xml", 200, ""),
        (b"GET /lookup?number=0895550101", b"", "/lookup", 200, ""),
        (b"GET /Zyxquist/0895550101.xml", b"", "/.../....xml", 200, ""),
        (b"GET /-/static/console.css", b"", "/-/static/console.css", 200, ""),
        (b"GET /-/people?q=Thrudbert", b"", "/-/people", 200, ""),
        (b"GET /-/Thrudbert", b"", "/-/...", 404, ""),
        (b"GET /lookup", b"", "/lookup", 400, "Write the caller's number"),
        (b"DELETE /menu.xml", b"", "/menu.xml", 405, "Phones ask with GET."),
    ],
)
def test_every_kind_of_request(
    gateway: Logged, request_line: bytes, body: bytes, path: str, status: int, reason: str
) -> None:
    before = len(gateway.lines())
    host = b"Host: 127.0.0.1\r\nConnection: close\r\n"
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    response = raw(gateway, request_line + b" HTTP/1.1\r\n" + host + length + b"\r\n" + body)
    lines = eventually(
        lambda: [line for line in gateway.lines()[before:] if line["path"] == path], path
    )
    (line,) = lines
    size = len(response.partition(b"\r\n\r\n")[2])
    assert (request_line.split()[0].decode(), status, size) == (
        *(line["method"], line["status"], line["bytes"]),
    )
    assert line.get("reason", "").startswith(reason) and bool(reason) == ("reason" in line)


def test_a_request_of_the_oldest_form(gateway: Logged) -> None:
    """It has no version and no headers."""
    before = len(gateway.lines())
    assert b"<CiscoIPPhoneMenu>" in raw(gateway, b"GET /menu.xml\r\n\r\n")
    (line,) = eventually(lambda: gateway.lines()[before:], "a line")
    assert ("GET", "/menu.xml", 200) == (line["method"], line["path"], line["status"])


def test_a_closed_standard_output_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(CONFIG)
    words = " ".join(command("serve", "--access-log"))
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {words} >&-"],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert 2 == done.returncode and "standard output is closed" in done.stderr


@pytest.mark.parametrize(
    "request_bytes", [b"GET /menu.xml HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GARBAGE\r\n\r\n"]
)
def test_requests_that_are_none(gateway: Logged, request_bytes: bytes) -> None:
    before = len(gateway.lines())
    assert b"400" in raw(gateway, request_bytes).splitlines()[0]
    (line,) = eventually(lambda: gateway.lines()[before:], "a line")
    assert (400, "127.0.0.1") == (line["status"], line["address"])
    assert line["reason"]


def test_a_reload_goes_on_and_nothing_private_is_logged(gateway: Logged) -> None:
    old = gateway.children("app.web.worker")
    gateway.process.send_signal(signal.SIGHUP)
    eventually(lambda: not set(old) & set(gateway.children("app.web.worker")), "new workers")
    before = len(gateway.lines())
    gateway.get("/directory.xml")
    eventually(lambda: gateway.lines()[before:], "a line of a new worker")
    text = (gateway.folder / "access.log").read_text(encoding="utf-8").casefold()
    for word in ("thrudbert", "zyxquist", "5550101"):
        assert word not in text
    # The log itself is another file, and has no requests.
    assert (
        '"event": "request"' not in gateway.logged() and "generation_published" in gateway.logged()
    )

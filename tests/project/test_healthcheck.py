"""The health check of the container image: what it asks, and which answer it wants."""

import importlib.util
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.ca import make_authority

FILE = ROOT / "packaging" / "container" / "healthcheck.py"


@pytest.fixture
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("healthcheck", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def answering(answer: bytes, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Answer the first request with these bytes, and yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(PATIENCE)

        def serve() -> None:
            connection, _ = door.accept()
            connection.settimeout(PATIENCE)
            connection = tls.wrap_socket(connection, server_side=True) if tls else connection
            with connection:
                connection.recv(1024)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield door.getsockname()[1]
        thread.join(PATIENCE)


@pytest.mark.parametrize(
    "text, place",
    [
        ("", ("127.0.0.1", 8080, False)),
        ("title = 'x'\n", ("127.0.0.1", 8080, False)),
        ("[listen]\nport = 80\n", ("127.0.0.1", 80, False)),
        ("\ufeff[listen]\nport = 80\n", ("127.0.0.1", 80, False)),
        ("[listen]\nhost = '0.0.0.0'\n", ("127.0.0.1", 8080, False)),
        ("[listen]\nhost = '::'\nport = 9\n", ("::1", 9, False)),
        ("[listen]\nhost = '10.0.0.7'\n", ("10.0.0.7", 8080, False)),
        ("[listen]\ncertificate = 'a'\nkey = 'b'\n", ("127.0.0.1", 8080, True)),
        ("[listen]\ncertificate = 'a'\nhttps_port = 443\n", ("127.0.0.1", 8080, False)),
        ("[listen]\nport = 'many'\n", ("127.0.0.1", 8080, False)),
        ("listen = 7\n", ("127.0.0.1", 8080, False)),
        ("[listen\n", ("127.0.0.1", 8080, False)),
        ("\udc80", ("127.0.0.1", 8080, False)),
    ],
)
def test_what_is_asked(
    check: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    place: tuple[str, int, bool],
) -> None:
    file = tmp_path / "gateway.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    monkeypatch.setenv("GATEWAY_CONFIG", str(file))
    assert place == check.configured()


@pytest.mark.parametrize(
    "answer, healthy",
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", True),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False),
        (b"HTTP/1.1 404 200\r\n\r\n", False),
        (b"nonsense", False),
        (b"", False),
    ],
)
def test_what_is_taken_for_health(check: ModuleType, answer: bytes, healthy: bool) -> None:
    with answering(answer) as port:
        assert healthy is check.answers("127.0.0.1", port, False)


def test_a_gateway_that_speaks_https_is_asked_by_it(check: ModuleType, tmp_path: Path) -> None:
    """Its certificate names another host, and an authority that nobody here knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued = make_authority(tmp_path).issue("phonebook.example.com")
    context.load_cert_chain(issued.certificate, issued.key)
    with answering(b"HTTP/1.1 200 OK\r\n\r\n", context) as port:
        assert check.answers("127.0.0.1", port, True)
    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as port:
        assert not check.answers("127.0.0.1", port, True)


def test_a_port_that_nobody_listens_on_and_one_that_does_not_exist(check: ModuleType) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    assert not check.answers("127.0.0.1", port, False)
    assert not check.answers("127.0.0.1", port, True)
    assert not check.answers("127.0.0.1", 70000, False)


def test_a_file_that_was_edited_after_the_start_does_not_end_the_health(tmp_path: Path) -> None:
    """The port of the start is asked too: here 8080 is replaced by the test's own."""
    file = tmp_path / "gateway.toml"
    with answering(b"HTTP/1.0 200 OK\r\n\r\n") as port:
        script = FILE.read_text(encoding="utf-8").replace("8080", str(port))
        file.write_text("[listen]\nport = 1\n", encoding="utf-8")
        command = [sys.executable, "-ISc", script]
        done = subprocess.run(command, env={"GATEWAY_CONFIG": str(file)}, timeout=PATIENCE)
    assert 0 == done.returncode

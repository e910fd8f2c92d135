"""Test servers use their own ports and never another process's."""

import socket
import sys
from pathlib import Path

from tests.support.servers.processes import ServerProcess

SERVE = (
    "import http.server, sys; http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])),"
    " None).serve_forever()"
)


def test_a_stranger_on_the_port_is_not_taken_for_the_server(tmp_path: Path) -> None:
    process = ServerProcess(lambda port: [sys.executable, "-c", SERVE, str(port)], tmp_path / "log")
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", process.port))
        stranger.listen()
        taken = process.port
        process.start()
        try:
            assert taken != process.port
        finally:
            process.stop()

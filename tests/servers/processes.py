"""Servers as child processes: started on a free port, awaited by asking them, ended by their own id."""

import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_PATIENCE = 40.0


def free_port() -> int:
    """Return a port of loopback that nobody listens on at this moment.

    It lies below the range from which systems take ports for outgoing connections and for port 0, so that nobody takes it
    while a server is stopped and started again.
    """
    for _ in range(100):
        port = secrets.randbelow(12_000) + 20_000
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port found on loopback")


class ServerProcess:
    """A server that can be stopped and started again on the same port. `command` makes its command line for a port."""

    def __init__(self, command: Callable[[int], Sequence[str]], log: Path) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self.log = log
        self.port = free_port()

    def start(self) -> None:
        """Start it and return when it accepts connections; takes another port if a stranger was quicker, at the first start."""
        first = not self.log.exists()
        end = time.monotonic() + _PATIENCE
        for _ in range(5):
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(self._command(self.port), stdout=log, stderr=log, stdin=subprocess.DEVNULL)
            while self._process.poll() is None:
                if time.monotonic() > end:
                    self.stop()
                    raise TimeoutError(f"no server after {_PATIENCE} s: {self.log.read_text()[-2000:]}")
                if self._listens():
                    return
                time.sleep(0.02)
            if first:
                self.port = free_port()
        raise RuntimeError(f"the server ended at once: {self.log.read_text()[-2000:]}")

    def start_again(self) -> None:
        """Start it if it was stopped."""
        if self._process is None:
            self.start()

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

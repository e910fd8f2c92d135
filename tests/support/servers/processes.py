"""Servers as child processes: started on a free port, awaited until the port is theirs, ended by their own id.

Facts: between the moment when a port is found free and the moment when the server binds it lies a second or more on a busy
machine, and somebody else's server may be quicker. Whoever then only asks whether the port answers takes that one for his
own (three of forty starts, with ports from the range for outgoing connections and another process that opens and closes
listeners). So the listening socket must be the child's: /proc says which process holds it.
"""

import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
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

    @property
    def pid(self) -> int:
        """The id of the running server."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and return when it listens; takes another port if a stranger was quicker, at the first start."""
        first = not self.log.exists()
        end = time.monotonic() + _PATIENCE
        for _ in range(5):
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(self._command(self.port), stdout=log, stderr=log, stdin=subprocess.DEVNULL)
            while self._process.poll() is None:
                if time.monotonic() > end:
                    self.stop()
                    raise TimeoutError(f"no server after {_PATIENCE} s: {self.log.read_text()[-2000:]}")
                if not _listeners(self.port).isdisjoint(_sockets(self.pid)):
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


def _listeners(port: int) -> set[str]:
    """The sockets that listen on a port, by the names that /proc gives them."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return {f"socket:[{line[9]}]" for line in lines if line[3] == "0A" and int(line[1].rpartition(":")[2], 16) == port}


def _sockets(pid: int) -> Iterator[str]:
    """What a process holds open. Nothing, where it has just ended or lets go of it at this moment."""
    with suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                yield str(descriptor.readlink())

"""Run servers as child processes on ports that are certainly theirs.

On a busy machine, a second or more passes between finding a free port and the bind.
Another process may take it first (three of forty starts, with ports from the range for
outgoing connections and another process that opens and closes listeners). A test that
only checks whether the port answers would use that server. So the listening socket must
be the child's, as /proc tells.
"""

import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tests.support.patience import PATIENCE


def free_port() -> int:
    """Return a port of loopback on which nobody listens at this moment.

    It lies below the range for outgoing connections and for port 0. So it stays free
    while a server is restarted.
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
    """A server that can be restarted on the same port.

    `command` returns its command line for a port.
    """

    def __init__(self, command: Callable[[int], Sequence[str]], log: Path) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self.log = log
        self.port = free_port()

    @property
    def pid(self) -> int:
        """Return the id of the running server."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Return whether it was started, and not stopped."""
        return self._process is not None

    def start(self) -> None:
        """Start the server and wait until it listens.

        At the first start it takes another port if another process was quicker.
        """
        first = not self.log.exists()
        end = time.monotonic() + PATIENCE
        for _ in range(5):
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    self._command(self.port), stdout=log, stderr=log, stdin=subprocess.DEVNULL
                )
            while self._process.poll() is None:
                if time.monotonic() > end:
                    self.stop()
                    raise TimeoutError(
                        f"no server after {PATIENCE} s: {self.log.read_text()[-2000:]}"
                    )
                if not _listeners(self.pid, self.port).isdisjoint(_sockets(self.pid)):
                    return
                time.sleep(0.02)
            if first:
                self.port = free_port()
        raise RuntimeError(f"the server ended at once: {self.log.read_text()[-2000:]}")

    def start_again(self) -> None:
        """Start the server if it was stopped."""
        if self._process is None:
            self.start()

    def stop(self) -> None:
        """Stop the server and wait until it has exited."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(PATIENCE)
            self._process = None


def children_of(parent: int) -> list[int]:
    """Return the ids of a process's children."""
    found = []
    for entry in Path("/proc").iterdir():
        # A process may end meanwhile.
        with suppress(OSError):
            if entry.name.isdigit():
                stat = (entry / "stat").read_text()
                if int(stat.rpartition(")")[2].split()[1]) == parent:
                    found.append(int(entry.name))
    return found


def _listeners(pid: int, port: int) -> set[str]:
    """Return the sockets that listen on a port in the network of a process.

    They are named as in /proc.
    """
    try:
        table = Path(f"/proc/{pid}/net/tcp").read_text()
    except OSError:  # it has just exited
        return set()
    lines = (line.split() for line in table.splitlines()[1:])
    return {
        f"socket:[{line[9]}]"
        for line in lines
        if line[3] == "0A" and int(line[1].rpartition(":")[2], 16) == port
    }


def _sockets(pid: int) -> Iterator[str]:
    """Yield what a process holds open; nothing if it has just exited or closed it."""
    with suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                yield str(descriptor.readlink())

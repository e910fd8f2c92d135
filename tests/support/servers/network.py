"""Namespaces of the network on one switch, whose cables can be pulled. Linux, as root.

They have no names: the kernel deletes them when the test run and the processes in them
have ended, however that happens. Nothing of them is seen in the machine's own network.
"""

import ctypes
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

_OWN = "/proc/thread-self/ns/net"
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET of <sched.h>
_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *values: int) -> None:
    # Python has os.setns and os.unshare from 3.12 on.
    if getattr(_libc, name)(*values) != 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")


@cache
def missing_right() -> str:
    """Return why this process cannot make namespaces of the network, "" if it can.

    Small disks need the same right.
    """
    try:
        Namespace("trial", "").close()
    except OSError as error:
        return f"namespaces of the network need root: {error}"
    return ""


class Namespace:
    """A network of its own. `address` is its address on the switch."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address
        with _returning():
            _call("unshare", _NEW_NETWORK)
            self._file = os.open(_OWN, os.O_RDONLY)

    @property
    def path(self) -> str:
        """Return its path for `ip`."""
        return f"/proc/{os.getpid()}/fd/{self._file}"

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Let this thread's new sockets and child processes be in the namespace."""
        with _returning():
            _call("setns", self._file, _NEW_NETWORK)
            yield

    def ip(self, *words: str) -> None:
        """Run `ip` in the namespace."""
        with self.entered():
            subprocess.run(("ip", *words), check=True, stdin=subprocess.DEVNULL)

    def close(self) -> None:
        """Kill the processes that are left in it, and let it go."""
        own = os.fstat(self._file).st_ino
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (entry / "ns" / "net").stat().st_ino == own:
                    os.kill(int(entry.name), signal.SIGKILL)
        os.close(self._file)


@contextmanager
def _returning() -> Iterator[None]:
    """Bring this thread back to the network in which it is now."""
    own = os.open(_OWN, os.O_RDONLY)
    try:
        yield
    finally:
        try:
            _call("setns", own, _NEW_NETWORK)
        finally:
            os.close(own)


class Network:
    """Namespaces on one switch; a context manager that ends all that is in them."""

    def __init__(self) -> None:
        self._namespaces: list[Namespace] = []

    def __enter__(self) -> "Network":
        self._switch = Namespace("switch", "")
        self._namespaces.append(self._switch)
        self._switch.ip("link", "add", "switch", "type", "bridge")
        self._switch.ip("link", "set", "switch", "up")
        return self

    def __exit__(self, *exception: object) -> None:
        for namespace in self._namespaces:
            namespace.close()

    def add(self, name: str) -> Namespace:
        """Return a new namespace with a cable to the switch.

        `name` is of 15 characters at most.
        """
        made = Namespace(name, f"10.77.0.{len(self._namespaces)}")
        self._namespaces.append(made)
        peer = ("peer", "name", "eth0", "netns", made.path)
        self._switch.ip("link", "add", "dev", name, "type", "veth", *peer)
        self._switch.ip("link", "set", "dev", name, "master", "switch", "up")
        made.ip("link", "set", "lo", "up")
        made.ip("address", "add", f"{made.address}/24", "dev", "eth0")
        made.ip("link", "set", "eth0", "up")
        return made

    def pull(self, namespace: Namespace) -> None:
        """Pull the cable of a namespace: it notices, and sends nothing."""
        self._switch.ip("link", "set", "dev", namespace.name, "down")

    def drop(self, namespace: Namespace) -> None:
        """Let the switch drop what a namespace sends and gets: neither side notices."""
        self._switch.ip("link", "set", "dev", namespace.name, "nomaster")

    def mend(self, namespace: Namespace) -> None:
        """Put the cable of a namespace back, and let its packets pass."""
        self._switch.ip("link", "set", "dev", namespace.name, "master", "switch", "up")

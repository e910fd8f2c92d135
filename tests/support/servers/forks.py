"""Run commands of the gateway in forks of one process that has loaded its modules.

A command is a process of its own, with its own folder, environment and output. It is
spared the start of Python, which takes longer than most commands. The process that is
forked has no threads, which the tests have.
"""

import atexit
import functools
import gc
import importlib
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.support.patience import PATIENCE

_MAX_REQUEST = 200_000
_PACKAGES = ("app.cli", "app.build", "app.settings", "connectors.csv", "connectors.vcard")


class _Command(msgspec.Struct):
    words: list[str]
    folder: str
    environment: dict[str, str]


class Forks:
    """The process that is forked for each command."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.limit(PATIENCE)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def run(
        self, words: Sequence[str], folder: Path, environment: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end and return what it printed."""
        request = msgspec.json.encode(_Command(list(words), str(folder), environment))
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as out,
            tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as err,
        ):
            socket.send_fds(self._channel, [request], [out.fileno(), err.fileno()])
            try:
                code = int(self._channel.recv(100))
            except BaseException:
                # Its answer, if it comes, is none to the next command.
                os.killpg(self._process.pid, signal.SIGKILL)
                forks.cache_clear()
                raise
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(list(words), code, out.read(), err.read())

    def limit(self, seconds: float) -> None:
        """Set how long a command may take."""
        self._channel.settimeout(seconds)

    def close(self) -> None:
        """End the process."""
        self._channel.close()
        self._process.wait(PATIENCE)


@functools.cache
def forks() -> Forks:
    """Return the process of this test run, which ends with it."""
    from tests.support.servers.gateway import environment

    started = Forks(environment())
    atexit.register(started.close)
    return started


def _next_command(channel: socket.socket) -> _Command | None:
    """Fork for each request; return it in the fork, None when there are no more."""
    while True:
        data, descriptors, _, _ = socket.recv_fds(channel, _MAX_REQUEST, 2)
        if not data:
            return None
        child = os.fork()
        if not child:
            for number, descriptor in enumerate(descriptors, 1):
                os.dup2(descriptor, number)
        for descriptor in descriptors:
            os.close(descriptor)
        if not child:
            channel.close()
            return msgspec.json.decode(data, type=_Command)
        channel.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _main() -> None:
    for package in map(importlib.import_module, _PACKAGES):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    gc.freeze()
    command = _next_command(socket.socket(fileno=int(sys.argv[1])))
    if command is not None:
        os.chdir(command.folder)
        os.environ.clear()
        os.environ.update(command.environment)
        sys.path[0] = command.folder
        sys.argv[1:] = command.words
        runpy.run_module("app", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()

"""Run commands of the gateway in forks of one process that has loaded its modules.

A command is a process of its own, with its own folder, environment and output. It is
spared the start of Python, which takes longer than most commands. The processes that it
starts are not forks. The process that is forked has no threads, which the tests have.
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
from contextlib import suppress
from pathlib import Path

import msgspec

from tests.support.patience import PATIENCE

_MAX_REQUEST = 200_000
_PACKAGES = (
    "app.cli",
    "app.cli.commands",
    "app.build",
    "app.settings",
    "connectors.csv",
    "connectors.vcard",
)


class _Command(msgspec.Struct):
    words: list[str]
    folder: str
    environment: dict[str, str]
    goes_on: bool = False


class Running:
    """A command that goes on by itself, with what `subprocess.Popen` has for it."""

    def __init__(self, words: Sequence[str], channel: socket.socket) -> None:
        """`channel` gives the process id, and the exit code in the end."""
        self._words = words
        self._channel = channel
        channel.settimeout(PATIENCE)
        self.pid = int(channel.recv(100))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code if the command has ended."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the command, and return its exit code.

        Raises subprocess.TimeoutExpired after `timeout` seconds.
        """
        if self.returncode is None:
            self._channel.settimeout(timeout)
            try:
                self.returncode = int(self._channel.recv(100))
            except (TimeoutError, BlockingIOError) as error:
                raise subprocess.TimeoutExpired(list(self._words), timeout or 0.0) from error
            self._channel.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal unless the command has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End the command at once."""
        self.send_signal(signal.SIGKILL)


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

    def start(
        self, words: Sequence[str], folder: Path, environment: dict[str, str], log: int
    ) -> Running:
        """Start a command that goes on, and return it; `log` is where it prints."""
        request = msgspec.json.encode(_Command(list(words), str(folder), environment, goes_on=True))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            socket.send_fds(self._channel, [request], [log, log, theirs.fileno()])
        return Running(words, ours)

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
        data, descriptors, _, _ = socket.recv_fds(channel, _MAX_REQUEST, 3)
        if not data:
            return None
        command = msgspec.json.decode(data, type=_Command)
        _forget_ended()
        child = os.fork()
        if not child:
            channel.close()
            for number, descriptor in enumerate(descriptors[:2], 1):
                os.dup2(descriptor, number)
                os.close(descriptor)
            if command.goes_on:
                _watch_fork(socket.socket(fileno=descriptors[2]))
            return command
        for descriptor in descriptors:
            os.close(descriptor)
        if not command.goes_on:
            channel.send(b"%d" % _exit_code(child))


def _forget_ended() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watch_fork(channel: socket.socket) -> None:
    """Fork once more, and return in that fork; the process itself tells how it ends.

    Both outlive a command that is given up, with which the whole group is ended.
    """
    os.setsid()
    child = os.fork()
    if child:
        channel.send(b"%d" % child)
        with suppress(OSError):  # nobody may wait for it any more
            channel.send(b"%d" % _exit_code(child))
        os._exit(0)
    channel.close()


def _exit_code(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _enter(command: _Command) -> None:
    """Do what Python does with the environment and the command line at its start."""
    os.chdir(command.folder)
    os.environ.clear()
    os.environ.update(command.environment)
    packages = [*filter(None, command.environment.get("PYTHONPATH", "").split(os.pathsep))]
    sys.path[:1] = [command.folder, *packages]
    sys.argv[1:] = command.words
    for package in packages:
        with suppress(FileNotFoundError):
            file = Path(package, "sitecustomize.py")
            exec(compile(file.read_bytes(), file, "exec"), {"__file__": str(file)})


def _main() -> None:
    for package in map(importlib.import_module, _PACKAGES):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    gc.freeze()
    command = _next_command(socket.socket(fileno=int(sys.argv[1])))
    if command is not None:
        _enter(command)
        runpy.run_module("app", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()

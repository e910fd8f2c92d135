"""The supervisor: binds the socket, starts the web workers and the builder, and starts anew what ends.

Law of this file: processes and signals. It answers no request and reads no source. Its children hold the read end of a pipe whose write
end it keeps: when it ends, killed or not, they see the end of the file and end too.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from app import nameless, requests
from app.counters import make_file
from app.logs import Log
from app.problems import SettingsError
from app.settings import Settings, file_bytes, read

BACKLOG = 2048
SEND_BUFFER = 128 * 1024
UNSENT_SECONDS = 20
_ADVICE = {
    errno.EADDRINUSE: "Another program listens there already: end it, or set another port under [listen] in gateway.toml.",
    errno.EADDRNOTAVAIL: 'This machine has no such address: set host = "0.0.0.0" under [listen] in gateway.toml, or one that it has.',
    errno.EACCES: "Ports below 1024 are for root: set port = 8080, or another above, under [listen] in gateway.toml.",
}
_USUAL_ADVICE = "Change host or port under [listen] in gateway.toml."
_HOME = Path(__file__).parents[1]
_LONGEST_PAUSE = 2.0
_PATIENCE = 8.0
_ORPHANS_SECONDS = 5.0
_log = Log("supervisor")


class CannotListen(Exception):
    """The address cannot be listened on; the text says why and what to change."""


def listen(host: str, port: int, is_ours: Callable[[], bool] = lambda: False) -> socket.socket:
    """Return a socket bound to an address and listening. Raises CannotListen.

    A port that is taken is tried again for 5 s while `is_ours` says that the workers of a killed gateway may hold it still.
    """
    until = time.monotonic() + _ORPHANS_SECONDS
    while True:
        try:
            return _listen(host, port)
        except CannotListen as error:
            taken = isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE
            if not taken or time.monotonic() > until or not is_ours():
                raise
            time.sleep(0.1)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            with suppress(OSError):
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        # Connections inherit both. What the system keeps for a client that does not read is bounded (Linux allows 4 MB of its own accord),
        # and so is the time, also after the connection was closed here (Linux: tcp(7), TCP_USER_TIMEOUT, in milliseconds).
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            with suppress(OSError):
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * UNSENT_SECONDS)
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        # The numbers of getaddrinfo's errors are others.
        advice = _USUAL_ADVICE if isinstance(error, socket.gaierror) else _ADVICE.get(error.errno or 0, _USUAL_ADVICE)
        raise CannotListen(f"cannot listen on {host} port {port}: {error.strerror or error}. {advice}") from error
    return listener


class _Child:
    """One process that is to run: started again when it ends, after a pause that grows while it keeps ending at once."""

    def __init__(self, name: str, command: Callable[[int], list[str]], keep: tuple[int, ...]) -> None:
        self.name = name
        self._command = command
        self._keep = keep
        self._failures = 0
        self._started = 0.0
        self._again = 0.0
        self._reader = self._writer = -1
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; one that cannot be started is tried again later, since what serves already must not end for it."""
        self._reader, self._writer = os.pipe()
        os.set_inheritable(self._writer, False)
        # `-m` looks into the working folder first: it is ours, lest somebody's folder `app` there be taken for this one.
        try:
            self.process = subprocess.Popen(  # noqa: S603
                self._command(self._reader),
                cwd=_HOME,
                pass_fds=(*self._keep, self._reader),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            os.close(self._writer)
            self._again = time.monotonic() + _LONGEST_PAUSE
            _log.error("process_not_started", process=self.name, error=error.strerror or str(error), again_in_seconds=_LONGEST_PAUSE)
        os.close(self._reader)
        self._started = time.monotonic()

    def look(self) -> None:
        now = time.monotonic()
        if self.process is None:
            if now >= self._again:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        os.close(self._writer)
        # What was killed from outside is no sign that it would fail again: phones wait for it.
        failed = now - self._started < 5 and code != -signal.SIGKILL
        self._failures = self._failures + 1 if failed else 0
        pause = min(0.1 * 2.0 ** min(self._failures, 10), _LONGEST_PAUSE) if self._failures else 0.0
        self.process, self._again = None, now + pause
        if not pause:
            self.start()
        _log.error("process_ended", process=self.name, code=code, again_in_seconds=round(pause, 1))

    def tell(self, sign: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def end(self, until: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(until - time.monotonic(), 0.01))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self._writer)
        self.process = None


class Supervisor:
    """Runs web workers and, where asked, the builder, until SIGTERM or SIGINT. SIGHUP or a reload request reads the configuration."""

    def __init__(self, settings: Settings, listener: socket.socket, workers: int, *, builder: bool, log_json: bool, lock: int = -1) -> None:
        """`lock`: the descriptor of a lock that the web workers hold too, see `app.lock.serving`."""
        self._config = settings.origin
        self._settings = settings
        self._workers = workers
        # The children get the configuration as it was when it was good: one that breaks later is nobody's problem until a reload.
        self._given = nameless.make(file_bytes(settings.origin))
        tail = ["--config", str(settings.origin), "--given", str(self._given), *(["--log-json"] if log_json else [])]
        door = listener.fileno()
        # Twice as many slots as workers: at a reload the new ones count beside the old ones.
        self._counters = make_file(2 * workers)
        # The clock of `time.monotonic` is the system's: its children read the same one.
        begun = str(time.monotonic())
        common = ["-m", "app.main", "--fd", str(door), "--counters", str(self._counters), "--begun", begun, *tail]
        self._web = lambda slot, pipe: [sys.executable, *common, "--slot", str(slot), "--parent", str(pipe)]
        self._keep = (door, self._counters, self._given, *([lock] if lock >= 0 else []))
        self._first = self._reloads = 0
        self._children = self._fresh(self._first)
        self._builder: _Child | None = None
        if builder:
            self._builder = _Child(
                "builder",
                lambda pipe: [sys.executable, "-m", "app.builder", "--parent", str(pipe), "--run", f"{begun}-{self._reloads}", *tail],
                (self._given,),
            )
        self._leaving: list[tuple[_Child, float]] = []
        self._ending = False
        self._reload = self._asked = False

    def _fresh(self, first: int) -> list[_Child]:
        """Return a child for each worker, with slots from `first` on."""
        return [_Child(f"web-{number + 1}", partial(self._web, first + number), self._keep) for number in range(self._workers)]

    def run(self) -> int:
        """Start everything, keep it running, and end it in good order; returns the exit code."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._end)
        signal.signal(signal.SIGHUP, self._ask_reload)
        every = [*self._children, *([self._builder] if self._builder is not None else [])]
        for child in every:
            child.start()
        looked = time.monotonic()
        while not self._ending:
            time.sleep(0.05)
            for child in every:
                child.look()
            self._see_off()
            if time.monotonic() - looked > 1:
                looked = time.monotonic()
                self._asked = bool(requests.take(self._settings.state_dir, requests.RELOAD))
            if self._reload or self._asked:
                refused = self._read_again()
                if self._asked:
                    requests.answer(self._settings.state_dir, requests.RELOAD, refused)
                self._reload = self._asked = False
                every = [*self._children, *([self._builder] if self._builder is not None else [])]
        every += [child for child, _ in self._leaving]
        until = time.monotonic() + _PATIENCE
        for child in every:
            child.tell(signal.SIGTERM)
        for child in every:
            child.end(until)
        return 0

    def _end(self, *_: object) -> None:
        self._ending = True

    def _ask_reload(self, *_: object) -> None:
        self._reload = True

    def _read_again(self) -> str:
        """Take the configuration as it stands now; return why it was refused, "" where it was not."""
        try:
            given = file_bytes(self._config)
            fresh = read(self._config, given)
        except SettingsError as error:
            _log.error("configuration_refused", error=str(error), effect="the old one stays")
            return str(error)
        old, new = ((item.host, item.port, item.state_dir) for item in (self._settings, fresh))
        if new != old:
            what = " and ".join((["listen"] if new[:2] != old[:2] else []) + (["state_dir"] if new[2] != old[2] else []))
            _log.error("configuration_refused", error=f"{what} changed, which needs a restart", effect="the old one stays")
            return f"{what} changed, which needs a restart"
        self._settings = fresh
        nameless.replace(self._given, given)
        self._reloads += 1
        _log.info("configuration_read", sources=len(fresh.sources), profiles=len(fresh.profiles))
        if self._builder is not None:
            self._builder.tell(signal.SIGHUP)
        # New workers share the socket with the old ones, which finish what they have: no request is lost.
        self._first = self._workers - self._first
        former, self._children = self._children, self._fresh(self._first)
        for child in self._children:
            child.start()
        self._leaving += [(child, time.monotonic()) for child in former]
        return ""

    def _see_off(self) -> None:
        """End the workers of the configuration before: told after a second, when the new ones are there, and killed when they do not go."""
        now, staying = time.monotonic(), []
        for child, since in self._leaving:
            if child.has_ended() or now - since > 1 + _PATIENCE:
                child.end(now)
                continue
            if now - since > 1:
                child.tell(signal.SIGTERM)
            staying.append((child, since))
        self._leaving = staying

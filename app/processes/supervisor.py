"""Start the web workers and the builder, and restart those that end.

Each child holds the read end of a pipe whose write end the supervisor keeps. When the
supervisor ends, even if it is killed, the children read the end of the file and end
too.
"""

import signal
import socket
import sys
import time
from dataclasses import dataclass, replace
from functools import partial

from app.logs import Log
from app.processes.child import SILENCE_SECONDS, ChildProcess
from app.settings.errors import SettingsError
from app.settings.loader import Settings, file_bytes, load
from app.state import control, memfile
from app.state.reload_state import write_reload_problem
from app.state.shared_counters import make_file

_PATIENCE = 8.0
_STOPPED_SECONDS = 5.0
_RELOAD_SECONDS = 10.0
_MOST_FORMER = 20
_log = Log("supervisor")


@dataclass(frozen=True, slots=True)
class _PendingReload:
    """A reload that the builder has not applied yet.

    `since` is its time, `reloads` how many the builder had applied before. `asked`
    means that a command waits for the reply. `is_told` means that its delay was
    reported.
    """

    since: float
    reloads: int
    asked: bool
    is_told: bool = False


class Supervisor:
    """Runs web workers and, if `builder` is set, the builder, until SIGTERM or SIGINT.

    SIGHUP or a reload request reads the configuration again.
    """

    def __init__(
        self,
        settings: Settings,
        listener: socket.socket,
        workers: int,
        *,
        builder: bool,
        log_json: bool,
        lock: int = -1,
        silence: float = SILENCE_SECONDS,
    ) -> None:
        """`lock` is the descriptor of a lock that the web workers hold too.

        It comes from `app.state.locks.hold_serving_lock`. `silence` is how many seconds without a
        heartbeat are allowed before a process is killed.
        """
        self._silence = silence
        self._former: tuple[str, ...] = ()
        self._config = settings.origin
        self._settings = settings
        self._workers = workers
        # The children get the configuration as it was when it was valid. A file that becomes
        # invalid later does no harm until a reload.
        self._config_fd = memfile.create(file_bytes(settings.origin))
        tail = [
            "--config",
            str(settings.origin),
            "--given",
            str(self._config_fd),
            *(["--log-json"] if log_json else []),
        ]
        door = listener.fileno()
        # Twice as many slots as workers: at a reload the new workers count beside the old ones.
        self._counters = make_file(2 * workers)
        # `time.monotonic` is the system's clock, so the children read the same one.
        begun = str(time.monotonic())
        common = [
            "-m",
            "app.web.worker",
            "--fd",
            str(door),
            "--counters",
            str(self._counters),
            "--begun",
            begun,
            *tail,
        ]
        self._command = (sys.executable, *common)
        self._keep = (door, self._counters, self._config_fd, *([lock] if lock >= 0 else []))
        self._first = self._reloads = 0
        self._children = self._fresh(self._first)
        self._builder: ChildProcess | None = None
        if builder:
            self._builder = ChildProcess(
                "builder",
                lambda pipe, beat: [
                    *(
                        sys.executable,
                        "-m",
                        "app.build.worker",
                        "--parent",
                        str(pipe),
                        "--heart",
                        str(beat),
                    ),
                    *("--run", f"{begun}-{self._reloads}", *tail),
                ],
                (self._config_fd,),
                silence,
            )
        self._leaving: list[tuple[ChildProcess, float]] = []
        self._ending = False
        self._reload = self._asked = False
        self._pending: _PendingReload | None = None

    def _fresh(self, first: int) -> list[ChildProcess]:
        """Return a new child for each worker, with slots from `first` on."""
        return [
            ChildProcess(
                f"web-{number + 1}", partial(self._web, first + number), self._keep, self._silence
            )
            for number in range(self._workers)
        ]

    def _web(self, slot: int, pipe: int, beat: int) -> list[str]:
        given = ("--slot", str(slot), "--parent", str(pipe), "--heart", str(beat))
        return [
            *self._command,
            *given,
            *(f"--former={fingerprint}" for fingerprint in self._former),
        ]

    def run(self) -> int:
        """Start all children, keep them running, and end them; return the exit code."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._end)
        signal.signal(signal.SIGHUP, self._ask_reload)
        every = [*self._children, *([self._builder] if self._builder is not None else [])]
        for child in every:
            child.start()
        write_reload_problem(self._settings.state_dir, "")
        looked = turned = time.monotonic()
        while not self._ending:
            time.sleep(0.05)
            now = time.monotonic()
            for child in every:
                if now - turned > _STOPPED_SECONDS:
                    child.forgive(now)
                child.hear(now)
                child.look()
            turned = now
            self._stop_children()
            self._settle_reload(now)
            if time.monotonic() - looked > 1:
                looked = time.monotonic()
                self._asked = bool(control.receive(self._settings.state_dir, control.RELOAD))
            if self._reload or self._asked:
                refused = self._read_again()
                if refused or self._builder is None:
                    self._tell_reload(refused, _refusal(refused), asked=self._asked)
                else:
                    self._pending = _PendingReload(now, self._builder.reloads, self._asked)
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
        """Read and apply the configuration again; return why it was refused, or ""."""
        try:
            given = file_bytes(self._config)
            fresh = load(self._config, given)
        except SettingsError as error:
            _log.error("configuration_refused", error=str(error), effect="the old one stays")
            return str(error)
        old, new = ((item.host, item.port, item.state_dir) for item in (self._settings, fresh))
        if new != old:
            what = " and ".join(
                (["listen"] if new[:2] != old[:2] else [])
                + (["state_dir"] if new[2] != old[2] else [])
            )
            _log.error(
                "configuration_refused",
                error=f"{what} changed, which needs a restart",
                effect="the old one stays",
            )
            return f"{what} changed, which needs a restart"
        # Generations of former configurations serve rows until the new configuration has one. The
        # configuration before this one may never have had its own.
        known = dict.fromkeys((*self._former, self._settings.fingerprint))
        self._former = tuple(known)[-_MOST_FORMER:]
        self._settings = fresh
        memfile.replace(self._config_fd, given)
        self._reloads += 1
        _log.info("configuration_read", sources=len(fresh.sources), profiles=len(fresh.profiles))
        if self._builder is not None:
            self._builder.tell(signal.SIGHUP)
        # New workers share the socket with the old ones, which finish their requests. So no request
        # is lost.
        self._first = self._workers - self._first
        former, self._children = self._children, self._fresh(self._first)
        for child in self._children:
            child.start()
        self._leaving += [(child, time.monotonic()) for child in former]
        return ""

    def _settle_reload(self, now: float) -> None:
        """Report a reload when the builder has applied it, or has not in time."""
        pending, builder = self._pending, self._builder
        if pending is None or builder is None:
            return
        if builder.reloads > pending.reloads or builder.started > pending.since:
            self._pending = None
            self._tell_reload("", "", asked=pending.asked)
        elif now - pending.since > _RELOAD_SECONDS and not pending.is_told:
            reply = (
                f"the builder has not taken it within {_RELOAD_SECONDS:.0f} s. Who may see what"
                " follows it already; phones see the rows of before until the builder takes it. A"
                f" builder that gives no sign of life for {self._silence:.0f} s is replaced."
            )
            problem = f"The configuration is good, but {reply}"
            _log.error("reload_not_taken", error=problem)
            self._tell_reload(problem, reply, asked=pending.asked)
            self._pending = replace(pending, is_told=True, asked=False)

    def _tell_reload(self, problem: str, reply: str, *, asked: bool) -> None:
        """Report a reload: `problem` to operators' pages, `reply` to the command."""
        write_reload_problem(self._settings.state_dir, problem)
        if asked:
            control.reply(self._settings.state_dir, control.RELOAD, reply)

    def _stop_children(self) -> None:
        """End the workers of the former configuration.

        They get SIGTERM after a second, when the new workers are there. A worker that
        does not end in time is killed.
        """
        now, staying = time.monotonic(), []
        for child, since in self._leaving:
            if child.has_ended() or now - since > 1 + _PATIENCE:
                child.end(now)
                continue
            if now - since > 1:
                child.tell(signal.SIGTERM)
            staying.append((child, since))
        self._leaving = staying


def _refusal(problem: str) -> str:
    if not problem:
        return ""
    return f"the running gateway refused it: {problem.rstrip('.')}. Nothing was changed."

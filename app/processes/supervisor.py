"""Start the web workers and the builder, and restart those that end.

Each child holds the read end of a pipe whose write end the supervisor keeps. When the
supervisor ends, even if it is killed, the children read the end of the file and end
too.
"""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.logs import Log
from app.processes.certificate import ServedCertificate
from app.processes.child import SILENCE_SECONDS, ChildProcess
from app.processes.command_lines import CommandLines
from app.processes.configuration import ServedConfiguration
from app.processes.listen import Listeners
from app.settings.loader import Settings
from app.state import control
from app.state.login_attempts import make_attempts_file
from app.state.recent_requests import make_recent_file
from app.state.reload_state import write_reload_problem
from app.state.shared_counters import make_file

SHUTDOWN_SECONDS = 8.0
"""How long children may take to end."""
RELOAD_SECONDS = 10.0
"""How long the builder may take to apply a configuration before that is reported."""
_STOPPED_SECONDS = 5.0
_log = Log("supervisor")


@dataclass(slots=True)
class _PendingReload:
    """A reload that the builder has not applied yet.

    `since` is its time, `reloads` how many the builder had applied before. `is_awaited`
    means that a command waits for the reply, `is_late` that the delay was reported.
    """

    since: float
    reloads: int
    is_awaited: bool
    is_late: bool = False


class Supervisor:
    """Runs web workers and, if `builder` is set, the builder, until SIGTERM or SIGINT.

    SIGHUP or a reload request reads the configuration again.
    """

    def __init__(
        self,
        settings: Settings,
        listeners: Listeners,
        workers: int,
        *,
        builder: bool,
        log_json: bool,
        access_log: bool = False,
        certificate: ServedCertificate | None = None,
        lock: int = -1,
        on_serving: Callable[[], None] = lambda: None,
        silence: float = SILENCE_SECONDS,
    ) -> None:
        """`certificate` is what the listener for https shows.

        `lock` is the descriptor of a lock that the web workers hold too. It comes from
        `app.state.locks.hold_serving_lock`. `on_serving` is called when
        the first web worker answers requests. `silence` is how many seconds without a
        heartbeat are allowed before a process is killed.
        """
        self._silence = silence
        self._on_serving: Callable[[], None] | None = on_serving
        self._workers = workers
        self._state_dir = settings.state_dir
        self._certificate = certificate
        self._configuration = ServedConfiguration(settings, certificate)
        config_fd = self._configuration.file
        # Twice as many slots as workers: at a reload the new workers count beside the old ones.
        counters, recent = make_file(2 * workers), make_recent_file(2 * workers)
        attempts = make_attempts_file()
        self._commands = CommandLines(
            listener=listeners.plain.fileno() if listeners.plain is not None else None,
            tls_listener=listeners.tls.fileno() if listeners.tls is not None else None,
            certificate=certificate.file if certificate is not None else None,
            counters=counters,
            recent=recent,
            attempts=attempts,
            config_fd=config_fd,
            config=settings.origin,
            # `time.monotonic` is the system's clock, so the children read the same one.
            begun=str(time.monotonic()),
            log_json=log_json,
            access_log=access_log,
        )
        self._inherited = (*self._commands.shared, *([lock] if lock >= 0 else []))
        self._first_slot = 0
        self._web = self._new_workers()
        self._builder: ChildProcess | None = None
        if builder:
            self._builder = ChildProcess("builder", self._builder_command, (config_fd,), silence)
        self._leaving: list[tuple[ChildProcess, float]] = []
        self._ending = self._reload_signalled = False
        self._pending: _PendingReload | None = None

    def _new_workers(self) -> list[ChildProcess]:
        return [
            ChildProcess(
                f"web-{number + 1}",
                partial(self._web_command, self._first_slot + number),
                self._inherited,
                self._silence,
            )
            for number in range(self._workers)
        ]

    def _web_command(self, slot: int, pipe: int, beat: int) -> list[str]:
        return self._commands.web(slot, self._configuration.former, pipe, beat)

    def _builder_command(self, pipe: int, beat: int) -> list[str]:
        return self._commands.builder(self._configuration.reloads, pipe, beat)

    def _children(self) -> list[ChildProcess]:
        """Return the children to keep running, without the workers that are leaving."""
        return [*self._web, *([self._builder] if self._builder is not None else [])]

    def run(self) -> int:
        """Start all children, keep them running, and end them; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_end)
        signal.signal(signal.SIGHUP, self._on_reload)
        for child in self._children():
            child.start()
        write_reload_problem(self._state_dir, "")
        if self._certificate is not None:
            self._certificate.write_state()
        polled = last_turn = time.monotonic()
        while not self._ending:
            time.sleep(0.05)
            now = time.monotonic()
            was_stopped = now - last_turn > _STOPPED_SECONDS
            last_turn = now
            self._keep_running(now, was_stopped)
            if self._on_serving is not None and any(child.is_listening for child in self._web):
                self._on_serving()
                self._on_serving = None
            self._stop_leaving()
            self._finish_reload(now)
            is_requested = False
            if time.monotonic() - polled > 1:
                polled = time.monotonic()
                if self._certificate is not None:
                    self._certificate.poll(polled)
                is_requested = bool(control.receive(self._state_dir, control.RELOAD))
            if self._reload_signalled or is_requested:
                self._reload_signalled = False
                self._reload(now, is_awaited=is_requested)
        self._stop_all()
        return 0

    def _on_end(self, *_: object) -> None:
        self._ending = True

    def _on_reload(self, *_: object) -> None:
        self._reload_signalled = True

    def _keep_running(self, now: float, was_stopped: bool) -> None:
        """Restart the children that ended or fell silent.

        If this process itself was stopped, it could read no heartbeats.
        """
        for child in self._children():
            if was_stopped:
                child.reset_silence(now)
            child.read_heartbeats(now)
            child.restart_if_ended()

    def _stop_leaving(self) -> None:
        """End the workers of the former configuration.

        They get SIGTERM after a second, when the new workers are there. A worker that
        does not end in time is killed.
        """
        now, staying = time.monotonic(), []
        for child, since in self._leaving:
            if child.has_ended() or now - since > 1 + SHUTDOWN_SECONDS:
                child.wait_or_kill(now)
                continue
            if now - since > 1:
                child.send_signal(signal.SIGTERM)
            staying.append((child, since))
        self._leaving = staying

    def _stop_all(self) -> None:
        children = [*self._children(), *(child for child, _ in self._leaving)]
        until = time.monotonic() + SHUTDOWN_SECONDS
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            child.wait_or_kill(until)

    def _reload(self, now: float, *, is_awaited: bool) -> None:
        problem = self._configuration.read_again()
        if problem:
            refusal = f"the running gateway refused it: {problem.rstrip('.')}. Nothing was changed."
            self._report_reload(problem, refusal, is_awaited=is_awaited)
            return
        if self._builder is not None:
            self._builder.send_signal(signal.SIGHUP)
        # New workers share the socket with the old ones, which finish their requests. So no request
        # is lost.
        self._first_slot = self._workers - self._first_slot
        self._leaving += [(child, time.monotonic()) for child in self._web]
        self._web = self._new_workers()
        for child in self._web:
            child.start()
        if self._builder is None:
            self._report_reload("", "", is_awaited=is_awaited)
        else:
            self._pending = _PendingReload(now, self._builder.reloads, is_awaited)

    def _finish_reload(self, now: float) -> None:
        """Report a reload when the builder has applied it, or has not in time."""
        pending, builder = self._pending, self._builder
        if pending is None or builder is None:
            return
        if builder.reloads > pending.reloads or builder.started > pending.since:
            self._pending = None
            self._report_reload("", "", is_awaited=pending.is_awaited)
        elif now - pending.since > RELOAD_SECONDS and not pending.is_late:
            reply = (
                f"the builder has not taken it within {RELOAD_SECONDS:.0f} s. Access follows it"
                " already; phones see the previous rows until the builder takes it. A"
                f" builder that gives no sign of life for {self._silence:.0f} s is replaced."
            )
            problem = f"The configuration is good, but {reply}"
            _log.error("reload_not_taken", error=problem)
            self._report_reload(problem, reply, is_awaited=pending.is_awaited)
            pending.is_late, pending.is_awaited = True, False

    def _report_reload(self, problem: str, reply: str, *, is_awaited: bool) -> None:
        """Report a reload: `problem` to operators' pages, `reply` to the command."""
        write_reload_problem(self._state_dir, problem)
        if is_awaited:
            control.reply(self._state_dir, control.RELOAD, reply)

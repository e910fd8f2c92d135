"""Run a child process, restart it when it ends, and kill it if it falls silent."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app.logs import Log
from app.state.heartbeat import LISTENING, RELOADED

SILENCE_SECONDS = 60.0
"""How long a process may send no heartbeat.

A worker that starts on a slow machine needs some of these seconds.
"""
_PROGRAM = Path(__file__).parents[2]
_MAX_PAUSE = 2.0
_log = Log("supervisor")


class ChildProcess:
    """Keeps one process running.

    A process that ends is restarted. The pause before the restart grows while the
    process keeps ending at once.
    """

    def __init__(
        self,
        name: str,
        command: Callable[[int, int], list[str]],
        inherited: tuple[int, ...],
        silence: float = SILENCE_SECONDS,
    ) -> None:
        """`command` returns the command line for two descriptors.

        The first is the read end of a pipe that closes when the supervisor ends. The
        second is the write end of the pipe for heartbeats. `inherited` are
        further descriptors. `silence` is how many seconds without a heartbeat are
        allowed.
        """
        self.name = name
        self._silence = silence
        self._last_beat = 0.0
        self._beats = -1
        self.reloads = 0
        self.is_listening = False
        self._command = command
        self._inherited = inherited
        self._failures = 0
        self.started = 0.0
        self._next_start = 0.0
        self._reader = self._writer = -1
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process, or try again later if it cannot be started.

        The failure is only logged, because processes that serve already must not end
        for it.
        """
        self._reader, self._writer = os.pipe()
        self._beats, beat = os.pipe()
        os.set_blocking(self._beats, False)
        os.set_inheritable(self._writer, False)
        self.reloads, self.is_listening = 0, False
        # SIGHUP would end a process that does not handle it yet. The process inherits that it is
        # blocked, and gets it when it allows it (POSIX, "pthread_sigmask").
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
        # `-m` looks into the working folder first. So the child starts in the folder of this
        # program, and no other folder named `app` is imported.
        try:
            self.process = subprocess.Popen(  # noqa: S603
                self._command(self._reader, beat),
                cwd=_PROGRAM,
                pass_fds=(*self._inherited, self._reader, beat),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            os.close(self._writer)
            os.close(self._beats)
            self._next_start = time.monotonic() + _MAX_PAUSE
            reason = error.strerror or str(error)
            _log.error(
                "process_not_started",
                process=self.name,
                error=f"{error.filename}: {reason}" if error.filename else reason,
                again_in_seconds=_MAX_PAUSE,
            )
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
        os.close(self._reader)
        os.close(beat)
        self.started = self._last_beat = time.monotonic()

    def read_heartbeats(self, now: float) -> None:
        """Read the process's heartbeats, and kill it if there was none for too long.

        `restart_if_ended` then starts another one.
        """
        if self.process is None:
            return
        with suppress(BlockingIOError):
            while signs := os.read(self._beats, 4096):
                self._last_beat = now
                self.reloads += signs.count(RELOADED)
                self.is_listening |= LISTENING in signs
        if now - self._last_beat > self._silence and self.process.poll() is None:
            _log.error(
                "process_silent",
                process=self.name,
                seconds=round(now - self._last_beat),
                effect="it is killed, and another is started",
            )
            self.process.kill()
            # It is not reported again while the system ends it.
            self._last_beat = now

    def reset_silence(self, now: float) -> None:
        """Count the silence from now on.

        This is for a supervisor that was itself stopped and could read no heartbeats.
        """
        self._last_beat = now

    def restart_if_ended(self) -> None:
        """Restart the process if it has ended and its pause is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._next_start:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        os.close(self._writer)
        os.close(self._beats)
        # A process that was killed from outside is restarted at once, because phones wait for it.
        # The kill does not mean that it would fail again.
        failed = now - self.started < 5 and code != -signal.SIGKILL
        self._failures = self._failures + 1 if failed else 0
        pause = min(0.1 * 2.0 ** min(self._failures, 10), _MAX_PAUSE) if self._failures else 0.0
        self.process, self._next_start = None, now + pause
        if not pause:
            self.start()
        _log.error("process_ended", process=self.name, code=code, again_in_seconds=round(pause, 1))

    def send_signal(self, number: signal.Signals) -> None:
        """Send the process a signal if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def has_ended(self) -> bool:
        """Return whether no process runs."""
        return self.process is None or self.process.poll() is not None

    def wait_or_kill(self, until: float) -> None:
        """Wait for the process to end; kill it at `until` (monotonic seconds)."""
        if self.process is None:
            return
        try:
            self.process.wait(max(until - time.monotonic(), 0.01))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self._writer)
        os.close(self._beats)
        self.process = None

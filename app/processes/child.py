"""A child process that is to run: started again when it ends, killed when it gives no sign of life."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app.logs import Log
from app.state.heartbeat import RELOADED

SILENCE_SECONDS = 60.0
"""How long a process may give no sign of life; a worker that starts on a slow machine needs some seconds of it."""
_HOME = Path(__file__).parents[2]
_LONGEST_PAUSE = 2.0
_log = Log("supervisor")


class ChildProcess:
    """One process that is to run: started again when it ends, after a pause that grows while it keeps ending at once."""

    def __init__(
        self, name: str, command: Callable[[int, int], list[str]], keep: tuple[int, ...], silence: float = SILENCE_SECONDS
    ) -> None:
        """`command` is given the read end of the pipe that tells the supervisor's end, and the write end of the one for heartbeats."""
        self.name = name
        self._silence = silence
        self._heard = 0.0
        self._pulse = -1
        self.reloads = 0
        self._command = command
        self._keep = keep
        self._failures = 0
        self.started = 0.0
        self._again = 0.0
        self._reader = self._writer = -1
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; one that cannot be started is tried again later, since what serves already must not end for it."""
        self._reader, self._writer = os.pipe()
        self._pulse, beat = os.pipe()
        os.set_blocking(self._pulse, False)
        os.set_inheritable(self._writer, False)
        self.reloads = 0
        # `-m` looks into the working folder first: it is ours, lest somebody's folder `app` there be taken for this one.
        try:
            self.process = subprocess.Popen(  # noqa: S603
                self._command(self._reader, beat),
                cwd=_HOME,
                pass_fds=(*self._keep, self._reader, beat),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            os.close(self._writer)
            os.close(self._pulse)
            self._again = time.monotonic() + _LONGEST_PAUSE
            _log.error("process_not_started", process=self.name, error=error.strerror or str(error), again_in_seconds=_LONGEST_PAUSE)
        os.close(self._reader)
        os.close(beat)
        self.started = self._heard = time.monotonic()

    def hear(self, now: float) -> None:
        """Read the process's heartbeats; kill it if there was none for too long, so that `look` starts another."""
        if self.process is None:
            return
        with suppress(BlockingIOError):
            while signs := os.read(self._pulse, 4096):
                self._heard = now
                self.reloads += signs.count(RELOADED)
        if now - self._heard > self._silence and self.process.poll() is None:
            _log.error("process_silent", process=self.name, seconds=round(now - self._heard), effect="it is killed, and another is started")
            self.process.kill()

    def forgive(self, now: float) -> None:
        """Count silence from now on: the supervisor itself was stopped, and nobody was heard."""
        self._heard = now

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
        os.close(self._pulse)
        # What was killed from outside is no sign that it would fail again: phones wait for it.
        failed = now - self.started < 5 and code != -signal.SIGKILL
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
        os.close(self._pulse)
        self.process = None

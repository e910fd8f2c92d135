"""A person at a terminal, who types answers to what a command asks."""

import signal
import sys
from pathlib import Path
from typing import Self

import pexpect

from tests.support.patience import PATIENCE
from tests.support.servers.gateway import command, environment

_PRESSES = 8


def _let_ctrl_c_end() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Conversation:
    """A command of the gateway on a terminal of its own; a context manager.

    `text` is everything that the terminal has shown so far. `before` is Python code
    that runs before the command, in its process.
    """

    def __init__(self, *words: str, folder: Path, before: str = "", **more: str) -> None:
        code = f"{before}\nfrom app.cli.main import main; main()"
        self._child = pexpect.spawn(
            sys.executable,
            ["-c", code, *words] if before else command(*words)[1:],
            cwd=str(folder),
            env=environment(TERM="dumb", **more),
            encoding="utf-8",
            timeout=PATIENCE,
            dimensions=(50, 500),
            # A test run in the background of a shell has SIGINT ignored, and children inherit that.
            preexec_fn=_let_ctrl_c_end,
        )
        self.text = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._child.close(force=True)

    def wait_for(self, prompt: str) -> str:
        """Return what was shown up to a prompt, which must come."""
        try:
            self._child.expect_exact(prompt)
        except (pexpect.EOF, pexpect.TIMEOUT) as error:
            raise AssertionError(f"never asked: {prompt!r}; shown: {self._child.before}") from error
        shown = str(self._child.before) + prompt
        self.text += shown
        return shown

    def answer(self, prompt: str, text: str) -> str:
        """Type an answer and Enter behind a prompt; return what was shown before it."""
        shown = self.wait_for(prompt)
        self._child.sendline(text)
        return shown

    def end_by(self, way: str | int) -> int:
        """End the command by Ctrl and a key, or by a signal; return its exit code.

        A signal that arrives between a prompt and the read behind it waits for the next
        key, so that a person presses again.
        """
        for _ in range(_PRESSES):
            if isinstance(way, str):
                self._child.sendcontrol(way)
            else:
                self._child.kill(way)
            if self._child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=PATIENCE / _PRESSES) == 0:
                return self._code()
        raise AssertionError(f"it has not ended; shown: {self._child.before}")

    def end(self) -> int:
        """Wait until the command has ended; return its exit code."""
        self._child.expect(pexpect.EOF)
        return self._code()

    def _code(self) -> int:
        self.text += str(self._child.before)
        self._child.wait()
        self._child.close()
        return int(self._child.exitstatus)

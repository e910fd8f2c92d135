"""Start and stop the real gateway, as a user does, on a free port of loopback.

It is stopped by its process id.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.client import Client
from tests.support.servers.forks import Running, forks
from tests.support.servers.processes import children_of, free_port

T = TypeVar("T")


def eventually(
    look: Callable[[], T], what: str, patience: float = PATIENCE, pause: float = 0.05
) -> T:
    """Return the first true result of `look`, called again after each pause (seconds).

    Fails with `what` after `patience` seconds.
    """
    until = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < until, f"never seen: {what}; last: {found!r}"
        time.sleep(pause)


def environment(**more: str) -> dict[str, str]:
    """Return an environment for a subprocess, independent of its working folder."""
    ours = ("GATEWAY_CONFIG", "GATEWAY_STATE_DIR", "STATE_DIRECTORY", "NOTIFY_SOCKET")
    return (
        {key: value for key, value in os.environ.items() if key not in ours}
        | {"PYTHONPATH": str(ROOT)}
        | more
    )


def command(*words: str) -> list[str]:
    """Return the command line of `directory-gateway` with these words."""
    return [sys.executable, "-m", "app", *words]


def run(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the gateway to its end and return what it printed.

    With variables of its own (`more`) it starts Python anew, which may read them.
    """
    if not more:
        return forks().run(words, cwd, environment())
    return subprocess.run(
        command(*words),
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        encoding="utf-8",
        errors="replace",
    )


class Gateway(Client):
    """A running `directory-gateway serve`; a context manager.

    `folder` holds its `gateway.toml`, `state` and `gateway.log`. With variables of its
    own (`more`) it starts Python anew, unless a subclass says that a fork can take them
    over.
    """

    takes_over_variables = False

    def __init__(
        self, folder: Path, config: str, *options: str, ready: bool = True, **more: str
    ) -> None:
        super().__init__(free_port())
        self.folder = folder
        self._options = options
        self._ready = ready
        self._more = more
        self.log = folder / "gateway.log"
        self.configure(config)

    def configure(self, config: str) -> None:
        """Write the configuration with `[listen]` added."""
        (self.folder / "gateway.toml").write_text(config + self.listen(), encoding="utf-8")

    def __enter__(self) -> "Gateway":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def start(self) -> None:
        """Start the process and wait until a generation of the configuration is served.

        Does not wait if `ready` is False.
        """
        words, variables = ("serve", *self._options), environment(**self._more)
        with self.log.open("ab") as log:
            self.process: Running | subprocess.Popen[bytes] = (
                forks().start(words, self.folder, variables, log.fileno())
                if self.is_forked()
                else subprocess.Popen(
                    command(*words),
                    cwd=self.folder,
                    env=variables,
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                )
            )
        if self._ready:
            eventually(
                lambda: self.alive() and self.status_code("/-/ready") == 200,
                f"ready\n{self.logged()}",
            )

    def is_forked(self) -> bool:
        """Return whether it may be a fork, which is in this process's own network."""
        return self.takes_over_variables or not self._more

    def alive(self) -> bool:
        """Fail if the supervisor has exited by itself."""
        assert self.process.poll() is None, (
            f"the gateway ended with {self.process.returncode}\n{self.logged()}"
        )
        return True

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def stop(self) -> int:
        """Stop the gateway in good order and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def children(self, module: str) -> list[int]:
        """Return the process ids of the supervisor's children that run a module.

        Modules are "app.web.worker" and "app.build.worker".
        """
        found = []
        for child in children_of(self.process.pid):
            with suppress(OSError):
                if module.encode() in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                    found.append(child)
        return found

    def logged(self) -> str:
        """Return the log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

"""Command lines of the child processes."""

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CommandLines:
    """Makes the command lines of web workers and of the builder.

    `listener`, `counters`, `recent`, `attempts` and `config_fd` are descriptors that
    the children inherit. `begun` is when the gateway started, by the system's monotonic
    clock.
    """

    listener: int
    counters: int
    recent: int
    attempts: int
    config_fd: int
    config: Path
    begun: str
    log_json: bool
    access_log: bool

    def web(self, slot: int, former: tuple[str, ...], pipe: int, beat: int) -> list[str]:
        """Return the command line of a web worker.

        `slot` is its place in the files that the workers share. `former` are the
        fingerprints of earlier configurations whose generations it may serve. `pipe`
        closes when the supervisor ends, and `beat` takes heartbeats.
        """
        return [
            *self._module("app.web.worker", pipe, beat),
            *("--fd", str(self.listener)),
            *("--counters", str(self.counters), "--recent", str(self.recent)),
            *("--attempts", str(self.attempts), "--slot", str(slot)),
            *("--begun", self.begun),
            *(["--access-log"] if self.access_log else []),
            *(f"--former={fingerprint}" for fingerprint in former),
        ]

    def builder(self, reloads: int, pipe: int, beat: int) -> list[str]:
        """Return the command line of the builder, after so many reloads."""
        return [*self._module("app.build.worker", pipe, beat), "--run", f"{self.begun}-{reloads}"]

    def _module(self, name: str, pipe: int, beat: int) -> list[str]:
        return [
            *(sys.executable, "-m", name),
            *("--parent", str(pipe), "--heartbeat", str(beat)),
            *("--config", str(self.config), "--config-fd", str(self.config_fd)),
            *(["--log-json"] if self.log_json else []),
        ]

"""Command lines of the child processes."""

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CommandLines:
    """Makes the command lines of web workers and of the builder.

    `listener`, `tls_listener`, `certificate`, `counters`, `recent`, `attempts` and
    `config_fd` are descriptors that the children inherit; the first three may be None.
    `begun` is when the gateway started, by the system's monotonic clock.
    """

    listener: int | None
    tls_listener: int | None
    certificate: int | None
    counters: int
    recent: int
    attempts: int
    config_fd: int
    config: Path
    begun: str
    log_json: bool
    access_log: bool

    @property
    def shared(self) -> tuple[int, ...]:
        """The descriptors that a web worker inherits."""
        sockets = (self.listener, self.tls_listener, self.certificate)
        return (
            *(descriptor for descriptor in sockets if descriptor is not None),
            *(self.counters, self.recent, self.attempts, self.config_fd),
        )

    def web(self, slot: int, former: tuple[str, ...], pipe: int, beat: int) -> list[str]:
        """Return the command line of a web worker.

        `slot` is its place in the files that the workers share. `former` are the
        fingerprints of earlier configurations whose generations it may serve. `pipe`
        closes when the supervisor ends, and `beat` takes heartbeats.
        """
        return [
            *self._module("app.web.worker", pipe, beat),
            *_option("--fd", self.listener),
            *_option("--tls-fd", self.tls_listener),
            *_option("--certificate-fd", self.certificate),
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


def _option(name: str, descriptor: int | None) -> tuple[str, ...]:
    return (name, str(descriptor)) if descriptor is not None else ()

"""Faults of a host and of the engine: how each begins, and how it is healed."""

import random
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from tests.bench.host_faults_site import STATE, WEB_WORKER, FaultyHost, FaultySite
from tests.support.servers.site_hosts import BUILDER
from tests.support.servers.small_disk import fill

ENGINE = "engine"


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a host, or of the engine if `target` is ENGINE.

    `goes_on` is called again and again until it is healed; None if the supervisor heals
    it at once.
    """

    kind: str
    target: str
    begin: Callable[[], None]
    heal: Callable[[], None]
    goes_on: Callable[[], None] | None = _nothing

    def __str__(self) -> str:
        return f"{self.kind} ({self.target})"


def _kill_builder(site: FaultySite, host: FaultyHost) -> Fault:
    def begin() -> None:
        host.signal_children(BUILDER, signal.SIGKILL)

    return Fault("SIGKILL of the builder", host.folder.name, begin, _nothing, goes_on=None)


def _kill_web(site: FaultySite, host: FaultyHost) -> Fault:
    def begin() -> None:
        host.fall_silent()
        host.signal_children(WEB_WORKER, signal.SIGKILL)

    def heal() -> None:
        host.wait_until_ready()
        host.speak()

    return Fault("SIGKILL of the web worker", host.folder.name, begin, heal, goes_on=None)


def _kill_supervisor(site: FaultySite, host: FaultyHost) -> Fault:
    def begin() -> None:
        host.fall_silent()
        host.process.kill()
        host.process.wait()

    def heal() -> None:
        host.start()
        host.speak()

    return Fault("SIGKILL of the supervisor", host.folder.name, begin, heal)


def _freeze_builder(site: FaultySite, host: FaultyHost) -> Fault:
    def begin() -> None:
        host.signal_children(BUILDER, signal.SIGSTOP)

    def heal() -> None:
        host.signal_children(BUILDER, signal.SIGCONT)

    return Fault("SIGSTOP of the builder", host.folder.name, begin, heal)


def _freeze_host(site: FaultySite, host: FaultyHost) -> Fault:
    def begin() -> None:
        host.fall_silent()
        host.signal_all(signal.SIGSTOP)

    def heal() -> None:
        host.signal_all(signal.SIGCONT)
        host.speak()

    return Fault("SIGSTOP of all processes", host.folder.name, begin, heal)


def _pull_cable(site: FaultySite, host: FaultyHost) -> Fault:
    def begin() -> None:
        site.network.pull(host.namespace)

    return Fault("cable pulled", host.folder.name, begin, partial(_mend, site, host))


def _drop_packets(site: FaultySite, host: FaultyHost) -> Fault:
    def begin() -> None:
        site.network.drop(host.namespace)

    return Fault("packets dropped", host.folder.name, begin, partial(_mend, site, host))


def _mend(site: FaultySite, host: FaultyHost) -> None:
    site.network.mend(host.namespace)


def _fill_disk(site: FaultySite, host: FaultyHost) -> Fault:
    def fill_again() -> None:
        # The host deletes what is old.
        fill(host.folder / STATE)

    def heal() -> None:
        (host.folder / STATE / "filler").unlink()

    return Fault("disk full", host.folder.name, fill_again, heal, fill_again)


def _restart_engine(how: signal.Signals, words: str) -> Callable[[FaultySite], Fault]:
    return lambda site: Fault(
        f"engine restarted, {words}", ENGINE, lambda: site.stop_engine(how), site.start_engine
    )


def _freeze_engine(site: FaultySite) -> Fault:
    stack = ExitStack()

    def begin() -> None:
        stack.enter_context(site.server.frozen())

    return Fault("SIGSTOP of the engine", ENGINE, begin, stack.close)


def _fill_disk_of_engine(site: FaultySite) -> Fault:
    def fill_again() -> None:
        fill(site.server.folder)

    def heal() -> None:
        (site.server.folder / "filler").unlink()
        # It ends if it cannot write its log of transactions.
        site.stop_engine(signal.SIGQUIT)
        site.start_engine()

    return Fault("disk full", ENGINE, fill_again, heal, fill_again)


OF_A_HOST: tuple[Callable[[FaultySite, FaultyHost], Fault], ...] = (
    _kill_builder,
    _kill_web,
    _kill_supervisor,
    _freeze_builder,
    _freeze_host,
    _pull_cable,
    _drop_packets,
    _fill_disk,
)
OF_THE_ENGINE: tuple[Callable[[FaultySite], Fault], ...] = (
    _restart_engine(signal.SIGINT, "fast"),
    _restart_engine(signal.SIGQUIT, "immediate"),
    _restart_engine(signal.SIGKILL, "SIGKILL"),
    _freeze_engine,
    _fill_disk_of_engine,
)
KINDS = len(OF_A_HOST) + len(OF_THE_ENGINE)


def choose(site: FaultySite, chance: random.Random, number: int, sound: list[str]) -> Fault:
    """Return fault `number` (0 to KINDS - 1), of a host in `sound`.

    Every other time it is the host that builds, if that one is sound.
    """
    if number >= len(OF_A_HOST):
        return OF_THE_ENGINE[number - len(OF_A_HOST)](site)
    builders = site.builders(sound)
    name = chance.choice(builders if builders and chance.random() < 0.5 else sound)
    return OF_A_HOST[number](site, site.faulty[name])

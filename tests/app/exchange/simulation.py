"""Hosts that share an exchange, in simulated time, and what must hold at every moment."""

import random
from dataclasses import replace

from app.build.host import MAX_WRITE_FAILURES
from app.exchange import decisions
from app.exchange.base import LEASE_SECONDS, Lease, Publication
from app.exchange.decisions import Action, Host
from tests.app.exchange.engine_model import Engine, Tables, Transaction
from tests.app.exchange.simulated_host import Broken, SimulatedHost, Work

TICK = 0.25
SLOW = 8
"""A slow host gets one turn in so many."""
HEALING_SECONDS = 20.0
GIVING_BACK_SECONDS = 30.0
"""After so long a host that cannot write has given the lease back."""


class World:
    """Three hosts, an engine and sources; a planted error overrides a method."""

    def __init__(self, seed: int, *, build_ticks: int = 2) -> None:
        self.random = random.Random(seed)
        self.build_ticks = build_ticks
        self.engine = Engine()
        self.content = 1
        self.are_sources_down = False
        self.committed = {decisions.NOTHING}
        self.builders: set[str] = set()
        self.turns = 0
        clocks = ((1.0, 0.0), (0.9, 5_000.017), (1.1, 90_000.031))
        self.hosts = tuple(
            SimulatedHost(self, name, rate, offset)
            for name, (rate, offset) in zip("abc", clocks, strict=True)
        )

    def draw(self) -> int:
        return self.random.getrandbits(64)

    def decide(self, host: Host, now: float, schema: int) -> Action:
        return decisions.decide(host, now, schema)

    def may_build(self, host: Host, now: float) -> bool:
        return decisions.may_build(host, now)

    def is_outdated(self, host: Host, own: str, served: str | None) -> bool:
        return decisions.is_outdated(host, own, served)

    def may_use_own(self, host: Host, own: str, served: str | None) -> bool:
        return decisions.may_use_own(host, own, served)

    def respite(self, host: Host, now: float) -> float:
        return decisions.respite(host, now)

    def after_failure(self, host: Host, now: float) -> Host:
        return decisions.after_failure(host, now)

    def after_giving_back(self, host: Host, now: float) -> Host:
        return decisions.after_giving_back(host, now)

    def restored(self, own: int, saved: int) -> int:
        """Return the contents of a host's store after it restored what was saved."""
        return saved or own

    def publish(
        self, host: SimulatedHost, lease: Lease, publication: Publication, content: int
    ) -> Work:
        """Save and publish as the program does: the lease is checked last in each."""
        yield
        transaction = host.engine().begin()
        host.engine().write(transaction, lambda tables: replace(tables, saved=content))
        self.check(host, transaction, lease)
        yield
        self.commit(host, transaction, lease)
        yield
        transaction = host.engine().begin()
        yield
        host.engine().write(transaction, lambda tables: with_files(tables, publication))
        yield
        self.check(host, transaction, lease)
        host.engine().write(transaction, lambda tables: replace(tables, pointer=publication))
        yield
        self.commit(host, transaction, lease)

    def check(self, host: SimulatedHost, transaction: Transaction, lease: Lease) -> None:
        host.engine().check(transaction, lease)

    def commit(self, host: SimulatedHost, transaction: Transaction, lease: Lease) -> None:
        before = self.engine.tables
        host.engine().commit(transaction)
        after = self.engine.tables
        if after.pointer is None or after.pointer == before.pointer:
            return
        if before.holder != lease.holder:
            raise Broken(f"{host.name} committed after {before.host} had acquired the lease")
        if before.pointer is not None and content_of(after.pointer) < content_of(before.pointer):
            raise Broken(f"{host.name} published older contents")
        if after.pointer.published.version not in after.files:
            raise Broken("what is current has no files")
        self.committed.add(after.pointer.published)
        self.builders.add(host.name)

    def run(self, seconds: float) -> None:
        """Let all hosts that are not stopped go on."""
        for _ in range(int(seconds / TICK)):
            self.turns += 1
            self.engine.advance(TICK)
            for host in self.random.sample(self.hosts, len(self.hosts)):
                if host.is_dead or host.is_frozen or (host.is_slow and self.turns % SLOW):
                    continue
                host.turn()
                self._check_builder(host)

    def _check_builder(self, host: SimulatedHost) -> None:
        # A failover may forget a lease that was granted; then only the commit is refused.
        if self.engine.now - self.engine.failed_over < 2 * LEASE_SECONDS:
            return
        lease = host.knows.lease
        if not self.may_build(host.knows, host.now()) or lease is None:
            return
        if self.engine.tables.holder != lease.holder:
            raise Broken(f"{host.name} builds, but {self.engine.tables.host} holds the lease")

    def heal(self, full: tuple[SimulatedHost, ...] = ()) -> None:
        """End all faults, wait as long as healing may take, and check every host.

        The disks of the hosts `full` are full all the time, and they are not checked.
        """
        self.engine.is_up = True
        self.are_sources_down = False
        for host in self.hosts:
            host.is_frozen = host.is_cut = host.is_slow = host.has_full_disk = False
            if host.is_dead:
                host.start()
        for host in full:
            host.has_full_disk = True
        for _ in full:
            self.run(GIVING_BACK_SECONDS + MAX_WRITE_FAILURES * self.build_ticks * TICK)
        # A build may be under way, and what changed meanwhile needs another one.
        self.run(HEALING_SECONDS + 3 * self.build_ticks * TICK)
        pointer = self.engine.tables.pointer
        for host in self.hosts:
            if host in full:
                continue
            if pointer is None or host.served != pointer.published:
                raise Broken(f"{host.name} stays behind")
            if host.served.digest != str(self.content):
                raise Broken(f"{host.name} does not serve the newest contents")


def with_files(tables: Tables, publication: Publication) -> Tables:
    """Return the tables with the files of a publication."""
    return replace(tables, files=tables.files | {publication.published.version})


def content_of(publication: Publication) -> int:
    """Return which contents of the sources a publication was built from."""
    return int(publication.published.digest)

"""Hosts that share an exchange, in simulated time, and what must hold at every moment."""

import random
from collections.abc import Iterator
from dataclasses import replace

from app.exchange import decisions
from app.exchange.base import LEASE_SECONDS, ExchangeError, Fenced, Lease, Publication
from app.exchange.decisions import Action, Host
from app.generation.files import Published
from tests.app.exchange.engine_model import Engine, Tables, Transaction

TICK = 0.25
SLOW = 8
"""A slow host gets one turn in so many."""
HEALING_SECONDS = 20.0
SCHEMA = 1
Work = Iterator[None]


class Broken(AssertionError):
    """Something that must hold does not."""


class SimulatedHost:
    """One host: what it knows, its disk, and what it is doing now.

    Each `yield` of its work is a moment at which it may be stopped or cut off. `rate`
    and `offset` are those of its clock. The contents of the sources are one number that
    grows; `store` is that of the host's own store.
    """

    def __init__(self, world: "World", name: str, rate: float, offset: float) -> None:
        self.world, self.name, self.rate, self.offset = world, name, rate, offset
        self.disk: set[str] = set()
        self.store = 0
        self.served = decisions.NOTHING
        self.is_frozen = self.is_cut = self.is_slow = self.is_dead = self.has_full_disk = False
        self.start()

    def start(self) -> None:
        """Start the process: it knows only what is on its disk."""
        self.is_dead = False
        self.knows = Host(served=self.served)
        self.must_read = False
        self.asking: Work | None = None
        self.working: Work | None = None

    def now(self) -> float:
        return self.offset + self.rate * self.world.engine.now

    def engine(self) -> Engine:
        if self.is_cut:
            raise ExchangeError("no route")
        return self.world.engine

    def turn(self) -> None:
        """Do the next bit of each thread."""
        if self.knows.lease is not None and not self.world.may_build(self.knows, self.now()):
            self.knows = decisions.without_lease(self.knows)
        if self.asking is None and decisions.must_ask(self.knows, self.now()):
            self.asking = self._ask()
        self.asking = self._advance(self.asking)
        if self.working is None:
            self.working = self._do(self.world.decide(self.knows, self.now(), SCHEMA))
        self.working = self._advance(self.working)

    def _advance(self, work: Work | None) -> Work | None:
        try:
            if work is not None:
                next(work)
        except StopIteration:
            return None
        except Fenced:
            self.knows = decisions.without_lease(self.knows)
            return None
        except (ExchangeError, OSError):
            if work is self.working:
                self.knows = decisions.after_failure(self.knows, self.now())
            return None
        return work

    def _ask(self) -> Work:
        sent = self.now()
        self.knows = replace(self.knows, asked=sent)
        lease = self.knows.lease
        holder = lease.holder if lease is not None else f"{self.name}-{self.world.draw()}"
        yield
        answer = self.engine().lease(self.name, holder)
        yield
        self.engine()
        self.knows = decisions.after_asking(self.knows, sent, answer)

    def _do(self, action: Action) -> Work | None:
        match action:
            case decisions.StepDown():
                self.knows = decisions.without_lease(self.knows)
            case decisions.Look():
                return self._look()
            case decisions.Fetch(publication):
                return self._fetch(publication)
            case decisions.TakeOver():
                return self._take_over()
            case decisions.PublishAgain():
                return self._publish(self.knows.served, self.lease())
            case decisions.Build():
                return self._build()
        return None

    def _look(self) -> Work:
        looked = self.now()
        yield
        seen = self.engine().current()
        yield
        self.knows = decisions.after_success(replace(self.knows, looked=looked, seen=seen))

    def _fetch(self, publication: Publication) -> Work:
        version = publication.published.version
        if version not in self.disk:
            yield
            self.engine().fetch(version)
            yield
            self._write(version)
        self._serve(publication.published)
        self.knows = decisions.after_success(self.knows)

    def _take_over(self) -> Work:
        lease = self.lease()
        yield
        saved = self.engine().saved()
        yield
        self.store = self.world.restored(self.store, saved)
        # Nothing is saved after a failover lost it. An own store of earlier contents must not
        # replace what the phones have: each source is read first.
        self.must_read = not saved and str(self.store) != self.served.digest
        self.knows = decisions.after_taking_over(self.knows, lease)

    def _build(self) -> Work:
        lease = self.lease()
        yield
        if not self.world.are_sources_down:
            self.store, self.must_read = self.world.content, False
        if self.must_read or str(self.store) == self.served.digest:
            return
        for _ in range(self.world.build_ticks):
            yield
        seen = self.knows.seen
        last = max(self.served.version, seen.published.version if seen is not None else "", "0")
        published = Published(f"{max(int(self.now() * 1000), int(last) + 1):012d}", str(self.store))
        self._write(published.version)
        yield from self._publish(published, lease)

    def _publish(self, published: Published, lease: Lease) -> Work:
        """Publish under the lease that the work began with.

        Under another one, others may have built meanwhile.
        """
        publication = Publication(published, SCHEMA, 1, lease.epoch)
        yield from self.world.publish(self, lease, publication, self.store)
        yield
        self.engine()
        self._serve(published)
        self.knows = decisions.after_success(replace(self.knows, seen=publication))

    def lease(self) -> Lease:
        if self.knows.lease is None:
            raise Fenced
        return self.knows.lease

    def _write(self, version: str) -> None:
        if self.has_full_disk:
            raise OSError("disk full")
        self.disk.add(version)

    def _serve(self, published: Published) -> None:
        if published.version not in self.disk:
            raise Broken(f"{self.name} serves a version that is not on its disk")
        if published not in self.world.committed:
            raise Broken(f"{self.name} serves a version that was never published")
        self.served = published
        self.knows = replace(self.knows, served=published)


class World:
    """Three hosts, an engine and sources; a planted error overrides a method."""

    def __init__(self, seed: int, *, build_ticks: int = 2) -> None:
        self.random = random.Random(seed)
        self.build_ticks = build_ticks
        self.engine = Engine()
        self.content = 1
        self.are_sources_down = False
        self.committed = {decisions.NOTHING}
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

    def restored(self, own: int, saved: int) -> int:
        """Return the contents of a host's store after it restored what was saved."""
        return saved or own

    def publish(
        self, host: SimulatedHost, lease: Lease, publication: Publication, content: int
    ) -> Work:
        """Publish as PostgresExchange does: the lease is checked last."""
        yield
        transaction = host.engine().begin()
        yield
        host.engine().write(transaction, lambda tables: with_files(tables, publication))
        yield
        self.check(host, transaction, lease)
        host.engine().write(
            transaction, lambda tables: replace(tables, pointer=publication, saved=content)
        )
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

    def heal(self) -> None:
        """End all faults, wait as long as healing may take, and check every host."""
        self.engine.is_up = True
        self.are_sources_down = False
        for host in self.hosts:
            host.is_frozen = host.is_cut = host.is_slow = host.has_full_disk = False
            if host.is_dead:
                host.start()
        # A build may be under way, and what changed meanwhile needs another one.
        self.run(HEALING_SECONDS + 3 * self.build_ticks * TICK)
        pointer = self.engine.tables.pointer
        for host in self.hosts:
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

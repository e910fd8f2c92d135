"""One host of a simulated exchange: what it knows, its disk, and what it is doing."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.build.host import MAX_WRITE_FAILURES
from app.build.host_failure import HostFailure
from app.exchange import decisions
from app.exchange.base import ExchangeError, Fenced, Lease, Publication
from app.exchange.decisions import Action, Host
from app.generation.files import Published
from tests.app.exchange.engine_model import Engine

if TYPE_CHECKING:
    from tests.app.exchange.simulation import World

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
        self.damaged: set[str] = set()
        self.store = 0
        self.served = decisions.NOTHING
        self.is_frozen = self.is_cut = self.is_slow = self.is_dead = self.has_full_disk = False
        self.start()

    def start(self) -> None:
        """Start the process: it knows only what is on its disk."""
        self.is_dead = False
        self.knows = Host(served=self.served)
        self.must_read = False
        self.failure = HostFailure(Path())
        self.write_failures = 0
        self.acquired = ""
        self.action: Action = decisions.Wait(0.0)
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
        if self.asking is None and self.acquired and self.knows.lease is None:
            self.asking = self._release()
        elif self.asking is None and decisions.must_ask(self.knows, self.now()):
            self.asking = self._ask()
        self.asking = self._advance(self.asking)
        if self.working is None:
            if self.knows.lease is None and self.served.version not in self.disk:
                # A web worker found the damage, and requested to build again.
                self.knows = decisions.after_damage(self.knows)
            self.action = self.world.decide(self.knows, self.now(), SCHEMA)
            self.is_retry_awaited = self.now() < self.knows.retry_at
            self.working = self._do(self.action)
        self.working = self._advance(self.working)

    def _advance(self, work: Work | None) -> Work | None:
        try:
            if work is not None:
                next(work)
        except StopIteration:
            if work is self.working and self.failure.ends_with(
                self.action, is_retry_awaited=self.is_retry_awaited
            ):
                self.knows = decisions.after_success(self.knows)
            return None
        except Fenced:
            self.knows = decisions.without_lease(self.knows)
            return None
        except (ExchangeError, OSError) as error:
            if work is self.working:
                self.failure.note(type(self.action), error)
                self.knows = self.world.after_failure(self.knows, self.now())
            return None
        return work

    def _release(self) -> Work:
        released, self.acquired = self.acquired, ""
        yield
        with suppress(ExchangeError):
            self.engine().release(released)

    def _ask(self) -> Work:
        sent = self.now()
        self.knows = replace(self.knows, asked=sent)
        respite = self.world.respite(self.knows, sent)
        lease = self.knows.lease
        holder = lease.holder if lease is not None else f"{self.name}-{self.world.draw()}"
        yield
        answer = self.engine().lease(self.name, holder, respite=respite)
        yield
        self.engine()
        self.acquired = answer.holder if answer is not None else ""
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
                if self.served.version not in self.disk:
                    self.knows = decisions.after_damage(self.knows)
                else:
                    return self._publish(self.knows.served, self.lease())
            case decisions.Build():
                return self._build()
            case decisions.Wait():
                return self._wait()
        return None

    def _look(self) -> Work:
        looked, lease = self.now(), self.knows.lease
        yield
        seen = self.engine().current()
        yield
        self.knows = decisions.after_looking(self.knows, looked, seen, lease)

    def _wait(self) -> Work:
        yield
        if not self.is_retry_awaited and self.world.random.random() < 0.1:
            self.knows = decisions.after_notification(self.knows)

    def _fetch(self, publication: Publication) -> Work:
        version = publication.published.version
        if version not in self.disk:
            yield
            self.engine().fetch(version)
            yield
            self._write(version)
        self._serve(publication)

    def _take_over(self) -> Work:
        lease = self.lease()
        yield
        saved = self.engine().saved()
        yield
        self.store = self.world.restored(self.store, saved)
        # Nothing is saved after a failover lost it. An own store of earlier contents must not
        # replace what the phones have: each source is read first.
        own = str(self.store or "")
        if saved:
            self.must_read = self.world.is_outdated(self.knows, own, self.served.digest)
        else:
            self.must_read = not self.world.may_use_own(self.knows, own, self.served.digest)
        self.knows = decisions.after_taking_over(self.knows, lease)

    def _build(self) -> Work:
        lease = self.lease()
        yield
        if not self.world.are_sources_down:
            self.store, self.must_read = self.world.content, False
        is_sound = self.served.version in self.disk
        if self.must_read or (str(self.store) == self.served.digest and is_sound):
            return
        for _ in range(self.world.build_ticks):
            yield
        seen = self.knows.seen
        last = max(self.served.version, seen.published.version if seen is not None else "", "0")
        published = Published(f"{max(int(self.now() * 1000), int(last) + 1):012d}", str(self.store))
        try:
            self._write(published.version)
        except OSError:
            # A builder catches it, and goes on.
            self.write_failures += 1
            if self.write_failures >= MAX_WRITE_FAILURES:
                self.write_failures = 0
                self.knows = self.world.after_giving_back(self.knows, self.now())
            return
        self.write_failures = 0
        yield from self._publish(published, lease)

    def _publish(self, published: Published, lease: Lease) -> Work:
        """Publish under the lease that the work began with.

        Under another one, others may have built meanwhile.
        """
        publication = Publication(published, SCHEMA, 1, lease.epoch)
        yield from self.world.publish(self, lease, publication, self.store)
        yield
        self.engine()
        self._serve(publication)

    def lease(self) -> Lease:
        if self.knows.lease is None:
            raise Fenced
        return self.knows.lease

    def _write(self, version: str) -> None:
        if self.has_full_disk:
            raise OSError("disk full")
        self.disk.add(version)
        self.damaged.discard(version)

    def damage(self) -> None:
        """Damage the files that are served, at any moment of the work."""
        self.disk.discard(self.served.version)
        self.damaged.add(self.served.version)

    def _serve(self, publication: Publication) -> None:
        published = publication.published
        if published.version not in self.disk | self.damaged:
            raise Broken(f"{self.name} serves a version that is not on its disk")
        if published not in self.world.committed:
            raise Broken(f"{self.name} serves a version that was never published")
        self.served = published
        self.knows = decisions.after_serving(self.knows, publication)

"""Schedules of faults for the simulated hosts, and worlds with a planted error."""

import random
from collections.abc import Callable
from dataclasses import replace

from app.exchange import decisions
from app.exchange.base import Lease, Publication
from app.exchange.decisions import Action, Host
from tests.app.exchange.engine_model import Transaction
from tests.app.exchange.simulated_host import SimulatedHost, Work
from tests.app.exchange.simulation import World, with_files

SECONDS = (0.5, 1.0, 3.0, 6.0, 14.0, 25.0)
FAULTS = ("is_frozen", "is_cut", "is_slow", "has_full_disk")
MAX_NUMBER = 11

Step = Callable[[World, int], None]
"""A step of a schedule; the number, 0 to MAX_NUMBER, says which host or how long."""


def change_sources(world: World, _: int) -> None:
    world.content += 1


def run_on(world: World, number: int) -> None:
    world.run(SECONDS[number % len(SECONDS)])


def toggle_fault(world: World, number: int) -> None:
    host, fault = world.hosts[number % 3], FAULTS[number // 3]
    setattr(host, fault, not getattr(host, fault))


def kill_or_start(world: World, number: int) -> None:
    host = world.hosts[number % 3]
    if host.is_dead:
        host.start()
    else:
        host.is_dead = True


def stop_or_start_engine(world: World, _: int) -> None:
    if world.engine.is_up:
        world.engine.stop()
    else:
        world.engine.is_up = True


def fail_over(world: World, number: int) -> None:
    world.engine.fail_over(number % 4)


def stop_or_start_sources(world: World, _: int) -> None:
    world.are_sources_down = not world.are_sources_down


def heal(world: World, _: int) -> None:
    world.heal()


def damage_files(world: World, number: int) -> None:
    """The files that a host serves are damaged: it must fetch or build them again."""
    world.hosts[number % 3].damage()


def heal_but_some(world: World, number: int) -> None:
    """The disk of one host, or of all but one, stays full."""
    first, second = world.hosts[number % 3], world.hosts[(number + 1) % 3]
    world.heal(full=(first, second) if number % 2 else (first,))


def lose_saved(world: World, _: int) -> None:
    """What was saved of the sources cannot be used: damaged, or of another release."""
    world.engine.lose_saved()


# Each step with how often a random schedule takes it.
STEPS: tuple[tuple[Step, int], ...] = (
    (change_sources, 6),
    (run_on, 16),
    (toggle_fault, 10),
    (kill_or_start, 2),
    (stop_or_start_engine, 2),
    (fail_over, 1),
    (stop_or_start_sources, 1),
    (heal, 1),
    (damage_files, 1),
    (lose_saved, 2),
    (heal_but_some, 1),
)


def run_schedule(seed: int, steps: int = 40, kind: type[World] = World) -> World:
    """Run a random schedule of this many steps, and heal the world at its end.

    Raises Broken.
    """
    chance = random.Random(seed)
    world = kind(seed, build_ticks=chance.choice((0, 2, 12, 80)))
    functions, weights = zip(*STEPS, strict=True)
    for step in chance.choices(functions, weights, k=steps):
        step(world, chance.randint(0, MAX_NUMBER))
    world.heal()
    return world


class NoEpochCheck(World):
    def check(self, host: SimulatedHost, transaction: Transaction, lease: Lease) -> None:
        transaction.locks = True


class NoSelfFencing(World):
    def may_build(self, host: Host, now: float) -> bool:
        return host.lease is not None

    def decide(self, host: Host, now: float, schema: int) -> Action:
        return decisions.decide(replace(host, renewed=now), now, schema)


class PointerBeforeFiles(World):
    def publish(
        self, host: SimulatedHost, lease: Lease, publication: Publication, content: int
    ) -> Work:
        yield
        first = host.engine().begin()
        self.check(host, first, lease)
        host.engine().write(first, lambda tables: replace(tables, pointer=publication))
        self.commit(host, first, lease)
        yield
        second = host.engine().begin()
        host.engine().write(second, lambda tables: with_files(tables, publication))
        self.commit(host, second, lease)


class NothingTakenOver(World):
    def restored(self, own: int, saved: int) -> int:
        return own

    def is_outdated(self, host: Host, own: str, served: str | None) -> bool:
        return False


class NeverGoesBack(World):
    def decide(self, host: Host, now: float, schema: int) -> Action:
        action = super().decide(host, now, schema)
        if isinstance(action, decisions.Fetch):
            older = action.publication.published.version < host.served.version
            return decisions.Wait(now) if older else action
        return action


class NeverPublishesAgain(World):
    def decide(self, host: Host, now: float, schema: int) -> Action:
        action = super().decide(host, now, schema)
        return decisions.Build() if isinstance(action, decisions.PublishAgain) else action


class FencesItselfLate(World):
    """A host builds until its lease ends by its own clock, and a little longer."""

    def may_build(self, host: Host, now: float) -> bool:
        return super().may_build(replace(host, renewed=host.renewed + 6), now)

    def decide(self, host: Host, now: float, schema: int) -> Action:
        return super().decide(replace(host, renewed=host.renewed + 6), now, schema)


class KeepsTheLease(World):
    """A host that cannot write holds the lease for ever."""

    def after_failure(self, host: Host, now: float) -> Host:
        return replace(super().after_failure(replace(host, lease=None), now), lease=host.lease)

    def after_giving_back(self, host: Host, now: float) -> Host:
        return host


class AsksAgainAtOnce(World):
    """A host that gave the lease back takes it from those that could build."""

    def respite(self, host: Host, now: float) -> float:
        return 0.0


class UsesOlderContents(World):
    """A host that takes over builds from whatever it has stored."""

    def may_use_own(self, host: Host, own: str, served: str | None) -> bool:
        return True


PLANTED = (
    KeepsTheLease,
    AsksAgainAtOnce,
    UsesOlderContents,
    NoEpochCheck,
    NoSelfFencing,
    PointerBeforeFiles,
    NothingTakenOver,
    NeverGoesBack,
    NeverPublishesAgain,
    FencesItselfLate,
)

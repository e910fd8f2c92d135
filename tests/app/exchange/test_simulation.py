"""Three simulated hosts under random faults: one builds, and all serve the newest."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from app.exchange import decisions
from tests.app.exchange import schedules
from tests.app.exchange.schedules import MAX_NUMBER, PLANTED, run_schedule
from tests.app.exchange.simulated_host import Broken
from tests.app.exchange.simulation import World

NUMBERS = st.integers(0, MAX_NUMBER)


class Hosts(RuleBasedStateMachine):
    """Every step checks who builds and what is served; the end heals and checks all."""

    was_healed = False

    @initialize(seed=st.integers(0, 1 << 32), build_ticks=st.sampled_from((0, 2, 12, 80)))
    def begin(self, seed: int, build_ticks: int) -> None:
        self.world = World(seed, build_ticks=build_ticks)

    @rule(number=NUMBERS)
    def run_on(self, number: int) -> None:
        schedules.run_on(self.world, number)

    @rule(number=NUMBERS)
    def change_sources_and_run_on(self, number: int) -> None:
        schedules.change_sources(self.world, number)
        schedules.run_on(self.world, number)

    @rule(number=NUMBERS)
    def toggle_fault(self, number: int) -> None:
        schedules.toggle_fault(self.world, number)

    @rule(number=NUMBERS)
    def kill_or_start(self, number: int) -> None:
        schedules.kill_or_start(self.world, number)

    @rule(number=NUMBERS)
    def fail_over(self, number: int) -> None:
        schedules.fail_over(self.world, number)

    @rule()
    def stop_or_start_engine(self) -> None:
        schedules.stop_or_start_engine(self.world, 0)

    @rule()
    def stop_or_start_sources(self) -> None:
        schedules.stop_or_start_sources(self.world, 0)

    @rule()
    def lose_saved(self) -> None:
        schedules.lose_saved(self.world, 0)

    @rule(number=NUMBERS)
    def damage_files(self, number: int) -> None:
        schedules.damage_files(self.world, number)

    @precondition(lambda self: not self.was_healed)  # It takes long.
    @rule(number=NUMBERS)
    def heal_but_some(self, number: int) -> None:
        self.was_healed = True
        schedules.heal_but_some(self.world, number)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.heal()


Hosts.TestCase.settings = settings(
    max_examples=560,  # some are shorter than the 30 steps that are wanted of 500
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
TestHosts = Hosts.TestCase


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_error_is_found(kind: type[World]) -> None:
    """By a random schedule; `tests.bench.schedules` finds nothing in the program."""
    found = False
    for seed in range(500):
        try:
            run_schedule(seed, kind=kind)
        except Broken:
            found = True
            break
    assert found


@pytest.mark.parametrize("seed", range(20))
def test_hosts_that_all_gave_the_lease_back_heal_in_time(seed: int) -> None:
    """Every disk was full: no host waits for another one that could build."""
    world = World(seed)
    world.run(30)
    for host in world.hosts:
        host.has_full_disk = True
    world.content += 1
    world.run(90 + seed)
    assert all(decisions.respite(host.knows, host.now()) for host in world.hosts)
    world.heal()


@pytest.mark.parametrize("seed", range(20))
def test_the_one_host_that_can_build_gets_the_lease(seed: int) -> None:
    """Two that cannot do not take it in turns."""
    world = World(seed, build_ticks=80)
    world.run(30)
    world.content += 1
    world.heal(full=world.hosts[:2])


def test_a_schedule_has_builds_by_several_hosts_and_failovers() -> None:
    """A simulation in which nothing happens would find nothing."""
    worlds = [run_schedule(seed) for seed in range(50)]
    assert max(len(world.committed) for world in worlds) > 6
    assert max(world.engine.tables.epoch for world in worlds) > 4
    assert any(world.engine.failed_over > 0 for world in worlds)
    assert any(len(world.builders) == len(world.hosts) for world in worlds)

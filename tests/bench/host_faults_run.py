"""Let hosts, their phones and faults go on, and keep what the phones see.

Phones may remain without an answer while no web worker of their host runs, because it
was killed or frozen here. Everything else is an error: a status other than 200, a page
that a phone refuses, one of a version that was not published yet, or one whose people
are not those of its version.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tests.bench.host_faults_kinds import KINDS, OF_A_HOST, Fault, choose
from tests.bench.host_faults_site import BOOK, FaultyHost, FaultySite
from tests.bench.host_faults_watch import (
    Pages,
    Publications,
    Round,
    Sighting,
    revisions_of,
    versions_of,
    went_back,
)
from tests.bench.soak_phones import SoakPhone, Tally
from tests.support.patience import PATIENCE

LONGEST_SECONDS = 25.0
"""A lease ends meanwhile, and the supervisor does not kill a frozen process yet."""
CHANGE_SECONDS, POLL_SECONDS = 2.0, 0.25
PHONES, PACE = 3, 0.5
_POLLING = 5  # a phone with this number is a CP-7821


@dataclass(frozen=True, slots=True)
class Plan:
    """Which faults come next, and for how long: by chance, for so many seconds.

    Each kind comes before any comes again. `at_once` is how often two come together (0
    to 1), `longest` how many seconds a fault lasts at most, and `rest` those between
    two of them.
    """

    chance: random.Random
    seconds: float
    longest: float = LONGEST_SECONDS
    at_once: float = 0.3
    rest: float = 5.0

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        """Yield the numbers of faults that begin together."""
        until, kinds = time.monotonic() + self.seconds, list[int]()
        while time.monotonic() < until:
            if len(kinds) < 2:
                kinds[:0] = self.chance.sample(range(KINDS), KINDS)
            first = kinds.pop()
            is_pair = self.chance.random() < self.at_once and kinds[-1] != first
            is_pair = is_pair and min(first, kinds[-1]) < len(OF_A_HOST)
            yield (first, kinds.pop()) if is_pair else (first,)

    def duration(self, faults: Sequence[Fault]) -> float:
        """Return how long these faults last, in seconds."""
        if all(fault.goes_on is None for fault in faults):
            return 0.0
        return self.chance.uniform(1.0, self.longest)


@dataclass(slots=True)
class Watched:
    """What the phones of all hosts have seen, and what was done to the hosts.

    `now` are the faults of this moment, `rounds` the earlier ones.
    """

    pages: Pages = field(default_factory=Pages)
    tallies: dict[str, Tally] = field(default_factory=dict)
    sightings: dict[str, list[Sighting]] = field(default_factory=dict)
    now: Round | None = None
    rounds: list[Round] = field(default_factory=list)
    publications: Publications = field(default_factory=list)
    begun: float = field(default_factory=time.time)
    is_over: bool = False

    def errors(self) -> list[str]:
        """Return what no phone may see, and what must not be published or served."""
        met = [f"{name}: {one}" for name, tally in self.tallies.items() for one in tally.errors]
        published = self.publications
        met += self.pages.unpublished(published) + self.pages.backwards(published)
        return met + went_back(self.sightings)

    def count(self, of: Callable[[Tally], int]) -> int:
        """Return a count of all hosts' phones together."""
        return sum(map(of, self.tallies.values()))

    def shown(self, host: str) -> int:
        """Return the revision that a host was last seen to serve."""
        return self.sightings[host][-1].revision if self.sightings[host] else 0

    def healing_seconds(self) -> list[float]:
        """Return how long after each healing all hosts served a change made then."""
        return [one.together - one.healed for one in self.rounds]


async def watch_faults(
    site: FaultySite, plan: Plan, watched: Watched, tell: Callable[[Round], None] = str
) -> None:
    """Let the hosts' phones and the faults of a plan go on to its end.

    `tell` is called after each round.
    """
    async with asyncio.TaskGroup() as group:
        for place, (name, host) in enumerate(site.faulty.items()):
            watched.tallies[name], watched.sightings[name] = Tally(), []
            group.create_task(_poll(name, host, watched))
            for number in range(PHONES):
                group.create_task(_use(place * PHONES + number, name, host, watched))
        changes = group.create_task(_change(site))
        try:
            await _run(site, plan, watched, tell)
        finally:
            watched.is_over = True
            changes.cancel()
    watched.publications = await asyncio.to_thread(site.publications)


def _phone(number: int, name: str, host: FaultyHost, watched: Watched) -> SoakPhone:
    return SoakPhone(
        number,
        host.port,
        watched.tallies[name],
        check=watched.pages.check,
        is_excused=host.was_silent,
        new_socket=host.new_socket,
    )


async def _use(number: int, name: str, host: FaultyHost, watched: Watched) -> None:
    """Open pages of a host as a phone does, until all is over."""
    phone = _phone(number, name, host, watched)
    clock = asyncio.get_running_loop().time
    while not watched.is_over:
        await phone.run(PACE, clock() + 10 * PACE)


async def _poll(name: str, host: FaultyHost, watched: Watched) -> None:
    """Note each version that a host serves, and when it was first seen to."""
    phone, seen = _phone(_POLLING, name, host, watched), watched.sightings[name]
    while not watched.is_over:
        page = await phone.open(f"http://127.0.0.1:{host.port}{BOOK}")
        if page is not None:
            versions, revisions = versions_of(page), revisions_of(page)
            if len(versions) == len(revisions) == 1:
                (version,), (revision,) = versions, revisions
                if not seen or seen[-1].version != version:
                    seen.append(Sighting(time.time(), version, revision))
        await asyncio.sleep(POLL_SECONDS)
    await phone.hang_up()


async def _change(site: FaultySite) -> None:
    while True:
        site.write_revision()
        await asyncio.sleep(CHANGE_SECONDS)


async def _run(
    site: FaultySite, plan: Plan, watched: Watched, tell: Callable[[Round], None]
) -> None:
    await _until_all_show(site, watched, "at the start")
    for kinds in plan:
        watched.now = Round(begun=time.time())
        faults = await _begin(site, plan, watched, kinds)
        until = time.time() + plan.duration(faults)
        while time.time() < until:
            await asyncio.sleep(min(0.5, max(0.0, until - time.time())))
            for fault in faults:
                if fault.goes_on is not None:
                    await asyncio.to_thread(fault.goes_on)
        for fault in faults:
            await asyncio.to_thread(fault.heal)
        healed = time.time()
        site.write_revision()
        await _until_all_show(site, watched, f"after {watched.now.kinds}")
        watched.rounds.append(replace(watched.now, healed=healed, together=time.time()))
        watched.now = None
        tell(watched.rounds[-1])
        await asyncio.sleep(plan.chance.uniform(0, plan.rest))


async def _begin(
    site: FaultySite, plan: Plan, watched: Watched, kinds: tuple[int, ...]
) -> list[Fault]:
    sound, faults = list(site.faulty), list[Fault]()
    for kind in kinds:
        fault = await asyncio.to_thread(choose, site, plan.chance, kind, sound)
        sound = [name for name in sound if name != fault.target]
        faults.append(fault)
        assert watched.now is not None
        watched.now = replace(
            watched.now,
            kinds=tuple(map(str, faults)),
            targets=tuple(fault.target for fault in faults),
        )
        await asyncio.to_thread(fault.begin)
        await asyncio.sleep(plan.chance.uniform(0, 1))
    return faults


async def _until_all_show(site: FaultySite, watched: Watched, when: str) -> None:
    """Wait until all hosts serve what is newest now, or something newer."""
    newest, until = site.revision, time.time() + PATIENCE
    while not all(watched.shown(name) >= newest for name in site.faulty):
        shown = {name: watched.shown(name) for name in site.faulty}
        assert time.time() < until, f"{when}: not {newest} on all: {shown}\n{site.logs()}"
        await asyncio.sleep(0.05)

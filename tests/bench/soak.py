"""Soak test with honest phones and hostile clients, while data changes.

`python -m tests.bench.soak [--seconds N]` runs it alone. 40 phones send 200 requests a
second to `serve` with two workers. The CSV file changes each second and the builder
gets SIGKILL every 30 s. 100 clients dribble requests, 30 send them and never read. An
answer that is not status 200 with a valid object counts as an error.
"""

import argparse
import asyncio
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import data
from tests.bench.figures import Figure, at_most, percentile, table
from tests.bench.soak_held import Held, held, held_at_rest
from tests.bench.soak_hostile import Attack, ask_unread, dribble
from tests.bench.soak_phones import SoakPhone, Tally
from tests.support.servers.gateway import Gateway, eventually

SECONDS = 240.0
QUICK_SECONDS = 20.0
RATE = 200.0
PHONES, SLOW, UNREAD, WORKERS = 40, 100, 30, 2
CONTACTS = 2_000
CHANGE_SECONDS = 1.0
KILL_SECONDS = 30.0
LAG_SECONDS = 0.05
CACHE = "8MB"
"""Each worker's cache is full soon; memory that grows afterwards is a leak."""


@dataclass(frozen=True, slots=True)
class Soaked:
    """Result of a soak."""

    seconds: float
    tally: Tally
    attack: Attack
    changes: int
    kills: int
    start: Held
    middle: Held
    end: Held
    load: float
    own_cpu: float
    log: str


def run(quick: bool) -> list[Figure]:
    """Return the figures of a soak of 240 s, or of a short one."""
    return figures(soak_in_temporary_folder(QUICK_SECONDS if quick else SECONDS))


def soak_in_temporary_folder(seconds: float) -> Soaked:
    """Run a soak in a folder that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        return soak(Path(folder), seconds)


def soak(folder: Path, seconds: float, rate: float = RATE) -> Soaked:
    """Run a gateway in a folder, and all clients against it for `seconds`.

    The phones send `rate` requests a second.
    """
    variants = [
        "\n".join((data.HEADERS, *data.people(CONTACTS, number))) + "\n" for number in range(7)
    ]
    csv = folder / "contacts.csv"
    csv.write_text(variants[0], encoding="utf-8")
    with Gateway(
        folder, f'cache_size = "{CACHE}"\n{data.configuration(csv)}', "--workers", str(WORKERS)
    ) as gateway:
        eventually(lambda: len(gateway.children("app.web.worker")) == WORKERS, "both workers")
        start = held(gateway)
        tally, attack = Tally(), Attack()
        own = time.process_time()
        changes, kills, middle = asyncio.run(
            _everybody(gateway, csv, variants, seconds, rate, tally, attack)
        )
        load, own = os.getloadavg()[0], time.process_time() - own
        end = held_at_rest(gateway, start)
        return Soaked(
            seconds, tally, attack, changes, kills, start, middle, end, load, own, gateway.logged()
        )


async def _everybody(
    gateway: Gateway,
    csv: Path,
    variants: list[str],
    seconds: float,
    rate: float,
    tally: Tally,
    attack: Attack,
) -> tuple[int, int, Held]:
    until = asyncio.get_running_loop().time() + seconds
    async with asyncio.TaskGroup() as group:
        clients: list[Coroutine[Any, Any, None]] = [
            dribble(number, gateway.port, attack, until) for number in range(SLOW)
        ]
        clients += [ask_unread(number, gateway.port, attack, until) for number in range(UNREAD)]
        clients += [
            SoakPhone(number, gateway.port, tally).run(PHONES / rate, until)
            for number in range(PHONES)
        ]
        for client in (*clients, _report(tally, until), _measure_lag(tally, until)):
            group.create_task(client)
        changes = group.create_task(change_file(csv, variants, until))
        kills = group.create_task(kill_builders(gateway, min(KILL_SECONDS, seconds / 3), until))
        middle = group.create_task(_held_later(gateway, seconds / 2))
    return changes.result(), kills.result(), middle.result()


async def change_file(csv: Path, variants: list[str], until: float) -> int:
    """Replace the file once a second; return how often."""
    clock, count = asyncio.get_running_loop().time, 0
    while clock() + CHANGE_SECONDS < until:
        await asyncio.sleep(CHANGE_SECONDS)
        count += 1
        draft = csv.with_name(".draft")
        draft.write_text(variants[count % len(variants)], encoding="utf-8")
        draft.replace(csv)
    return count


async def kill_builders(gateway: Gateway, pause: float, until: float) -> int:
    """Kill the builder after each pause; return how often."""
    clock, count = asyncio.get_running_loop().time, 0
    turn = clock() + pause / 2
    while turn < until:
        await asyncio.sleep(turn - clock())
        turn += pause
        for pid in await asyncio.to_thread(gateway.children, "app.build.worker"):
            os.kill(pid, signal.SIGKILL)
            count += 1
    return count


async def _report(tally: Tally, until: float) -> None:
    """Report the progress on standard error every 30 s."""
    clock = asyncio.get_running_loop().time
    while clock() + KILL_SECONDS < until:
        await asyncio.sleep(KILL_SECONDS)
        print(
            f"soak: {tally.requests} requests, {len(tally.errors)} errors",
            file=sys.stderr,
            flush=True,
        )


async def _measure_lag(tally: Tally, until: float) -> None:
    """Record how late this process itself wakes up.

    That part of each wait belongs to the client and the machine.
    """
    clock = asyncio.get_running_loop().time
    while clock() < until:
        begun = clock()
        await asyncio.sleep(LAG_SECONDS)
        tally.lags.append(clock() - begun - LAG_SECONDS)


async def _held_later(gateway: Gateway, seconds: float) -> Held:
    await asyncio.sleep(seconds)
    return await asyncio.to_thread(held, gateway)


def figures(soaked: Soaked) -> list[Figure]:
    """Return the lines of the table."""
    tally, attack, start, end = soaked.tally, soaked.attack, soaked.start, soaked.end
    stages = (start, soaked.middle, end)
    waits = [1000 * wait for wait in tally.waits]
    lags = [1000 * lag for lag in tally.lags]
    versions = len(tally.versions)
    memory_told = " / ".join(
        "+".join(f"{size:.0f}" for size in stage.megabytes) for stage in stages
    )
    words = {
        "seconds / load of the machine at the end": f"{soaked.seconds:.0f} / {soaked.load:.1f}",
        "requests of phones / a second": (
            f"{tally.requests:,} / {tally.requests / soaked.seconds:.0f}"
        ),
        "pages of rows / searches among them": f"{tally.pages:,} / {tally.searches:,}",
        "new connections / kept ones opened again": (
            f"{tally.new_connections:,} / {tally.reopened:,}"
        ),
        "wait, p50 / p99 / longest": (
            f"{percentile(waits, 0.5):.1f} / {percentile(waits, 0.99):.1f} / {max(waits):.0f} ms"
        ),
        "how late the clients' process itself woke up, p50 / p99": (
            f"{percentile(lags, 0.5):.1f} / {percentile(lags, 0.99):.1f} ms"
        ),
        "processor time of the workers / of the clients": (
            f"{end.cpu - start.cpu:.0f} / {soaked.own_cpu:.0f} s"
        ),
        "changes of the file / generations that phones saw": f"{soaked.changes:,} / {versions:,}",
        "builders killed": f"{soaked.kills}",
        "clients that dribble: connections / closed by the server": (
            f"{attack.slow_made:,} / {attack.slow_closed:,}"
        ),
        "clients that never read: connections / closed by the server": (
            f"{attack.unread_made:,} / {attack.unread_closed:,}"
        ),
        "memory of the workers, start / middle / end": f"{memory_told} MB",
        "descriptors of the workers, start / middle / end": _joined(
            stage.descriptors for stage in stages
        ),
        "generations among them": _joined(stage.generations for stage in stages),
        "descriptors of supervisor and builder, start / end": _joined((start.others, end.others)),
    }
    more = max(0, sum(end.without_generations) - sum(start.without_generations))
    return [
        at_most("soak", "errors of phones", len(tally.errors), 0),
        at_most("soak", "tracebacks in the log", soaked.log.count("Traceback"), 0),
        at_most("soak", "workers that ended", len(set(start.workers) - set(end.workers)), 0),
        at_most("soak", "descriptors of the workers that are left over", more, 0),
        at_most("soak", "unfinished files left in state_dir", len(end.leftovers), 0),
        *(Figure("soak", what, value) for what, value in words.items()),
    ]


def _joined(stages: Iterable[tuple[int, ...]]) -> str:
    return " / ".join("+".join(map(str, numbers)) for numbers in stages)


def main() -> None:
    """Run one soak and print its table; exit with 1 if there was an error."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.soak", description="Soak test; docs/benchmarks.md explains it."
    )
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="how long (default: %(default)s)"
    )
    soaked = soak_in_temporary_folder(parser.parse_args().seconds)
    print(table(figures(soaked)))
    events = Counter(re.findall(r"event=(\w+)", soaked.log))
    print(
        "log:",
        ", ".join(f"{event} {count}" for event, count in events.most_common()),
        file=sys.stderr,
    )
    for error in soaked.tally.errors[:20]:
        print(error, file=sys.stderr)
    sys.exit(bool(soaked.tally.errors))


if __name__ == "__main__":
    main()

"""Soak test with reloads: flat memory and descriptors, no error and no wrong page.

`python -m tests.bench.soak_reloads [--seconds N]` runs it, for 10 minutes by default.
Phones send 200 requests a second, each on a new connection, to `serve` with two
workers. The CSV file changes each second, and the builder gets SIGKILL every 30 s. The
configuration is reloaded each minute, in turns a good one and one that is refused.
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
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.bench import data
from tests.bench.figures import Figure, at_least, at_most, percentile, table
from tests.bench.soak import CACHE, CONTACTS, RATE, change_file, kill_builders
from tests.bench.soak_curve import HEADINGS, Sample, generations_of_workers, line, take_sample
from tests.bench.soak_pages import PageCheck
from tests.bench.soak_phones import SoakPhone, Tally
from tests.support.servers.gateway import Gateway, eventually

SECONDS = 600.0
PHONES, WORKERS, FILES = 40, 2, 7
KILL_SECONDS, RELOAD_SECONDS, SAMPLE_SECONDS = 30.0, 60.0, 30.0
TITLES = ("Company", "The Company")
_RELOAD = re.compile(
    r"^directory_gateway_config_reload_(ok|timestamp_seconds) (\S+)$", re.MULTILINE
)


@dataclass(slots=True)
class Soak:
    """A soak that runs, and its results."""

    gateway: Gateway
    csv: Path
    tally: Tally = field(default_factory=Tally)
    samples: list[Sample] = field(default_factory=list)
    taken: int = 0
    refused: int = 0
    changes: int = 0
    kills: int = 0
    seconds: float = 0.0
    own_cpu: float = 0.0

    def configuration(self, title: str, sources: str = "staff") -> str:
        """Return a configuration; it is refused if it names an unknown source."""
        rest = data.configuration(self.csv).replace(
            'sources = ["staff"]', f'sources = ["{sources}"]'
        )
        return f'title = "{title}"\ncache_size = "{CACHE}"\n{rest}'

    def run(self, seconds: float, rate: float = RATE) -> None:
        """Let phones send `rate` requests a second, and disturb the gateway meanwhile."""
        files = [
            "\n".join((data.HEADERS, *data.people(CONTACTS, number))) + "\n"
            for number in range(FILES)
        ]
        self.csv.write_text(files[0], encoding="utf-8")
        self.gateway.configure(self.configuration(TITLES[0]))
        with self.gateway:
            eventually(lambda: self.gateway.text("/staff.xml").count("<MenuItem>"), "the book")
            asyncio.run(self._run(seconds, rate, files))

    async def _run(self, seconds: float, rate: float, files: list[str]) -> None:
        begun, used = asyncio.get_running_loop().time(), time.process_time()
        until = begun + seconds
        check = PageCheck(files, TITLES)
        async with asyncio.TaskGroup() as group:
            for number in range(PHONES):
                phone = SoakPhone(number, self.gateway.port, self.tally, keeps=False, check=check)
                group.create_task(phone.run(PHONES / rate, until))
            changes = group.create_task(change_file(self.csv, files, until))
            pause = min(KILL_SECONDS, seconds / 3)
            kills = group.create_task(kill_builders(self.gateway, pause, until))
            group.create_task(self._reload(min(RELOAD_SECONDS, seconds / 4), until))
            group.create_task(self._sample(min(SAMPLE_SECONDS, seconds / 6), seconds))
        self.changes, self.kills = changes.result(), kills.result()
        # Late requests are made up for, so on a machine that is too busy it takes longer.
        self.seconds = asyncio.get_running_loop().time() - begun
        self.own_cpu = time.process_time() - used

    async def _reload(self, pause: float, until: float) -> None:
        """Reload after each pause, and check that it is taken or refused."""
        clock = asyncio.get_running_loop().time
        for turn in count():
            if clock() + pause > until:
                return
            await asyncio.sleep(pause)
            await asyncio.to_thread(self._reload_once, turn)

    def _reload_once(self, turn: int) -> None:
        is_good = turn % 2 == 0
        title = TITLES[(turn // 2 + 1) % 2]
        before = self._last_reload()
        self.gateway.configure(self.configuration(title, "staff" if is_good else "nobody"))
        self.gateway.process.send_signal(signal.SIGHUP)
        after = eventually(
            lambda: now if (now := self._last_reload()) != before else (), "the reload is told"
        )
        if after[0] != float(is_good):
            self.tally.errors.append(f"reload {turn}: ok is {after[0]}")
        self.taken += after[0] == 1
        self.refused += after[0] == 0

    def _last_reload(self) -> tuple[float, ...]:
        """Return whether the last reload was taken (1 or 0), and when."""
        return tuple(float(value) for _, value in _RELOAD.findall(self.gateway.text("/-/metrics")))

    async def _sample(self, pause: float, seconds: float) -> None:
        """Print what the processes hold after each pause."""
        clock = asyncio.get_running_loop().time
        begun, since = clock(), 0.0
        print(HEADINGS, flush=True)
        for turn in range(int(seconds / pause) + 1):
            await asyncio.sleep(begun + turn * pause - clock())
            sample = await asyncio.to_thread(
                take_sample,
                self.gateway,
                clock() - begun,
                self.tally.requests,
                len(self.tally.errors),
            )
            self.samples.append(sample)
            if len(generations_of_workers(self.samples)[-1]) == 1:
                since = sample.seconds
            print(line(sample, since), flush=True)


def figures(soak: Soak) -> list[Figure]:
    """Return the lines of the table."""
    tally, log = soak.tally, soak.gateway.logged()
    waits = [1000 * wait for wait in tally.waits]
    # The last sample of each generation of workers tells what they grew to. Only those count that
    # lived from one reload to the next but one, which is refused between them.
    groups = generations_of_workers(soak.samples)
    longest = max(map(len, groups))
    grown = [group[-1] for group in groups if len(group) >= max(2, longest - 1)]
    most = [max(worker.megabytes for worker in sample.workers) for sample in grown]
    held = [max(worker.descriptors for worker in sample.workers) for sample in grown]
    # The first reload loads what only a reload needs.
    first, last = groups[min(1, len(groups) - 1)][0].supervisor, soak.samples[-1].supervisor
    counted = {
        "requests, each on a new connection": f"{tally.requests:,}",
        "pages of rows / searches among them": f"{tally.pages:,} / {tally.searches:,}",
        "changes of the file / generations that phones saw": (
            f"{soak.changes} / {len(tally.versions)}"
        ),
        "builders killed": f"{soak.kills}",
        "reloads that were taken / refused": f"{soak.taken} / {soak.refused}",
        "wait, p50 / p99 / longest": (
            f"{percentile(waits, 0.5):.0f} / {percentile(waits, 0.99):.0f} / {max(waits):.0f} ms"
        ),
        "processor time of the clients": f"{soak.own_cpu:.0f} s",
        "load of the machine at the end": f"{os.getloadavg()[0]:.1f}",
    }
    return [
        at_most("soak_reloads", "errors and wrong pages", len(tally.errors), 0),
        at_most("soak_reloads", "tracebacks in the log", log.count("Traceback"), 0),
        at_least("soak_reloads", "requests a second", tally.requests / soak.seconds, 0.95 * RATE),
        at_most(
            "soak_reloads",
            "memory of a worker before it is replaced, last over first generation of workers",
            most[-1] / most[0],
            1.1,
            "x",
        ),
        at_most("soak_reloads", "the same, descriptors", held[-1] / held[0], 1, "x"),
        at_most(
            "soak_reloads",
            "memory of the supervisor, end over first reload",
            last.megabytes / first.megabytes,
            1.1,
            "x",
        ),
        at_most(
            "soak_reloads",
            "descriptors of the supervisor that are left over",
            max(0, last.descriptors - first.descriptors),
            0,
        ),
        *(Figure("soak_reloads", what, value) for what, value in counted.items()),
    ]


def soak_in(folder: Path, seconds: float, rate: float = RATE) -> Soak:
    """Run a soak in a folder, and return its results."""
    soak = Soak(Gateway(folder, "", "--workers", str(WORKERS)), folder / "contacts.csv")
    soak.run(seconds, rate)
    return soak


def main() -> None:
    """Run one soak and print its curve and table; exit with 1 if a target is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.soak_reloads",
        description="Soak test with reloads; docs/benchmarks.md explains it.",
    )
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="how long (default: %(default)s)"
    )
    seconds = parser.parse_args().seconds
    print(time.strftime("%Y-%m-%d %H:%M:%S"), flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        soak = soak_in(Path(folder), seconds)
        found = figures(soak)
        log = soak.gateway.logged()
    print(f"\n{table(found)}\n")
    events = Counter(re.findall(r"event=(\w+)", log)).most_common()
    print("log:", ", ".join(f"{event} {number}" for event, number in events))
    ended = Counter(re.findall(r"event=process_ended process=(\S+) code=(-?\d+)", log))
    codes = (f"{name} with {code}: {number}" for (name, code), number in ended.items())
    print("ended:", ", ".join(codes))
    for error in soak.tally.errors[:20]:
        print(error, file=sys.stderr)
    sys.exit(any(figure.met is False for figure in found))


if __name__ == "__main__":
    main()

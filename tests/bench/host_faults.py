"""Random faults of hosts that share a PostgreSQL, each in a network of its own.

`python -m tests.bench.host_faults [--seconds N] [--hosts N] [--seed N]`, as root. Every
host runs the same `serve`: it builds while it holds the lease, and serves its phones
always. So two builders and three web hosts are five hosts, of which any may have to
build, and two believe it when one was frozen or cut off. What counts as an error stands
in `host_faults_run`.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.bench.figures import Figure, at_most, percentile, plain, table
from tests.bench.host_faults_run import Plan, Watched, watch_faults
from tests.bench.host_faults_site import FaultySite, running_faulty_site
from tests.bench.host_faults_watch import Round, lags
from tests.support.servers.network import missing_right

SECONDS = 600.0
HOSTS = ("north", "south", "east", "west", "centre")
REPORT_SECONDS = 30.0
FOLLOW_SECONDS, HEAL_SECONDS = 5.0, 20.0
_COLUMNS = (
    *("s", "load", "requests", "errors", "without an answer", "publications"),
    *("served after p50 / longest, s", "healed after, longest, s", "faults now"),
)


def figures(watched: Watched, seconds: float) -> list[Figure]:
    """Return the lines of the table."""
    waits = [1000 * wait for tally in watched.tallies.values() for wait in tally.waits]
    late = [lag for _, _, lag in lags(watched.publications, watched.sightings, watched.rounds)]
    healings = watched.healing_seconds()
    pages = watched.count(lambda tally: tally.pages)
    words = {
        "seconds / hosts / load at the end": (
            f"{seconds:.0f} / {len(watched.tallies)} / {os.getloadavg()[0]:.1f}"
        ),
        "requests of phones / pages of rows": f"{len(waits):,} / {pages:,}",
        "requests without an answer, while no web worker of the host ran": (
            f"{watched.count(lambda tally: tally.excused):,}"
        ),
        "answers, p50 / p99": f"{percentile(waits, 0.5):.1f} / {percentile(waits, 0.99):.1f} ms",
        "publications / by so many leases / seen by phones": (
            f"{len(watched.publications)} / {len({one[1] for one in watched.publications})} /"
            f" {len(watched.pages.first_seen)}"
        ),
        "seconds until a sound host serves a publication, p50 / p99 of": (
            f"{percentile(late, 0.5):.2f} / {percentile(late, 0.99):.2f} of {len(late):,}"
        ),
        "seconds until all serve a change that was made at the healing, p50 / p99 of": (
            f"{percentile(healings, 0.5):.1f} / {percentile(healings, 0.99):.1f} of {len(healings)}"
        ),
    }
    return [
        at_most(
            "host_faults", "errors of phones, and wrong publications", len(watched.errors()), 0
        ),
        at_most("host_faults", "a sound host serves it after", max(late), FOLLOW_SECONDS, "s"),
        at_most(
            "host_faults",
            "all serve a change made at the healing after",
            max(healings),
            HEAL_SECONDS,
            "s",
        ),
        plain("host_faults", "rounds of faults", len(watched.rounds)),
        *(Figure("host_faults", what, value) for what, value in words.items()),
    ]


def _tell(watched: Watched, one: Round) -> None:
    print(
        f"{one.begun - watched.begun:5.0f} s: {', '.join(one.kinds)}; for"
        f" {one.healed - one.begun:.1f} s, healed after {one.together - one.healed:.1f} s",
        file=sys.stderr,
        flush=True,
    )


async def _draw_curve(site: FaultySite, watched: Watched) -> None:
    """Print a line from time to time."""
    print(f"| {' | '.join(_COLUMNS)} |\n|{' --- |' * len(_COLUMNS)}", flush=True)
    since = watched.begun
    while True:
        await asyncio.sleep(REPORT_SECONDS)
        with suppress(psycopg.Error):  # the next line has them if it is stopped just now
            watched.publications = await asyncio.to_thread(site.publications)
        rounds = [*watched.rounds, *([watched.now] if watched.now is not None else [])]
        found = lags(watched.publications, watched.sightings, rounds)
        late = [lag for at, _, lag in found if at >= since]
        healings = [one.together - one.healed for one in watched.rounds if one.together >= since]
        since = time.time()
        cells = (
            f"{since - watched.begun:.0f}",
            f"{os.getloadavg()[0]:.1f}",
            f"{watched.count(lambda tally: tally.requests):,}",
            f"{watched.count(lambda tally: len(tally.errors))}",
            f"{watched.count(lambda tally: tally.excused)}",
            f"{len(watched.publications)}",
            f"{percentile(late, 0.5):.2f} / {max(late):.2f}" if late else "",
            f"{max(healings):.1f}" if healings else "",
            ", ".join(watched.now.kinds) if watched.now is not None else "",
        )
        print(f"| {' | '.join(cells)} |", flush=True)


async def _run(site: FaultySite, plan: Plan, watched: Watched) -> None:
    async with asyncio.TaskGroup() as group:
        curve = group.create_task(_draw_curve(site, watched))
        await watch_faults(site, plan, watched, lambda one: _tell(watched, one))
        curve.cancel()


def main() -> None:
    """Run the faults, print the curve and the table; exit with 1 if a target is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.host_faults",
        description="Faults of several hosts; docs/benchmarks.md explains it.",
    )
    parser.add_argument("--seconds", type=float, default=SECONDS, help="default: %(default)s")
    parser.add_argument("--hosts", type=int, choices=range(2, len(HOSTS) + 1), default=len(HOSTS))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    if why := missing_right():
        parser.error(why)
    # Also then everything that was started and mounted here is ended.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"seed {asked.seed}", file=sys.stderr)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running_faulty_site(Path(folder), HOSTS[: asked.hosts]) as site,
    ):
        watched = Watched()
        asyncio.run(_run(site, Plan(random.Random(asked.seed), asked.seconds), watched))
        for name, host in site.hosts.items():
            events = Counter(re.findall(r"event=(\w+)", host.logged()))
            told = ", ".join(f"{event} {count}" for event, count in events.most_common())
            print(f"log of {name}: {told}", file=sys.stderr)
        results = figures(watched, asked.seconds)
    print(f"\n{table(results)}")
    for error in watched.errors()[:20]:
        print(error, file=sys.stderr)
    sys.exit(any(figure.met is False for figure in results))


if __name__ == "__main__":
    main()

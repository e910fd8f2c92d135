"""Measure what a build costs, and how soon a changed file is served.

Directories of three sizes give the time per row and the memory per contact.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import data
from tests.bench.figures import Figure, at_most, plain
from tests.bench.processes import built
from tests.support.paths import ROOT
from tests.support.servers.gateway import Gateway, environment, eventually

SMALL = CHANGED = 10_000


def run(quick: bool) -> list[Figure]:
    """Return μs per row, kB per contact, and the ratio to the minimal pipeline.

    The last figure is the seconds from a change of the file to the phones.
    """
    figures = []
    costs = []
    for contacts in (SMALL, 100_000) if quick else (SMALL, 100_000, 1_000_000):
        folder, cost = built(contacts)
        costs.append(cost.compose / cost.rows)
        size = f"{contacts:,} contacts"
        text, each = (
            f"{size}: peak memory over an empty builder, a contact",
            (cost.peak - cost.before) * 1024 / contacts,
        )
        figures += [
            plain(
                "build", f"{size}: reading the CSV, a contact", cost.fetch / contacts * 1e6, "us"
            ),
            plain("build", f"{size}: storing, a contact", cost.store / contacts * 1e6, "us"),
            at_most(
                "build",
                f"{size}: composing and proving, a row",
                cost.compose / cost.rows * 1e6,
                50,
                "us",
            ),
            plain("build", f"{size}: composing and proving, elapsed", cost.compose_elapsed, "s"),
            at_most(
                "build",
                f"{size}: all told, over the least that a build can be",
                (cost.fetch + cost.store + cost.compose) / _minimal(folder),
                6,
                "x",
            ),
            # For a small directory this is the memory of the code itself at its first run.
            (
                at_most("build", text, each, 1.5, "KB")
                if contacts > SMALL
                else plain("build", text, each, "KB")
            ),
            plain("build", f"{size}: peak memory in all", cost.peak, "MB"),
        ]
        print(f"build: {size} done", file=sys.stderr, flush=True)
    figures.append(
        at_most(
            "build",
            "cost of a row, largest over smallest directory",
            costs[-1] / costs[0],
            1.5,
            "x",
        )
    )
    return figures + _served()


def _minimal(folder: Path) -> float:
    """Return the processor seconds of the minimal pipeline for the same contacts."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        command = [sys.executable, "-m", "tests.bench.rivals.minimal_build"]
        done = subprocess.run(
            [*command, str(folder / "contacts.csv"), str(Path(name) / "rows.sqlite")],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=600,
            check=True,
        )
    return float(done.stdout)


def _served() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        csv = data.write_csv(folder / "csv", CHANGED).rename(folder / "contacts.csv")
        other = data.write_csv(folder / "other.csv", CHANGED, seed=1).read_bytes()
        with Gateway(folder, data.configuration(csv)) as gateway:
            eventually(
                lambda: (
                    gateway.status()["profiles"]["default"]["books"]["staff"]["rows"] >= CHANGED
                ),
                "all contacts",
            )
            time.sleep(2)
            before, logged_length = gateway.text("/staff.xml"), len(gateway.logged())
            (folder / "draft").write_bytes(other)
            begun = time.monotonic()
            (folder / "draft").replace(csv)
            noticed = 0.0
            while gateway.text("/staff.xml") == before:
                if not noticed and "source_changed" in gateway.logged()[logged_length:]:
                    noticed = time.monotonic() - begun
                assert time.monotonic() - begun < 60, "the changed file was never served"
                time.sleep(0.01)
            served = time.monotonic() - begun
    size = f"{CHANGED:,} contacts"
    return [
        at_most(
            "build",
            f"{size}: a replaced file is noticed, read and stored after",
            noticed or served,
            1,
            "s",
        ),
        at_most("build", f"{size}: and served after", served, 3, "s"),
    ]

"""What building costs: time a row and memory a contact for directories of three sizes, and how soon a changed file is served."""

import sys
import tempfile
import time
from pathlib import Path

from tests.bench import data
from tests.bench.figures import Figure, at_most, plain
from tests.bench.load import ask
from tests.bench.processes import build
from tests.servers.gateway import Gateway, eventually

CHANGED = 10_000


def run(quick: bool) -> list[Figure]:
    """Return microseconds a row, kilobytes a contact, and the seconds from a change to the phones."""
    figures = []
    costs = []
    for contacts in (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            cost = build(Path(folder), contacts)
        costs.append(cost.compose / cost.rows)
        size = f"{contacts:,} contacts"
        figures += [
            plain("build", f"{size}: reading the CSV, a contact", cost.fetch / contacts * 1e6, "us"),
            plain("build", f"{size}: storing, a contact", cost.store / contacts * 1e6, "us"),
            at_most("build", f"{size}: composing and proving, a row", cost.compose / cost.rows * 1e6, 50, "us"),
            plain("build", f"{size}: composing and proving, elapsed", cost.compose_elapsed, "s"),
            at_most(
                "build", f"{size}: peak memory over an empty builder, a contact", (cost.peak - cost.before) * 1024 / contacts, 1.5, "KB"
            ),
            plain("build", f"{size}: peak memory in all", cost.peak, "MB"),
        ]
        print(f"build: {size} done", file=sys.stderr, flush=True)
    figures.append(at_most("build", "cost of a row, largest over smallest directory", costs[-1] / costs[0], 1.5, "x"))
    return figures + _served()


def _served() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        csv = data.write_csv(folder / "csv", CHANGED).rename(folder / "contacts.csv")
        other = data.write_csv(folder / "other.csv", CHANGED, seed=1).read_bytes()
        with Gateway(folder, data.configuration(csv)) as gateway:
            eventually(lambda: gateway.status()["sources"]["staff"]["contacts"] == CHANGED, "all contacts")
            time.sleep(3)
            before, told = ask(gateway.port, "/staff.xml"), len(gateway.logged())
            (folder / "draft").write_bytes(other)
            begun = time.monotonic()
            (folder / "draft").replace(csv)
            noticed = 0.0
            while ask(gateway.port, "/staff.xml") == before:
                if not noticed and "source_changed" in gateway.logged()[told:]:
                    noticed = time.monotonic() - begun
                assert time.monotonic() - begun < 60, "the changed file was never served"
                time.sleep(0.01)
            served = time.monotonic() - begun
    size = f"{CHANGED:,} contacts"
    return [
        at_most("build", f"{size}: a replaced file is noticed, read and stored after", noticed, 1, "s"),
        at_most("build", f"{size}: and served after", served, 3, "s"),
    ]

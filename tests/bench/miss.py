"""Measure a page or menu that is not in the cache, inside the process.

It is read from the generation and rendered. Processor time counts, because the machine
may be busy with other things: their share says nothing about the page.
"""

import random
import time
from pathlib import Path

from app.phones.registry import FORMATS
from app.settings.loader import load
from app.web.access import SelectedProfile
from app.web.publisher import Publisher
from tests.bench import data
from tests.bench.figures import Figure, at_most, percentile, plain
from tests.bench.processes import built

ROUNDS = 5
PAGES = 2_000


def run(quick: bool) -> list[Figure]:
    """Return p50 and p99 in microseconds for pages and menus, and how flat they are.

    The directories have three sizes.
    """
    figures = []
    seen: dict[str, list[float]] = {"page": [], "menu": []}
    for contacts in (1_000, 100_000) if quick else (1_000, 100_000, 1_000_000):
        folder, _ = built(contacts)
        for kind, costs in _costs(folder / "gateway.toml").items():
            middle = percentile(costs, 0.5)
            seen[kind].append(middle)
            figures.append(plain("miss", f"a {kind} of {contacts:,} contacts, p50", middle, "us"))
            figures.append(
                at_most(
                    "miss",
                    f"a {kind} of {contacts:,} contacts, p99",
                    percentile(costs, 0.99),
                    2000,
                    "us",
                )
            )
    figures.append(
        at_most(
            "miss",
            "a page, largest over smallest directory, p50",
            seen["page"][-1] / seen["page"][0],
            1.5,
            "x",
        )
    )
    return figures


def _costs(config: Path) -> dict[str, list[float]]:
    settings = load(config)
    publisher = Publisher(settings)
    profile = settings.profiles[0]
    choice, dialect = SelectedProfile(profile, ""), FORMATS[profile.format].dialect({})
    assert publisher.generation is not None
    shelf = publisher.generation.book_table(profile.name, "staff")
    assert shelf is not None
    version, chance = publisher.generation.version, random.Random(data.SEED)
    pages = [f"staff/{version}/{chance.randrange(1, shelf.rows + 1)}.xml" for _ in range(PAGES)]
    menus = ["staff.xml"]
    for _ in range(PAGES // 10):
        first = chance.randrange(1, max(shelf.rows - 1000, 2))
        menus.append(f"staff/{version}/{first}-{min(first + 960, shelf.rows)}.xml")
    found: dict[str, list[float]] = {}
    for kind, paths in (("page", pages), ("menu", menus)):
        costs = found[kind] = []
        for number in range(ROUNDS):
            base = f"http://192.168.1.{number}:8080"
            for path in dict.fromkeys(paths):
                misses = publisher.misses
                begun = time.thread_time()
                publisher.answer(choice, path, dialect, base)
                costs.append((time.thread_time() - begun) * 1e6)
                assert publisher.misses > misses, "it was in the cache"
    publisher.close()
    return found

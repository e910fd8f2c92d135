"""Measure the memory of the web process, which does not grow with the directory."""

import random

from tests.bench import data
from tests.bench.figures import Figure, at_most, plain
from tests.bench.load import ask
from tests.bench.processes import built, memory
from tests.support.servers.gateway import Gateway

PAGES = 2_000
FILLING = 20_000
MOST = 1_000_000


def run(quick: bool) -> list[Figure]:
    """Return the web process's resident memory in MB.

    It is measured at the start, and after requests for 2,000 different pages.
    """
    figures = []
    for contacts, most in ((10_000, 80), (100_000, 80)) if quick else ((100_000, 80), (MOST, 100)):
        folder, cost = built(contacts)
        with Gateway(
            folder, data.configuration(folder / "contacts.csv"), "--no-builder"
        ) as gateway:
            (worker,) = gateway.children("app.web.worker")
            version = gateway.status()["generation"]["version"]
            begun = memory(worker)
            chance = random.Random(data.SEED)
            for _ in range(PAGES):
                ask(gateway.port, f"/staff/{version}/{chance.randrange(1, cost.rows + 1)}.xml")
            figures.append(
                plain("memory", f"web process, {contacts:,} contacts, at its start", begun, "MB")
            )
            figures.append(
                at_most(
                    "memory",
                    f"web process, {contacts:,} contacts, after {PAGES:,} pages",
                    memory(worker),
                    most,
                    "MB",
                )
            )
            if contacts == MOST:
                for row in range(1, cost.rows, cost.rows // FILLING):
                    ask(gateway.port, f"/staff/{version}/{row}.xml")
                text = f"web process, {contacts:,} contacts, its cache of 64 MB filled"
                figures.append(plain("memory", text, memory(worker), "MB"))
    return figures

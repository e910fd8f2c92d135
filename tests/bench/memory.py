"""How much memory the web process holds, whatever the size of the directory."""

import random
import tempfile
from pathlib import Path

from tests.bench import data
from tests.bench.figures import Figure, at_most, plain
from tests.bench.load import ask
from tests.bench.processes import build, memory
from tests.servers.gateway import Gateway

PAGES = 2_000


def run(quick: bool) -> list[Figure]:
    """Return the web process's resident memory in MB: when it begins, and after 2,000 different pages were asked for."""
    figures = []
    for contacts, most in ((10_000, 80), (100_000, 80)) if quick else ((100_000, 80), (1_000_000, 100)):
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            folder = Path(name)
            rows = build(folder, contacts).rows
            config = data.configuration(folder / "contacts.csv")
            with Gateway(folder, config, "--no-builder") as gateway:
                (worker,) = gateway.children("app.main")
                version = gateway.status()["generation"]["version"]
                begun = memory(worker)
                chance = random.Random(data.SEED)
                for _ in range(PAGES):
                    ask(gateway.port, f"/staff/{version}/{chance.randrange(1, rows + 1)}.xml")
                figures.append(plain("memory", f"web process, {contacts:,} contacts, at its start", begun, "MB"))
                figures.append(at_most("memory", f"web process, {contacts:,} contacts, after {PAGES:,} pages", memory(worker), most, "MB"))
    return figures

"""Measure what a change of one contact costs, over a build from nothing.

Both are the processor time from the result of a fetch to the published generation, in
one process.
"""

import gc
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app import logs
from app.build.composer import Composer
from app.refresh.refresher import Refresher
from app.settings.loader import load
from app.state.directory import prepare_state_dir
from app.state.store import Store
from tests.bench import data
from tests.bench.figures import Figure, at_most, plain
from tests.support.paths import ROOT
from tests.support.servers.gateway import environment

LIMITS = {10_000: 0.25, 100_000: 0.1}
ROUNDS = 3


def run(quick: bool) -> list[Figure]:
    """Return the ratios for each size and kind of change, the longest of three rounds."""
    figures = []
    for contacts, limit in LIMITS.items():
        if quick and contacts > 10_000:
            continue
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.change", str(contacts)],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=1800,
            check=True,
        )
        costs: dict[str, float] = json.loads(done.stdout)
        whole, again = costs.pop("whole"), costs.pop("again")
        size = f"{contacts:,} contacts"
        figures += [
            plain("change", f"{size}: from nothing", whole, "s"),
            plain("change", f"{size}: from nothing, numbers dialled before", again, "s"),
        ]
        figures += [
            at_most("change", f"{size}: {what}, over from nothing", cost / whole, limit, "x")
            for what, cost in costs.items()
        ]
        print(f"change: {size} done", file=sys.stderr, flush=True)
    return figures


class _Directory:
    def __init__(self, folder: Path, contacts: int) -> None:
        self.csv = data.write_csv(folder / "contacts.csv", contacts)
        (folder / "gateway.toml").write_text(data.configuration(self.csv))
        settings = load(folder / "gateway.toml")
        self._folder = settings.state_dir
        prepare_state_dir(self._folder)
        store = Store(settings.state_dir)
        store.open("aside")
        (self._source,) = settings.sources
        self._refresher = Refresher(self._source, store)
        self._composer = Composer(settings, store, settings.state_dir)
        # As `serve` does before its first fetch. It reads the program's own files, too.
        self._composer.compose()

    def forget(self) -> None:
        """Delete the memo, so that the next generation is made from nothing."""
        for memo in self._folder.glob("memo-*"):
            memo.unlink()

    def cost(self, *, is_update: bool) -> float:
        """Return the processor seconds to take in the file and to publish it."""
        result = self._source.connector.fetch(self._refresher.since())
        begun = time.process_time()
        assert self._refresher.handle_result(result)
        assert is_update == self._composer.compose().is_update
        gc.collect()
        return time.process_time() - begun


def main() -> None:
    """Print the processor seconds of each kind of change of a directory as JSON."""
    logs.configure(quiet=True)
    gc.disable()
    contacts = int(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        directory = _Directory(Path(name), contacts)
        costs = {"whole": directory.cost(is_update=False)}
        lines = directory.csv.read_text(encoding="utf-8").splitlines()
        for turn in range(ROUNDS):
            at = 1 + contacts * (turn + 1) // (ROUNDS + 2)
            given = lines[at].split(",")
            for what, line in (
                ("a number changed", [*given[:5], f"+44 1632 9609{turn:02d}", *given[6:]]),
                ("a name changed", [given[0], "Norbert", f"Nowotny{turn}", *given[3:]]),
                ("removed", None),
                ("added", given),
            ):
                lines[at : at + (what != "added")] = [",".join(line)] if line is not None else []
                directory.csv.write_text("\n".join(lines) + "\n", encoding="utf-8")
                cost = directory.cost(is_update=True)
                costs[what] = max(cost, costs.get(what, 0.0))
        lines[1] = lines[1].replace("Company", "Companies")
        directory.csv.write_text("\n".join(lines) + "\n", encoding="utf-8")
        directory.forget()
        costs["again"] = directory.cost(is_update=False)
    print(json.dumps(costs))


if __name__ == "__main__":
    main()

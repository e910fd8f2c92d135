"""Kill the builder or the web worker at random moments while the directory changes.

Nothing may break, and phones must be served again. `tests/system/test_kill.py` does the
same a few times in the test suite.
"""

import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.generation.files import current_version, file_name
from app.generation.reader import Generation
from app.state.status import STATUS_FILE, Status
from app.state.store import FILE as STORE_FILE
from tests.bench import data
from tests.bench.figures import Figure, at_most, plain
from tests.bench.load import ask
from tests.support.offline_gateway import stored
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, eventually

CONTACTS = 1_500
SOON = 3.0
PATHS = ("/menu.xml", "/directory.xml", "/staff.xml")


@dataclass(frozen=True, slots=True)
class Killed:
    """Result of a run: how many of each were killed, and the generations seen.

    `longest` is the longest time without service, in seconds.
    """

    builders: int
    workers: int
    longest: float
    versions: int


def run(quick: bool) -> list[Figure]:
    """Return how many processes were killed, and the longest gap."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        seen = kill_at_random(Path(folder), 40 if quick else 200)
    return [
        plain("kill", "builders killed", seen.builders),
        plain("kill", "web workers killed (the only one)", seen.workers),
        plain("kill", "generations seen meanwhile", seen.versions),
        at_most("kill", "longest time without an answer", seen.longest, SOON, "s"),
    ]


def kill_at_random(folder: Path, count: int, seed: int = data.SEED) -> Killed:
    """Kill `count` processes of a gateway in a folder.

    Fails if a phone waits too long or anything on disk is unreadable.
    """
    chance = random.Random(seed)
    killed = {"app.build.worker": 0, "app.web.worker": 0}
    longest, versions = 0.0, set[str | None]()
    variants = [
        "\n".join((data.HEADERS, *data.people(CONTACTS, number))) + "\n" for number in range(5)
    ]
    csv = folder / "contacts.csv"
    csv.write_text(variants[0], encoding="utf-8")
    with Gateway(folder, data.configuration(csv)) as gateway:
        eventually(lambda: b"entries" in ask(gateway.port, "/staff.xml"), "the directory")
        for number in range(1, count + 1):
            _replace(csv, variants[number % len(variants)])
            module = chance.choice(tuple(killed))
            time.sleep(chance.uniform(0.0, 1.0))
            pids = eventually(lambda wanted=module: gateway.children(wanted), module)
            os.kill(pids[0], signal.SIGKILL)
            killed[module] += 1
            longest = max(longest, _served_again(gateway.port))
            check_state(folder / "state")
            versions.add(current_version(folder / "state"))
            if number % 20 == 0:
                print(
                    f"kill: {number} of {count}, longest gap {longest:.2f} s",
                    file=sys.stderr,
                    flush=True,
                )
        # What the phones have in the end is what the file holds.
        _replace(csv, variants[0])
        total = f"{_rows(variants[0])} entries".encode()
        eventually(lambda: total in ask(gateway.port, "/staff.xml"), "the last file on the phones")
        assert "set_aside" not in gateway.logged() and "damaged" not in gateway.logged(), (
            gateway.logged()
        )
    return Killed(killed["app.build.worker"], killed["app.web.worker"], longest, len(versions))


def _replace(csv: Path, text: str) -> None:
    draft = csv.with_name(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(csv)


def _rows(text: str) -> int:
    return sum(bool(cell) for line in text.splitlines()[1:] for cell in line.split(",")[-2:])


def _served_again(port: int) -> float:
    """Request every path until it is answered; return the longest wait, in seconds."""
    longest = 0.0
    for path in PATHS:
        begun = time.monotonic()
        while True:
            try:
                answer = ask(port, path, SOON)
            except OSError:
                answer = b""
            waited = time.monotonic() - begun
            if answer.startswith(b"HTTP/1.1 200") and answer.rstrip().endswith(b">"):
                longest = max(longest, waited)
                break
            assert waited < PATIENCE, (
                f"{path} was not answered for {waited:.1f} s; last: {answer[:100]!r}"
            )
            time.sleep(0.01)
    return longest


def check_state(state: Path) -> None:
    """Fail if anything in a state directory cannot be read."""
    with closing(sqlite3.connect(state / STORE_FILE)) as file:
        assert file.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    assert sum(1 for _ in stored(state, "staff")) == CONTACTS
    version = current_version(state)
    assert version is not None
    with closing(Generation(state / file_name(version))) as generation:
        assert generation.is_sound()
    msgspec.json.decode((state / STATUS_FILE).read_bytes(), type=Status)

"""Measure how long an exchange waits for the name of a caller, over HTTP.

Each request has a connection of its own, as exchanges make them. The first one after a
start counts by itself, because a telephone rings meanwhile.
"""

import random
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote

from tests.bench import data
from tests.bench.figures import Figure, at_most, percentile, plain
from tests.bench.load import ask, latencies
from tests.support.servers.gateway import Gateway, eventually


def run(quick: bool) -> list[Figure]:
    """Return ms of known and unknown numbers, beside a page, and first after a start."""
    contacts, starts, seconds = (1_000, 2, 2.0) if quick else (100_000, 5, 8.0)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        path = data.write_csv(folder / "contacts.csv", contacts)
        known, unknown = map(_paths, (_numbers(path), _unknown_numbers()))
        with Gateway(folder, data.configuration(path), ready=False) as gateway:
            eventually(lambda: _is_served(gateway.port, known[0]), "a name", 240)
            assert b"" == ask(gateway.port, unknown[0]).partition(b"\r\n\r\n")[2]
            waits = {
                text: latencies(gateway.port, paths, seconds)
                for text, paths in (
                    ("a page", ("/staff.xml",)),
                    ("a known number", known),
                    ("an unknown number", unknown),
                )
            }
            first = [_first_after_start(gateway, known[0]) for _ in range(starts)]
    page = percentile(waits["a page"], 0.5)
    return [
        *(
            plain(
                "lookup", f"{contacts:,} contacts, {text}, {what}", percentile(found, share), "ms"
            )
            for text, found in waits.items()
            for share, what in ((0.5, "p50"), (0.99, "p99"))
        ),
        *(
            at_most("lookup", f"{text} over a page, p50", percentile(found, 0.5) / page, 2.5, "x")
            for text, found in waits.items()
            if text != "a page"
        ),
        at_most("lookup", "the first name after a start", median(first), 50, "ms"),
    ]


def _first_after_start(gateway: Gateway, path: str) -> float:
    """Return how many ms the first lookup takes in a worker that has served a page."""
    gateway.stop()
    gateway.start()
    eventually(lambda: gateway.status_code("/staff.xml") == 200, "a page", pause=0.01)
    begun = time.perf_counter()
    answer = ask(gateway.port, path)
    waited = (time.perf_counter() - begun) * 1000
    assert answer.partition(b"\r\n\r\n")[2], answer
    return waited


def _is_served(port: int, path: str) -> bool:
    try:
        return ask(port, path).partition(b"\r\n\r\n")[2] != b""
    except OSError:
        return False


def _numbers(csv: Path) -> list[str]:
    numbers = [line.split(",")[5] for line in csv.read_text(encoding="utf-8").splitlines()[1:]]
    return random.Random(data.SEED).sample([text for text in numbers if text[0] == "+"], 600)


def _unknown_numbers() -> list[str]:
    chance = random.Random(data.SEED)
    return [f"+4930{chance.randrange(10**7, 10**8)}" for _ in range(600)]


def _paths(numbers: list[str]) -> tuple[str, ...]:
    return tuple(f"/lookup?number={quote(number)}" for number in numbers)

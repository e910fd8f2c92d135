"""Measure the pages of the console over HTTP, and phones while an operator searches."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, cycle, product
from pathlib import Path
from string import ascii_lowercase
from threading import Event, Thread

from tests.bench import data
from tests.bench.figures import Figure, at_most, percentile, plain
from tests.bench.load import ask, latencies
from tests.support.servers.gateway import Gateway, eventually

ROUNDS = 40
PAUSE = 0.1
"""Seconds between two searches of an operator, who types quickly."""
_SEARCHES = tuple(
    f"/-/phone?path=/p/default/search.xml%3Fq%3D{''.join(letters)}"
    for letters in product(ascii_lowercase, repeat=2)
)
_PEOPLE = tuple(f"/-/people?q={''.join(letters)}" for letters in product(ascii_lowercase, repeat=2))
PAGES = (
    ("the overview", ("/",)),
    ("the phone, a menu", ("/-/phone?path=/p/default/staff.xml&press=down",)),
    ("the phone, a new search", _SEARCHES),
    ("people, everybody", tuple(f"/-/people?start={start}" for start in range(0, 1000, 25))),
    ("people, a search", _PEOPLE),
    ("people, keys of a phone", tuple(f"/-/people?q={keys}" for keys in range(2222, 2999, 19))),
    ("people, one person", tuple(f"/-/person?source=staff&id={row}" for row in range(1, 900, 20))),
)


def run(quick: bool) -> list[Figure]:
    """Return ms of each page, and phones' p99 while an operator searches over idle."""
    contacts, seconds = (1_000, 2.0) if quick else (100_000, 8.0)
    size = f"{contacts:,} contacts"
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        path = data.write_csv(folder / "contacts.csv", contacts)
        with Gateway(folder, data.configuration(path), ready=False) as gateway:
            eventually(lambda: gateway.status_code("/-/ready") == 200, "an answer", 600)
            eventually(lambda: _rows(gateway) >= contacts, "all contacts", 600)
            waits = {page: _waits(gateway.port, paths) for page, paths in PAGES}
            idle = latencies(gateway.port, ("/staff.xml",), seconds)
            with _operator(gateway.port):
                busy = latencies(gateway.port, ("/staff.xml",), seconds)
    return [
        *(
            figure
            for page, found in waits.items()
            for figure in (
                plain("console", f"{page}, {size}, p50", percentile(found, 0.5), "ms"),
                at_most("console", f"{page}, {size}, longest", max(found), 100, "ms"),
            )
        ),
        plain("console", "phones, idle, p99", percentile(idle, 0.99), "ms"),
        plain("console", "phones while an operator searches, p99", percentile(busy, 0.99), "ms"),
        at_most(
            "console",
            "phones while an operator searches over idle, p99",
            percentile(busy, 0.99) / percentile(idle, 0.99),
            1.5,
            "x",
        ),
    ]


def _rows(gateway: Gateway) -> int:
    """Return how many rows the phones have."""
    return int(gateway.status()["profiles"]["default"]["books"]["staff"]["rows"])


def _waits(port: int, paths: tuple[str, ...]) -> list[float]:
    """Return the ms that each request waited, without a first one that is not counted."""
    assert b" 200 " in ask(port, paths[0])[:20]
    waited = []
    for path, _ in zip(cycle(paths[1:] or paths), range(ROUNDS), strict=False):
        begun = time.perf_counter()
        answer = ask(port, path)
        waited.append((time.perf_counter() - begun) * 1000)
        assert b" 200 " in answer[:20], answer[:200]
    return waited


@contextmanager
def _operator(port: int) -> Iterator[None]:
    """Search among people and on the phone until the block ends, other words each time."""
    done = Event()

    def search() -> None:
        for path in chain.from_iterable(cycle(zip(_PEOPLE, reversed(_SEARCHES), strict=True))):
            if done.wait(PAUSE):
                return
            ask(port, path)

    thread = Thread(target=search)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()

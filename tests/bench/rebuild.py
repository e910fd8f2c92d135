"""Measure how long phones wait while a directory of 100,000 contacts is rebuilt.

The waits without a rebuild are measured beside it. The CSV file is replaced again and
again, so that the builder reads, stores, composes and verifies all the time, as in
`serve`. The first request for a page of a generation composes it, so first requests and
others are compared on their own, too.
"""

import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import data
from tests.bench.figures import Figure, at_most, percentile, plain
from tests.bench.load import ask, latencies
from tests.support.servers.gateway import Gateway, eventually

_LINK = re.compile(rb"<URL>http://[^/]+(/staff/[^<]+)</URL>")
SETTLE_SECONDS = 240.0
SEEN_SECONDS = 1.5
"""Web workers look for a new generation each second; until then they serve the former."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A request that took `ms`.

    `is_again`: its path was asked for since the current generation is served.
    """

    ms: float
    is_again: bool


class Phone:
    """Asks a gateway for paths, and remembers which it has had of this generation."""

    def __init__(self, gateway: Gateway, paths: tuple[str, ...]) -> None:
        self._port, self._paths = gateway.port, paths
        self._current = gateway.folder / "state" / "current"
        self._published = 0
        self._had: set[str] = set()

    def waits(self, seconds: float, between: Callable[[], None] = lambda: None) -> list[Wait]:
        """Return the waits of so many seconds; `between` is called after each request."""
        again: list[bool] = []

        def note() -> None:
            published = self._current.stat().st_mtime_ns
            if published != self._published:
                self._published = published
                self._had.clear()
            path = self._paths[len(again) % len(self._paths)]
            again.append(path in self._had)
            # Until a web worker sees the new generation, it answers from the former one.
            if time.time_ns() - published > SEEN_SECONDS * 1e9:
                self._had.add(path)
            between()

        waited = latencies(self._port, self._paths, seconds, note)
        # Nothing is called after the last request.
        return [Wait(*each) for each in zip(waited, again, strict=False)]


def run(quick: bool) -> list[Figure]:
    """Return p50, p99 and the longest wait in ms, idle and while building.

    The last figures are the ratios of the p99: of all requests, whose share of first
    ones is not the same, of those for pages asked for before, and of first ones.
    """
    contacts, rounds, seconds = (10_000, 1, 4.0) if quick else (100_000, 3, 12.0)
    idle: list[list[Wait]] = []
    busy: list[list[Wait]] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        variants = [
            data.write_csv(folder / f"variant-{number}", contacts, seed)
            for number, seed in enumerate((1, 2))
        ]
        (folder / "csv").mkdir()
        swap = _swapper(variants, folder / "csv" / "contacts.csv")
        with Gateway(folder, data.configuration(folder / "csv" / "contacts.csv")) as gateway:
            phone = Phone(gateway, _paths(gateway, contacts))
            for _ in range(rounds):
                _settle(gateway)
                idle.append(phone.waits(seconds))
                busy.append(_while_building(gateway, phone, seconds, swap))
                print(
                    f"rebuild: {len(idle[-1])} requests idle, {len(busy[-1])} while building",
                    file=sys.stderr,
                )
    figures = []
    for word, found in (("idle", idle), ("while building", busy)):
        for share, what in ((0.5, "p50"), (0.99, "p99"), (1.0, "max")):
            value = median(percentile(_ms(waits), share) for waits in found)
            longest = (word, what) == ("while building", "max")
            text = f"{contacts:,} contacts, {word}, {what}"
            figures.append(
                at_most("rebuild", text, value, 50, "ms")
                if longest
                else plain("rebuild", text, value, "ms")
            )
    for text, kinds in (
        ("", {True, False}),
        (" of pages asked for before", {True}),
        (" of first requests", {False}),
    ):
        ratio = median(
            percentile(_ms(after, kinds), 0.99) / percentile(_ms(before, kinds), 0.99)
            for before, after in zip(idle, busy, strict=True)
        )
        what = f"{contacts:,} contacts, p99{text} while building over idle"
        figures.append(at_most("rebuild", what, ratio, 1.5, "x"))
    return figures


def _ms(waits: list[Wait], kinds: Set[bool] = frozenset({True, False})) -> list[float]:
    return [wait.ms for wait in waits if wait.is_again in kinds]


def _while_building(
    gateway: Gateway, phone: Phone, seconds: float, swap: Callable[[], None]
) -> list[Wait]:
    """Return the waits of at least `seconds`.

    It takes longer if two generations were not yet published in that time.
    """
    versions = {gateway.status()["generation"]["version"]}
    waits: list[Wait] = []
    until = time.monotonic() + SETTLE_SECONDS
    while len(versions) < 3 or time.monotonic() < until - SETTLE_SECONDS + seconds:
        waits += phone.waits(seconds / 4, swap)
        versions.add(gateway.status()["generation"]["version"])
        assert time.monotonic() < until, "nothing is rebuilt"
    return waits


def _swapper(variants: list[Path], target: Path) -> Callable[[], None]:
    """Return a function that puts the other variant in place.

    It does so only if half a second has passed since the last time.
    """
    last, turn = 0.0, 0

    def swap() -> None:
        nonlocal last, turn
        if time.monotonic() - last > 0.5:
            last, turn = time.monotonic(), 1 - turn
            draft = target.with_name(".draft")
            os.link(variants[turn], draft)
            draft.replace(target)

    swap()
    return swap


def _paths(gateway: Gateway, contacts: int) -> tuple[str, ...]:
    """Return paths of menus and pages of the current generation, in no order.

    Later generations answer with the nearest of their own pages.
    """
    eventually(
        lambda: gateway.status()["sources"]["staff"]["contacts"] == contacts,
        "all contacts",
        SETTLE_SECONDS,
    )
    _settle(gateway)
    found = [path.decode("ascii") for path in _LINK.findall(ask(gateway.port, "/staff.xml"))]
    for path in tuple(found):
        found += [link.decode("ascii") for link in _LINK.findall(ask(gateway.port, path))]
    chance = random.Random(data.SEED)
    version = found[0].split("/")[2]
    rows = gateway.status()["profiles"]["default"]["books"]["staff"]["rows"]
    found += [f"/staff/{version}/{chance.randrange(1, rows)}.xml" for _ in range(len(found))]
    chance.shuffle(found)
    return ("/menu.xml", "/staff.xml", *found)


def _settle(gateway: Gateway) -> None:
    """Wait until nothing was published for a while and nothing is being built."""
    until = time.monotonic() + SETTLE_SECONDS
    quiet = 0
    before = ""
    while quiet < 15:
        version = gateway.status()["generation"]["version"]
        building = any((gateway.folder / "state").glob(".scratch-*"))
        quiet = quiet + 1 if version == before and not building else 0
        before = version
        assert time.monotonic() < until, "the builder does not come to rest"
        time.sleep(0.2)

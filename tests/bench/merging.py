"""Measure the cost of rules, filters and merging in builds.

The contacts have two numbers each, and a build goes from the store to the published
generation. Seconds are those of the processor, so that other processes do not count.
Merging is measured by itself, without rows and index: a merged book has fewer of those,
which would hide the cost.
"""

import gc
import tempfile
import time
from pathlib import Path

from app.books.membership import Memberships, comparison_plan
from app.build.composer import Composer
from app.numbers.cache import CachedDialPlan
from app.settings.loader import Settings, parse
from app.state.source_records import SourceRecord
from app.state.store import Store
from app.state.store_snapshot import StoreSnapshot
from connectors.base import Full
from connectors.contact import Contact, NumberKind, PhoneNumber
from tests.bench.figures import Figure, at_most, plain

GIVEN = (
    "Ann",
    "Zoë",
    "Łukasz",
    "Émile",
    "Игорь",
    "José-María",
    "Nguyễn Văn",
    "Şule",
    "Ελένη",
    "D'Arcy",
)
FAMILY = (
    "Smith",
    "Müller",
    "O'Neill",
    "Østergård",
    "Петров",
    "van der Berg",
    "García",
    "Παπαδοπούλου",
    "Novák",
)
RULES = {
    "region": "DE",
    "outside_line": "0",
    "international": "00",
    "own_prefixes": ["+4989777", "+4930888"],
    "rewrite": [["^\\+420", ""], ["^00900", "+"]],
    "extension_digits": 4,
}


def person(number: int, prefix: str = "") -> Contact:
    """Return contact `number`: a unique name, an office number and a mobile number.

    The numbers are written in several ways.
    """
    given, family = (
        f"{GIVEN[number % len(GIVEN)]} {chr(97 + number % 26)}{number}",
        FAMILY[number % len(FAMILY)],
    )
    work = (
        f"+49 89 5{number:07d}",
        f"089 / 5{number:07d}",
        f"+49 (0)89 5{number:07d}",
        f"0049 89-5{number:07d}",
    )[number % 4]
    return Contact(
        id=f"{prefix}{number:07d}",
        name=f"{given} {family}",
        given_name=given,
        family_name=family,
        organization="Acme & Co",
        emails=(f"p{number}@x.example",),
        groups=("Sales" if number % 2 else "Support",),
        numbers=(
            PhoneNumber(work, NumberKind.WORK),
            PhoneNumber(f"+49 172 {number:07d}", NumberKind.MOBILE),
        ),
    )


def settings(folder: Path, sources: int, numbers: dict[str, object], **book: object) -> Settings:
    """Return a configuration of so many sources in one book."""
    names = [f"s{place}" for place in range(sources)]
    data = {
        "state_dir": str(folder),
        "sources": {name: {"connector": "csv", "path": "unused.csv"} for name in names},
        "books": {"all": {"sources": names, **book}},
        "numbers": numbers,
    }
    return parse(data, folder / "gateway.toml")


def timed(folder: Path, made: Settings, again: bool = False) -> tuple[float, float, int]:
    """Return the seconds of a first and of a second build, and the rows.

    The second build is by the same composer, and only if `again` (else 0).
    """
    composer = Composer(made, Store(folder), folder)
    begun = time.process_time()
    rows = composer.compose().rows
    first = time.process_time()
    if again:
        composer.compose()
    return first - begun, time.process_time() - first, rows


def fill(folder: Path, count: int, sources: int) -> None:
    """Store `count` contacts.

    They are in one source, or every person is in two of the sources, half a turn apart.
    """
    store = Store(folder)
    store.open("bench")
    for place in range(sources):
        people = tuple(
            person(number, f"s{place}-")
            for number in range(count)
            if sources == 1 or number % sources != place
        )
        store.apply(
            SourceRecord(f"s{place}", contacts=len(people), last_success=time.time()),
            Full(people, None),
        )


def run(quick: bool) -> list[Figure]:
    """Return what rules cost per number and what merging costs per person.

    Another figure shows whether the latter grows with the number of people.
    """
    gc.disable()  # as the builder does
    sizes = (2_500, 10_000) if quick else (10_000, 100_000)
    figures = _rules(sizes[-1])
    costs = []
    for count in sizes:
        found, cost = _merging(count)
        figures += found
        costs.append(cost)
    return [
        *figures,
        at_most(
            "merging",
            f"merging a person, {sizes[1]:,} over {sizes[0]:,} people",
            costs[1] / costs[0],
            1.5,
            "x",
        ),
    ]


def _rules(count: int) -> list[Figure]:
    size = f"{count:,} contacts"
    with tempfile.TemporaryDirectory(prefix="bench-merging-") as name:
        folder = Path(name)
        fill(folder, count, 1)
        # They take turns, so that a machine that slows down affects both.
        pairs = [
            (
                timed(folder, settings(folder, 1, {}, merge=False)),
                timed(folder, settings(folder, 1, RULES, merge=False), again=True),
            )
        ]
        pairs.append(
            (
                timed(folder, settings(folder, 1, {}, merge=False)),
                timed(folder, settings(folder, 1, RULES, merge=False), again=True),
            )
        )
        plain_build, rows = min(pair[0][0] for pair in pairs), pairs[0][0][2]
        ruled, again = min(pair[1][0] for pair in pairs), min(pair[1][1] for pair in pairs)
        doubles, _, _ = timed(folder, settings(folder, 1, {}))
        filtered, _, _ = timed(
            folder,
            settings(
                folder, 1, {}, merge=False, groups=["sales", "support"], exclude=["^test", "^0900"]
            ),
        )
    return [
        plain(
            "merging",
            f"{size}, two numbers each: a build without rules and merging, a number",
            plain_build / rows * 1e6,
            "us",
        ),
        at_most(
            "merging",
            f"{size}: a full set of rules, first build, a number more",
            (ruled - plain_build) / rows * 1e6,
            15,
            "us",
        ),
        plain(
            "merging",
            f"{size}: the same, the next build, a number more",
            (again - plain_build) / rows * 1e6,
            "us",
        ),
        plain(
            "merging",
            f"{size}: looking for exact doubles, a contact more",
            (doubles - plain_build) / count * 1e6,
            "us",
        ),
        plain(
            "merging",
            f"{size}: two groups and two patterns, a contact more",
            (filtered - plain_build) / count * 1e6,
            "us",
        ),
    ]


def _merging(count: int) -> tuple[list[Figure], float]:
    size = f"{count:,} people, each in two of three sources"
    with tempfile.TemporaryDirectory(prefix="bench-merging-") as name:
        folder = Path(name)
        fill(folder, count, 3)
        seconds = [
            _membership_seconds(folder, settings(folder, 3, RULES, merge=merge))
            for merge in (False, True)
        ]
        merged, again, rows = timed(folder, settings(folder, 3, RULES), again=True)
    cost = (seconds[1] - seconds[0]) / count
    return [
        plain("merging", f"{size}: merging, a person", cost * 1e6, "us"),
        plain("merging", f"{size}: the whole first build, {rows:,} rows", merged, "s"),
        plain("merging", f"{size}: the next build", again, "s"),
    ], cost


def _membership_seconds(folder: Path, made: Settings) -> float:
    """Return the seconds until the membership of everybody in the book is known.

    People are merged or not, and their numbers are dialled for that.
    """
    (profile,) = made.profiles
    memory = CachedDialPlan(comparison_plan(profile.plan), limit=32)
    with StoreSnapshot(folder) as view:
        begun = time.process_time()
        memberships = Memberships(
            profile, view, lambda number: memory.dial(number.value, number.canonical).number
        )
        for _ in memberships.of(source.name for source in made.sources):
            pass
        return time.process_time() - begun

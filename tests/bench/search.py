"""Measure a search, or the lookup of a caller's name, that is not in a cache.

Finding, counting and rendering are measured in the process. Processor time counts,
because the machine may be busy with other things: their share says nothing about the
search. `python -m tests.bench.search FOLDER` measures a directory that is built already
(FOLDER holds its gateway.toml).
"""

import random
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from app.generation.reader import Generation
from app.generation.schema import BookTable
from app.model.names import fold
from app.phones.registry import FORMATS
from app.search.query import Query, normalise_query
from app.search.terms import keypad
from app.settings.loader import load
from app.web.access import SelectedProfile
from app.web.caller_lookup import caller_name
from app.web.publisher import Publisher
from tests.bench import data
from tests.bench.figures import Figure, at_most, percentile, plain, table
from tests.bench.processes import built

QUERIES = 400
SEARCH_LIMIT = 5_000
LOOKUP_LIMIT = 2_000
_COMPARED = ("9 digits of a number", "12 digits of a number", "a name and digits")


def run(quick: bool) -> list[Figure]:
    """Return p50 and p99 in microseconds for every kind of query.

    The directories have two sizes.
    """
    figures = []
    for contacts in (1_000, 100_000) if quick else (100_000, 1_000_000):
        folder, _ = built(contacts)
        figures += measured(folder / "gateway.toml", f"{contacts:,} contacts")
    return figures


def measured(config: Path, size: str) -> list[Figure]:
    """Return the figures of one directory that is already built."""
    settings = load(config)
    publisher = Publisher(settings)
    profile = settings.profiles[0]
    generation = publisher.generation
    assert generation is not None
    shelf = generation.all_rows(profile.name)
    assert shelf is not None
    choice, dialect = SelectedProfile(profile, ""), FORMATS[profile.format].dialect({})
    figures = []
    longest: dict[str, float] = {}
    phones = count(1)
    for kind, queries in _queries(generation, shelf).items():
        costs = []
        for q, k in queries:
            query = Query(*normalise_query(q, k))
            misses = publisher.misses
            begun = time.thread_time()
            publisher.answer(
                choice, "search.xml", dialect, f"http://phone{next(phones)}:8080", query
            )
            costs.append((time.thread_time() - begun) * 1e6)
            assert publisher.misses > misses, "it was in the cache"
        figures += _figures(f"search: {kind}, {size}", costs, SEARCH_LIMIT)
        longest[kind] = percentile(costs, 0.99)
    figures += [
        at_most(
            "search",
            f"search: {kind} over 3 letters, {size}, p99",
            longest[kind] / longest["3 letters"],
            2.5,
            "x",
        )
        for kind in _COMPARED
    ]
    for kind, numbers in _numbers(generation, shelf).items():
        costs = []
        for number in numbers:
            caller_name(
                generation, number, profile.plan
            )  # the first call for a country loads the data of its numbering plan
            begun = time.thread_time()
            caller_name(generation, number, profile.plan)
            costs.append((time.thread_time() - begun) * 1e6)
        figures += _figures(f"lookup: {kind}, {size}", costs, LOOKUP_LIMIT)
    publisher.close()
    return figures


def _figures(what: str, costs: list[float], limit: int) -> list[Figure]:
    return [
        plain("search", f"{what}, p50", percentile(costs, 0.5), "us"),
        at_most("search", f"{what}, p99", percentile(costs, 0.99), limit, "us"),
    ]


def _queries(generation: Generation, shelf: BookTable) -> dict[str, list[tuple[str, str]]]:
    chance = random.Random(data.SEED)
    rows = [
        generation.rows(shelf, place, place + 1)[0]
        for place in (chance.randrange(shelf.rows) for _ in range(QUERIES))
    ]
    names = [fold(row.name.partition(" (")[0]).split() or ["x"] for row in rows]
    latin = [[word for word in words if word.isascii()] or ["ann"] for words in names]

    def part(length: int) -> Callable[[str], str]:
        return lambda text: text[
            (place := chance.randrange(max(len(text) - length, 0) + 1)) : place + length
        ]

    queries = {
        f"{length} letters": [(words[-1][:length], "") for words in names]
        for length in (1, 2, 3, 4, 5, 7)
    }
    queries["a word that all share, whole and in part"] = [
        ("company"[: 1 + number % 7], "") for number in range(QUERIES)
    ]
    queries["two words"] = [(f"{words[0][:2]} {words[-1][:3]}", "") for words in names]
    queries["two letters"] = [(f"{words[0][:1]} {words[-1][:1]}", "") for words in names]
    queries["a name and a company"] = [(f"{words[-1]} company", "") for words in names]
    queries["a whole name"] = [(" ".join(words), "") for words in names]
    queries |= {
        f"{length} keys of a name": [("", keypad(words[-1])[:length]) for words in latin]
        for length in (1, 2, 3, 4, 5, 7)
    }
    queries |= {
        f"{length} digits of a number": [("", part(length)(row.number)) for row in rows]
        for length in (3, 4, 5, 6, 7, 9, 12)
    }
    queries["any digits"] = [
        ("", f"{chance.randrange(10**9):09d}"[: 3 + number % 7]) for number in range(QUERIES)
    ]
    queries["a name and digits"] = [
        (words[-1][:2], row.number[-3:]) for words, row in zip(names, rows, strict=True)
    ]
    queries["nothing to find"] = [(f"{words[-1]} qqq", "") for words in names]
    return queries


def _numbers(generation: Generation, shelf: BookTable) -> dict[str, list[str]]:
    chance = random.Random(data.SEED)
    rows = [
        generation.rows(shelf, place, place + 1)[0]
        for place in (chance.randrange(shelf.rows) for _ in range(QUERIES))
    ]
    return {
        "a known number": [row.number for row in rows],
        "the same, written with +": [f"+{row.number.removeprefix('00')}" for row in rows],
        "an unknown number": [f"+1 212 555 {chance.randrange(10**7):07d}" for _ in rows],
    }


def main() -> None:
    """Print the figures of one directory."""
    print(table(measured(Path(sys.argv[1]) / "gateway.toml", "as built")))


if __name__ == "__main__":
    main()

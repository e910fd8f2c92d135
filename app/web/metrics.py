"""Render metrics in the text format of Prometheus.

They are the content of `/-/status` and the figures of cache, requests and connections.
All values are read at the scrape. docs/operations.md lists every name, and a test
compares the two. Names, suffixes and units follow Prometheus' "Metric and label
naming". Times are seconds since 1970, so that an age is `time() - x`.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from app.generation.reader import Generation
from app.settings.loader import Settings
from app.state import reload_state
from app.state.status import STATES, SourceStatus, Status

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

PREFIX = "directory_gateway_"
_NO_LABELS: tuple[str, ...] = ()
_Sample = tuple[tuple[str, ...], float]


def exposition(
    settings: Settings, generation: Generation | None, status: Status, counted: Mapping[str, int]
) -> tuple[bytes, str]:
    """Return the text and its media type.

    `counted` maps each name of `app.state.shared_counters.NAMES` to its sum over all
    workers. A family without a sample is left out.
    """
    # prometheus_client is imported at the first scrape, because phones need none of it.
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
    from prometheus_client.registry import Collector

    class Pulled(Collector):
        def collect(self) -> Iterable["Metric"]:
            return _families(settings, generation, status, counted)

    registry = CollectorRegistry()
    registry.register(Pulled())
    return generate_latest(registry), CONTENT_TYPE_LATEST


def _families(
    settings: Settings, generation: Generation | None, status: Status, counted: Mapping[str, int]
) -> Iterator["Metric"]:
    yield from _of_generation(settings, generation)
    yield from _of_sources(
        {
            source.name: status.sources.get(source.name, SourceStatus())
            for source in settings.sources
        }
    )
    yield from _of_builder(status)
    yield from _of_reload(settings)
    yield from _of_workers(counted)


def _gauge(name: str, text: str, labels: tuple[str, ...], samples: Iterable[_Sample]) -> "Metric":
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(PREFIX + name, text, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _counter(name: str, text: str, labels: tuple[str, ...], samples: Iterable[_Sample]) -> "Metric":
    from prometheus_client.core import CounterMetricFamily

    family = CounterMetricFamily(PREFIX + name, text, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _of_generation(settings: Settings, generation: Generation | None) -> Iterator["Metric"]:
    yield _gauge(
        "ready",
        "1 while a generation of today's configuration is served.",
        _NO_LABELS,
        [((), float(generation is not None))],
    )
    if generation is None:
        return
    age = max(time.time() - generation.built_at, 0.0)
    yield _gauge(
        "generation_info",
        "The version of the generation that is served; always 1.",
        ("version",),
        [((generation.version,), 1)],
    )
    yield _gauge(
        "generation_age_seconds", "How long ago the generation was built.", _NO_LABELS, [((), age)]
    )
    yield _gauge(
        "generation_build_seconds",
        "How long building the generation took.",
        _NO_LABELS,
        [((), generation.build_seconds)],
    )
    rows, names = "Entries that phones see.", ("profile", "book")
    books = [(profile.name, book.name) for profile in settings.profiles for book in profile.books]
    shelves = ((place, generation.book_table(*place)) for place in books)
    yield _gauge(
        "book_rows",
        rows,
        names,
        [(place, shelf.rows if shelf is not None else 0) for place, shelf in shelves],
    )
    missing = [
        ((item.profile, item.book, item.reason), float(item.count)) for item in generation.unlisted
    ]
    yield _gauge(
        "book_unlisted",
        "Contacts or numbers that are not in a book, and why.",
        (*names, "reason"),
        missing,
    )


def _of_sources(sources: dict[str, SourceStatus]) -> Iterator["Metric"]:
    states = [
        ((name, state), float(source.state == state))
        for name, source in sources.items()
        for state in STATES
    ]
    yield _gauge(
        "source_state", "1 for the state that a source is in.", ("source", "state"), states
    )
    contacts = [((name,), float(source.contacts)) for name, source in sources.items()]
    yield _gauge("source_contacts", "Contacts of the last good reading.", ("source",), contacts)
    skipped = [
        ((name, reason), float(count))
        for name, source in sources.items()
        for reason, count in source.skipped.items()
    ]
    yield _gauge(
        "source_skipped",
        "What could not be read at the last good reading, and why.",
        ("source", "reason"),
        skipped,
    )
    for key, text, moments in (
        (
            "last_success",
            "When a source was last read well.",
            {name: source.last_success for name, source in sources.items()},
        ),
        (
            "failing_since",
            "Since when a source cannot be read.",
            {name: source.failing_since for name, source in sources.items()},
        ),
        (
            "next_try",
            "When a source is asked next.",
            {name: source.next_try for name, source in sources.items()},
        ),
    ):
        known = [((name,), moment) for name, moment in moments.items() if moment is not None]
        yield _gauge(f"source_{key}_timestamp_seconds", text, ("source",), known)
    held = [
        ((name,), source.held_since)
        for name, source in sources.items()
        if source.held_since is not None
    ]
    yield _gauge(
        "source_held_since_seconds",
        "Since when the brake holds a source back, as a time.",
        ("source",),
        held,
    )


def _of_builder(status: Status) -> Iterator["Metric"]:
    yield _gauge(
        "builder_problem",
        "1 while the builder cannot build.",
        _NO_LABELS,
        [((), float(bool(status.problem)))],
    )
    yield _gauge(
        "builder_status_timestamp_seconds",
        "When the builder last told its status.",
        _NO_LABELS,
        [((), status.written_at)],
    )
    yield _counter(
        "builder_builds",
        "Generations published since the builder started.",
        _NO_LABELS,
        [((), status.builds)],
    )
    yield _counter(
        "builder_failed_builds",
        "Builds that failed since the builder started.",
        _NO_LABELS,
        [((), status.failed_builds)],
    )


def _of_reload(settings: Settings) -> Iterator["Metric"]:
    problem, _ = reload_state.read(settings.state_dir)
    yield _gauge(
        "config_reload_ok",
        "0 after a reload that was refused or not taken.",
        _NO_LABELS,
        [((), float(not problem))],
    )


def _of_workers(counted: Mapping[str, int]) -> Iterator["Metric"]:
    kinds = [((kind,), float(counted[kind])) for kind in ("phone", "refused", "other")]
    yield _counter(
        "requests",
        "Requests answered for phones, refused (403, 405), and others.",
        ("kind",),
        kinds,
    )
    yield _counter(
        "cache_hits", "Phone pages that were ready.", _NO_LABELS, [((), counted["hits"])]
    )
    yield _counter(
        "cache_misses", "Phone pages that were rendered.", _NO_LABELS, [((), counted["misses"])]
    )
    yield _gauge(
        "cache_bytes", "What the workers' caches hold.", _NO_LABELS, [((), counted["bytes"])]
    )
    dropped = (
        "Connections closed because of a limit: an address's share, a full worker, a request or an"
        " answer that took too long."
    )
    yield _counter("connections_dropped", dropped, _NO_LABELS, [((), counted["dropped"])])

"""Render metrics in the text format of Prometheus.

They are the content of `/-/status` and the figures of cache, requests and connections.
All values are read at the scrape. docs/operations.md lists every name, and a test
compares the two. Names, suffixes and units follow Prometheus' "Metric and label
naming". Times are seconds since 1970, so that an age is `time() - x`.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from app.generation.reader import Generation
from app.settings.loader import Settings
from app.state.certificate_state import read_certificate_state
from app.state.host_status import ExchangeStatus, HostStatus
from app.state.reload_state import read_reload_problem
from app.state.status import STATES, SourceStatus, Status, exchange_now

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

PREFIX = "directory_gateway_"
_Sample = tuple[tuple[str, ...], float]


def render_metrics(
    settings: Settings, generation: Generation | None, status: Status, counts: Mapping[str, int]
) -> tuple[bytes, str]:
    """Return the text and its media type.

    `counts` maps each name of `app.state.shared_counters.NAMES` to its sum over all
    workers. A family without a sample is left out.
    """
    # prometheus_client is imported at the first scrape, because phones need none of it.
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
    from prometheus_client.registry import Collector

    class Families(Collector):
        def collect(self) -> Iterable["Metric"]:
            return _families(settings, generation, status, counts)

    registry = CollectorRegistry()
    registry.register(Families())
    return generate_latest(registry), CONTENT_TYPE_LATEST


def _families(
    settings: Settings, generation: Generation | None, status: Status, counts: Mapping[str, int]
) -> Iterator["Metric"]:
    text = "1 while a generation of today's configuration is served."
    yield _value("ready", text, generation is not None)
    yield _value("demo", "1 if the demo of invented people is served.", settings.is_demo)
    if generation is not None:
        yield from _of_generation(settings, generation)
    yield from _of_sources(
        [
            (source.name, status.sources.get(source.name, SourceStatus()))
            for source in settings.sources
        ]
    )
    yield from _of_builder(status)
    exchange = exchange_now(status)
    if exchange is not None:
        yield from _of_hosts(exchange)
    problem, read_at = read_reload_problem(settings.state_dir)
    text = "0 after a reload that was refused or not taken."
    yield _value("config_reload_ok", text, not problem)
    if read_at is not None:
        text = "When the configuration was last read, at the start or a reload, even if refused."
        yield _value("config_reload_timestamp_seconds", text, read_at)
    certificate = read_certificate_state(settings.state_dir)
    if settings.tls is not None and certificate is not None:
        text = "When the certificate that is served expires."
        yield _value("certificate_expiry_timestamp_seconds", text, certificate.expires)
        text = "0 while the files of the certificate cannot be used."
        yield _value("certificate_ok", text, not certificate.problem)
    yield from _of_workers(counts)


def _gauge(name: str, text: str, labels: tuple[str, ...], samples: Iterable[_Sample]) -> "Metric":
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(PREFIX + name, text, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _value(name: str, text: str, value: float) -> "Metric":
    """Return a gauge without labels."""
    return _gauge(name, text, (), [((), float(value))])


def _counter(name: str, text: str, labels: tuple[str, ...], samples: Iterable[_Sample]) -> "Metric":
    from prometheus_client.core import CounterMetricFamily

    family = CounterMetricFamily(PREFIX + name, text, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _total(name: str, text: str, value: float) -> "Metric":
    """Return a counter without labels."""
    return _counter(name, text, (), [((), value)])


def _of_generation(settings: Settings, generation: Generation) -> Iterator["Metric"]:
    text = "The version of the generation that is served; always 1."
    yield _gauge("generation_info", text, ("version",), [((generation.version,), 1)])
    age = max(time.time() - generation.built_at, 0.0)
    yield _value("generation_age_seconds", "How long ago the generation was built.", age)
    text = "How long building the generation took."
    yield _value("generation_build_seconds", text, generation.build_seconds)
    books = [(profile.name, book.name) for profile in settings.profiles for book in profile.books]
    tables = ((book, generation.book_table(*book)) for book in books)
    rows = [(book, table.rows if table is not None else 0) for book, table in tables]
    yield _gauge("book_rows", "Entries that phones see.", ("profile", "book"), rows)
    text = "Contacts or numbers that are not in a book, and why."
    unlisted = [
        ((item.profile, item.book, item.reason), float(item.count)) for item in generation.unlisted
    ]
    yield _gauge("book_unlisted", text, ("profile", "book", "reason"), unlisted)


def _of_hosts(exchange: ExchangeStatus) -> Iterator["Metric"]:
    yield _value("exchange_ok", "0 while the exchange cannot be used.", not exchange.problem)
    yield _value("exchange_builds", "1 on the host that builds.", exchange.builds)
    if exchange.lease is not None:
        text = "How often the right to build was taken; missing while nobody has it."
        yield _value("exchange_lease_epoch", text, exchange.lease.epoch)

    def of_hosts(name: str, text: str, value: Callable[[HostStatus], float]) -> "Metric":
        values = {(host.name,): float(value(host)) for host in exchange.hosts}
        return _gauge(f"exchange_host_{name}", text, ("host",), values.items())

    yield of_hosts("builds", "1 for the host that builds.", lambda host: host.builds)
    text = "How long ago a host told what it does."
    yield of_hosts("age_seconds", text, lambda host: host.age)
    text = "1 if a host serves what is published."
    yield of_hosts("current", text, lambda host: not host.lag)
    text = "How long a host has not served what is published; 0 if it does."
    yield of_hosts("lag_seconds", text, lambda host: host.lag)


def _of_sources(sources: list[tuple[str, SourceStatus]]) -> Iterator["Metric"]:
    states = [
        ((name, state), float(source.state == state))
        for name, source in sources
        for state in STATES
    ]
    text = "1 for the state that a source is in."
    yield _gauge("source_state", text, ("source", "state"), states)
    contacts = [((name,), float(source.contacts)) for name, source in sources]
    yield _gauge("source_contacts", "Contacts of the last good reading.", ("source",), contacts)
    skipped = [
        ((name, reason), float(count))
        for name, source in sources
        for reason, count in source.skipped.items()
    ]
    text = "What could not be read at the last good reading, and why."
    yield _gauge("source_skipped", text, ("source", "reason"), skipped)
    yield _times(
        "source_last_success_timestamp_seconds",
        "When a source was last read well.",
        ((name, source.last_success) for name, source in sources),
    )
    yield _times(
        "source_failing_since_timestamp_seconds",
        "Since when a source cannot be read.",
        ((name, source.failing_since) for name, source in sources),
    )
    yield _times(
        "source_next_try_timestamp_seconds",
        "When a source is asked next.",
        ((name, source.next_try) for name, source in sources),
    )
    yield _times(
        "source_held_since_seconds",
        "Since when the brake holds a source back, as a time.",
        ((name, source.held_since) for name, source in sources),
    )


def _times(name: str, text: str, times: Iterable[tuple[str, float | None]]) -> "Metric":
    """Return a gauge of times by source; a source without one has no sample."""
    samples = [((source,), seconds) for source, seconds in times if seconds is not None]
    return _gauge(name, text, ("source",), samples)


def _of_builder(status: Status) -> Iterator["Metric"]:
    yield _value("builder_problem", "1 while the builder cannot build.", bool(status.problem))
    text = "When the builder last told its status."
    yield _value("builder_status_timestamp_seconds", text, status.written_at)
    text = "Generations published since the builder started."
    yield _total("builder_builds", text, status.builds)
    text = "Builds that failed since the builder started."
    yield _total("builder_failed_builds", text, status.failed_builds)


def _of_workers(counts: Mapping[str, int]) -> Iterator["Metric"]:
    kinds = [((kind,), float(counts[kind])) for kind in ("phone", "refused", "other")]
    text = "Requests answered for phones, refused (403, 405), and others."
    yield _counter("requests", text, ("kind",), kinds)
    yield _total("cache_hits", "Phone pages that were ready.", counts["hits"])
    yield _total("cache_misses", "Phone pages that were rendered.", counts["misses"])
    yield _value("cache_bytes", "What the workers' caches hold.", counts["bytes"])
    text = (
        "Connections closed because of a limit: an address's share, a full worker, a request or an"
        " answer that took too long."
    )
    yield _total("connections_dropped", text, counts["dropped"])

"""Tests of the metrics, their documentation, and that of the log's events."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from app.build.composer import Composer
from app.generation.files import current_version, file_name
from app.generation.reader import Generation
from app.settings.loader import Settings, parse
from app.state import memfile
from app.state.certificate_state import CertificateState, write_certificate_state
from app.state.host_status import ExchangeStatus, HostStatus, LeaseStatus
from app.state.reload_state import FILE, write_reload_problem
from app.state.shared_counters import NAMES, Counters, make_file
from app.state.source_records import SourceRecord
from app.state.status import STATES, SourceStatus, Status
from app.state.store import Store
from app.web.metrics import PREFIX, render_metrics
from connectors.base import Full
from tests.support.paths import ROOT
from tests.support.servers.steered import crowd

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COUNTED = {
    "phone": 5,
    "refused": 2,
    "other": 3,
    "hits": 4,
    "misses": 1,
    "bytes": 4096,
    "dropped": 6,
}
STATUS = Status(
    sources={
        "staff": SourceStatus(
            state="failing",
            contacts=3,
            skipped={"no name": 2},
            last_success=900.0,
            failing_since=950.0,
            next_try=1005.0,
            held_since=920.0,
            error="down",
        )
    },
    problem="no space",
    builds=7,
    failed_builds=1,
    exchange=ExchangeStatus(
        "north",
        builds=False,
        hosts=(
            HostStatus("north", "0000000a", builds=False, age=2.0, lag=7.5),
            HostStatus("south", "0000000b", builds=True, age=3.5),
        ),
        problem="down",
        lease=LeaseStatus("south", 4, held_seconds=60.0, seconds_left=600.0),
    ),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    sources = {name: {"connector": "csv", "path": f"{name}.csv"} for name in ("staff", "shop")}
    listen = {"certificate": "gateway.crt", "key": "gateway.key"}
    write_certificate_state(tmp_path, CertificateState(0.0, 5000.0, 4000.0, "broken"))
    file = {"state_dir": str(tmp_path), "listen": listen, "sources": sources}
    return parse(file, tmp_path / "gateway.toml")


@contextmanager
def built(settings: Settings) -> Iterator[Generation]:
    """Give a generation of three people in `staff`, one of whom has no number."""
    store = Store(settings.state_dir)
    store.open("now")
    people = (*crowd(2), crowd(1, first=9)[0].__class__(id="x", name="No Number"))
    store.apply(SourceRecord("staff", last_success=1.0, digest="d"), Full(people))
    Composer(settings, store, settings.state_dir).compose()
    generation = Generation(
        settings.state_dir / file_name(current_version(settings.state_dir) or "")
    )
    try:
        yield generation
    finally:
        generation.close()


def samples(text: bytes) -> dict[tuple[str, ...], float]:
    """Return the samples of a text by name and label values.

    Label values are in the order of the labels' names.
    """
    families = text_string_to_metric_families(text.decode())
    return {
        (
            sample.name.removeprefix(PREFIX),
            *(sample.labels[name] for name in sorted(sample.labels)),
        ): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_facts_are_told(settings: Settings) -> None:
    written_at = time.time()
    status = replace(STATUS, written_at=written_at)
    with built(settings) as generation:
        text, kind = render_metrics(settings, generation, status, COUNTED)
        values = samples(text)
        assert kind.startswith("text/plain")
        assert (1, 1) == (values["ready",], values["generation_info", generation.version])
        assert generation.build_seconds == values["generation_build_seconds",]
        assert 0 <= values["generation_age_seconds",] < 600
    assert (2, 0) == (
        values["book_rows", "staff", "default"],
        values["book_rows", "shop", "default"],
    )
    assert 1 == values["book_unlisted", "staff", "default", "no number"]
    assert {state: float(state == "failing") for state in STATES} == {
        state: values["source_state", "staff", state] for state in STATES
    }
    assert {state: float(state == "never") for state in STATES} == {
        state: values["source_state", "shop", state] for state in STATES
    }
    assert (3, 2) == (
        values["source_contacts", "staff"],
        values["source_skipped", "no name", "staff"],
    )
    moments = [
        values[f"source_{name}_timestamp_seconds", "staff"]
        for name in ("last_success", "failing_since", "next_try")
    ]
    assert [900, 950, 1005, 920] == [*moments, values["source_held_since_seconds", "staff"]]
    assert ("source_held_since_seconds", "shop") not in values
    assert ("source_last_success_timestamp_seconds", "shop") not in values
    builder = [
        values[f"builder_{name}",]
        for name in ("problem", "status_timestamp_seconds", "builds_total", "failed_builds_total")
    ]
    assert [1, written_at, 7, 1] == builder
    assert [5, 2, 3] == [values["requests_total", kind] for kind in ("phone", "refused", "other")]
    assert 6 == values["connections_dropped_total",]
    assert (0, 0) == (values["exchange_ok",], values["exchange_builds",])
    assert 4 == values["exchange_lease_epoch",]
    for host, age, lag, facts in (("north", 2, 7.5, (0, 0)), ("south", 3.5, 0, (1, 1))):
        names = ("current", "builds")
        assert facts == tuple(values[f"exchange_host_{name}", host] for name in names)
        # They have grown since the status was written.
        assert age <= values["exchange_host_age_seconds", host] < 600
        assert lag <= values["exchange_host_lag_seconds", host] < (600 if lag else 1)
    certificate = ("certificate_expiry_timestamp_seconds", "certificate_ok")
    assert [5000, 0] == [values[name,] for name in certificate]
    assert (4, 1, 4096) == (
        values["cache_hits_total",],
        values["cache_misses_total",],
        values["cache_bytes",],
    )


def test_without_a_generation_the_rest_is_told(settings: Settings) -> None:
    values = samples(render_metrics(settings, None, Status(), COUNTED)[0])
    assert 0 == values["ready",]
    assert not any(key[0].startswith(("generation_", "book_")) for key in values)
    assert 1 == values["source_state", "staff", "never"]


def test_the_last_reload_is_told_whether_it_was_refused_or_not(settings: Settings) -> None:
    def reload_samples() -> tuple[float, float | None]:
        values = samples(render_metrics(settings, None, Status(), COUNTED)[0])
        return values["config_reload_ok",], values.get(("config_reload_timestamp_seconds",))

    assert (1, None) == reload_samples()
    for problem in ("there is no source", ""):
        write_reload_problem(settings.state_dir, problem)
        os.utime(settings.state_dir / FILE, (900, 900))
        assert (float(not problem), 900) == reload_samples()
        assert 0o600 == (settings.state_dir / FILE).stat().st_mode & 0o777


def test_names_and_labels_are_as_documented(settings: Settings) -> None:
    rows = re.findall(rf"^\| `({PREFIX}\w+)` \| (.*?) \|", OPERATIONS, re.MULTILINE)
    documented = {name: tuple(sorted(re.findall(r"`(\w+)`", labels))) for name, labels in rows}
    assert len(documented) == len(rows)
    write_reload_problem(settings.state_dir, "")
    status = replace(STATUS, written_at=time.time())
    with built(settings) as generation:
        text = render_metrics(settings, generation, status, COUNTED)[0].decode()
    served = {
        sample.name: tuple(sorted(sample.labels))
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert served == documented


def test_events_and_levels_of_the_log_are_as_documented() -> None:
    documented = dict(
        re.findall(r"^\| `(\w+)` \| (debug|info|warning|error) \|", OPERATIONS, re.MULTILINE)
    )
    code = "".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "app").rglob("*.py"))
    )
    logged = {event: level for level, event in re.findall(r"_log\.(\w+)\(\s*\"(\w+)\"", code)}
    # The one place where level and event follow from the state.
    logged |= {"source_failing": "warning", "source_refused": "error"}
    assert logged == documented


def test_counters_of_several_slots_are_summed_and_outlive_their_writers() -> None:
    file = make_file(3)
    one, two = Counters(file, 0), Counters(file, 2)
    one.update((10, 1, 2, 7, 3, 1000, 1))
    two.update((5, 0, 0, 4, 1, 500, 2))
    assert dict(zip(NAMES, (15, 1, 2, 11, 4, 1500, 3), strict=True)) == one.totals() == two.totals()
    # Killed: its counts stay, and its successor goes on from them; the size of a cache does not.
    again = Counters(file, 0)
    again.update((1, 0, 0, 1, 0, 10, 1))
    assert dict(zip(NAMES, (16, 1, 2, 12, 4, 510, 4), strict=True)) == two.totals()
    # Ended in good order: its cache is gone.
    two.close((6, 0, 0, 4, 2, 500, 2))
    assert dict(zip(NAMES, (17, 1, 2, 12, 5, 10, 4), strict=True)) == again.totals()
    one.close()
    again.close()


def test_a_counter_of_its_own_needs_nobody() -> None:
    alone = Counters()
    alone.update((2**40, 0, 0, 0, 0, 0, 0))
    assert 2**40 == alone.totals()["phone"]
    alone.close()


def test_a_nameless_file_holds_what_was_last_put_there() -> None:
    file = memfile.create(b"a long text")
    assert b"a long text" == memfile.read(file)
    memfile.replace(file, b"short")
    assert b"short" == memfile.read(file)

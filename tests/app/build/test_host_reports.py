"""What a host of several reports, and what it writes of the others."""

import msgspec
import pytest
from structlog.testing import capture_logs

from app.build.host_reports import HostReports
from app.build.host_requests import HostRequests
from app.exchange.base import HostReport, Lease
from app.exchange.decisions import Host
from app.exchange.postgres import PostgresExchange
from app.refresh.acceptance import accept_held
from app.settings.loader import Settings
from app.state import control
from app.state.control import Request
from app.state.held_results import Held
from app.state.source_copies import SourceCopies
from app.state.status import SourceStatus, Status, read_status
from app.state.store import Store
from connectors.base import Full
from tests.support.servers.exchange_site import ExchangeSite, HostPair, state


def test_keys_that_differ_are_named_until_they_are_alike(
    pair: HostPair, site: ExchangeSite
) -> None:
    reports = HostReports(pair.settings, pair.exchange, pair.store, "run")
    south, other = pair.settings, pair.other
    served = Host()
    assert other.lease() is not None

    def problem(keys: tuple[tuple[str, str], ...], now: float) -> str:
        other.report(HostReport("north", "000000a1", 6, True, keys, b"{}"))
        reports.report(served, None, "", now)
        return read_status(south.state_dir).problem

    differing = site.host("north", more='[numbers]\nregion = "DE"\n').keys
    with capture_logs() as logged:
        assert "numbers.region. Compare both files" in problem(differing, 10.0)
        assert "numbers.region" in problem(differing, 20.0)
        assert "" == problem(south.keys, 30.0)
    assert ["configuration_differs"] == [line["event"] for line in logged]


def hold(settings: Settings) -> SourceStatus:
    """Hold a result back in a host's store; return the status that says so."""
    held = Held("staff", "d1", "print", 1.0, None, 2.0, before=3, after=0, lost=3)
    Store(settings.state_dir).hold(held, Full(()))
    return SourceStatus(state="held", held_since=1.0)


def lead(other: PostgresExchange, settings: Settings, status: SourceStatus) -> Lease:
    """Let another host build, and report a source's status and save its data."""
    store = Store(settings.state_dir)
    store.open("test")
    hold(settings)
    lease = other.lease()
    assert lease is not None
    other.save(lease, SourceCopies(store), "staff")
    encoded = msgspec.json.encode(
        Status(written_at=1.0, builder=1, run="run", sources={"staff": status})
    )
    other.report(HostReport("north", "000000a1", 6, True, settings.keys, encoded))
    return lease


def test_what_a_person_accepted_here_is_not_replaced_before_it_is_passed_on(
    pair: HostPair, site: ExchangeSite
) -> None:
    reports = HostReports(pair.settings, pair.exchange, pair.store, "run")
    south, other = pair.settings, pair.other
    lead(other, site.host("north"), hold(south))
    assert accept_held(south.state_dir, "staff", "d1")
    reports.report(Host(), None, "", 10.0)
    assert not HostRequests(south, pair.exchange, pair.store).pass_on()
    assert (Request(control.ACCEPT, "staff", "d1"),) == other.requests(builds=True)


def test_a_follower_goes_on_if_a_held_result_cannot_be_loaded(
    pair: HostPair, site: ExchangeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another release saved it, in another form of the store."""
    reports = HostReports(pair.settings, pair.exchange, pair.store, "run")
    south, other = pair.settings, pair.other
    lead(other, site.host("north"), SourceStatus(state="held", held_since=1.0))
    monkeypatch.setattr("app.state.source_copies.FORM", 99)
    with capture_logs() as logged:
        reports.report(Host(), None, "", 10.0)
        reports.report(Host(), None, "", 20.0)
    assert ["source_not_restored"] == [line["event"] for line in logged]
    assert "held" == state(south)


def test_a_host_builds_from_the_takeover_on(pair: HostPair) -> None:
    """Also while the first build goes on, and there is no builder yet."""
    reports = HostReports(pair.settings, pair.exchange, pair.store, "run")
    south, other = pair.settings, pair.other
    lease = other.lease()
    reports.report(Host(lease=lease, has_taken_over=True), None, "", 10.0)
    exchange = read_status(south.state_dir).exchange
    assert exchange is not None and exchange.builds

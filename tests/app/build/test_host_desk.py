"""What a host of several reports, and the requests that it passes on and takes."""

from collections.abc import Iterator
from contextlib import closing

import msgspec
import pytest
from structlog.testing import capture_logs

from app.build.host_desk import HostDesk
from app.build.host_exchange import open_exchange
from app.exchange.base import ExchangeError, HostReport, Lease
from app.exchange.decisions import Host
from app.exchange.postgres import PostgresExchange
from app.refresh.acceptance import accept_held
from app.settings.loader import Settings
from app.state import control
from app.state.control import Request
from app.state.held_results import Held
from app.state.source_copies import SourceCopies
from app.state.status import SourceStatus, Status, read_status
from app.state.store import Store, StoreError
from connectors.base import Full
from tests.support.servers.exchange_site import ExchangeSite, received, state


@pytest.fixture
def desk(site: ExchangeSite) -> Iterator[tuple[HostDesk, Settings, PostgresExchange]]:
    """The desk of a host, and the exchange as another one sees it."""
    south = site.host("south")
    with closing(open_exchange(south)) as mine, closing(open_exchange(site.host("north"))) as other:
        store = Store(south.state_dir)
        store.open("test")
        yield HostDesk(south, mine, store, "run"), south, other


Desk = tuple[HostDesk, Settings, PostgresExchange]


def test_a_request_for_a_source_is_passed_on_and_taken(desk: Desk) -> None:
    follower, south, other = desk
    control.send(south.state_dir, control.REFRESH, "staff")
    assert not follower.pass_on_requests()
    assert () == received(south)
    assert (Request(control.REFRESH, "staff"),) == other.requests(builds=True)
    other.ask(Request(control.FULL, "staff"))
    other.ask(Request(control.RELOAD))
    follower.take_requests(builds=True)
    assert {Request(control.FULL, "staff"), Request(control.RELOAD)} == set(received(south))


def test_a_request_for_an_unknown_source_is_refused(desk: Desk) -> None:
    follower, south, other = desk
    other.ask(Request(control.REFRESH, "board"))
    other.ask(Request(control.ACCEPT, "board", "d1"))
    with capture_logs() as logged:
        follower.take_requests(builds=True)
    assert () == received(south)
    assert [("request_of_another_host_refused", verb) for verb in ("refresh", "accept")] == [
        (line["event"], line["verb"]) for line in logged
    ]


def test_a_result_that_is_not_held_any_more_is_not_accepted(desk: Desk) -> None:
    follower, south, other = desk
    other.ask(Request(control.ACCEPT, "staff", "d1"))
    with capture_logs() as logged:
        follower.take_requests(builds=True)
    assert () == received(south)
    assert [("accept_too_late", "staff")] == [(line["event"], line["source"]) for line in logged]


def test_requests_that_cannot_be_passed_on_stay(site: ExchangeSite) -> None:
    """All of them, also what a web worker found."""
    sent = [Request(control.FULL, "staff"), Request(control.REBUILD)]
    sent += [Request(control.REFRESH, name) for name in ("board", "staff")]
    south = site.host("south", url="postgresql://gateway@127.0.0.1:1/gateway")
    with closing(open_exchange(south)) as exchange:
        store = Store(south.state_dir)
        store.open("test")
        follower = HostDesk(south, exchange, store, "run")
        for request in sent:
            control.send(south.state_dir, request.verb, request.source)
        with pytest.raises(ExchangeError):
            follower.pass_on_requests()
    assert tuple(sent) == received(south)


def test_damage_is_told_once_the_rest_is_passed_on(desk: Desk) -> None:
    follower, south, other = desk
    control.send(south.state_dir, control.REBUILD)
    control.send(south.state_dir, control.REFRESH, "staff")
    assert follower.pass_on_requests()
    assert (Request(control.REFRESH, "staff"),) == other.requests(builds=True)
    assert () == received(south)


def test_keys_that_differ_are_named_until_they_are_alike(desk: Desk, site: ExchangeSite) -> None:
    follower, south, other = desk
    served = Host()
    assert other.lease() is not None

    def told(keys: tuple[tuple[str, str], ...], now: float) -> str:
        other.report(HostReport("north", "000000a1", 6, True, keys, b"{}"))
        follower.tell(served, None, "", now)
        return read_status(south.state_dir).problem

    differing = site.host("north", more='[numbers]\nregion = "DE"\n').keys
    with capture_logs() as logged:
        assert "numbers.region. Compare both files" in told(differing, 10.0)
        assert "numbers.region" in told(differing, 20.0)
        assert "" == told(south.keys, 30.0)
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
    desk: Desk, site: ExchangeSite
) -> None:
    follower, south, other = desk
    lead(other, site.host("north"), hold(south))
    assert accept_held(south.state_dir, "staff", "d1")
    follower.tell(Host(), None, "", 10.0)
    follower.pass_on_requests()
    assert (Request(control.ACCEPT, "staff", "d1"),) == other.requests(builds=True)


def test_a_follower_goes_on_if_a_held_result_cannot_be_loaded(
    desk: Desk, site: ExchangeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another release saved it, in another form of the store."""
    follower, south, other = desk
    lead(other, site.host("north"), SourceStatus(state="held", held_since=1.0))
    monkeypatch.setattr("app.state.source_copies.FORM", 99)
    with capture_logs() as logged:
        follower.tell(Host(), None, "", 10.0)
        follower.tell(Host(), None, "", 20.0)
    assert ["source_not_restored"] == [line["event"] for line in logged]
    assert "held" == state(south)


def test_requests_that_cannot_be_taken_are_left_for_the_next_host(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower, _, other = desk
    other.ask(Request(control.ACCEPT, "staff", "d1"))
    other.ask(Request(control.FULL, "staff"))

    def fail(*_: object) -> bool:
        raise StoreError("the store cannot be written")

    monkeypatch.setattr("app.build.host_desk.accept_held", fail)
    with pytest.raises(StoreError):
        follower.take_requests(builds=True)
    expected = (Request(control.ACCEPT, "staff", "d1"), Request(control.FULL, "staff"))
    assert expected == other.requests(builds=True)


def test_a_host_builds_from_the_takeover_on(desk: Desk) -> None:
    """Also while the first build goes on, and there is no builder yet."""
    follower, south, other = desk
    lease = other.lease()
    follower.tell(Host(lease=lease, has_taken_over=True), None, "", 10.0)
    exchange = read_status(south.state_dir).exchange
    assert exchange is not None and exchange.builds

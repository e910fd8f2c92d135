"""The requests that a host passes on to the host that builds, and takes from others."""

from contextlib import closing

import pytest
from structlog.testing import capture_logs

from app.build.host_exchange import open_exchange
from app.build.host_requests import HostRequests
from app.exchange.base import ExchangeError
from app.state import control
from app.state.control import Request
from app.state.store import Store, StoreError
from tests.support.servers.exchange_site import ExchangeSite, HostPair, received


def test_a_request_for_a_source_is_passed_on_and_taken(pair: HostPair) -> None:
    requests = HostRequests(pair.settings, pair.exchange, pair.store)
    south, other = pair.settings, pair.other
    control.send(south.state_dir, control.REFRESH, "staff")
    assert not requests.pass_on()
    assert () == received(south)
    assert (Request(control.REFRESH, "staff"),) == other.requests(builds=True)
    other.ask(Request(control.FULL, "staff"))
    other.ask(Request(control.RELOAD))
    requests.take(builds=True)
    assert {Request(control.FULL, "staff"), Request(control.RELOAD)} == set(received(south))


def test_a_request_for_an_unknown_source_is_refused(pair: HostPair) -> None:
    requests = HostRequests(pair.settings, pair.exchange, pair.store)
    south, other = pair.settings, pair.other
    other.ask(Request(control.REFRESH, "board"))
    other.ask(Request(control.ACCEPT, "board", "d1"))
    with capture_logs() as logged:
        requests.take(builds=True)
    assert () == received(south)
    assert [("request_of_another_host_refused", verb) for verb in ("refresh", "accept")] == [
        (line["event"], line["verb"]) for line in logged
    ]


def test_a_result_that_is_not_held_any_more_is_not_accepted(pair: HostPair) -> None:
    requests = HostRequests(pair.settings, pair.exchange, pair.store)
    south, other = pair.settings, pair.other
    other.ask(Request(control.ACCEPT, "staff", "d1"))
    with capture_logs() as logged:
        requests.take(builds=True)
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
        requests = HostRequests(south, exchange, store)
        for request in sent:
            control.send(south.state_dir, request.verb, request.source)
        with pytest.raises(ExchangeError):
            requests.pass_on()
    assert tuple(sent) == received(south)


def test_damage_is_noticed_once_the_rest_is_passed_on(pair: HostPair) -> None:
    requests = HostRequests(pair.settings, pair.exchange, pair.store)
    south, other = pair.settings, pair.other
    control.send(south.state_dir, control.REBUILD)
    control.send(south.state_dir, control.REFRESH, "staff")
    assert requests.pass_on()
    assert (Request(control.REFRESH, "staff"),) == other.requests(builds=True)
    assert () == received(south)


def test_requests_that_cannot_be_taken_are_left_for_the_next_host(
    pair: HostPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = HostRequests(pair.settings, pair.exchange, pair.store)
    other = pair.other
    other.ask(Request(control.ACCEPT, "staff", "d1"))
    other.ask(Request(control.FULL, "staff"))

    def fail(*_: object) -> bool:
        raise StoreError("the store cannot be written")

    monkeypatch.setattr("app.build.host_requests.accept_held", fail)
    with pytest.raises(StoreError):
        requests.take(builds=True)
    expected = (Request(control.ACCEPT, "staff", "d1"), Request(control.FULL, "staff"))
    assert expected == other.requests(builds=True)

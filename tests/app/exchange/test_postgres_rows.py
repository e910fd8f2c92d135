"""Rows that are old, or that another release wrote, harm no host."""

import pytest

from app.exchange import postgres
from app.exchange.base import ExchangeError, HostReport
from app.state import control
from app.state.control import Request
from tests.app.exchange.databases import Database

Logged = list[tuple[str, dict[str, object]]]
LATE = "UPDATE directory_gateway.request SET at = at - interval '{}'"


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Logged:
    """Return a list of the warnings that are logged from now on."""
    warnings: Logged = []
    monkeypatch.setattr(
        postgres._log, "warning", lambda event, **facts: warnings.append((event, facts))
    )
    return warnings


@pytest.mark.parametrize("keys", ["", "{", "null", "[[1, 2, 3]]", '{"port": "12ab"}'])
def test_keys_in_another_form_are_none(database: Database, keys: str) -> None:
    first = database.host("first")
    first.exchange.report(HostReport("berlin", "", 6, False, (("port", "12ab"),)))
    database.run(f"UPDATE directory_gateway.host SET keys = '{keys}'")
    assert [()] == [report.keys for report in first.exchange.hosts()]


def test_a_version_never_leads_out_of_the_state_directory(database: Database) -> None:
    first = database.host("first")
    first.publish("000000a1")
    with database.server.admin(database.name) as connection:
        # Without checks of references between tables.
        connection.execute("SET session_replication_role = replica")
        for table in ("generation", "pointer"):
            connection.execute(f"UPDATE directory_gateway.{table} SET version = '../a'")
    with pytest.raises(ExchangeError, match="cannot be part of a file's name"):
        first.exchange.current()


def test_unknown_requests_are_refused_and_logged_once(database: Database, logged: Logged) -> None:
    first, second = database.host("first"), database.host("second")
    for request in (Request("../pwned"), Request(control.REFRESH, "staff"), Request("rewind")):
        second.exchange.ask(request)
    database.run(
        "INSERT INTO directory_gateway.request (verb, source, digest, is_for_all)"
        " VALUES ('answer', '', '', true)"
    )
    assert (Request(control.REFRESH, "staff"),) == first.exchange.requests(builds=True)
    assert () == first.exchange.requests(builds=True)
    assert [("requests_refused", {"count": 3})] == logged


def test_a_host_that_starts_does_not_read_its_configuration_again(database: Database) -> None:
    first = database.host("first")
    first.exchange.ask(Request(control.RELOAD))
    database.run(LATE.format("2 minutes"))
    assert () == database.host("second").exchange.requests(builds=False)
    first.exchange.ask(Request(control.RELOAD))
    assert (Request(control.RELOAD),) == first.exchange.requests(builds=False)


def test_requests_that_nobody_took_are_logged_once(database: Database, logged: Logged) -> None:
    first = database.host("first")
    report = HostReport("berlin", "", 6, False)
    for verb in (control.RELOAD, control.REFRESH, control.ACCEPT):
        first.exchange.ask(Request(verb, "staff"))
    first.exchange.report(report)
    assert [] == logged
    database.run(LATE.format("61 minutes"))
    first.exchange.report(report)
    first.exchange.report(report)
    assert [("requests_expired", {"count": 2})] == logged
    assert () == first.exchange.requests(builds=True)

"""A host of several that fails: its disk, its store, its lease, its id."""

import errno
import shutil
from collections.abc import MutableMapping, Sequence
from functools import partial

import pytest
from structlog.testing import capture_logs

from app.build.builder import Builder
from app.build.host import HostLoop
from app.build.lease_keeper import LeaseKeeper
from app.exchange import decisions
from app.exchange.base import ExchangeError, Lease
from app.exchange.decisions import Host
from app.exchange.postgres import PostgresExchange
from app.generation.files import (
    current_version,
    publish,
)
from app.settings.loader import Settings
from app.state import control, host_id
from app.state.host_id import read_host_id
from app.state.status import read_status
from tests.support.servers.exchange_site import ExchangeSite, received, running, shows
from tests.support.servers.gateway import eventually


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No host can write what it fetches; it tries again soon."""

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("app.exchange.postgres_files.read_files", fail)
    monkeypatch.setattr(decisions, "MAX_RETRY_SECONDS", 0.1)


def seen(logged: Sequence[MutableMapping[str, object]], event: str) -> bool:
    return any(line["event"] == event for line in logged)


@pytest.mark.usefixtures("full_disk")
def test_a_host_that_cannot_fetch_gives_the_lease_back(site: ExchangeSite) -> None:
    north, south = site.host("north"), site.host("south")
    site.write("Ann")
    with running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")
    with capture_logs() as logged, running(south):
        eventually(lambda: seen(logged, "lease_given_back"), "that it gives it back")
        site.write("Ann", "Ben")
        with running(north):
            eventually(lambda: shows(north, "Ann", "Ben"), "that another one builds")
    assert current_version(south.state_dir) is None


@pytest.mark.usefixtures("full_disk")
def test_a_host_with_a_full_disk_reports_and_passes_on_requests(site: ExchangeSite) -> None:
    north, south = site.host("north"), site.host("south")
    site.write("Ann")
    with running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")
        with running(south):
            eventually(lambda: "No space" in read_status(south.state_dir).problem, "why")
            control.send(south.state_dir, control.REFRESH, "staff")
            eventually(lambda: () == received(south), "that it is passed on")


def test_a_builder_that_cannot_write_gives_the_lease_back(
    site: ExchangeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.build.host_reports.REPORT_SECONDS", 0.1)
    north = site.host("north")
    site.write("Ann")
    with capture_logs() as logged, running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")

        def fail(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("app.build.status_writer.write_status", fail)
        for _ in range(3):
            control.send(north.state_dir, control.REFRESH, "staff")
        eventually(lambda: seen(logged, "lease_given_back"), "that it gives it back")
        eventually(lambda: seen(logged, "lease_lost"), "that it follows")
    assert not seen(logged, "exchange_failing")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE directory_gateway.part SET data = 'damaged'",
        "DELETE FROM directory_gateway.part",
    ],
)
def test_a_host_takes_over_from_a_damaged_publication(site: ExchangeSite, damage: str) -> None:
    north, south = site.host("north"), site.host("south")
    site.write("Ann")
    with running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")
    site.run(damage)
    with running(south):
        eventually(lambda: shows(south, "Ann"), "a build")


def test_a_damaged_store_of_a_builder_is_remembered(
    site: ExchangeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker sets it aside."""
    north = site.host("north")
    loop = HostLoop(north, publish=publish)
    loop.prepare()
    loop.start()
    monkeypatch.setattr(Builder, "store_damaged", lambda _: True)
    loop.run()
    assert loop.store_damaged()


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), ExchangeError("down")])
def test_the_lease_is_asked_for_again_after_an_error(error: Exception) -> None:
    asked = FailingLease(error)
    keeper = LeaseKeeper(asked, Host(asked=-100.0))
    keeper.start()
    eventually(lambda: keeper.knows.lease is not None, "the lease")
    keeper.stop()
    assert ("", None) == (keeper.problem, keeper.crash)


def test_a_lease_thread_that_crashes_ends_the_host(
    site: ExchangeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PostgresExchange, "lease", FailingLease(RuntimeError("broken")).lease)
    loop = HostLoop(site.host("north"), publish=publish)
    loop.prepare()
    loop.start()
    with pytest.raises(RuntimeError, match="broken"):
        loop.run()


class FailingLease(PostgresExchange):
    """Grants the lease at the second question."""

    def __init__(self, error: Exception) -> None:
        self._errors = [error]

    def lease(self, *_: object, respite: float = 0.0) -> Lease | None:
        if self._errors:
            raise self._errors.pop()
        return Lease(1, "one", 15.0)

    def release(self) -> None: ...


def problem(settings: Settings) -> str:
    return read_status(settings.state_dir).problem


def test_of_two_hosts_with_one_id_the_later_one_builds(
    site: ExchangeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They do not take the lease from each other; the other one says what to do."""
    monkeypatch.setattr("app.build.host_reports.REPORT_SECONDS", 0.1)
    north, south = site.host("north"), site.host("south")
    read_host_id(north.state_dir)
    shutil.copy(north.state_dir / host_id.FILE, south.state_dir)
    site.write("Ann")
    with running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")
        with capture_logs() as logged:
            with running(south):
                eventually(lambda: problem(north), "what is wrong")
                site.write("Ann", "Ben")
                control.send(north.state_dir, control.REFRESH, "staff")
                for settings in (north, south):
                    eventually(partial(shows, settings, "Ann", "Ben"), "the change")
                assert not problem(south)
            # Its last report counts for as long as a lease.
            assert "Another running host, south, has the same host.id" in problem(north)
            assert f"delete {north.state_dir / host_id.FILE}" in problem(north)
            site.run("UPDATE directory_gateway.host SET at = at - interval '1 minute'")
            eventually(lambda: not problem(north), "that it is over")
            site.write("Ann", "Ben", "Cat")
            eventually(lambda: shows(north, "Ann", "Ben", "Cat"), "what it built")
    assert [2, 3] == [line["epoch"] for line in logged if line["event"] == "lease_taken"]
    assert ["south"] == [line["host"] for line in logged if line["event"] == "host_id_copied"]


def test_a_host_that_is_started_again_is_not_another_one(
    site: ExchangeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.build.host_reports.REPORT_SECONDS", 0.1)
    north = site.host("north")
    site.write("Ann")
    with capture_logs() as logged:
        for names in (("Ann",), ("Ann", "Ben"), ("Ann", "Ben", "Cat")):
            site.write(*names)
            with running(north):
                eventually(partial(shows, north, *names), "what it built")
    assert "host_id_copied" not in [line["event"] for line in logged]

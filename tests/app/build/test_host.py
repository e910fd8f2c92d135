"""A host of several on a real PostgreSQL: whose data it builds from, and its requests."""

import errno
import shutil
import sqlite3
import threading
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs

from app.build.builder import Builder
from app.build.host import HostLoop
from app.build.host_desk import HostDesk
from app.build.host_exchange import open_exchange
from app.build.lease_keeper import LeaseKeeper
from app.exchange import decisions
from app.exchange.base import ExchangeError, HostReport, Lease
from app.exchange.decisions import Host
from app.exchange.postgres import PostgresExchange
from app.generation.files import (
    current_version,
    file_digest,
    file_name,
    publish,
    read_current,
)
from app.generation.reader import OtherVersion
from app.refresh.acceptance import accept_held
from app.settings.loader import Settings
from app.state import control, host_id
from app.state.control import Request
from app.state.directory import prepare_state_dir
from app.state.held_results import Held
from app.state.host_id import read_host_id
from app.state.source_copies import SourceCopies
from app.state.status import SourceStatus, Status, read_status
from app.state.store import Store, StoreError
from connectors.base import Full
from tests.support.offline_gateway import configured, rows
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import eventually
from tests.support.servers.postgres import PostgresServer, running_postgres


class Site:
    """Hosts that share a database and a file of contacts."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._database = server.new_database()
        self.contacts = folder / "contacts.csv"
        (folder / "password").write_text(server.password)

    def write(self, *names: str) -> None:
        """Replace the contacts by people with these names."""
        lines = [f"{name},08955501{number:02}" for number, name in enumerate(names)]
        draft = self.contacts.with_name("draft")
        draft.write_text("\n".join(["name,work", *lines]) + "\n")
        draft.replace(self.contacts)

    def host(self, name: str, more: str = "", url: str = "") -> Settings:
        """Return the settings of a host, whose state directory is there."""
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        settings = configured(
            folder,
            f'[sources.staff]\nconnector = "csv"\npath = "{self.contacts}"\n{more}'
            f'[exchange]\nurl = "{url or self._server.url(self._database)}"\n'
            f'password_file = "{self._folder / "password"}"\nname = "{name}"\n',
        )
        prepare_state_dir(settings.state_dir)
        return settings

    def run(self, statement: str) -> None:
        """Execute a statement as the superuser, in this database."""
        with self._server.admin(self._database) as connection:
            connection.execute(statement)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres() as running:
        yield running


@pytest.fixture
def site(server: PostgresServer, tmp_path: Path) -> Site:
    return Site(server, tmp_path)


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Let a host build or follow, until the end."""
    loop = HostLoop(settings, publish=publish)
    loop.prepare()
    loop.start()
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        yield
    finally:
        loop.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def shows(settings: Settings, *names: str) -> bool:
    """Return whether what a host serves can be read, and has these people."""
    if current_version(settings.state_dir) is None:
        return False
    try:
        return list(names) == [name for name, _ in rows(settings)]
    except OtherVersion:
        return False


def state(settings: Settings) -> str:
    return read_status(settings.state_dir).sources.get("staff", SourceStatus()).state


def saved_sources(settings: Settings) -> tuple[str, ...]:
    """Return the sources of which the exchange can restore data."""
    folder = settings.state_dir.with_name("restored")
    prepare_state_dir(folder)
    store = Store(folder)
    store.open("test")
    with closing(open_exchange(settings, as_host=False)) as exchange:
        return tuple(
            name for name in ("family", "staff") if exchange.load(SourceCopies(store), name)
        )


def test_a_host_takes_over_what_another_one_read(site: Site) -> None:
    """It does not read the source: that is not there any more."""
    north, south = site.host("north"), site.host("south")
    site.write("Ann", "Ben")
    with running(north):
        eventually(lambda: shows(north, "Ann", "Ben"), "what it built")
    site.contacts.unlink()
    with running(south):
        eventually(lambda: state(south) == "failing", "that it builds")
        assert shows(south, "Ann", "Ben")
    assert 2 == Store(south.state_dir).record("staff").contacts


def test_what_was_saved_of_a_removed_source_is_deleted(site: Site) -> None:
    more = f'[sources.family]\nconnector = "csv"\npath = "{site.contacts}"\n'
    site.write("Ann")
    before = site.host("north", more)
    with running(before):
        eventually(lambda: state(before) == "ok", "that it was read")
        eventually(lambda: saved_sources(before) == ("family", "staff"), "that both are saved")
    after = site.host("north")
    with running(after):
        eventually(lambda: saved_sources(after) == ("staff",), "that one is deleted")


def test_a_host_with_older_data_reads_before_it_builds(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the other one saved is lost, and the source is not there for now."""
    monkeypatch.setattr("app.build.builder.RETRY_BUILD", 0.1)
    north, south = site.host("north"), site.host("south")
    site.write("Ann")
    with running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")
    site.write("Ann", "Ben")
    with running(south):
        eventually(lambda: shows(south, "Ann", "Ben"), "what it built")
    site.run("DELETE FROM directory_gateway.source")
    away = site.contacts.rename(site.contacts.with_name("away"))
    with capture_logs() as logged, running(north):
        eventually(lambda: state(north) == "failing", "that it tried to read")
        assert shows(north, "Ann", "Ben")
        away.rename(site.contacts)
        site.write("Ann", "Ben", "Cat")
        control.send(north.state_dir, control.REFRESH, "staff")
        eventually(lambda: shows(north, "Ann", "Ben", "Cat"), "the change")
    built = [line["rows"] for line in logged if line["event"] == "generation_published"]
    assert [3] == built


def test_a_host_whose_own_data_phones_see_builds_with_them(site: Site) -> None:
    """What it saved is lost; it needs no source to go on."""
    north = site.host("north")
    site.write("Ann", "Ben")
    with running(north):
        eventually(lambda: shows(north, "Ann", "Ben"), "what it built")
    site.run("DELETE FROM directory_gateway.source")
    site.contacts.unlink()
    north = site.host("north", more='[books.staff]\ntitle = "Everybody"\nsources = ["staff"]\n')
    with capture_logs() as logged, running(north):
        eventually(
            lambda: any(line["event"] == "generation_published" for line in logged), "a build"
        )
        assert shows(north, "Ann", "Ben")


def serve_another_schema(settings: Settings) -> None:
    """Make what a host serves a generation of another release, undamaged."""
    folder, found = settings.state_dir, read_current(settings.state_dir)
    path = folder / file_name(found.version)
    path.chmod(0o600)
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
        file.commit()
    publish(folder, replace(found, digest=file_digest(path)))


def test_a_host_that_cannot_read_what_is_served_reads_before_it_builds(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its store is older; what was saved is lost, and the source is not there."""
    monkeypatch.setattr("app.build.builder.RETRY_BUILD", 0.1)
    north, south = site.host("north"), site.host("south")
    site.write("Ann")
    with running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")
    site.write("Ann", "Ben")
    with running(south):
        eventually(lambda: shows(south, "Ann", "Ben"), "what it built")
    site.run("DELETE FROM directory_gateway.source")
    site.run("UPDATE directory_gateway.generation SET schema = 99")
    serve_another_schema(north)
    away = site.contacts.rename(site.contacts.with_name("away"))
    with capture_logs() as logged, running(north):
        eventually(lambda: state(north) == "failing", "that it tried to read")
        away.rename(site.contacts)
        site.write("Ann", "Ben", "Cat")
        control.send(north.state_dir, control.REFRESH, "staff")
        eventually(lambda: shows(north, "Ann", "Ben", "Cat"), "the change")
    built = [line["rows"] for line in logged if line["event"] == "generation_published"]
    assert [3] == built


def test_a_generation_of_another_schema_is_not_published_again(site: Site) -> None:
    """It is built anew: other hosts would take it for one that they can read."""
    north, south = site.host("north"), site.host("south")
    site.write("Ann")
    with running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")
    site.run("DELETE FROM directory_gateway.pointer")
    serve_another_schema(north)
    with capture_logs() as logged, running(north), running(south):
        eventually(lambda: shows(north, "Ann") and shows(south, "Ann"), "a build")
    events = [line["event"] for line in logged]
    assert "generation_published_again" not in events
    assert "generation_not_used" not in events


def test_a_host_reads_a_source_of_which_the_saved_data_are_damaged(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.build.builder.RETRY_BUILD", 0.1)
    north, south = site.host("north"), site.host("south")
    site.write("Ann", "Ben")
    with running(north):
        eventually(lambda: shows(north, "Ann", "Ben"), "what it built")
    site.run("UPDATE directory_gateway.source_part SET data = 'damaged'")
    site.write("Ann", "Ben", "Cat")
    with capture_logs() as logged, running(south):
        eventually(lambda: shows(south, "Ann", "Ben", "Cat"), "the change")
    assert "source_not_restored" in [line["event"] for line in logged]


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
def test_a_host_that_cannot_fetch_gives_the_lease_back(site: Site) -> None:
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
def test_a_host_with_a_full_disk_reports_and_passes_on_requests(site: Site) -> None:
    north, south = site.host("north"), site.host("south")
    site.write("Ann")
    with running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")
        with running(south):
            eventually(lambda: "No space" in read_status(south.state_dir).problem, "why")
            control.send(south.state_dir, control.REFRESH, "staff")
            eventually(lambda: () == received(south), "that it is passed on")


def test_a_builder_that_cannot_write_gives_the_lease_back(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.build.host_desk.TELL_SECONDS", 0.1)
    north = site.host("north")
    site.write("Ann")
    with capture_logs() as logged, running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")

        def fail(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("app.build.builder.write_status", fail)
        monkeypatch.setattr("app.build.host_desk.write_status", fail)
        for _ in range(3):
            control.send(north.state_dir, control.REFRESH, "staff")
        eventually(lambda: seen(logged, "lease_given_back"), "that it gives it back")
        eventually(lambda: seen(logged, "lease_lost"), "that it follows")
    assert not seen(logged, "exchange_failing")


def test_a_host_takes_over_from_a_damaged_publication(site: Site) -> None:
    north, south = site.host("north"), site.host("south")
    site.write("Ann")
    with running(north):
        eventually(lambda: shows(north, "Ann"), "what it built")
    site.run("UPDATE directory_gateway.part SET data = 'damaged'")
    with running(south):
        eventually(lambda: shows(south, "Ann"), "a build")


def test_a_damaged_store_of_a_builder_is_remembered(
    site: Site, monkeypatch: pytest.MonkeyPatch
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
    site: Site, monkeypatch: pytest.MonkeyPatch
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

    def lease(self, *_: object) -> Lease | None:
        if self._errors:
            raise self._errors.pop()
        return Lease(1, "one", 15.0)

    def release(self) -> None: ...


@pytest.fixture
def desk(site: Site) -> Iterator[tuple[HostDesk, Settings, PostgresExchange]]:
    """The desk of a host, and the exchange as another one sees it."""
    south = site.host("south")
    with closing(open_exchange(south)) as mine, closing(open_exchange(site.host("north"))) as other:
        store = Store(south.state_dir)
        store.open("test")
        yield HostDesk(south, mine, store, "run"), south, other


Desk = tuple[HostDesk, Settings, PostgresExchange]


def received(settings: Settings) -> tuple[Request, ...]:
    return control.receive(
        settings.state_dir, control.REFRESH, control.FULL, control.REBUILD, control.RELOAD
    )


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


def test_requests_that_cannot_be_passed_on_stay(site: Site) -> None:
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


def test_keys_that_differ_are_named_until_they_are_alike(desk: Desk, site: Site) -> None:
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
    desk: Desk, site: Site
) -> None:
    follower, south, other = desk
    lead(other, site.host("north"), hold(south))
    assert accept_held(south.state_dir, "staff", "d1")
    follower.tell(Host(), None, "", 10.0)
    follower.pass_on_requests()
    assert (Request(control.ACCEPT, "staff", "d1"),) == other.requests(builds=True)


def test_a_follower_goes_on_if_a_held_result_cannot_be_loaded(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
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


def problem(settings: Settings) -> str:
    return read_status(settings.state_dir).problem


def test_of_two_hosts_with_one_id_the_later_one_builds(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They do not take the lease from each other; the other one says what to do."""
    monkeypatch.setattr("app.build.host_desk.TELL_SECONDS", 0.1)
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
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.build.host_desk.TELL_SECONDS", 0.1)
    north = site.host("north")
    site.write("Ann")
    with capture_logs() as logged:
        for names in (("Ann",), ("Ann", "Ben"), ("Ann", "Ben", "Cat")):
            site.write(*names)
            with running(north):
                eventually(partial(shows, north, *names), "what it built")
    assert "host_id_copied" not in [line["event"] for line in logged]

"""A host of several on a real PostgreSQL: from whose data it builds."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from app.generation.files import (
    file_digest,
    file_name,
    publish,
    read_current,
)
from app.settings.loader import Settings
from app.state import control
from app.state.store import Store
from tests.support.servers.exchange_site import ExchangeSite, running, saved_sources, shows, state
from tests.support.servers.gateway import eventually


def test_a_host_takes_over_what_another_one_read(site: ExchangeSite) -> None:
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


def test_what_was_saved_of_a_removed_source_is_deleted(site: ExchangeSite) -> None:
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
    site: ExchangeSite, monkeypatch: pytest.MonkeyPatch
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


def test_a_host_whose_own_data_phones_see_builds_with_them(site: ExchangeSite) -> None:
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
    site: ExchangeSite, monkeypatch: pytest.MonkeyPatch
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


def test_a_generation_of_another_schema_is_not_published_again(site: ExchangeSite) -> None:
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
    site: ExchangeSite, monkeypatch: pytest.MonkeyPatch
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

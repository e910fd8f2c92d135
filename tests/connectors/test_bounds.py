"""Every connector gives up a list without an end while it reads it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.refresh.source_thread import fetch_once
from app.settings.loader import parse
from connectors.base import Full, SourceRefused, bounded_progress, check_count
from tests.connectors.contract import WORK, person
from tests.connectors.google.server import GoogleWorld, google_world
from tests.support import contacts
from tests.support.fakes.people_api import CONNECTIONS, GROUPS
from tests.support.offline_gateway import configured


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with google_world(tmp_path) as world:
        world.put(*(person(str(n), WORK) for n in range(5001)))
        yield world


def bound(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr("connectors.base.MAX_CONTACTS", count)


def test_the_bound_is_two_million() -> None:
    check_count(2_000_000)
    with pytest.raises(
        SourceRefused,
        match=(
            r"more than 2,000,000 contacts, which no phonebook holds; nothing of it was taken\."
            r" Check"
        ),
    ):
        check_count(2_000_001)


def test_progress_is_told_up_to_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, 10)
    seen: list[tuple[int, int | None]] = []
    progress = bounded_progress(lambda done, total: seen.append((done, total)))
    progress(10, 12)
    with pytest.raises(SourceRefused):
        progress(11, None)
    assert [(10, 12)] == seen
    bounded_progress(None)(10, None)


def test_pages_are_asked_for_no_longer_than_the_bound(
    world: GoogleWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound(monkeypatch, 2500)
    settings = parse(
        {"sources": {"staff": {"connector": "csv", "path": "x.csv"}}}, tmp_path / "gateway.toml"
    )
    source = settings.sources[0].__class__(
        "google",
        "google",
        world.connector(),
        900.0,
        60.0,
        0.5,
        allow_empty=False,
        hold=1.0,
        fingerprint="x",
    )
    outcome = fetch_once(source, None)
    assert isinstance(outcome, SourceRefused) and "more than 2,500 contacts" in str(outcome)
    assert 3 == world.api.requests[CONNECTIONS]


def test_groups_are_bounded_too(world: GoogleWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, 0)
    with pytest.raises(SourceRefused, match="more than 0 contacts"):
        world.connector().fetch(None)
    assert 1 == world.api.requests[GROUPS]


@pytest.mark.parametrize("rows, taken", [(12, True), (13, False)])
def test_the_whole_result_is_counted_where_nothing_was_told_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, taken: bool
) -> None:
    bound(monkeypatch, 12)
    (source,) = configured(tmp_path, contacts.CONFIG).sources
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(rows)))
    outcome = fetch_once(source, None)
    assert taken == isinstance(outcome, Full) and taken != isinstance(outcome, SourceRefused)

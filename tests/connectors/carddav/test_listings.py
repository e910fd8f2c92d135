"""A complete listing finds what incremental answers left out.

It is made once a day, and whenever a token changed without a row.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.refresh.refresher import Refresher
from app.settings.loader import parse
from app.state.store import Store
from connectors.base import Delta
from connectors.carddav import connector
from tests.connectors.carddav.server import connector_for, five_people
from tests.connectors.contract import applied, by_id, everything, names
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_answers import Raw, multistatus
from tests.support.fakes.dav_server import Dialect, FakeDav, Seen
from tests.support.patience import PATIENCE

LISTING = b"<prop><getetag/><resourcetype/></prop></propfind>"
DAY = 86_400.0


@pytest.fixture
def fake() -> Iterator[FakeDav]:
    yield from five_people()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the connector's clock so many seconds ahead."""
    start = time.time()

    def jump(seconds: float) -> None:
        monkeypatch.setattr(connector.time, "time", lambda: start + seconds)

    return jump


def _silent(fake: FakeDav) -> None:
    """Let a sync-collection with a token return a new token and no row.

    Some servers do so for shared books and restored databases.
    """

    def silent(seen: Seen) -> Raw | None:
        if b"sync-collection" not in seen.body or b"<sync-token></sync-token>" in seen.body:
            return None
        _, _, token = fake.answer(seen).body.decode().partition("<sync-token>")
        return multistatus(tail=f"<sync-token>{token.partition('<')[0]}</sync-token>")

    fake.faults.append(silent)


def _change_all(fake: FakeDav) -> None:
    fake.delete("2.vcf")
    fake.put("3.vcf", card("UID:u3", "FN:Bea 3"))
    fake.put("9.vcf", card("FN:Cid"))


CHANGES: dict[str, Callable[[FakeDav], None]] = {
    "a deletion": lambda fake: fake.delete("2.vcf"),
    "a change": lambda fake: fake.put("2.vcf", card("UID:u2", "FN:Bea 2")),
    "a new card": lambda fake: fake.put("9.vcf", card("UID:u9", "FN:Bea 9")),
    "all of them": _change_all,
}


@pytest.mark.parametrize(
    "dialect", [Dialect(), Dialect(tokens_in_properties=False), Dialect(ctag=True), Dialect(page=3)]
)
@pytest.mark.parametrize("change", CHANGES)
def test_a_token_that_moves_without_a_row_is_answered_by_a_whole_listing(
    fake: FakeDav, dialect: Dialect, change: str
) -> None:
    fake.dialect = dialect
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    _silent(fake)
    CHANGES[change](fake)
    fake.seen.clear()
    second = connector.fetch(first.checkpoint)
    assert isinstance(second, Delta)
    assert 1 == sum(LISTING in seen.body for seen in fake.seen)
    assert len(second.changed) == sum(seen.body.count(b"<href>") for seen in fake.seen)
    fake.faults.clear()
    assert by_id(everything(connector)) == applied(by_id(first), second)


def test_a_token_that_went_back_is_answered_by_a_whole_listing(fake: FakeDav) -> None:
    """A database restored from its backup has fewer cards and an older token.

    It has no row for the newer token.
    """
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    answers = {
        b"<sync-token/>": (
            fake.answer(Seen("PROPFIND", "/dav/", "1", "", "", b"")).body.replace(
                b"urn:token:5", b"urn:token:3"
            )
        ),
        b"<sync-level>": multistatus(tail="<sync-token>urn:token:3</sync-token>").body,
    }
    del fake.cards["4.vcf"]
    fake.faults.append(
        lambda seen: next(
            (Raw(207, body) for word, body in answers.items() if word in seen.body), None
        )
    )
    second = connector.fetch(first.checkpoint)
    assert isinstance(second, Delta)
    assert ((), ("/dav/book/4.vcf",)) == (second.changed, second.removed)


def test_an_unmoved_token_costs_no_listing(fake: FakeDav) -> None:
    fake.dialect = Dialect(tokens_in_properties=False)
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    fake.seen.clear()
    assert Delta(checkpoint=first.checkpoint) == connector.fetch(first.checkpoint)
    assert not any(LISTING in seen.body for seen in fake.seen)


@pytest.mark.parametrize(
    "dialect", [Dialect(), Dialect(sync=False, ctag=True), Dialect(tokens_in_properties=False)]
)
def test_once_a_day_a_whole_listing_finds_what_no_change_told(
    fake: FakeDav, later: Callable[[float], None], dialect: Dialect
) -> None:
    fake.dialect = dialect
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    del fake.cards["2.vcf"]
    fake.cards["3.vcf"], fake._revisions["3.vcf"] = card("UID:u3", "FN:Bea 3").encode(), 77
    later(DAY - 60)
    early = connector.fetch(first.checkpoint)
    if dialect.sync:
        assert Delta(checkpoint=first.checkpoint) == early
    later(DAY + 60)
    fake.seen.clear()
    second = connector.fetch(first.checkpoint)
    assert isinstance(second, Delta)
    assert (["Bea 3"], ("/dav/book/2.vcf",)) == (
        [one.name for one in second.changed],
        second.removed,
    )
    assert 1 == sum(seen.body.count(b"<href>") for seen in fake.seen)
    fake.seen.clear()
    later(DAY + 120)
    assert Delta(checkpoint=second.checkpoint) == connector.fetch(second.checkpoint)
    assert ["PROPFIND /dav/"] == fake.requests[:1]


def test_a_deletion_that_is_missing_beside_other_rows_is_found_within_a_day(
    fake: FakeDav, later: Callable[[float], None]
) -> None:
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    del fake.cards["2.vcf"]
    fake.put("9.vcf", card("FN:Ann 9"))
    second = connector.fetch(first.checkpoint)
    assert isinstance(second, Delta)
    assert (["Ann 9"], ()) == ([one.name for one in second.changed], second.removed)
    later(DAY + 60)
    third = connector.fetch(second.checkpoint)
    assert isinstance(third, Delta)
    assert ((), ("/dav/book/2.vcf",)) == (third.changed, third.removed)


def test_a_clock_that_was_set_back_puts_no_listing_off(
    fake: FakeDav, later: Callable[[float], None]
) -> None:
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    del fake.cards["2.vcf"]
    later(-3 * DAY)
    assert isinstance(second := connector.fetch(first.checkpoint), Delta)
    assert ("/dav/book/2.vcf",) == second.removed


CANNOT_LIST = {
    "403": Raw(403),
    "500": Raw(500),
    "413": Raw(413),
    "cut": multistatus(
        "<response><href>/dav/book/</href><status>HTTP/1.1 507 No</status></response>"
    ),
}


@pytest.mark.parametrize("form", CANNOT_LIST)
def test_a_server_that_cannot_list_by_propfind_is_listed_by_its_report(
    fake: FakeDav, later: Callable[[float], None], form: str
) -> None:
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    del fake.cards["2.vcf"]
    fake._history.remove("2.vcf")
    later(DAY + 60)
    fake.faults.append(lambda seen: CANNOT_LIST[form] if LISTING in seen.body else None)
    second = connector.fetch(first.checkpoint)
    assert isinstance(second, Delta)
    assert ("/dav/book/2.vcf",) == second.removed


def test_another_release_reads_every_card_anew(
    fake: FakeDav, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    monkeypatch.setattr("connectors.carddav.checkpoint._release", lambda: "another")
    again = connector.fetch(first.checkpoint)
    assert (
        names(first) == sorted(one.name for one in again.contacts)
        if not isinstance(again, Delta)
        else False
    )


def test_the_refresher_leaves_the_daily_reading_to_the_connector(
    fake: FakeDav, tmp_path: Path
) -> None:
    data = {
        "state_dir": str(tmp_path),
        "sources": {"team": {"connector": "carddav", "url": f"{fake.url}/", "timeout": PATIENCE}},
    }
    (source,) = parse(data, tmp_path / "gateway.toml").sources
    store = Store(tmp_path)
    store.open("now")
    now = [1_000_000.0]
    refresher = Refresher(source, store, clock=lambda: now[0])
    assert refresher.since() is None
    first = everything(source.connector)
    refresher.handle_result(first)
    now[0] += 30 * DAY
    assert first.checkpoint == refresher.since()

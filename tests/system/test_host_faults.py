"""A minute of random faults of several hosts, and what counts as an error in it."""

import asyncio
import random
import secrets
from pathlib import Path

import pytest

from app.phones.strict.judge import OpenedPage
from app.phones.strict.objects import DirectoryObject, Entry
from app.phones.strict.response import Answer
from tests.bench import soak_phones
from tests.bench.host_faults import HOSTS
from tests.bench.host_faults_run import Plan, Watched, watch_faults
from tests.bench.host_faults_site import running_faulty_site
from tests.bench.host_faults_watch import Pages, Round, Sighting, lags, went_back
from tests.support.patience import PATIENCE
from tests.support.servers.network import missing_right


def test_no_phone_sees_a_minute_of_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if why := missing_right():
        pytest.skip(why)
    monkeypatch.setattr(soak_phones, "ANSWER_SECONDS", PATIENCE)
    seed, watched = secrets.randbelow(1_000_000), Watched()
    plan = Plan(random.Random(seed), seconds=60, longest=8, rest=1)
    with running_faulty_site(tmp_path, HOSTS) as site:
        asyncio.run(watch_faults(site, plan, watched))
        assert [] == watched.errors(), f"seed {seed}: {watched.rounds}\n{site.logs()}"
    # After each of them all hosts have come together, or it would not have ended.
    assert watched.rounds
    assert all(tally.pages > 10 and not tally.errors for tally in watched.tallies.values())
    assert 3 < len(watched.pages.first_seen) <= len(watched.publications)


def page(version: str, *rows: tuple[str, str]) -> OpenedPage:
    """Return a page with a link of a version, and these rows."""
    entries = tuple(Entry(name, number) for name, number in rows)
    link = f"http://127.0.0.1/staff/{version}/1.xml " if version else ""
    body = (link + " ".join(name for name, _ in rows)).encode()
    return OpenedPage("", DirectoryObject("", "", (), entries), "", True, Answer(200, (), body))


ANN = ("Rev0007, Ann01", "0895000701")


@pytest.mark.parametrize(
    "rows, word",
    [
        ((ANN,), ""),
        ((ANN, ("Rev0007, A", "0895000702")), ""),
        ((ANN, ("Rev0008, Ann02", "0895000802")), "one page"),
        ((("Rev0007, Ann01", "0895000801"),), "one page"),
        ((("Rev0007, Ann01", "0895000702"),), "somebody else"),
        ((("Rev0007, Ann01", "12"),), "nobody"),
    ],
)
def test_a_page_shows_people_of_one_revision(rows: tuple[tuple[str, str], ...], word: str) -> None:
    assert word in (told := Pages().check("", page("mx2hujmo", *rows)))
    assert bool(word) == bool(told)


def test_a_version_has_one_revision_and_was_published_before() -> None:
    pages = Pages()
    assert not pages.check("", page("mx2hujmo", ANN))
    assert "and then 8" in pages.check("", page("mx2hujmo", ("Rev0008, Ann01", "0895000801")))
    seen = pages.first_seen["mx2hujmo"]
    assert [] == pages.unpublished([("mx2hujmo", 1, seen - 1)])
    (told,) = pages.unpublished([("mx2hujmo", 1, seen + 1)])
    assert "before it was published" in told
    (told,) = pages.unpublished([])
    assert "is not published" in told


def test_older_people_do_not_follow_newer_ones() -> None:
    pages = Pages(revisions={"mx2hujmo": 7, "mx2hujmp": 8, "mx2hujmq": 7})
    published = [("mx2hujmo", 1, 1.0), ("mx2hujmp", 1, 2.0)]
    assert [] == pages.backwards(published)
    assert 1 == len(pages.backwards([*published, ("mx2hujmq", 2, 3.0)]))
    assert 1 == len(pages.backwards([*published, ("mx2hujmo", 2, 3.0)]))


def test_no_host_goes_back() -> None:
    older, newer = Sighting(11.0, "mx2hujmo", 1), Sighting(12.0, "mx2hujmp", 2)
    assert [] == went_back({"north": [older, newer], "south": [older]})
    assert ["south served mx2hujmp, and then mx2hujmo"] == went_back(
        {"north": [older], "south": [newer, older]}
    )


def test_a_host_is_late_unless_a_fault_keeps_it_from_following() -> None:
    published = [("a", 1, 10.0), ("b", 1, 20.0)]
    sightings = {"north": [Sighting(11.0, "a", 1), Sighting(29.0, "b", 2)]}
    assert [1.0, 9.0] == [late for _, _, late in lags(published, sightings, [])]

    def fault(target: str) -> Round:
        return Round(19.0, (), (target,), 25.0, 29.5)

    assert 2 == len(lags(published, sightings, [fault("south")]))
    assert [1.0] == [late for _, _, late in lags(published, sightings, [fault("north")])]
    assert [1.0] == [late for _, _, late in lags(published, sightings, [fault("engine")])]

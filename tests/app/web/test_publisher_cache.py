"""Tests of the cache: a page is rendered once, and no request gets another's page."""

from pathlib import Path

import pytest

from app.build.once import build_once
from app.phones.registry import FORMATS
from app.search.query import Query
from app.settings.loader import load
from app.web.access import SelectedProfile
from app.web.publisher import Publisher
from tests.support import contacts

CISCO = FORMATS["cisco"]
USUAL = CISCO.dialect({})


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    contacts.write(tmp_path / "contacts.csv", (contacts.person(row) for row in range(100)))
    (tmp_path / "gateway.toml").write_text(contacts.CONFIG, encoding="utf-8")
    settings = load(tmp_path / "gateway.toml")
    build_once(settings)
    return Publisher(settings)


def test_the_second_time_comes_from_the_cache(publisher: Publisher) -> None:
    choice = SelectedProfile(publisher._settings.profiles[0], "")
    version = publisher.generation.version if publisher.generation is not None else ""
    requests = [
        ("menu.xml", None, USUAL, "http://a"),
        ("menu.xml", None, USUAL, "http://b"),
        ("staff.xml", None, USUAL, "http://a"),
        (f"staff/{version}/1.xml", None, USUAL, "http://a"),
        (
            f"staff/{version}/1.xml",
            None,
            CISCO.dialect({"accept-charset": "iso-8859-1"}),
            "http://a",
        ),
        (
            f"staff/{version}/1.xml",
            None,
            CISCO.dialect({"x-ciscoipphonemodelname": "CP-7965G"}),
            "http://a",
        ),
        ("search.xml", Query(), USUAL, "http://a"),
        ("search.xml", Query(q="smith"), USUAL, "http://a"),
        ("search.xml", Query(q="müller"), USUAL, "http://a"),
    ]
    first = [
        publisher.answer(choice, path, dialect, base, query)
        for path, query, dialect, base in requests
    ]
    assert (0, len(requests)) == (publisher.hits, publisher.misses)
    assert first == [
        publisher.answer(choice, path, dialect, base, query)
        for path, query, dialect, base in requests
    ]
    assert (len(requests), len(requests)) == (publisher.hits, publisher.misses)
    assert len(requests) == len({answer.body for answer in first})
    assert publisher.cached_bytes() > sum(len(answer.body) for answer in first)
    publisher.close()


def test_messages_are_not_kept(publisher: Publisher) -> None:
    choice = SelectedProfile(publisher._settings.profiles[0], "")
    for _ in range(2):
        publisher.answer(choice, "none.xml", USUAL, "http://a")
    assert (0, 2, 0) == (publisher.hits, publisher.misses, publisher.cached_bytes())
    publisher.close()

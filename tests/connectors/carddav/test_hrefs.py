"""Addresses of cards that servers write raw, with illegal characters or encoded twice."""

from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

import pytest

from connectors.base import Delta
from connectors.carddav.hrefs import escape_href, pair_keys, path_key, resolve_href, spellings
from tests.connectors.carddav.server import connector_for, five_people
from tests.connectors.contract import applied, by_id, everything, names
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_answers import Raw
from tests.support.fakes.dav_server import Dialect, FakeDav, Seen

ALL = [f"Ann {number}" for number in range(5)]


@pytest.fixture
def fake() -> Iterator[FakeDav]:
    yield from five_people()


@pytest.mark.parametrize(
    "href, sent",
    [
        ("/b/a.vcf", "/b/a.vcf"),
        ("/b/%41%c3%bc%25.vcf", "/b/%41%c3%bc%25.vcf"),
        ("/b/zz%.vcf", "/b/zz%25.vcf"),
        ("/b/100%", "/b/100%25"),
        ("/b/5%4.vcf", "/b/5%254.vcf"),
        ("/b/%zz%25.vcf", "/b/%25zz%25.vcf"),
        ("/b/a?b#c.vcf", "/b/a%3Fb%23c.vcf"),
        ("/b/zü ?.vcf", "/b/z%C3%BC%20%3F.vcf"),
        ("/b/a+b&c=d;e,f(1)'!@:$*~.vcf", "/b/a+b&c=d;e,f(1)'!@:$*~.vcf"),
        ('/b/"<{|}>\\^`.vcf', "/b/%22%3C%7B%7C%7D%3E%5C%5E%60.vcf"),
        ("https://h.example:8443/b/a?b%.vcf", "https://h.example:8443/b/a%3Fb%25.vcf"),
        ("//b/a?.vcf", "//b/a%3F.vcf"),
        ("a b.vcf", "a%20b.vcf"),
    ],
)
def test_an_href_is_sent_as_a_url(href: str, sent: str) -> None:
    assert sent == escape_href(href)
    assert sent == escape_href(sent)
    assert path_key(resolve_href("http://h.example/b/", href)) == path_key(
        resolve_href("http://h.example/b/", sent)
    )


def test_an_address_is_also_tried_as_a_raw_name_and_decoded_once_more() -> None:
    assert ("/b/a.vcf",) == spellings("/b/a.vcf")
    assert ("/b/9%2540v.vcf", "/b/9%252540v.vcf", "/b/9%40v.vcf") == spellings("/b/9%2540v.vcf")


@pytest.mark.parametrize(
    "theirs, ours, found",
    [
        (("a@b",), ("a%40b",), {"a@b": "a%40b"}),
        (("a%40b",), ("a@b",), {"a%40b": "a@b"}),
        (("a@b", "a%40b"), ("a%40b",), {}),
        (("a@b",), ("a%40b", "a@b"), {}),
        (("x", "y"), ("z",), {}),
        (("a%2540b",), ("a@b",), {}),
    ],
)
def test_keys_that_differ_by_one_encoding_are_one_card(
    theirs: tuple[str, ...], ours: tuple[str, ...], found: dict[str, str]
) -> None:
    assert found == pair_keys(set(theirs), set(ours))


NAMES = [
    "zz%.vcf",
    "zü?.vcf",
    "z#1.vcf",
    "zz a.vcf",
    "50%zz.vcf",
    "a%41.vcf",
    "%.vcf",
    "Zoë & <Bea>.vcf",
]
"""Names as they are; a server that writes them raw into an href makes no URL of them."""


def _raw_hrefs(fake: FakeDav, *words: bytes) -> None:
    """Let the answers to some kinds of requests hold hrefs that nobody encoded."""

    def fault(seen: Seen) -> Raw | None:
        answer = fake.answer(seen)
        if not any(word in seen.body for word in words) or answer.status != 207:
            return None
        body = answer.body.decode()
        for name in fake.cards:
            body = body.replace(f"/dav/book/{quote(name)}<", f"/dav/book/{escape(name)}<")
        return Raw(207, body.encode(), answer.headers)

    fake.faults.append(fault)


def _no_url(seen: Seen) -> Raw | None:
    """Answer 400 to what is no URL, as SOGo does.

    Ignore what stands after a "?", as Cyrus does.
    """
    path = seen.path
    if path != escape_href(path.partition("?")[0]):
        return Raw(404 if "?" in path else 400)
    return None


@pytest.mark.parametrize("multiget", [207, 501])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_no_url_reaches_the_server_as_one(
    fake: FakeDav, name: str, multiget: int
) -> None:
    fake.dialect = Dialect(multiget=multiget)
    fake.put(name, card("UID:z", "FN:Zoe"))
    fake.faults.append(_no_url)
    _raw_hrefs(fake, b"sync-collection")
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    assert [*ALL, "Zoe"] == names(first)
    fake.put(name, card("UID:z", "FN:Zoey"))
    later = connector.fetch(first.checkpoint)
    assert [*ALL, "Zoey"] == sorted(one.name for one in applied(by_id(first), later).values())
    fake.delete(name)
    assert isinstance(gone := connector.fetch(later.checkpoint), Delta)
    assert 1 == len(gone.removed)


@pytest.mark.parametrize("status", [400, 414, 451, 500])
def test_a_card_whose_address_the_server_refuses_costs_itself_alone(
    fake: FakeDav, status: int
) -> None:
    fake.dialect = Dialect(drop_rows=("3.vcf",))
    fake.faults.append(lambda seen: Raw(status) if seen.path.endswith("/3.vcf") else None)
    result = everything(connector_for(f"{fake.url}/"))
    assert ["Ann 0", "Ann 1", "Ann 2", "Ann 4"] == names(result)
    assert ['book "Book": card 3.vcf'] == [what.where for what in result.skipped]


TWICE: dict[str, Callable[[str], str]] = {
    "listed twice": lambda name: quote(quote(name)),
    "listed once": quote,
}


@pytest.mark.parametrize("form", TWICE)
@pytest.mark.parametrize("multiget", [207, 501])
@pytest.mark.parametrize("name", ["0.9@v.vcf", "Zoë 1.vcf", "a+b.vcf"])
def test_addresses_that_differ_by_one_encoding_are_one_card(
    fake: FakeDav, form: str, multiget: int, name: str
) -> None:
    """Old ownCloud lists %2540 where its report has %40, and the other way round."""
    fake.dialect = Dialect(sync=False, multiget=multiget)
    fake.put(name, card("UID:z", "FN:Zoe"))
    listed, reported = quote(name), quote(name)
    if form == "listed twice":
        listed = quote(listed)
    else:
        reported = quote(reported)

    def spelled(seen: Seen) -> Raw | None:
        if seen.method == "GET":
            return (
                Raw(404)
                if seen.path
                not in (
                    f"/dav/book/{quote(name)}",
                    f"/dav/book/{quote(name, safe='@+')}",
                )
                and "Z" in seen.path
                else None
            )
        shown = reported if b"multiget" in seen.body else listed
        request = Seen(
            seen.method,
            seen.path,
            seen.depth,
            "",
            "",
            seen.body.replace(listed.encode(), quote(name).encode()),
        )
        answer = fake.answer(request)
        return Raw(
            answer.status, answer.body.replace(quote(name).encode(), shown.encode()), answer.headers
        )

    fake.faults.append(spelled)
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    assert [*ALL, "Zoe"] == names(first)
    assert Delta(checkpoint=first.checkpoint) == connector.fetch(first.checkpoint)


def test_a_card_that_is_gone_is_not_taken_for_one_whose_name_is_its_decoded_one(
    fake: FakeDav,
) -> None:
    fake.dialect = Dialect(multiget=501)
    fake.put("a b.vcf", card("UID:1", "FN:Bea"))
    fake.put("a%20b.vcf", card("UID:2", "FN:Cid"))

    def vanish(seen: Seen) -> Raw | None:
        if seen.method == "GET" and "a%20b.vcf" in fake.cards:
            fake.delete("a%20b.vcf")
        return None

    fake.faults.append(vanish)
    result = everything(connector_for(f"{fake.url}/"))
    assert [*ALL, "Bea"] == names(result)
    assert 6 == len(by_id(result))


def test_names_are_compared_decoded() -> None:
    assert (
        path_key("http://h/b/zü?.vcf")
        == path_key("/b/z%C3%BC%3F.vcf")
        == unquote("/b/z%C3%BC%3F.vcf")
    )

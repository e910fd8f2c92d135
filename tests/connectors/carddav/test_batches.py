"""Batches that a server fails with, and what each failure costs.

One card costs itself. A server that is down is tried again. A broken book is named.
"""

import re
from collections.abc import Callable, Iterator

import pytest

from connectors.base import Delta, SourceRefused, SourceUnavailable
from connectors.contact import Contact
from tests.connectors.carddav.server import caught, connector_for, five_people
from tests.connectors.contract import applied, by_id, everything, names
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_answers import Raw, multistatus, row
from tests.support.fakes.dav_server import FakeDav, Seen

ALL = [f"Ann {number}" for number in range(5)]
FAILED = "card with which the server fails (its log says why)"
STATUSES = [500, 502, 503, 504, 507, 599, 415, 400, 413, 422]


@pytest.fixture
def fake() -> Iterator[FakeDav]:
    yield from five_people()


def _batches(fake: FakeDav) -> list[int]:
    return [seen.body.count(b"<href>") for seen in fake.seen if b"multiget" in seen.body]


def _breaks(name: str, status: int, *, get: bool = True) -> Callable[[Seen], Raw | None]:
    """A server that fails with every batch that contains a card.

    With `get` it fails with the card's GET as well.
    """

    def fault(seen: Seen) -> Raw | None:
        in_batch = b"multiget" in seen.body and f"/{name}<".encode() in seen.body
        return (
            Raw(status)
            if in_batch or (get and seen.method == "GET" and seen.path.endswith(f"/{name}"))
            else None
        )

    return fault


@pytest.mark.parametrize("status", STATUSES)
def test_a_card_that_breaks_its_batch_costs_itself_and_is_told(fake: FakeDav, status: int) -> None:
    fake.faults.append(_breaks("3.vcf", status))
    result = everything(connector_for(f"{fake.url}/"))
    assert ["Ann 0", "Ann 1", "Ann 2", "Ann 4"] == names(result)
    assert [(FAILED, 'book "Book": card 3.vcf')] == [
        (what.reason, what.where) for what in result.skipped
    ]
    assert ["GET /dav/book/3.vcf"] == [one for one in fake.requests if one.startswith("GET")]


@pytest.mark.parametrize("status", STATUSES)
def test_a_card_that_breaks_its_batch_alone_is_fetched_alone(fake: FakeDav, status: int) -> None:
    fake.faults.append(_breaks("3.vcf", status, get=False))
    result = everything(connector_for(f"{fake.url}/"))
    assert (ALL, ()) == (names(result), result.skipped)


def test_two_culprits_in_a_large_book_cost_themselves_and_few_requests(fake: FakeDav) -> None:
    for number in range(5, 300):
        fake.put(f"{number}.vcf", card(f"UID:u{number}", f"FN:Ann {number}"))
    fake.faults += [_breaks("7.vcf", 500), _breaks("180.vcf", 500)]
    result = everything(connector_for(f"{fake.url}/"))
    assert 298 == len(result.contacts)
    assert [FAILED, FAILED] == [what.reason for what in result.skipped]
    assert len(fake.seen) < 70


def test_a_card_that_breaks_later_keeps_the_contact_that_it_was_and_comes_back(
    fake: FakeDav,
) -> None:
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    known = by_id(first)
    fake.put("3.vcf", card("UID:u3", "FN:Anna 3"))
    fake.put("4.vcf", card("UID:u4", "FN:Anna 4"))
    fake.faults.append(_breaks("3.vcf", 500))
    second = connector.fetch(first.checkpoint)
    known = applied(known, second)
    assert ["Ann 0", "Ann 1", "Ann 2", "Ann 3", "Anna 4"] == _names(known)
    assert [(FAILED, 'book "Book": card 3.vcf')] == [
        (what.reason, what.where) for what in second.skipped or ()
    ]
    fake.seen.clear()
    third = connector.fetch(second.checkpoint)
    assert ([], 1) == (_batches(fake), fake.requests.count("GET /dav/book/3.vcf"))
    fake.faults.clear()
    fourth = connector.fetch(third.checkpoint)
    assert isinstance(fourth, Delta)
    assert (["Anna 3"], (), ()) == (
        [one.name for one in fourth.changed],
        fourth.removed,
        fourth.skipped,
    )


def test_a_card_that_breaks_and_is_then_deleted_is_gone(fake: FakeDav) -> None:
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    fake.put("3.vcf", card("UID:u3", "FN:Anna 3"))
    fake.faults.append(_breaks("3.vcf", 500))
    second = connector.fetch(first.checkpoint)
    fake.delete("3.vcf")
    third = connector.fetch(second.checkpoint)
    assert isinstance(third, Delta)
    assert (("/dav/book/3.vcf",), ()) == (third.removed, third.skipped)


@pytest.mark.parametrize("most", [1, 3, 10, 60])
def test_a_server_that_gives_up_on_large_batches_is_read_whole(fake: FakeDav, most: int) -> None:
    for number in range(5, 150):
        fake.put(f"{number}.vcf", card(f"UID:u{number}", f"FN:Ann {number}"))
    fake.faults.append(lambda seen: Raw(504) if seen.body.count(b"<href>") > most else None)
    result = everything(connector_for(f"{fake.url}/"))
    assert (150, ()) == (len(by_id(result)), result.skipped)
    assert not any(one.startswith("GET") for one in fake.requests)


@pytest.mark.parametrize("status", STATUSES)
def test_a_server_that_fails_with_every_batch_is_asked_card_by_card(
    fake: FakeDav, status: int
) -> None:
    for number in range(5, 250):
        fake.put(f"{number}.vcf", card(f"UID:u{number}", f"FN:Ann {number}"))
    fake.faults.append(lambda seen: Raw(status) if b"multiget" in seen.body else None)
    result = everything(connector_for(f"{fake.url}/"))
    assert (250, ()) == (len(by_id(result)), result.skipped)
    assert len(_batches(fake)) < 20


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_is_down_is_tried_again_and_not_hammered(fake: FakeDav, status: int) -> None:
    first = everything(connector_for(f"{fake.url}/"))
    fake.put("9.vcf", card("FN:Ann 9"))
    down: list[Seen] = []

    def fail(seen: Seen) -> Raw | None:
        if down or b"multiget" in seen.body:
            down.append(seen)
        return Raw(status) if down else None

    fake.faults.append(fail)
    for since in (None, first.checkpoint):
        down.clear()
        with pytest.raises(
            SourceUnavailable, match=rf"cannot answer now \(status {status} .*We try again"
        ) as found:
            connector_for(f"{fake.url}/").fetch(since)
        assert "Ann" not in str(found.value)
        assert 2 == len(down)


def test_a_server_that_goes_down_between_two_batches_leaves_nothing_half_read(
    fake: FakeDav,
) -> None:
    for number in range(5, 250):
        fake.put(f"{number}.vcf", card(f"UID:u{number}", f"FN:Ann {number}"))

    def fail(seen: Seen) -> Raw | None:
        return Raw(500) if len(_batches(fake)) > 1 else None

    fake.faults.append(fail)
    assert isinstance(caught(fake), SourceUnavailable)


def test_a_busy_server_is_left_alone_for_as_long_as_it_says(fake: FakeDav) -> None:
    fake.faults.append(
        lambda seen: Raw(503, b"", (("Retry-After", "77"),)) if b"multiget" in seen.body else None
    )
    error = caught(fake)
    assert isinstance(error, SourceUnavailable)
    assert (77.0, 1) == (error.retry_after, len(_batches(fake)))


@pytest.mark.parametrize(
    "status, kind", [(500, SourceUnavailable), (403, SourceRefused), (400, SourceRefused)]
)
def test_a_book_that_hands_out_none_of_its_cards_is_no_book_of_broken_cards(
    fake: FakeDav, status: int, kind: type[Exception]
) -> None:
    fake.faults.append(
        lambda seen: Raw(status) if b"multiget" in seen.body or seen.method == "GET" else None
    )
    error = caught(fake)
    assert (
        f"{fake.url}/dav/book/ hands out hardly any of its cards (the last one: status {status})"
        in str(error)
    )
    assert kind is type(error)


def test_most_cards_of_a_large_book_failing_at_once_is_no_matter_of_cards(fake: FakeDav) -> None:
    for number in range(5, 40):
        fake.put(f"{number}.vcf", card(f"UID:u{number}", f"FN:Ann {number}"))
    first = everything(connector_for(f"{fake.url}/"))
    for number in range(40):
        fake.put(f"{number}.vcf", card(f"UID:u{number}", f"FN:Anna {number}"))
    broken = re.compile(rb"/(\d|[12]\d|3[0-7])\.vcf")
    fake.faults.append(
        lambda seen: (
            Raw(500)
            if broken.search(seen.body if b"multiget" in seen.body else seen.path.encode())
            else None
        )
    )
    with pytest.raises(SourceUnavailable, match="hands out hardly any of its cards"):
        connector_for(f"{fake.url}/").fetch(first.checkpoint)


def _second_book(fake: FakeDav, fails: Callable[[Seen], Raw | None]) -> None:
    """Add the book /dav/recent/ with the same cards, which fails as `fails` says."""
    book = "<resourcetype><collection/><C:addressbook/></resourcetype><displayname>{}</displayname>"
    home = multistatus(
        row("/dav/book/", book.format("Staff")),
        row("/dav/recent/", book.format("Recently contacted")),
    )

    def fault(seen: Seen) -> Raw | None:
        if seen.path == "/dav/" and seen.depth == "1":
            return home
        if not seen.path.startswith("/dav/recent/"):
            return None
        if (failure := fails(seen)) is not None:
            return failure
        there = Seen(
            seen.method, seen.path.replace("/recent/", "/book/"), seen.depth, "", "", seen.body
        )
        answer = fake.answer(there)
        return Raw(
            answer.status, answer.body.replace(b"/dav/book/", b"/dav/recent/"), answer.headers
        )

    fake.faults.append(fault)


BROKEN_BOOKS: dict[str, Callable[[Seen], Raw | None]] = {
    "all": lambda seen: Raw(500),
    "REPORT and GET": lambda seen: Raw(500) if seen.method != "PROPFIND" else None,
    "rights": lambda seen: Raw(403),
    "gone": lambda seen: Raw(404),
}


@pytest.mark.parametrize("form", BROKEN_BOOKS)
def test_one_broken_book_of_several_is_named_with_the_key_that_leaves_it_out(
    fake: FakeDav, form: str
) -> None:
    _second_book(fake, BROKEN_BOOKS[form])
    error = caught(fake, "/")
    assert (
        'in the address book "Recently contacted": name the others in books to do without it.'
        in str(error)
    )
    assert ALL == names(everything(connector_for(f"{fake.url}/", books=["Staff"])))


def test_a_book_whose_listing_by_report_fails_is_listed_by_propfind(fake: FakeDav) -> None:
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    fake.faults.append(
        lambda seen: (
            Raw(500) if b"sync-collection" in seen.body and seen.method == "REPORT" else None
        )
    )
    assert ALL == names(everything(connector))
    fake.delete("2.vcf")
    later = connector.fetch(first.checkpoint)
    assert isinstance(later, Delta)
    assert ((), ("/dav/book/2.vcf",)) == (later.changed, later.removed)


def test_cards_of_megabytes_that_come_one_by_one_are_not_held_together(
    fake: FakeDav, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors.carddav import address_book, multiget

    held: list[int] = []
    fetch = multiget.fetch_cards

    def watched(*arguments: object) -> Iterator[multiget.CardBatch]:
        for delivery in fetch(*arguments):  # type: ignore[arg-type]
            held.append(sum(map(len, delivery.cards.values())))
            yield delivery

    monkeypatch.setattr(address_book, "fetch_cards", watched)
    for number in range(12):
        fake.put(
            f"{number}.vcf",
            card(f"UID:u{number}", f"FN:Ann {number:02}", "PHOTO:" + "A" * 2_000_000),
        )
    fake.faults.append(lambda seen: Raw(404) if b"multiget" in seen.body else None)
    assert 12 == len(everything(connector_for(f"{fake.url}/")).contacts)
    assert 2_000_000 < max(held) < 2_100_000


def _names(known: dict[str, Contact]) -> list[str]:
    return sorted(contact.name for contact in known.values())

"""Differences between CardDAV servers, each against a small real server.

They concern tokens, pages, ETags, multiget and broken cards.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.base import Connector, Delta, Skipped, SourceRefused, SourceUnavailable
from connectors.carddav.connector import CardDavConnector
from tests.connectors.contract import applied, by_id, everything, names
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_answers import Raw
from tests.support.fakes.dav_login import PASSWORD, USER
from tests.support.fakes.dav_server import Dialect, FakeDav, Seen
from tests.support.patience import PATIENCE


def _connector(fake: FakeDav, path: str = "/dav/book/", **more: object) -> Connector:
    return CardDavConnector.model_validate({"url": f"{fake.url}{path}", "timeout": PATIENCE} | more)


def _person(number: int, given: str = "Ann") -> str:
    return card(f"UID:u{number}", f"FN:{given} {number}", f"TEL:+49 89 {number}")


@pytest.fixture
def fake() -> Iterator[FakeDav]:
    with FakeDav() as server:
        for number in range(7):
            server.put(f"{number}.vcf", _person(number))
        yield server


DIALECTS = {
    "sync": Dialect(),
    "no token in PROPFIND": Dialect(tokens_in_properties=False),
    "no sync, ctag": Dialect(sync=False, ctag=True),
    "no sync, no ctag": Dialect(sync=False),
    "sync without a token": Dialect(token_in_report=False),
    "pages of three": Dialect(page=3),
    "ETags without quotes": Dialect(etag_form="{}"),
    "weak ETags": Dialect(etag_form='W/"{}"'),
    "whole URLs": Dialect(whole_urls=True),
    "no multiget": Dialect(multiget=501),
    "multiget is 404": Dialect(multiget=404),
    "rows missing in multiget": Dialect(drop_rows=("1.vcf", "5.vcf")),
    "404 rows in multiget": Dialect(refuse_rows=("1.vcf", "5.vcf")),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_tells_all_and_then_what_changed(fake: FakeDav, name: str) -> None:
    fake.dialect = DIALECTS[name]
    first = everything(_connector(fake))
    assert [f"Ann {number}" for number in range(7)] == names(first)
    fake.put("2.vcf", _person(2, "Bea"))
    fake.put("9.vcf", _person(9))
    fake.delete("4.vcf")
    later = _connector(fake).fetch(first.checkpoint)
    assert isinstance(later, Delta)
    assert ["Ann 9", "Bea 2"] == sorted(contact.name for contact in later.changed)
    assert ("/dav/book/4.vcf",) == later.removed
    unchanged = _connector(fake).fetch(later.checkpoint)
    assert isinstance(unchanged, Delta)
    assert ((), ()) == (unchanged.changed, unchanged.removed)


@pytest.mark.parametrize("status", [403, 409, 410, 412, 400, 207])
def test_a_refused_token_costs_a_listing_and_no_card(fake: FakeDav, status: int) -> None:
    first = everything(_connector(fake))
    fake.put("2.vcf", _person(2, "Bea"))
    fake.delete("4.vcf")
    fake.expire()
    fake.dialect = Dialect(refusal=status)
    fake.seen.clear()
    later = _connector(fake).fetch(first.checkpoint)
    assert isinstance(later, Delta)
    assert (["Bea 2"], ("/dav/book/4.vcf",)) == (
        [contact.name for contact in later.changed],
        later.removed,
    )
    (multiget,) = [seen.body for seen in fake.seen if b"multiget" in seen.body]
    assert 1 == multiget.count(b"<href>")


def test_a_silent_full_answer_with_nothing_but_deletions_is_noticed(fake: FakeDav) -> None:
    first = everything(_connector(fake))
    for number in range(6):
        fake.delete(f"{number}.vcf")
    fake.expire()
    fake.dialect = Dialect(refusal=207)
    later = _connector(fake).fetch(first.checkpoint)
    assert ["Ann 6"] == [contact.name for contact in applied(by_id(first), later).values()]


def test_a_silent_full_answer_in_which_everything_changed_is_noticed(fake: FakeDav) -> None:
    first = everything(_connector(fake))
    for number in range(5):
        fake.put(f"{number}.vcf", _person(number, "Bea"))
    fake.delete("5.vcf")
    fake.expire()
    fake.dialect = Dialect(refusal=207)
    later = _connector(fake).fetch(first.checkpoint)
    assert by_id(everything(_connector(fake))) == applied(by_id(first), later)


def test_an_unchanged_book_costs_one_request(fake: FakeDav) -> None:
    first = everything(_connector(fake))
    fake.seen.clear()
    _connector(fake).fetch(first.checkpoint)
    assert ["PROPFIND /dav/book/"] == fake.requests


def test_an_etag_that_compression_marked_is_the_same(fake: FakeDav) -> None:
    fake.dialect = Dialect(sync=False)
    first = everything(_connector(fake))
    fake.dialect = Dialect(sync=False, etag_form='W/"{}-gzip"')
    fake.seen.clear()
    assert Delta(checkpoint=first.checkpoint) == _connector(fake).fetch(first.checkpoint)


def test_requests_name_their_depth_and_never_a_limit(fake: FakeDav) -> None:
    everything(_connector(fake, "/"))
    assert {"0", "1"} == {seen.depth for seen in fake.seen if seen.method != "GET"}
    assert not any(b"nresults" in seen.body for seen in fake.seen)


def test_pages_that_never_end_are_an_error(fake: FakeDav) -> None:
    fake.dialect = Dialect(page=3)
    first = fake.sync_answer(
        Seen("REPORT", "/dav/book/", "0", "", "", b"<sync-token></sync-token>")
    )
    fake.faults.append(lambda seen: first if b"sync-collection" in seen.body else None)
    with pytest.raises(SourceUnavailable, match="never comes to the end"):
        _connector(fake).fetch(None)


def test_a_card_that_is_listed_but_not_there_is_an_error(fake: FakeDav) -> None:
    fake.dialect = Dialect(listed_only=("3.vcf",))
    with pytest.raises(SourceUnavailable, match="lists cards that it then does not have"):
        _connector(fake).fetch(None)


def test_a_card_deleted_while_it_was_read_is_gone(fake: FakeDav) -> None:
    def delete_at_multiget(seen: Seen) -> None:
        if b"multiget" in seen.body and "3.vcf" in fake.cards:
            fake.delete("3.vcf")

    fake.faults.append(delete_at_multiget)
    first = everything(_connector(fake))
    assert ["Ann 0", "Ann 1", "Ann 2", "Ann 4", "Ann 5", "Ann 6"] == names(first)
    after = _connector(fake).fetch(first.checkpoint)
    assert isinstance(after, Delta)
    assert ((), ()) == (after.changed, after.removed)


def test_a_card_that_may_not_be_read_is_reported(fake: FakeDav) -> None:
    fake.dialect = Dialect(drop_rows=("3.vcf",))
    fake.faults.append(lambda seen: Raw(403) if seen.path.endswith("/3.vcf") else None)
    result = everything(_connector(fake))
    assert 6 == len(result.contacts)
    assert (
        Skipped("card that the server lists, but does not hand out", 'book "Book": card 3.vcf'),
    ) == result.skipped


def test_one_broken_card_costs_one_card(fake: FakeDav) -> None:
    fake.put(
        "broken.vcf",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:broken-1\r\nNOTE:nothing else\r\nEND:VCARD\r\n",
    )
    fake.put("none.vcf", "this is no card")
    first = everything(_connector(fake))
    assert 7 == len(first.contacts)
    broken = Skipped(
        "card without name, organisation and number", 'book "Book": card broken-1 line 1'
    )
    assert (
        broken,
        Skipped("object without a vCard", 'book "Book": card none.vcf line 1'),
    ) == first.skipped

    fake.put("0.vcf", _person(0, "Bea"))
    same = _connector(fake).fetch(first.checkpoint)
    assert isinstance(same, Delta)
    assert same.skipped is None
    fake.put("none.vcf", _person(8))
    mended = _connector(fake).fetch(same.checkpoint)
    assert isinstance(mended, Delta)
    assert (broken,) == mended.skipped


def test_a_contact_that_becomes_a_broken_card_is_removed(fake: FakeDav) -> None:
    first = everything(_connector(fake))
    fake.put("3.vcf", card("UID:u3"))
    later = _connector(fake).fetch(first.checkpoint)
    assert isinstance(later, Delta)
    assert ((), ("/dav/book/3.vcf",)) == (later.changed, later.removed)
    assert (
        Skipped("card without name, organisation and number", 'book "Book": card u3 line 1'),
    ) == later.skipped


def test_a_character_that_xml_forbids_spoils_no_other_card(fake: FakeDav) -> None:
    fake.put("odd.vcf", card("UID:odd", "FN:Ann \x0b Odd"))
    result = everything(_connector(fake))
    assert 8 == len(result.contacts)
    assert ["GET /dav/book/odd.vcf"] == [one for one in fake.requests if one.startswith("GET")]


def test_two_cards_in_one_object_are_reported(fake: FakeDav) -> None:
    fake.put("two.vcf", _person(8) + _person(9))
    result = everything(_connector(fake))
    assert "Ann 8" in names(result)
    assert ("object with more than one vCard, of which the first was read",) == tuple(
        one.reason for one in result.skipped
    )


def test_group_cards_name_their_members_wherever_the_card_changed(fake: FakeDav) -> None:
    fake.put(
        "g.vcf",
        card(
            "UID:g",
            "FN:Club",
            "KIND:group",
            "MEMBER:urn:uuid:u1",
            "MEMBER:urn:uuid:u2",
            version="4.0",
        ),
    )
    first = everything(_connector(fake))
    assert {"Ann 1", "Ann 2"} == {
        contact.name for contact in first.contacts if "Club" in contact.groups
    }
    fake.put("1.vcf", _person(1, "Bea"))
    changed = _connector(fake).fetch(first.checkpoint)
    assert isinstance(changed, Delta)
    assert [("Bea 1", ("Club", "Book"))] == [
        (contact.name, contact.groups) for contact in changed.changed
    ]


@pytest.mark.parametrize(
    "path", ["/.well-known/carddav", "/.well-known/carddav/", "/", "/dav", "/dav/"]
)
def test_a_missing_well_known_leads_on_to_the_root(fake: FakeDav, path: str) -> None:
    fake.faults.append(
        lambda seen: Raw(301, b"", (("Location", "/dav/"),)) if seen.path == "/dav" else None
    )
    assert 7 == len(everything(_connector(fake, path)).contacts)


def test_a_home_without_address_books_is_refused(fake: FakeDav) -> None:
    row = (
        "<response><href>/dav/</href><propstat><prop><resourcetype><collection/></resourcetype>"
        "</prop></propstat></response>"
    )
    empty = Raw(207, f'<multistatus xmlns="DAV:">{row}</multistatus>'.encode())
    fake.faults.append(lambda seen: empty if seen.path == "/dav/" and seen.depth == "1" else None)
    with pytest.raises(SourceRefused, match="has no address book for this login"):
        _connector(fake, "/").fetch(None)


@pytest.mark.parametrize(
    "offer",
    [Dialect(challenges=('Basic realm="x"',)), Dialect(digest=("MD5", "auth"))],
    ids=["Basic", "Digest"],
)
def test_a_root_that_knows_nobody_is_made_to_ask_for_the_login(
    fake: FakeDav, offer: Dialect
) -> None:
    fake.dialect = replace(offer, anonymous_root=True)
    result = everything(_connector(fake, "/", username=USER, password=PASSWORD))
    assert 7 == len(result.contacts)
    kinds = [seen.authorization.partition(" ")[0] for seen in fake.seen]
    assert ["", "Basic"] == kinds[:2]
    assert "Basic Og==" == fake.seen[1].authorization
    assert {"Digest" if offer.digest[0] else "Basic"} == set(kinds[2:])


@pytest.mark.parametrize("step", ["books", "sync", "listing"])
def test_a_row_with_trouble_is_never_taken_for_a_deletion(fake: FakeDav, step: str) -> None:
    fake.dialect = Dialect(sync=step != "listing", ctag=True)
    first = everything(_connector(fake, "/"))
    fake.put("9.vcf", _person(9))
    href, word = {
        "books": ("/dav/book/", b"displayname"),
        "sync": ("/dav/book/9.vcf", b"sync-collection"),
    }.get(step, ("/dav/book/9.vcf", b"<prop><getetag/><resourcetype/>"))

    def trouble(seen: Seen) -> Raw | None:
        if word not in seen.body or (step == "books" and seen.path != "/dav/"):
            return None
        row = f"<response><href>{href}</href><status>HTTP/1.1 500 Oops</status></response>"
        return Raw(
            207,
            f'<multistatus xmlns="DAV:">{row}<sync-token>urn:token:8</sync-token>'
            f"</multistatus>".encode(),
        )

    fake.faults.append(trouble)
    for since in (None, first.checkpoint):
        with pytest.raises(SourceUnavailable, match="could not tell all that it holds"):
            _connector(fake, "/").fetch(since)

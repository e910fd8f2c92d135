"""Rare answers of servers that could lose a contact in silence.

Lists are cut short, rows are withheld, and hrefs are of every kind.
"""

from collections.abc import Iterator
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest

from connectors.base import Delta, SourceRefused, SourceUnavailable
from tests.connectors.carddav.server import caught, connector_for, five_people
from tests.connectors.contract import applied, by_id, everything, names
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_answers import Raw, multistatus, row
from tests.support.fakes.dav_login import PASSWORD, USER
from tests.support.fakes.dav_server import Dialect, FakeDav, Seen

ALL = [f"Ann {number}" for number in range(5)]
HOME = row("/dav/", "<resourcetype><collection/></resourcetype>")
BOOK = row(
    "/dav/book/",
    "<resourcetype><collection/><C:addressbook/></resourcetype><displayname>Book</displayname>",
)
CARD = row("/dav/book/0.vcf", "<getetag>1</getetag>")
CUTS = {
    "books": (b"displayname", multistatus(HOME, BOOK, row("/dav/", "", 507))),
    "ETags": (
        b"<prop><getetag/><resourcetype/></prop></propfind>",
        multistatus(BOOK, CARD, row("/dav/book/", "", 507)),
    ),
    "changes": (
        b"sync-collection",
        multistatus(CARD, row("/a/principal/", "", 507), tail="<sync-token>x</sync-token>"),
    ),
}


@pytest.fixture
def fake() -> Iterator[FakeDav]:
    yield from five_people()


@pytest.mark.parametrize("cut", CUTS)
def test_a_list_that_says_it_is_cut_is_never_taken_for_a_whole_one(fake: FakeDav, cut: str) -> None:
    fake.dialect = Dialect(sync=cut == "changes")
    word, answer = CUTS[cut]
    fake.faults.append(
        lambda seen: answer if word in seen.body and (cut != "books" or seen.depth == "1") else None
    )
    assert isinstance(caught(fake, "/"), SourceUnavailable)


GONE = {
    "status": lambda path: Raw(404),
    "row": lambda path: multistatus(row(path, "", 404)),
}
"""Two ways to say that something is not there; the second is Xandikos's."""


@pytest.mark.parametrize("form", GONE)
def test_a_book_that_vanishes_while_it_is_read_is_not_an_empty_one(
    fake: FakeDav, form: str
) -> None:
    first = everything(connector_for(f"{fake.url}/"))
    fake.put("9.vcf", card("UID:9", "FN:Bea"))
    fake.faults.append(lambda seen: GONE[form](seen.path) if seen.path == "/dav/book/" else None)
    for since in (None, first.checkpoint):
        with pytest.raises(SourceRefused, match=r"There is nothing at .*/dav/book/ \(status 404\)"):
            connector_for(f"{fake.url}/").fetch(since)


@pytest.mark.parametrize("form", GONE)
def test_a_wrong_path_leads_to_no_other_books(fake: FakeDav, form: str) -> None:
    fake.faults.append(lambda seen: GONE[form](seen.path) if seen.path == "/dav/bok/" else None)
    assert f"There is nothing at {fake.url}/dav/bok/ (status 404). Check url." == str(
        caught(fake, "/dav/bok/")
    )


@pytest.mark.parametrize("form", GONE)
def test_a_well_known_that_is_not_there_leads_on_to_the_root(fake: FakeDav, form: str) -> None:
    fake.faults.append(lambda seen: GONE[form](seen.path) if "well-known" in seen.path else None)
    assert ALL == names(everything(connector_for(f"{fake.url}/.well-known/carddav")))


@pytest.mark.parametrize("form", GONE)
def test_a_report_that_finds_nothing_is_replaced_by_asking_for_each_card(
    fake: FakeDav, form: str
) -> None:
    fake.faults.append(lambda seen: GONE[form](seen.path) if b"multiget" in seen.body else None)
    assert ALL == names(everything(connector_for(f"{fake.url}/")))


DENIED = {
    "row": row("/dav/secret/", "", 403),
    "property": (
        "<response><href>/dav/secret/</href><propstat><prop><resourcetype/></prop>"
        "<status>HTTP/1.1 403 No</status></propstat></response>"
    ),
}


@pytest.mark.parametrize("form", DENIED)
def test_a_book_that_may_not_be_looked_at_is_never_taken_for_a_deleted_one(
    fake: FakeDav, form: str
) -> None:
    first = everything(connector_for(f"{fake.url}/"))
    denied = DENIED[form].replace("/dav/secret/", "/dav/book/")
    fake.faults.append(
        lambda seen: (
            multistatus(HOME, denied) if seen.path == "/dav/" and seen.depth == "1" else None
        )
    )
    for since in (None, first.checkpoint):
        with pytest.raises(
            SourceRefused,
            match=r"does not let us read .*/dav/book/.*or name those to read in books",
        ):
            connector_for(f"{fake.url}/").fetch(since)


@pytest.mark.parametrize("form", DENIED)
def test_naming_the_books_to_read_leaves_out_what_may_not_be_looked_at(
    fake: FakeDav, form: str
) -> None:
    answer = multistatus(HOME, BOOK, DENIED[form])
    fake.faults.append(lambda seen: answer if seen.path == "/dav/" and seen.depth == "1" else None)
    assert ALL == names(everything(connector_for(f"{fake.url}/", books=["Book"])))
    with pytest.raises(SourceRefused, match=r"does not let us read .*/dav/secret/"):
        connector_for(f"{fake.url}/", books=["Book", "/dav/secret/"]).fetch(None)


@pytest.mark.parametrize(
    "name",
    [
        "Zoë 1.vcf",
        'q"uo{te}.vcf',
        "a%25b.vcf",
        "semi;colon,.vcf",
        "am&p'.vcf",
        "plus+sign.vcf",
        "tilde~@!.vcf",
    ],
)
@pytest.mark.parametrize("digest", [("", ""), ("SHA-256", "auth")], ids=["no login", "Digest"])
def test_hrefs_that_nobody_encoded_are_asked_for_and_logged_in_to(
    fake: FakeDav, name: str, digest: tuple[str, str]
) -> None:
    fake.dialect = Dialect(digest=digest, multiget=501)
    fake.put(name, card("UID:z", "FN:Zoe"))

    def as_written(seen: Seen) -> Raw | None:
        answer = fake.answer(seen)
        if b"sync-collection" not in seen.body or answer.status != 207:
            return None
        return Raw(
            207,
            answer.body.replace(quote(name).encode(), escape(name.replace("%", "%25")).encode()),
            answer.headers,
        )

    fake.faults.append(as_written)
    assert [*ALL, "Zoe"] == names(
        everything(connector_for(f"{fake.url}/dav/book/", username=USER, password=PASSWORD))
    )


def test_hrefs_that_are_no_utf8_stay_apart(fake: FakeDav) -> None:
    fake.put("x.vcf", card("UID:x", "FN:Bea"))
    fake.put("y.vcf", card("UID:y", "FN:Cid"))

    def latin(seen: Seen) -> Raw | None:
        body = seen.body.replace(b"/M%E4.vcf", b"/x.vcf").replace(b"/M%F6.vcf", b"/y.vcf")
        answer = fake.answer(
            Seen(seen.method, seen.path, seen.depth, seen.authorization, seen.cookie, body)
        )
        return Raw(
            answer.status,
            answer.body.replace(b"/x.vcf", b"/M%E4.vcf").replace(b"/y.vcf", b"/M%F6.vcf"),
            answer.headers,
        )

    fake.faults.append(latin)
    first = everything(connector_for(f"{fake.url}/dav/book/"))
    assert [*ALL, "Bea", "Cid"] == names(first)
    assert 7 == len(by_id(first))
    assert Delta(checkpoint=first.checkpoint) == connector_for(f"{fake.url}/dav/book/").fetch(
        first.checkpoint
    )


def test_two_books_that_hand_out_the_same_cards_give_ids_of_their_own(fake: FakeDav) -> None:
    def two(seen: Seen) -> Raw | None:
        if seen.path == "/dav/" and seen.depth == "1":
            real = fake.answer(Seen("PROPFIND", "/dav/book/", "0", "", "", b"")).body.decode()
            again = (
                real.partition("<response>")[2]
                .partition("</multistatus>")[0]
                .replace("/dav/book/", "/dav/all/")
            )
            return multistatus(HOME, "<response>" + again.replace(">Book<", ">All<"), BOOK)
        return (
            fake.answer(Seen(seen.method, "/dav/book/", seen.depth, "", "", seen.body))
            if seen.path == "/dav/all/"
            else None
        )

    fake.faults.append(two)
    first = everything(connector_for(f"{fake.url}/"))
    assert (10, 10) == (len(first.contacts), len(by_id(first)))
    assert {("All",), ("Book",)} == {contact.groups for contact in first.contacts}
    fake.delete("3.vcf")
    later = connector_for(f"{fake.url}/").fetch(first.checkpoint)
    assert isinstance(later, Delta)
    assert ((), 2) == (later.changed, len(later.removed))
    assert by_id(everything(connector_for(f"{fake.url}/"))) == applied(by_id(first), later)


def test_a_folder_in_the_book_is_no_card_whether_its_name_ends_in_a_slash_or_not(
    fake: FakeDav,
) -> None:
    kind = "<getetag>7</getetag><resourcetype><collection/></resourcetype>"

    def with_folder(seen: Seen) -> Raw | None:
        if b"sync-collection" not in seen.body:
            return None
        answer = fake.answer(seen)
        folder = row(
            "/dav/book/sub", kind if b"<resourcetype/>" in seen.body else "<getetag>7</getetag>"
        )
        return Raw(
            207,
            answer.body.replace(b"<response>", folder.encode() + b"<response>", 1),
            answer.headers,
        )

    fake.faults.append(with_folder)
    result = everything(connector_for(f"{fake.url}/dav/book/"))
    assert (ALL, ()) == (names(result), result.skipped)


@pytest.mark.parametrize("before", [b"\n\n", b" \r\n\t", b"\xef\xbb\xbf"])
def test_what_a_careless_program_puts_before_the_xml_is_passed_over(
    fake: FakeDav, before: bytes
) -> None:
    def careless(seen: Seen) -> Raw:
        answer = fake.answer(seen)
        return Raw(answer.status, before + answer.body, answer.headers)

    fake.faults.append(careless)
    assert ALL == names(everything(connector_for(f"{fake.url}/")))


@pytest.mark.parametrize("kind", ["text/html", "text/plain", ""])
def test_a_web_page_in_place_of_a_card_is_no_broken_card(fake: FakeDav, kind: str) -> None:
    fake.dialect = Dialect(drop_rows=("3.vcf",))
    page = Raw(
        200, b"<!DOCTYPE html>\n<HTML><body>Please sign in</body></html>", (("Content-Type", kind),)
    )
    fake.faults.append(lambda seen: page if seen.path.endswith("/3.vcf") else None)
    assert "web page instead of address books" in str(caught(fake))


def test_a_card_that_is_called_a_web_page_or_speaks_of_one_is_a_card(fake: FakeDav) -> None:
    fake.dialect = Dialect(drop_rows=("3.vcf",))
    text = card("FN:Ann 3", "NOTE:<html>hello</html>").encode()
    for kind in ("text/html", "text/vcard", ""):
        fake.faults.append(
            lambda seen, kind=kind: (
                Raw(200, text, (("Content-Type", kind),)) if seen.path.endswith("/3.vcf") else None
            )
        )
        assert ALL == names(everything(connector_for(f"{fake.url}/dav/book/")))
        fake.faults.clear()


@pytest.mark.parametrize(
    "raw",
    [Raw(503, b"", (("Retry-After", "5"),)), Raw(429), Raw(204)],
    ids=["busy", "too many", "nothing"],
)
def test_the_name_of_a_card_is_in_no_error(fake: FakeDav, raw: Raw) -> None:
    fake.put("Bea Smith.vcf", card("FN:Bea"))
    fake.dialect = Dialect(drop_rows=("Bea Smith.vcf",))
    fake.faults.append(lambda seen: raw if seen.path.endswith("Smith.vcf") else None)
    error = str(caught(fake))
    assert f"{fake.url}/dav/book/*.vcf " in error
    assert "Smith" not in error


def test_books_of_one_name_are_told_apart_by_their_paths(fake: FakeDav) -> None:
    rows = (
        BOOK,
        BOOK.replace("/dav/book/", "/dav/two/"),
        BOOK.replace("/dav/book/", "/dav/more/").replace(">Book<", ">More<"),
    )
    fake.faults.append(
        lambda seen: (
            multistatus(HOME, *rows) if seen.path == "/dav/" and seen.depth == "1" else None
        )
    )
    assert 'there are: "Book" (/dav/book), "Book" (/dav/two), "More". Check books.' in str(
        caught(fake, "/", books=["Nix"])
    )


@pytest.mark.parametrize("mark", ["#", "?"])
def test_names_that_differ_behind_a_sign_of_urls_are_two_cards(
    fake: FakeDav, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    monkeypatch.setattr(fake, "_href", lambda name: "/dav/book/" + name)
    for letter in "ab":
        fake.put(f"x{mark}{letter}.vcf", card(f"UID:x{letter}", f"FN:Zoe {letter}"))
    assert {"Zoe a", "Zoe b"} <= set(names(everything(connector_for(f"{fake.url}/"))))


def test_a_card_that_is_not_handed_out_any_more_stays_and_comes_back(fake: FakeDav) -> None:
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    fake.put("0.vcf", card("UID:u0", "FN:Anna 0"))

    def refuse(seen: Seen) -> Raw | None:
        if seen.path.endswith("/0.vcf"):
            return Raw(403)
        return Raw(404) if b"multiget" in seen.body else None

    fake.faults.append(refuse)
    second = connector.fetch(first.checkpoint)
    assert isinstance(second, Delta)
    assert ((), ()) == (second.changed, second.removed)
    assert ["card that the server lists, but does not hand out"] == [
        what.reason for what in second.skipped
    ]
    fake.faults.clear()
    third = connector.fetch(second.checkpoint)
    assert isinstance(third, Delta)
    assert (["Anna 0"], (), ()) == (
        [one.name for one in third.changed],
        third.removed,
        third.skipped,
    )


def test_a_deleted_card_may_be_told_as_gone_for_good(fake: FakeDav) -> None:
    first = everything(connector_for(f"{fake.url}/"))
    fake.delete("0.vcf")
    fake.faults.append(
        lambda seen: (
            multistatus(
                row("/dav/book/0.vcf", "", 410), tail="<sync-token>urn:token:6&amp;</sync-token>"
            )
            if b"sync-collection" in seen.body
            else None
        )
    )
    delta = connector_for(f"{fake.url}/").fetch(first.checkpoint)
    assert isinstance(delta, Delta)
    assert 1 == len(delta.removed)


def test_two_books_of_one_path_on_two_servers_are_told(fake: FakeDav) -> None:
    book = "<resourcetype><collection/><C:addressbook/></resourcetype>"
    answer = multistatus(row("/dav/book/", book), row("http://127.0.0.1:9/dav/book/", book))
    fake.faults.append(
        lambda seen: answer if seen.depth == "1" and b"displayname" in seen.body else None
    )
    error = caught(fake, "/")
    assert isinstance(error, SourceRefused)
    assert "are two address books of one path" in str(error)

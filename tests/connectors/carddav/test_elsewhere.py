"""Cards, lists and redirects that lead to another server are not followed.

No login is sent there, and no card from there is believed.
"""

from collections.abc import Iterator

import pytest

from connectors.base import Delta, SourceRefused
from connectors.carddav.hrefs import is_elsewhere
from connectors.http_client.redirects import resolve_redirect
from tests.connectors.carddav.server import caught, connector_for, five_people
from tests.connectors.contract import everything, names
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_answers import Raw, multistatus, row
from tests.support.fakes.dav_login import PASSWORD, USER
from tests.support.fakes.dav_server import Dialect, FakeDav, Seen

ALL = [f"Ann {number}" for number in range(5)]
ELSEWHERE = "card at an address of another server, which is not asked for it"


@pytest.fixture
def fake() -> Iterator[FakeDav]:
    yield from five_people()


@pytest.mark.parametrize(
    "url, elsewhere",
    [
        ("https://cloud.example.com/b/1.vcf", False),
        ("http://cloud.example.com/b/1.vcf", False),
        ("https://CLOUD.example.com:443/b/1.vcf", False),
        ("https://cloud.example.com:8443/b/1.vcf", True),
        ("http://cloud.example.com:8080/b/1.vcf", True),
        ("https://other.example.com/b/1.vcf", True),
        ("https://cloud.example.com.evil.example/b/1.vcf", True),
        ("ftp://cloud.example.com/b/1.vcf", True),
    ],
)
def test_another_server_is_another_name_or_port(url: str, elsewhere: bool) -> None:
    assert elsewhere == is_elsewhere(url, "https://cloud.example.com/b/")


@pytest.mark.parametrize("multiget", [207, 501])
@pytest.mark.parametrize(
    "login", [{}, {"username": USER, "password": PASSWORD}], ids=["no login", "login"]
)
def test_a_card_on_another_server_is_not_asked_for_there_and_not_believed(
    fake: FakeDav, multiget: int, login: dict[str, object]
) -> None:
    fake.dialect = Dialect(multiget=multiget, challenges=('Basic realm="x"',) if login else ())
    with FakeDav() as inner:
        inner.put("m.vcf", card("FN:Mallory"))
        theirs = f"{inner.url}/dav/book/m.vcf"

        def add(seen: Seen) -> Raw | None:
            answer = fake.answer(seen)
            if answer.status != 207 or not (
                b"sync-collection" in seen.body or b"multiget" in seen.body
            ):
                return None
            data = (
                f"<C:address-data>{card('FN:Mallory')}</C:address-data>"
                if b"multiget" in seen.body
                else ""
            )
            more = row(theirs, f'<getetag>"1"</getetag>{data}').encode()
            return Raw(
                207, answer.body.replace(b"<response>", more + b"<response>", 1), answer.headers
            )

        fake.faults.append(add)
        result = everything(connector_for(f"{fake.url}/", **login))
        assert [] == inner.seen
    assert ALL == names(result)
    assert [(ELSEWHERE, 'book "Book": card m.vcf')] == [
        (what.reason, what.where) for what in result.skipped
    ]
    assert not any(b"m.vcf" in seen.body for seen in fake.seen)


def test_a_known_card_that_moves_to_another_server_keeps_its_contact_and_comes_back(
    fake: FakeDav,
) -> None:
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    fake.put("3.vcf", card("UID:u3", "FN:Mallory"))
    fake.faults.append(
        lambda seen: (
            Raw(
                207,
                fake.answer(seen).body.replace(
                    b"<href>/dav/book/3.vcf", b"<href>http://127.0.0.1:9/dav/book/3.vcf"
                ),
            )
            if b"sync-collection" in seen.body
            else None
        )
    )
    second = connector.fetch(first.checkpoint)
    assert isinstance(second, Delta)
    assert ((), (), [ELSEWHERE]) == (
        second.changed,
        second.removed,
        [what.reason for what in second.skipped or ()],
    )
    fake.faults.clear()
    fake.expire()
    third = connector.fetch(second.checkpoint)
    assert isinstance(third, Delta)
    assert (["Mallory"], ()) == ([one.name for one in third.changed], third.skipped)


def test_cards_on_another_server_that_are_told_already_make_no_later_reading_fail(
    fake: FakeDav, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5, 40):
        fake.put(f"{number}.vcf", card(f"UID:u{number}", f"FN:Ann {number}"))
    real = fake._href
    monkeypatch.setattr(
        fake, "_href", lambda name: ("http://127.0.0.1:9" if name < "2" else "") + real(name)
    )
    connector = connector_for(f"{fake.url}/")
    first = everything(connector)
    assert (28, 12) == (len(first.contacts), len(first.skipped))
    fake.expire()
    fake.put("9.vcf", card("UID:u9", "FN:Anna 9"))
    second = connector.fetch(first.checkpoint)
    assert isinstance(second, Delta)
    assert (["Anna 9"], (), None) == (
        [one.name for one in second.changed],
        second.removed,
        second.skipped,
    )


@pytest.mark.parametrize("location", ["/dav/book/3.vcf", "file:///etc/passwd", "http://[::1"])
def test_a_card_whose_redirect_leads_nowhere_costs_itself_alone(
    fake: FakeDav, location: str
) -> None:
    fake.dialect = Dialect(drop_rows=("3.vcf",))
    fake.faults.append(
        lambda seen: Raw(302, b"", (("Location", location),)) if seen.method == "GET" else None
    )
    result = everything(connector_for(f"{fake.url}/"))
    assert ["Ann 0", "Ann 1", "Ann 2", "Ann 4"] == names(result)
    assert ['book "Book": card 3.vcf'] == [what.where for what in result.skipped]


def test_a_book_whose_cards_are_all_on_another_server_is_told_with_the_remedy(
    fake: FakeDav,
) -> None:
    fake.faults.append(
        lambda seen: (
            Raw(
                207,
                fake.answer(seen).body.replace(
                    b"<href>/dav/book/", b"<href>http://backend.internal:8080/dav/book/"
                ),
            )
            if b"sync-collection" in seen.body
            else None
        )
    )
    error = caught(fake)
    assert isinstance(error, SourceRefused)
    assert (
        "lists its cards at addresses of another server, which is not asked for them. Write that"
        " server into url" in str(error)
    )


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_card_that_redirects_to_another_server_is_left_out_and_nobody_is_asked_there(
    fake: FakeDav, code: int
) -> None:
    fake.dialect = Dialect(drop_rows=("3.vcf",))
    with FakeDav() as inner:
        inner.put("3.vcf", card("FN:Mallory"))
        there = (("Location", f"{inner.url}/dav/book/3.vcf"),)
        fake.faults.append(lambda seen: Raw(code, b"", there) if seen.method == "GET" else None)
        result = everything(connector_for(f"{fake.url}/"))
        assert [] == inner.seen
    assert ["Ann 0", "Ann 1", "Ann 2", "Ann 4"] == names(result)
    assert [ELSEWHERE] == [what.reason for what in result.skipped]


@pytest.mark.parametrize(
    "word", [b"sync-collection", b"multiget", b"<prop><getetag/><resourcetype/></prop></propfind>"]
)
def test_lists_and_cards_of_another_server_behind_a_redirect_are_not_believed(
    fake: FakeDav, word: bytes
) -> None:
    fake.dialect = Dialect(sync=word == b"sync-collection")
    with FakeDav() as inner:
        inner.put("0.vcf", card("FN:Mallory"))
        there = (("Location", f"{inner.url}/dav/book/"),)
        fake.faults.append(lambda seen: Raw(302, b"", there) if word in seen.body else None)
        error = caught(fake)
        assert isinstance(error, SourceRefused)
        assert (
            f"redirects to another server, {inner.url}/dav/book/, whose cards are not read."
            in str(error)
        )
        assert {""} == {seen.authorization for seen in inner.seen}


@pytest.mark.parametrize("where", ["redirect", "relative redirect", "home", "book"])
def test_a_login_in_an_address_of_the_server_is_dropped(fake: FakeDav, where: str) -> None:
    evil = fake.url.replace("http://", "http://evil:pw@")
    home = (
        "<resourcetype><collection/></resourcetype><C:addressbook-home-set><href>{}</href>"
        "</C:addressbook-home-set>"
    )
    book = (
        "<resourcetype><collection/><C:addressbook/></resourcetype><displayname>Book</displayname>"
    )

    def lead(seen: Seen) -> Raw | None:
        if "redirect" in where and seen.path == "/":
            return Raw(
                302,
                b"",
                (
                    (
                        "Location",
                        evil.removeprefix("http:" if "relative" in where else "") + "/dav/",
                    ),
                ),
            )
        if where == "home" and seen.path == "/":
            return multistatus(row("/", home.format(f"{evil}/dav/")))
        if where == "book" and seen.path == "/dav/" and seen.depth == "1":
            return multistatus(row(f"{evil}/dav/book/", book))
        return None

    fake.faults.append(lead)
    assert ALL == names(everything(connector_for(f"{fake.url}/")))
    assert {""} == {seen.authorization for seen in fake.seen}


def test_a_redirect_with_a_login_is_the_same_address_without_it() -> None:
    assert "http://h.example/b" == resolve_redirect(
        ["http://h.example/a"], "http://u:p@h.example/b"
    )
    with pytest.raises(SourceRefused, match="in a circle"):
        resolve_redirect(["http://h.example/a"], "http://u:p@h.example/a")

"""The cards themselves: many in one request, and one by one where that fails.

Facts: addressbook-multiget (RFC 6352 section 8.7) is answered with a row for each card; a row may be missing, be a 404, or
the whole report may be a 404 or 501. One card with a character that XML forbids makes a batch unreadable. Only a GET of its
own tells that a card is really gone.

Law of this file: it delivers every card that it was asked for, or says which one the server does not have. It does not look
inside.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.dav import BrokenXml, absolute, is_page, multiget_body, not_dav, read_multistatus
from connectors.dav_discovery import Book, report
from connectors.dav_sync import Listed
from connectors.http import Session
from connectors.http_status import AnswerTooLarge, NotThere

BATCH = 100
"""Cards in one multiget."""
WITHHELD = "card that the server lists, but does not hand out"


@dataclass(slots=True)
class Delivery:
    """Cards by key; those that are gone; those that the server lists but does not hand out, with the reason."""

    cards: dict[str, bytes] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    withheld: dict[str, str] = field(default_factory=dict)


def fetch_cards(session: Session, book: Book, wanted: dict[str, Listed]) -> Iterator[Delivery]:
    """Yield the wanted cards of a book, batch after batch. Raises SourceError rather than lose one."""
    multiget = True
    keys = list(wanted)
    for start in range(0, len(keys), BATCH):
        batch = {key: wanted[key] for key in keys[start : start + BATCH]}
        delivery = Delivery()
        if multiget:
            multiget = _many(session, book, batch, delivery)
        for key in batch:
            if key not in delivery.cards:
                _one(session, book, key, batch[key], delivery)
        yield delivery


def _many(session: Session, book: Book, wanted: dict[str, Listed], delivery: Delivery) -> bool:
    """Ask for a batch; return whether the server knows how. What is unreadable or too large is asked for in halves."""
    waiting: list[list[str]] = [list(wanted)]
    while waiting:
        keys = waiting.pop()
        try:
            answer = report(session, book.url, multiget_body(wanted[key].href for key in keys))
            if answer.status != 207:
                return False
            rows = read_multistatus(answer).rows
        except NotThere:
            return False
        except (AnswerTooLarge, BrokenXml):
            if len(keys) > 1:
                waiting += _halves(keys)
            continue
        for row in rows:
            if row.data and row.key in wanted:
                delivery.cards[row.key] = row.data.encode()
    return True


def _halves(keys: list[str]) -> Iterator[list[str]]:
    yield keys[: len(keys) // 2]
    yield keys[len(keys) // 2 :]


def _one(session: Session, book: Book, key: str, listed: Listed, delivery: Delivery) -> None:
    try:
        answer = session.request("GET", absolute(book.url, listed.href), (("Accept", "text/vcard, text/x-vcard, */*;q=0.1"),))
    except AnswerTooLarge:
        delivery.withheld[key] = "card is larger than 64 MB"
        return
    if answer.status in (404, 410):
        delivery.gone.add(key)
    elif answer.status == 403:
        delivery.withheld[key] = WITHHELD
    elif answer.status != 200 or (is_page(answer) and b"BEGIN:VCARD" not in answer.body[:10_000].upper()):
        raise not_dav(answer)
    else:
        delivery.cards[key] = answer.body

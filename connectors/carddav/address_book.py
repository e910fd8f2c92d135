"""Read one address book: choose the cards to fetch and convert them into contacts.

An address object is one vCard (RFC 6352 section 5.1), yet some hold none or several. A
changed group card, or a new name of the book, changes contacts whose own cards did not
change. Those cards are fetched again, because a changed contact in a Delta is complete.
A card that the server withholds keeps its old contact, is reported, and is requested
again each time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from connectors.base import SourceUnavailable
from connectors.carddav.checkpoint import BookState, CardState, contact_id, groups_by_member
from connectors.carddav.discovery import AddressBook
from connectors.carddav.multiget import ELSEWHERE, RETRIED, PreviousCards, fetch_cards
from connectors.carddav.sync import Changes, ListedCard, changes_since, list_all
from connectors.contact import Contact
from connectors.http_client.responses import redacted_url
from connectors.http_client.session import Session
from connectors.vcard.decoding import DEFAULT, guess_charset
from connectors.vcard.parser import NOT_BEGUN, Card, normalise_uid, read_cards

NO_CARD = "object without a vCard"
SEVERAL_CARDS = "object with more than one vCard, of which the first was read"
UNDECLARED = "card with text in no declared charset, which was guessed"


@dataclass(frozen=True, slots=True)
class BookResult:
    """Result for one book: its new state, and its new or altered contacts.

    The first fetch returns all contacts.
    """

    state: BookState
    contacts: tuple[Contact, ...] = ()


@dataclass(slots=True)
class _Read:
    """Fetched cards: their states and contacts by key."""

    states: dict[str, CardState] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    undeclared: dict[str, tuple[bytes, tuple[bytes, ...]]] = field(default_factory=dict)
    """The cards with text in no declared charset, each with that text."""


def read_book(
    session: Session,
    book: AddressBook,
    previous: BookState | None,
    report_progress: Callable[[int], None],
    *,
    everything: bool = False,
) -> BookResult:
    """Read a book completely, or what changed since `previous`.

    `report_progress` is called with the number of contacts so far. `everything`
    compares a full listing with `previous`, whatever the book's token. Raises
    SourceError rather than lose a card.
    """
    if (
        previous is not None
        and not everything
        and _is_unchanged(book, previous)
        and previous.name == book.name
    ):
        return BookResult(previous)
    changes = _changes(session, book, previous, everything=everything)
    requested = changes.changed
    cards = (
        {key: card for key, card in previous.cards.items() if key not in changes.gone}
        if previous
        else {}
    )
    if previous is not None and previous.name != book.name:
        requested = {
            key: ListedCard(card.href, card.etag) for key, card in cards.items()
        } | requested
    read = _Read()
    for key in _fetch(
        session, book, requested, cards, read, report_progress, first=previous is None
    ):
        cards.pop(key, None)
    cards |= read.states
    groups_of = groups_by_member(cards)
    if previous is not None:
        before = groups_by_member(previous.cards)
        altered = {
            uid for uid in before.keys() | groups_of.keys() if before.get(uid) != groups_of.get(uid)
        }
        again = {
            key: ListedCard(card.href, card.etag)
            for key, card in cards.items()
            if card.is_contact and card.uid in altered and key not in read.contacts
        }
        for key in _fetch(session, book, again, cards, read, report_progress):
            cards.pop(key, None)
        cards |= read.states
    contacts = tuple(
        _with_groups(contact, key, cards[key].uid, groups_of, book)
        for key, contact in read.contacts.items()
    )
    return BookResult(BookState(book.key, book.name, changes.token, book.ctag, cards), contacts)


def _is_unchanged(book: AddressBook, previous: BookState) -> bool:
    if _withheld(previous):
        return False
    if book.token and previous.token:
        return book.token == previous.token
    return bool(book.ctag) and book.ctag == previous.ctag


def _differ(now: str, before: str) -> bool:
    return bool(now) and bool(before) and now != before


def _withheld(previous: BookState) -> dict[str, ListedCard]:
    return {
        key: ListedCard(card.href, "")
        for key, card in previous.cards.items()
        if card.problem in RETRIED
    }


def _changes(
    session: Session, book: AddressBook, previous: BookState | None, *, everything: bool
) -> Changes:
    if previous is None:
        cards, token = list_all(session, book)
        return Changes(token, cards, frozenset())
    if not everything and _is_unchanged(book, previous):
        return Changes(previous.token, {}, frozenset())
    moved = _differ(book.token, previous.token) or _differ(book.ctag, previous.ctag)
    etags = {key: card.etag for key, card in previous.cards.items()}
    changes = changes_since(
        session, book, previous.token, etags, moved=moved, everything=everything
    )
    again = {key: card for key, card in _withheld(previous).items() if key not in changes.gone}
    return Changes(changes.token, again | changes.changed, changes.gone)


def _fetch(
    session: Session,
    book: AddressBook,
    requested: dict[str, ListedCard],
    before: dict[str, CardState],
    read: _Read,
    report_progress: Callable[[int], None],
    *,
    first: bool = False,
) -> frozenset[str]:
    """Fetch the requested cards into `read`; return the keys of deleted ones.

    `before` holds the previous state of the cards.
    """
    gone: set[str] = set()
    withheld = frozenset(
        key for key, card in before.items() if card.problem in (*RETRIED, ELSEWHERE)
    )
    previous = PreviousCards(before.keys(), withheld, is_first=first)
    for batch in fetch_cards(session, book, requested, previous):
        for key, data in batch.cards.items():
            _read_card(key, requested[key], data, read, DEFAULT)
        for key, reason in batch.withheld.items():
            old = before.get(key, CardState("", ""))
            # An unknown ETag, so that a later listing at the right address counts as a change.
            etag = "" if reason == ELSEWHERE else requested[key].etag
            read.states[key] = msgspec.structs.replace(
                old, href=requested[key].href, etag=etag, problem=reason, line=0
            )
        gone |= batch.gone
        report_progress(len(read.contacts))
    if read.undeclared:
        encoding = guess_charset(text for _, texts in read.undeclared.values() for text in texts)
        for key, (data, _) in read.undeclared.items() if encoding != DEFAULT else ():
            _read_card(key, requested[key], data, read, encoding)
        read.undeclared.clear()
    if gone and not gone.isdisjoint(list_all(session, book)[0]):
        raise SourceUnavailable(
            f"{redacted_url(book.url)} lists cards that it then does not have. Check the server's"
            " log if another try does not help."
        )
    return frozenset(gone)


def _read_card(key: str, listed: ListedCard, data: bytes, read: _Read, fallback: str) -> None:
    cards = sorted(read_cards(data, fallback), key=lambda card: NOT_BEGUN in card.problem)
    first, *others = cards or [Card("", 1, ended=False, problem=NO_CARD)]
    if first.undeclared and fallback == DEFAULT:
        read.undeclared[key] = (data, first.undeclared)
    guessed = UNDECLARED if first.undeclared and fallback != DEFAULT else ""
    problem = "; ".join(filter(None, (first.problem, guessed)))
    read.states[key] = CardState(
        href=listed.href,
        etag=listed.etag,
        uid=normalise_uid(first.uid),
        is_contact=first.contact is not None,
        problem=problem or (SEVERAL_CARDS if others else ""),
        line=others[0].line if others and not problem else first.line,
        group=first.group.name if first.group else "",
        members=first.group.members if first.group else (),
    )
    if first.contact is not None:
        read.contacts[key] = first.contact


def _with_groups(
    contact: Contact, key: str, uid: str, groups_of: dict[str, tuple[str, ...]], book: AddressBook
) -> Contact:
    groups = dict.fromkeys((*contact.groups, *groups_of.get(uid, ()), book.name))
    return msgspec.structs.replace(contact, id=contact_id(book.key, key), groups=tuple(groups))

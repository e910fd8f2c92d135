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
from connectors.carddav.checkpoint import BookState, CardState, contact_id, named_groups
from connectors.carddav.discovery import AddressBook
from connectors.carddav.multiget import ELSEWHERE, RETRIED, Known, fetch_cards
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
    known: BookState | None,
    tell: Callable[[int], None],
    *,
    everything: bool = False,
) -> BookResult:
    """Read a book completely, or what changed since `known`.

    `tell` is called with the number of contacts so far. `everything` compares a full
    listing with `known`, whatever the book's token. Raises SourceError rather than lose
    a card.
    """
    if (
        known is not None
        and not everything
        and _is_unchanged(book, known)
        and known.name == book.name
    ):
        return BookResult(known)
    changes = _changes(session, book, known, everything=everything)
    wanted = changes.wanted
    cards = (
        {key: card for key, card in known.cards.items() if key not in changes.gone} if known else {}
    )
    if known is not None and known.name != book.name:
        wanted = {key: ListedCard(card.href, card.etag) for key, card in cards.items()} | wanted
    read = _Read()
    for key in _fetch(session, book, wanted, cards, read, tell, first=known is None):
        cards.pop(key, None)
    cards |= read.states
    named = named_groups(cards)
    if known is not None:
        before = named_groups(known.cards)
        altered = {uid for uid in before.keys() | named.keys() if before.get(uid) != named.get(uid)}
        again = {
            key: ListedCard(card.href, card.etag)
            for key, card in cards.items()
            if card.is_contact and card.uid in altered and key not in read.contacts
        }
        for key in _fetch(session, book, again, cards, read, tell):
            cards.pop(key, None)
        cards |= read.states
    contacts = tuple(
        _finished(contact, key, cards[key].uid, named, book)
        for key, contact in read.contacts.items()
    )
    return BookResult(BookState(book.key, book.name, changes.token, book.ctag, cards), contacts)


def _is_unchanged(book: AddressBook, known: BookState) -> bool:
    if _withheld(known):
        return False
    if book.token and known.token:
        return book.token == known.token
    return bool(book.ctag) and book.ctag == known.ctag


def _differ(now: str, before: str) -> bool:
    return bool(now) and bool(before) and now != before


def _withheld(known: BookState) -> dict[str, ListedCard]:
    return {
        key: ListedCard(card.href, "")
        for key, card in known.cards.items()
        if card.problem in RETRIED
    }


def _changes(
    session: Session, book: AddressBook, known: BookState | None, *, everything: bool
) -> Changes:
    if known is None:
        cards, token = list_all(session, book)
        return Changes(token, cards, frozenset())
    if not everything and _is_unchanged(book, known):
        return Changes(known.token, {}, frozenset())
    moved = _differ(book.token, known.token) or _differ(book.ctag, known.ctag)
    etags = {key: card.etag for key, card in known.cards.items()}
    changes = changes_since(session, book, known.token, etags, moved=moved, everything=everything)
    again = {key: card for key, card in _withheld(known).items() if key not in changes.gone}
    return Changes(changes.token, again | changes.wanted, changes.gone)


def _fetch(
    session: Session,
    book: AddressBook,
    wanted: dict[str, ListedCard],
    before: dict[str, CardState],
    read: _Read,
    tell: Callable[[int], None],
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
    known = Known(before.keys(), withheld, is_first=first)
    for delivery in fetch_cards(session, book, wanted, known):
        for key, data in delivery.cards.items():
            _read_card(key, wanted[key], data, read, DEFAULT)
        for key, reason in delivery.withheld.items():
            old = before.get(key, CardState("", ""))
            # An unknown ETag, so that a later listing at the right address counts as a change.
            etag = "" if reason == ELSEWHERE else wanted[key].etag
            read.states[key] = msgspec.structs.replace(
                old, href=wanted[key].href, etag=etag, problem=reason, line=0
            )
        gone |= delivery.gone
        tell(len(read.contacts))
    if read.undeclared:
        encoding = guess_charset(text for _, texts in read.undeclared.values() for text in texts)
        for key, (data, _) in read.undeclared.items() if encoding != DEFAULT else ():
            _read_card(key, wanted[key], data, read, encoding)
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


def _finished(
    contact: Contact, key: str, uid: str, named: dict[str, tuple[str, ...]], book: AddressBook
) -> Contact:
    groups = dict.fromkeys((*contact.groups, *named.get(uid, ()), book.name))
    return msgspec.structs.replace(contact, id=contact_id(book.key, key), groups=tuple(groups))

"""List an address book, or its changes since the last time, as hrefs and ETags.

After a full listing, absent cards are deleted. After an incremental one they never are.
"""

from dataclasses import dataclass

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.carddav.bodies import LIST_CARDS, sync_body
from connectors.carddav.discovery import AddressBook
from connectors.carddav.hrefs import is_elsewhere, pair_keys
from connectors.carddav.requests import list_members, report
from connectors.carddav.webdav import Resource, refuses_token, require_complete, same_etag
from connectors.http_client.responses import redacted_url
from connectors.http_client.session import Session

_MAX_PAGES = 10_000
MAX_CARDS = 1_000_000
"""Cards of one book. A list without an end would fill the memory."""


@dataclass(frozen=True, slots=True)
class ListedCard:
    """One card in a listing: the href as the server wrote it, and the plain ETag or "".

    `elsewhere` means that the href leads to another server than the book's.
    """

    href: str
    etag: str
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """New or altered cards of a book by key, deleted keys, and the next token or ""."""

    token: str
    changed: dict[str, ListedCard]
    gone: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Listing:
    token: str
    cards: dict[str, ListedCard]
    gone: frozenset[str]


def list_all(session: Session, book: AddressBook) -> tuple[dict[str, ListedCard], str]:
    """Return every card of the book by key, and the token of that moment."""
    listing = _sync(session, book, "") if book.syncs else None
    if listing is not None:
        return listing.cards, listing.token
    return _list_etags(session, book), ""


def changes_since(
    session: Session,
    book: AddressBook,
    token: str,
    previous: dict[str, str],
    *,
    moved: bool,
    everything: bool,
) -> Changes:
    """Return what differs from `previous` (plain ETags by key).

    The token is used if there is one and the server accepts it. `moved` means that the
    book's properties report a change. An answer without a row is then not trusted.
    `everything` compares a full listing in any case.
    """
    listing = _sync(session, book, token) if token else None
    if (
        listing is not None
        and not everything
        and not _is_doubtful(listing, previous, moved=moved or listing.token != token)
    ):
        return Changes(listing.token, listing.cards, listing.gone & previous.keys())
    cards, new_token = (
        list_all(session, book) if listing is None else _list_again(session, book, listing.token)
    )
    same = pair_keys(cards.keys(), previous.keys())
    cards = {same.get(key, key): card for key, card in cards.items()}
    changed = {
        key: card for key, card in cards.items() if not same_etag(card.etag, previous.get(key, ""))
    }
    return Changes(new_token, changed, frozenset(previous.keys() - cards.keys()))


def _list_again(
    session: Session, book: AddressBook, token: str
) -> tuple[dict[str, ListedCard], str]:
    """Return every card by ETags, or by sync-collection if the former fails.

    The server may refuse to list ETags, for example if they are too many for one
    answer.
    """
    try:
        return _list_etags(session, book), token
    except SourceError:
        listing = _sync(session, book, "")
        if listing is None:
            raise
        return listing.cards, listing.token


def _list_etags(session: Session, book: AddressBook) -> dict[str, ListedCard]:
    rows = require_complete(list_members(session, book.url, LIST_CARDS)).rows
    return {row.key: _listed_card(row, book) for row in rows if _is_card(row, book)}


def _is_doubtful(listing: _Listing, previous: dict[str, str], *, moved: bool) -> bool:
    """Return whether an answer to a token may be incomplete or another list."""
    if not listing.cards and not listing.gone:
        return moved
    return _is_everything(listing, previous) or bool(
        pair_keys(listing.cards.keys() | listing.gone, previous.keys())
    )


def _is_everything(listing: _Listing, previous: dict[str, str]) -> bool:
    """Return whether an answer may have ignored the token.

    It may if it names an unchanged card, or half of the cards and no deletion.
    """
    listed = [key for key in listing.cards if key in previous]
    if any(same_etag(listing.cards[key].etag, previous[key]) for key in listed):
        return True
    return bool(listed) and not listing.gone and 2 * len(listed) >= len(previous)


def _sync(session: Session, book: AddressBook, token: str) -> _Listing | None:
    """Return the listing since a token, or None if the server refuses token or report.

    An empty token requests everything. sync-collection (RFC 6578) answers with rows and
    a new token. A row with status 404 is a deletion. Status 507 on the collection's own
    row means that more follows under the new token. `nresults` is never sent, because
    one server cuts the list to it without a notice.
    """
    cards: dict[str, ListedCard] = {}
    gone: set[str] = set()
    for _ in range(_MAX_PAGES):
        answer = report(session, book.url, sync_body(token))
        # A refused token is answered with 403, 409, 410 or 412, or not at all. Some servers then
        # list everything under status 207, without the deletions. Others return a new token and
        # forget the rows. `_is_doubtful` detects both.
        if answer.status != 207 and (
            refuses_token(answer)
            or answer.status in (400, 404, 405, 415, 422)
            or answer.status >= 500
        ):
            return None
        page = require_complete(answer, paged=True)
        for row in page.rows:
            if row.status in (404, 410) and row.key != book.key:
                gone.add(row.key)
                cards.pop(row.key, None)
            elif _is_card(row, book):
                gone.discard(row.key)
                cards[row.key] = _listed_card(row, book)
                if len(cards) > MAX_CARDS:
                    raise SourceRefused(
                        f"{redacted_url(book.url)} lists more than {MAX_CARDS:,} cards, which no"
                        " address book needs. Check url."
                    )
        if not page.token:
            return None
        if not any(row.status == 507 for row in page.rows):
            return _Listing(page.token, cards, frozenset(gone))
        if page.token == token:
            break
        token = page.token
    raise SourceUnavailable(
        f"{redacted_url(book.url)} never comes to the end of its list. Check the server's log if"
        " this stays."
    )


def _listed_card(row: Resource, book: AddressBook) -> ListedCard:
    return ListedCard(row.href, row.etag, is_elsewhere(row.url, book.url))


def _is_card(row: Resource, book: AddressBook) -> bool:
    return (
        bool(row.href)
        and row.key != book.key
        and not row.is_collection
        and row.status not in (404, 410, 507)
    )

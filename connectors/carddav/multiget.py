"""Fetch cards in batches, and one by one if that fails.

addressbook-multiget (RFC 6352 section 8.7) is answered with a row for each card. A row
may be missing or be a 404. The report may also fail as a whole: for one card that the
server cannot parse, a character that XML forbids, or the number of cards. So a failed
batch is halved until the faulty card stands alone. That card is requested by GET.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.carddav.bodies import FIND_BOOKS, multiget_body
from connectors.carddav.discovery import AddressBook
from connectors.carddav.hrefs import is_elsewhere, pair_keys, path_key, resolve_href, spellings
from connectors.carddav.requests import get_card, propfind, report
from connectors.carddav.sync import ListedCard
from connectors.carddav.webdav import BrokenXml, is_page, not_webdav, read_multistatus
from connectors.http_client.redirects import BadRedirect, LeadsAway
from connectors.http_client.responses import AnswerTooLarge, NotFound, Response, redacted_url
from connectors.http_client.session import Session

BATCH = 100
"""Cards in one multiget."""
WITHHELD = "card that the server lists, but does not hand out"
FAILED = "card with which the server fails (its log says why)"
ELSEWHERE = "card at an address of another server, which is not asked for it"
TOO_LARGE = "card is larger than 64 MB"
RETRIED = (WITHHELD, FAILED)
"""Reasons that may pass without a change of the card."""

_NO_MULTIGET = (403, 404, 405, 410, 501)
_MAX_FAILURES_ALONE = 3
_MIN_FAILURES = 3
_MANY_FAILURES = 10


@dataclass(slots=True)
class CardBatch:
    """Cards by key, keys of deleted cards, and withheld cards with the reason.

    A withheld card is one that the server lists but does not deliver.
    """

    cards: dict[str, bytes] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    withheld: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreviousCards:
    """Previous state of a book's cards: all `keys`, and those `withheld` last time.

    `is_first` means that nothing was read before.
    """

    keys: Collection[str]
    withheld: Collection[str] = frozenset()
    is_first: bool = False


def fetch_cards(
    session: Session,
    book: AddressBook,
    requested_cards: dict[str, ListedCard],
    previous: PreviousCards,
) -> Iterator[CardBatch]:
    """Yield the requested cards of a book, holding one answer at a time.

    Raises SourceError rather than lose a card, and if the book delivers hardly any.
    """
    yield from _Fetch(session, book, requested_cards, previous).all_batches()


@dataclass(slots=True)
class _Fetch:
    session: Session
    book: AddressBook
    requested_cards: dict[str, ListedCard]
    previous: PreviousCards
    size: int = BATCH
    delivered: int = 0
    failed: int = 0
    status: int = 0
    batches: int = 0
    """Multigets that were answered."""
    alone: int = 0
    """Multigets for one card that failed."""

    def all_batches(self) -> Iterator[CardBatch]:
        alone = {
            key
            for key, listed in self.requested_cards.items()
            if listed.elsewhere or key in self.previous.withheld
        }
        together = [key for key in self.requested_cards if key not in alone]
        start = 0
        while start < len(together):
            batch = together[start : start + self.size]
            start += len(batch)
            yield from self._fetch_batch(batch)
        for key in self.requested_cards:
            if key in alone:
                yield self._fetch_one(key)
        if self.previous.is_first and not self.delivered and self.failed >= _MIN_FAILURES:
            raise self._book_problem()

    def _fetch_batch(self, batch: list[str]) -> Iterator[CardBatch]:
        """Fetch a batch, and halves of it if it fails.

        The next batch is as large as the largest that was answered.
        """
        parts, largest = [batch], 0
        while parts:
            keys = parts.pop()
            found = self._multiget(keys)
            if found is None and len(keys) > 1:
                parts += (keys[len(keys) // 2 :], keys[: len(keys) // 2])
                continue
            largest = max(largest, len(keys))
            if found:
                self.delivered += len(found)
                yield CardBatch(found)
            for key in keys:
                if not found or key not in found:
                    yield self._fetch_one(key)
        self.size = min(BATCH, 2 * largest)

    def _multiget(self, keys: list[str]) -> dict[str, bytes] | None:
        """Return the cards that a multiget delivers.

        Returns no cards if the server knows no multiget, and None if it fails with
        these.
        """
        if self._is_useless():
            return {}
        try:
            answer = report(
                self.session,
                self.book.url,
                multiget_body(self.requested_cards[key].href for key in keys),
            )
            if answer.status in _NO_MULTIGET:
                self.alone = _MAX_FAILURES_ALONE
                return {}
            if answer.status != 207 and (answer.status >= 400 or not is_page(answer)):
                self.alone += len(keys) == 1
                if len(keys) == 1 or not self.batches:
                    self._check_server(answer)
                return None
            rows = read_multistatus(answer).rows
        except NotFound:
            self.alone = _MAX_FAILURES_ALONE
            return {}
        except (AnswerTooLarge, BrokenXml):
            return None
        self.batches += 1
        rows_by_key = {
            row.key: row.data for row in rows if not is_elsewhere(row.url, self.book.url)
        }
        requested = set(keys)
        same = pair_keys(rows_by_key.keys(), requested)
        return {
            key: data.encode()
            for row, data in rows_by_key.items()
            if data and (key := same.get(row, row)) in requested
        }

    def _is_useless(self) -> bool:
        """Return whether multigets for single cards failed, and none was answered."""
        return not self.batches and self.alone >= _MAX_FAILURES_ALONE

    def _fetch_one(self, key: str) -> CardBatch:
        listed = self.requested_cards[key]
        if listed.elsewhere:
            return self._withheld(key, ELSEWHERE)
        try:
            answer = self._get(listed.href)
        except AnswerTooLarge:
            return CardBatch(withheld={key: TOO_LARGE})
        except LeadsAway:
            return self._withheld(key, ELSEWHERE)
        except BadRedirect:
            return self._withheld(key, FAILED, 302)
        if answer.status in (404, 410):
            return CardBatch(gone={key})
        if answer.status == 403:
            return self._withheld(key, WITHHELD, 403)
        if answer.status >= 400:
            self._check_server(answer)
            return self._withheld(key, FAILED, answer.status)
        if answer.status != 200 or (
            is_page(answer) and b"BEGIN:VCARD" not in answer.body[:10_000].upper()
        ):
            raise not_webdav(answer)
        self.delivered += 1
        return CardBatch({key: answer.body})

    def _get(self, href: str) -> Response:
        """Request a card by its address as listed.

        If nothing is there, try another spelling that no other card has.
        """
        first, *others = (resolve_href(self.book.url, address) for address in spellings(href))
        answer = get_card(self.session, first)
        for url in others:
            if (
                answer.status in (404, 410)
                and path_key(url) not in self.previous.keys
                and path_key(url) not in self.requested_cards
            ):
                answer = get_card(self.session, url)
        return answer

    def _check_server(self, answer: Response) -> None:
        """Raise SourceUnavailable if an error is not about these cards.

        It is not if the server reports it for the book as well.
        """
        if answer.status >= 500:
            propfind(self.session, self.book.url, "0", FIND_BOOKS)

    def _withheld(self, key: str, reason: str, status: int = 0) -> CardBatch:
        if key not in self.previous.withheld:
            self.failed += 1
            self.status = status
            if self.failed >= _MANY_FAILURES and self.failed > self.delivered:
                raise self._book_problem()
        return CardBatch(withheld={key: reason})

    def _book_problem(self) -> SourceError:
        if not self.status:
            return SourceRefused(
                f"{redacted_url(self.book.url)} lists its cards at addresses of another server,"
                " which is not asked for them. Write that server into url if it is right, or"
                " correct the address that the server has of itself."
            )
        kind = SourceUnavailable if self.status >= 500 else SourceRefused
        return kind(
            f"{redacted_url(self.book.url)} hands out hardly any of its cards (the last one: status"
            f" {self.status}). Check the server's log and the rights of the account, or name other"
            " address books in books."
        )

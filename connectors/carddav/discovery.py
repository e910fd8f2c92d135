"""Discover the address books of an account from any address that a person enters.

The address may be a server, `/.well-known/carddav` (RFC 6764; often absent), a
principal, a home or an address book. Some servers use one resource for two of these.
"""

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from connectors.base import SourceError, SourceRefused
from connectors.carddav.bodies import FIND_BOOKS, FIND_HOMES
from connectors.carddav.hrefs import path_key, resolve_href
from connectors.carddav.requests import probe_login, propfind
from connectors.carddav.webdav import Resource, not_webdav, read_multistatus, require_complete
from connectors.http_client.redirects import origin
from connectors.http_client.responses import NotFound, Response, redacted_url
from connectors.http_client.session import Session


class BookHome(msgspec.Struct, frozen=True, array_like=True):
    """Address at which books are listed: a home, or a book itself."""

    url: str
    is_book: bool


@dataclass(frozen=True, slots=True)
class AddressBook:
    """An address book as the server shows it now.

    `token` and `ctag` change whenever it does, and are "" if the server has none.
    `denied` means that the server does not tell what this is. It may be a book.
    """

    url: str
    key: str
    name: str
    token: str
    ctag: str
    syncs: bool
    denied: bool = False


def discover(session: Session, url: str) -> tuple[BookHome, ...]:
    """Return the homes of this login's books.

    Raises SourceRefused if there are none: a wrong address, a web page, or a server
    without address books.
    """
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    problem: SourceError | None = None
    for candidate in dict.fromkeys((url, f"{root}/.well-known/carddav", f"{root}/")):
        answer = propfind(session, candidate, "0", FIND_HOMES)
        if answer.status == 403 and probe_login(session, answer.url, FIND_HOMES):
            answer = propfind(session, candidate, "0", FIND_HOMES)
        refusal = not_webdav(answer) if answer.status != 207 else _absence(answer)
        if refusal is not None:
            problem = problem or refusal
            if (
                candidate == url
                and not _is_server_root(parts.path)
                and (answer.status == 403 or isinstance(refusal, NotFound))
            ):
                raise problem
            continue
        if homes := _homes_from(session, answer):
            return homes
    raise problem or SourceRefused(
        f"{redacted_url(url)} has no address books for this login. Check url and username."
    )


def list_books(session: Session, homes: tuple[BookHome, ...]) -> tuple[AddressBook, ...] | None:
    """Return the books at these homes, in the server's order, including hidden ones.

    A home may hold things that are no address book. Returns None if a home no longer
    exists.
    """
    found: dict[str, AddressBook] = {}
    for home in homes:
        answer = propfind(session, home.url, "0" if home.is_book else "1", FIND_BOOKS)
        if answer.status in (403, 405):
            return None
        try:
            rows = require_complete(answer).rows
        except NotFound:
            return None
        for row in rows:
            if (row.is_book and row.status == 200) or (
                row.denied and row.key != path_key(answer.url)
            ):
                url = resolve_href(answer.url, row.href)
                name = row.name or row.key.rpartition("/")[2]
                other = found.get(row.key)
                if other is not None and origin(other.url) != origin(url):
                    raise SourceRefused(
                        f"{redacted_url(other.url)} and {redacted_url(url)} are two address books"
                        " of one path. Make a source of each, with its own url."
                    )
                found[row.key] = AddressBook(
                    url, row.key, name, row.token, row.ctag, row.syncs, row.denied
                )
    return tuple(found.values())


def choose_books(
    books: tuple[AddressBook, ...], wanted: tuple[str, ...], url: str
) -> tuple[AddressBook, ...]:
    """Return the requested books, or all if none is named.

    `wanted` holds display names, paths or last parts of paths. Raises SourceRefused if
    a book does not exist or may not be read, or there is none at all.
    """
    if not books:
        raise SourceRefused(
            f"{redacted_url(url)} has no address book for this login. Create one there, or check"
            " url and username."
        )
    chosen: dict[str, AddressBook] = {}
    for word in wanted:
        matching = [book for book in books if _is_called(book, word)]
        if not matching:
            there = ", ".join(_display_name(book, books) for book in books[:20])
            raise SourceRefused(
                f'There is no address book "{word}" at {redacted_url(url)}; there are: {there}.'
                " Check books."
            )
        chosen.update((book.key, book) for book in matching)
    taken = tuple(chosen.values()) if wanted else books
    if hidden := next((book for book in taken if book.denied), None):
        raise SourceRefused(
            f"The server does not let us read {redacted_url(hidden.url)}. Check username and the"
            " rights of that account, or name those to read in books."
        )
    return taken


def _absence(answer: Response) -> NotFound | None:
    """Return the error for a multistatus that only tells that nothing is there."""
    try:
        read_multistatus(answer)
    except NotFound as absence:
        return absence
    return None


def _is_server_root(path: str) -> bool:
    """Return whether a path means the whole server.

    Any other path that is wrong is an error. It must not lead to books that nobody
    named.
    """
    return not path.strip("/") or path.startswith("/.well-known/")


def _display_name(book: AddressBook, books: tuple[AddressBook, ...]) -> str:
    """Return a book's name, with its path if another one has the same name."""
    twice = sum(book.name.casefold() == other.name.casefold() for other in books) > 1
    return f'"{book.name}" ({book.key})' if twice else f'"{book.name}"'


def _is_called(book: AddressBook, word: str) -> bool:
    plain = unicodedata.normalize("NFC", word).strip()
    if plain.casefold() == unicodedata.normalize("NFC", book.name).casefold():
        return True
    return path_key(plain) == book.key or (
        "/" not in plain and plain == book.key.rpartition("/")[2]
    )


def _homes_from(session: Session, answer: Response) -> tuple[BookHome, ...]:
    row = _own_row(answer)
    # Roots may answer `current-user-principal` without a login, and then name nobody. They are
    # asked again with one.
    if not (row.is_book or row.homes or row.principal) and probe_login(
        session, answer.url, FIND_HOMES
    ):
        answer = propfind(session, answer.url, "0", FIND_HOMES)
        row = _own_row(answer)
    if row.is_book:
        return (BookHome(answer.url, is_book=True),)
    if row.homes:
        return tuple(BookHome(resolve_href(answer.url, home), is_book=False) for home in row.homes)
    if urlsplit(answer.url).path.strip("/") and _holds_books(session, answer.url):
        return (BookHome(answer.url, is_book=False),)
    if row.principal:
        principal = propfind(session, resolve_href(answer.url, row.principal), "0", FIND_HOMES)
        return tuple(
            BookHome(resolve_href(principal.url, home), is_book=False)
            for home in _own_row(principal).homes
        )
    return ()


def _own_row(answer: Response) -> Resource:
    """Return the row of the requested resource.

    Servers that answer with a single row may name it differently.
    """
    rows = read_multistatus(answer).rows
    return next(
        (row for row in rows if row.key == path_key(answer.url)),
        rows[0] if rows else Resource("", ""),
    )


def _holds_books(session: Session, url: str) -> bool:
    answer = propfind(session, url, "1", FIND_BOOKS)
    return answer.status == 207 and any(row.is_book for row in read_multistatus(answer).rows)

"""CardDAV connector for Nextcloud, Radicale, iCloud, Fastmail, Synology and others.

RFC 6352, 6578 and 6764. A contact's id is its card's decoded path, because a UID may be
missing or stand in two books. A book's display name is one more group of its contacts.
One request for each home tells which books changed, and only those are read. Once a day
every book's full listing is compared with the checkpoint.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, model_validator

from connectors.base import Connector, Delta, Full, Progress, SourceError
from connectors.carddav.address_book import BookResult, read_book
from connectors.carddav.checkpoint import Checkpoint, decode, new_checkpoint, source_digest
from connectors.carddav.discovery import AddressBook, BookHome, choose_books, discover, list_books
from connectors.contact import Contact
from connectors.fields import LocalPath, raise_problems
from connectors.http_client.exchange import ServerOptions
from connectors.http_client.session import Session


def _complete_url(value: object) -> object:
    """Return a URL, which is https for a bare host name."""
    if isinstance(value, str) and value.strip() and "://" not in value:
        return f"https://{value.strip()}"
    return value


def _check_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or any(letter.isspace() for letter in parts.netloc):
        raise ValueError(
            'not a web address: write it like "https://cloud.example.com/remote.php/dav/"'
        )
    if "@" in parts.netloc:
        raise ValueError("holds a login: write it into username and password instead")
    return urlunsplit(parts._replace(path=parts.path.replace(" ", "%20") or "/", fragment=""))


Url = Annotated[str, BeforeValidator(_complete_url), AfterValidator(_check_url)]


def _plain_secret(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value().strip("\r\n")
    if not value or any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise ValueError("is empty, or holds a line break or another control character")
    return SecretStr(value)


Secret = Annotated[SecretStr, AfterValidator(_plain_secret)]

LIST_EVERY = 86_400.0
"""Seconds between two full listings.

Changes alone may lack a deletion, and a restored server continues its old tokens.
"""


class CardDavConnector(Connector):
    """An account on a CardDAV server.

    `books` selects address books by name or path. Empty means all.
    """

    compares_daily: ClassVar[bool] = True

    url: Url
    username: str = ""
    password: Secret | None = None
    token: Secret | None = None
    books: tuple[str, ...] = ()
    ca_file: LocalPath | None = None
    certificate: LocalPath | None = None
    key: LocalPath | None = None

    @model_validator(mode="after")
    def _check_login(self) -> Self:
        wrong: list[str] = []
        if self.token is not None and (self.username or self.password is not None):
            wrong.append("token and username/password exclude each other: keep one of them")
        elif bool(self.username) != (self.password is not None):
            wrong.append("username and password belong together: set both, or neither")
        if ":" in self.username or any(ord(letter) < 32 for letter in self.username):
            wrong.append(
                "username holds a colon or a control character, which no HTTP login can carry"
            )
        if self.token is not None and not self.token.get_secret_value().isascii():
            wrong.append("token holds a character that no token has: copy it again")
        if self.key is not None and self.certificate is None:
            wrong.append("key without certificate: set certificate as well")
        raise_problems(wrong)
        return self

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Return all selected books, or what changed in them since the checkpoint.

        Raises SourceUnavailable (down, busy, half an answer) or SourceRefused (login,
        address, certificate, no such book).
        """
        source = source_digest(self.url, self.username, *self.books)
        previous = decode(since, source)
        now = time.time()
        everything = previous is None or not 0 <= now - previous.listed_at < LIST_EVERY
        listed_at = now if previous is None or everything else previous.listed_at
        options = ServerOptions(
            self.url,
            self.username,
            self.password,
            self.token,
            self.timeout,
            self.ca_file,
            self.certificate,
            self.key,
        )
        with Session(options, previous.login if previous else "") as session:
            homes, books = self._books(session, previous)
            states = {state.key: state for state in previous.books} if previous else {}
            results: list[BookResult] = []
            count = 0
            for book in books:
                with _naming(book, books):
                    results.append(
                        read_book(
                            session,
                            book,
                            states.get(book.key),
                            _progress_counter(progress, count),
                            everything=everything,
                        )
                    )
                count += len(results[-1].contacts)
            checkpoint = new_checkpoint(
                source,
                session.login,
                homes,
                tuple(result.state for result in results),
                listed_at,
            )
        if progress is not None:
            progress(count, count)
        contacts = tuple(contact for result in results for contact in result.contacts)
        if previous is None:
            return Full(
                contacts,
                checkpoint.encode(),
                tuple(one for state in checkpoint.books for one in state.skipped()),
            )
        return _delta(previous, checkpoint, contacts)

    def _books(
        self, session: Session, previous: Checkpoint | None
    ) -> tuple[tuple[BookHome, ...], tuple[AddressBook, ...]]:
        homes = previous.homes if previous else discover(session, self.url)
        books = list_books(session, homes)
        if books is None and previous:
            homes = discover(session, self.url)
            books = list_books(session, homes)
        return homes, choose_books(books or (), self.books, self.url)


@contextmanager
def _naming(book: AddressBook, books: tuple[AddressBook, ...]) -> Iterator[None]:
    """Add to an error the name of the book, and the key that excludes it."""
    try:
        yield
    except SourceError as error:
        if len(books) > 1:
            error.args = (
                (
                    f'{error} This happened in the address book "{book.name}": name the others in'
                    " books to do without it."
                ),
            )
        raise


def _progress_counter(progress: Progress | None, before: int) -> Callable[[int], None]:
    def count_contacts(done: int) -> None:
        if progress is not None:
            progress(before + done, None)

    return count_contacts


def _delta(previous: Checkpoint, new: Checkpoint, contacts: tuple[Contact, ...]) -> Delta:
    there = frozenset(key for state in new.books for key in state.contact_ids())
    removed = tuple(
        key for state in previous.books for key in state.contact_ids() if key not in there
    )
    before = tuple(one for state in previous.books for one in state.skipped())
    after = tuple(one for state in new.books for one in state.skipped())
    return Delta(contacts, removed, new.encode(), None if before == after else after)

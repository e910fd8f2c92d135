"""What a CardDAV source remembers between two fetches: its checkpoint.

Facts: a sync token says what changed since, but not what a card was; so each card's href and ETag are kept (to compare full
listings with), its UID and the group cards (a changed group changes contacts whose own cards did not), and what was wrong
with it.

Law of this file: it knows the checkpoint's form, which nobody else reads. It holds no password, and of persons only UIDs
and names of groups.
"""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import msgspec

from connectors.base import Skipped
from connectors.carddav.discovery import BookHome
from connectors.vcard.parser import GroupCard, memberships

_FORM = 2


class CardState(msgspec.Struct, frozen=True, array_like=True):
    """One card: where it is, its ETag, its plain UID, whether it became a contact; what was wrong with it and in which line
    (0: it was not handed out); a group's name and members.
    """

    href: str
    etag: str
    uid: str = ""
    is_contact: bool = False
    problem: str = ""
    line: int = 0
    group: str = ""
    members: tuple[str, ...] = ()


class BookState(msgspec.Struct, frozen=True, array_like=True):
    """One book as it was read: its name, what changes when it does, and its cards by key."""

    key: str
    name: str
    token: str
    ctag: str
    cards: dict[str, CardState]

    def contact_ids(self) -> frozenset[str]:
        """Return the ids of the contacts among the cards."""
        return frozenset(contact_id(self.key, key) for key, card in self.cards.items() if card.is_contact)

    def skipped(self) -> tuple[Skipped, ...]:
        """Return what could not be read of this book."""
        return tuple(
            Skipped(card.problem, f'book "{self.name}": card {_where(key, card)}') for key, card in self.cards.items() if card.problem
        )


def contact_id(book: str, card: str) -> str:
    """Return the id of a card's contact: its key, with the book's before it where the card stands in another folder.

    Some servers have a book of all cards, which hands out the hrefs of the other books.
    """
    return card if card.rpartition("/")[0] == book else f"{book} {card}"


def named_groups(cards: dict[str, CardState]) -> dict[str, tuple[str, ...]]:
    """Return the groups of each member, by plain UID, as the group cards among these tell them."""
    return memberships(GroupCard(card.group, card.members) for card in cards.values() if card.group)


def _where(key: str, card: CardState) -> str:
    """The UID and line of a card that was read; the last part of the address of one that was not handed out."""
    name = key.rpartition("/")[2]
    return f"{card.uid or name} line {card.line}" if card.line else name


class Checkpoint(msgspec.Struct, frozen=True, array_like=True):
    """Everything that is remembered. `source` is a digest of the configuration; `login` a scheme's name.

    `listed_at`: when every book was last compared with a whole listing, in seconds since 1970.
    """

    form: int
    source: str
    login: str
    places: tuple[BookHome, ...]
    books: tuple[BookState, ...]
    listed_at: float

    def encode(self) -> str:
        """Return the text that the store keeps."""
        return msgspec.json.encode(self).decode()


def new_checkpoint(source: str, login: str, places: tuple[BookHome, ...], books: tuple[BookState, ...], listed_at: float) -> Checkpoint:
    """Return a checkpoint of today's form."""
    return Checkpoint(_FORM, source, login, places, books, listed_at)


def decode(text: str | None, source: str) -> Checkpoint | None:
    """Return the checkpoint in a text; None where it is none of ours, of an older form, or of another configuration."""
    if not text:
        return None
    try:
        found = msgspec.json.decode(text, type=Checkpoint)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None
    return found if (found.form, found.source) == (_FORM, source) else None


def source_digest(*parts: str) -> str:
    """Return a short digest of the configuration, by which a checkpoint of another one is told apart.

    Another release may make other contacts of the same cards, so its version counts too.
    """
    return hashlib.sha256("\0".join((_release(), *parts)).encode(errors="surrogateescape")).hexdigest()[:16]


@cache
def _release() -> str:
    try:
        return version("directory-gateway")
    except PackageNotFoundError:
        return ""

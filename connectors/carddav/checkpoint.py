"""Checkpoint of a CardDAV source, which keeps the state of every card.

A sync token tells what changed, but not what a card was. So each card's href and ETag
are kept, to compare full listings with. Its UID and the group cards are kept, because a
changed group changes contacts whose own cards did not. It holds no password, and of
persons only UIDs and names of groups.
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
    """State of one card: address, ETag, normalised UID and whether it became a contact.

    Also what was wrong with it and in which line (0: the server withheld it), and a
    group's name and members.
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
    """State of one book: its name, its version and its cards by key."""

    key: str
    name: str
    token: str
    ctag: str
    cards: dict[str, CardState]

    def contact_ids(self) -> frozenset[str]:
        """Return the ids of the contacts among the cards."""
        return frozenset(
            contact_id(self.key, key) for key, card in self.cards.items() if card.is_contact
        )

    def skipped(self) -> tuple[Skipped, ...]:
        """Return what could not be read of this book."""
        return tuple(
            Skipped(card.problem, f'book "{self.name}": card {_where(key, card)}')
            for key, card in self.cards.items()
            if card.problem
        )


def contact_id(book: str, card: str) -> str:
    """Return the id of a card's contact, which is its key.

    The book's key is put before it if the card is in another folder. Some servers have
    a book of all cards, which lists the hrefs of the other books.
    """
    return card if card.rpartition("/")[0] == book else f"{book} {card}"


def groups_by_member(cards: dict[str, CardState]) -> dict[str, tuple[str, ...]]:
    """Return the groups of each member by normalised UID, from these group cards."""
    return memberships(GroupCard(card.group, card.members) for card in cards.values() if card.group)


def _where(key: str, card: CardState) -> str:
    """Return the UID and line of a card that was read.

    For one that the server withheld, return the last part of its address.
    """
    name = key.rpartition("/")[2]
    return f"{card.uid or name} line {card.line}" if card.line else name


class Checkpoint(msgspec.Struct, frozen=True, array_like=True):
    """Everything that is kept between two fetches.

    `source` is a digest of the configuration, `login` the name of a scheme. `listed_at`
    is when every book was last compared with a full listing, in seconds since 1970.
    """

    form: int
    source: str
    login: str
    homes: tuple[BookHome, ...]
    books: tuple[BookState, ...]
    listed_at: float

    def encode(self) -> str:
        """Return the text that the gateway stores."""
        return msgspec.json.encode(self).decode()


def new_checkpoint(
    source: str,
    login: str,
    homes: tuple[BookHome, ...],
    books: tuple[BookState, ...],
    listed_at: float,
) -> Checkpoint:
    """Return a checkpoint of today's form."""
    return Checkpoint(_FORM, source, login, homes, books, listed_at)


def decode(text: str | None, source: str) -> Checkpoint | None:
    """Return the checkpoint in a text, or None if it is foreign or outdated.

    It is if it has an older form or belongs to another configuration.
    """
    if not text:
        return None
    try:
        found = msgspec.json.decode(text, type=Checkpoint)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None
    return found if (found.form, found.source) == (_FORM, source) else None


def source_digest(*parts: str) -> str:
    """Return a short digest of the configuration, by which checkpoints are compared.

    The release's version counts too, because it may convert the same cards differently.
    """
    return hashlib.sha256(
        "\0".join((_release(), *parts)).encode(errors="surrogateescape")
    ).hexdigest()[:16]


@cache
def _release() -> str:
    try:
        return version("directory-gateway")
    except PackageNotFoundError:
        return ""

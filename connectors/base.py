"""The contract of a connector: one verb, `fetch`, and what may come of it.

Law of this file: it knows what a source may answer (everything, what changed, or an error that says who must act). It knows no
protocol, no store, no schedule and no phone.

The rules that every connector keeps, and that `tests/connectors/contract.py` tests:

1. A connector is a frozen pydantic model; its fields are its configuration. Building one does no I/O.
2. `fetch` returns everything or raises. Never part of a list: a lost page would look like deleted people.
3. `since` is a checkpoint that this connector returned before. None, expired or unknown: `Full`. In a `Delta`, a changed
   contact is whole.
4. Ids are unique and stable. Two numbers of one kind are both kept, in the source's order.
5. Numbers and names are as written: no sorting, no prefixing, no phone limit. What could not be read is reported as `Skipped`.
6. Every network call obeys `timeout`; TLS is verified. Library exceptions become `SourceUnavailable` or `SourceRefused`, chained.
7. `progress(done, total_or_None)` is called, where given, during long reads. It may raise SourceRefused, which ends the reading.
8. Nothing personal or secret is logged or put into an error.

Exceptions::

    SourceError
      SourceUnavailable   try again later: down, busy, half-written      (retry_after)
      SourceRefused       a person must act: credentials, rights, address (until_changed)
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from connectors.contact import Contact
from connectors.fields import Duration

Progress = Callable[[int, int | None], None]

MAX_CONTACTS = 2_000_000
"""Contacts that a source may hold: far more than a phonebook has, and few enough for the memory."""

MEGABYTE = 1 << 20
_SIZES = {"": 1, "K": 1 << 10, "M": MEGABYTE, "G": 1 << 30}
_SIZE = re.compile(r"\s*([0-9]{1,18})\s*([KMG]?)B?\s*\Z", re.IGNORECASE)


def parse_size(value: object) -> object:
    """Turn "64MB" or a number of bytes into bytes (int), a megabyte (1,048,576) at least; anything else: ValueError."""
    if isinstance(value, str) and (match := _SIZE.match(value)):
        size = int(match[1]) * _SIZES[match[2].upper()]
    elif isinstance(value, int) and not isinstance(value, bool):
        size = value
    else:
        raise ValueError('not a size: write "64MB" or a number of bytes')
    if size < MEGABYTE:
        raise ValueError('too small: "1MB" at least (a number alone is bytes)')
    return size


Size = Annotated[int, BeforeValidator(parse_size)]
"""Bytes, given as "64MB" or a number."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One thing in a source that could not be read.

    `reason` is a short fixed sentence that is counted ("no name and no number"); `where` says where it stands
    ("contacts.csv line 12", "card 81c2… line 4093"). Neither holds a name or a number of a person.
    """

    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class Full:
    """Everything that the source holds now. What is absent from it is gone.

    `notes` are sentences for a person who tries the source (what was guessed, say); nothing is made of them.
    """

    contacts: tuple[Contact, ...]
    checkpoint: str | None = None
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed since the checkpoint that was given. A Delta without changes means: unchanged.

    `changed` are whole contacts, new or altered; `removed` are ids. `skipped` is the whole list as it stands now,
    or None where nothing about it changed.
    """

    changed: tuple[Contact, ...] = ()
    removed: tuple[str, ...] = ()
    checkpoint: str | None = None
    skipped: tuple[Skipped, ...] | None = None


class SourceError(Exception):
    """A source could not be read. The text is a sentence for an administrator: what happened, to what, what to do."""


class SourceUnavailable(SourceError):
    """The source does not answer now (down, busy, half-written): it is worth trying again without anybody's help.

    `retry_after` are the seconds that the source itself asked us to wait, or None.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceRefused(SourceError):
    """A person must act (credentials, rights, address): trying again at once is useless or locks an account.

    `until_changed` names a file (a token, a password) before whose change another try makes no sense, or None.
    """

    def __init__(self, message: str, *, until_changed: Path | None = None) -> None:
        super().__init__(message)
        self.until_changed = until_changed


def check_count(count: int) -> None:
    """Raise SourceRefused if so many contacts are more than a source may hold: a list without an end would fill the memory."""
    if count > MAX_CONTACTS:
        raise SourceRefused(
            f"The source gives more than {MAX_CONTACTS:,} contacts, which no phonebook holds; nothing of it was taken. "
            "Check that the address is right and the list has an end, or narrow what is read (filter, books)."
        )


def bounded(progress: Progress | None) -> Progress:
    """Return a progress function that ends a reading of too many contacts (see `check_count`), and calls `progress` if given."""

    def told(done: int, total: int | None) -> None:
        check_count(done)
        if progress is not None:
            progress(done, total)

    return told


class Connector(BaseModel, ABC):
    """A source's configuration, and the one verb that reads it.

    A subclass adds its own keys as fields. It is built with `model_validate(data, context={"base": folder})`.
    Raises pydantic's ValidationError for bad configuration; does no I/O.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    lists_whole: ClassVar[bool] = False
    """Whether `fetch` itself compares a whole listing with its checkpoint once a day. If not, it is asked for everything then."""

    timeout: Duration = 30.0
    """Seconds that one network operation may take."""

    @abstractmethod
    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Read the source: everything, or what changed since the checkpoint `since`.

        Runs in a worker thread, one call at a time per source. Raises SourceUnavailable or SourceRefused; any other
        exception is a bug of the connector.
        """

    def sign_in(self, *, say: Callable[[str], None], port: int | None = None) -> None:
        """Let a person sign in to the source, where its kind knows that; `say` is called with lines for the person.

        `port` is the port of this computer that a browser comes back to, None for the connector's own. Raises SourceRefused
        where there is nothing to sign in to or the person must change something, SourceUnavailable where the source does not answer.
        """
        raise SourceRefused("There is nothing to sign in to: this kind of source takes its credentials from its own keys.")

    def places(self) -> dict[str, str]:
        """Return where each contact stands in the source ("contacts.csv line 12"), by id, for kinds whose ids tell a person nothing.

        Reads the source anew; empty where the id is what to look for. Raises as `fetch` does.
        """
        return {}

    def watched_folders(self) -> tuple[Path, ...]:
        """Return the folders in which something may change that is worth a fetch before the next interval; empty where there are none."""
        return ()

    def file_state(self) -> str:
        """Return what differs when a watched file was changed (names, sizes, times), cheaply; other files beside it do not count."""
        return ""

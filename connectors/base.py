"""Contract of a connector: the verb `fetch`, its results and its errors.

Every connector keeps these rules, which `tests/connectors/contract.py` tests:

1. A connector is a frozen pydantic model. Its fields are its configuration. Building
   one does no I/O.
2. `fetch` returns everything or raises. It never returns part of a list, because a lost
   page would look like deleted people.
3. `since` is a checkpoint that this connector returned before. If it is None, expired
   or unknown, the result is `Full`. A changed contact in a `Delta` is complete.
4. Ids are unique and stable. Two numbers of one kind are both kept, in the source's
   order.
5. Numbers and names stay as written: no sorting, no prefixing, no phone limit. What
   could not be read is reported as `Skipped`.
6. Every network call obeys `timeout`, and TLS is verified. Exceptions of libraries
   become `SourceUnavailable` or `SourceRefused`, chained.
7. If `progress` is given, long reads call it as `progress(done, total_or_None)`. It may
   raise SourceRefused, which ends the fetch.
8. Nothing personal or secret is logged or put into an error.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from connectors.contact import Contact
from connectors.fields import Duration

Progress = Callable[[int, int | None], None]

MAX_CONTACTS = 2_000_000
"""Limit of contacts in a source: far above any phonebook, and bounded for memory."""

MEGABYTE = 1 << 20
_SIZES = {"": 1, "K": 1 << 10, "M": MEGABYTE, "G": 1 << 30}
_SIZE = re.compile(r"\s*([0-9]{1,18})\s*([KMG]?)B?\s*\Z", re.IGNORECASE)


def parse_size(value: object) -> object:
    """Return a size in bytes from "64MB" or a number of bytes.

    Raises ValueError for anything else and for less than a megabyte (1,048,576).
    """
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
"""A size in bytes, configured as "64MB" or a number."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One item of a source that could not be read.

    `reason` is a short fixed sentence, by which items are counted ("no name and no
    number"). `where` is its location ("contacts.csv line 12", "card 81c2… line 4093").
    Neither holds a name or a number of a person.
    """

    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class Full:
    """Everything that the source holds now; a contact that is absent from it is gone.

    `notes` are sentences for a person who tries the source, such as what was guessed.
    The gateway does not interpret them. `places` are the locations of the contacts
    ("contacts.csv line 12") in their order, or nothing if ids mean enough to a person.
    """

    contacts: tuple[Contact, ...]
    checkpoint: str | None = None
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    places: Iterable[str] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed since the given checkpoint; an empty Delta means unchanged.

    `changed` holds complete contacts, new or altered. `removed` holds ids. `skipped` is
    the complete present list, or None if it did not change.
    """

    changed: tuple[Contact, ...] = ()
    removed: tuple[str, ...] = ()
    checkpoint: str | None = None
    skipped: tuple[Skipped, ...] | None = None


class SourceError(Exception):
    """A source could not be read.

    The text tells an administrator what happened, where, and what to do.
    """


class SourceUnavailable(SourceError):
    """The source does not answer now (down, busy, half-written); a retry may succeed.

    `retry_after` is the number of seconds that the source requested, or None.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceRefused(SourceError):
    """A person must act (credentials, rights, address).

    A retry at once is useless or locks an account. `until_changed` names a file (a
    token, a password), or is None. Until that file changes, a retry is useless.
    """

    def __init__(self, message: str, *, until_changed: Path | None = None) -> None:
        super().__init__(message)
        self.until_changed = until_changed


def check_count(count: int) -> None:
    """Raise SourceRefused if a source holds more than MAX_CONTACTS.

    A list without an end would fill the memory.
    """
    if count > MAX_CONTACTS:
        raise SourceRefused(
            f"The source gives more than {MAX_CONTACTS:,} contacts, which no phonebook holds;"
            " nothing of it was taken. Check that the address is right and the list has an end, or"
            " narrow what is read (filter, books)."
        )


def bounded_progress(progress: Progress | None) -> Progress:
    """Return a progress function that applies `check_count`, then calls `progress`."""

    def report(done: int, total: int | None) -> None:
        check_count(done)
        if progress is not None:
            progress(done, total)

    return report


class Connector(BaseModel, ABC):
    """Configuration of a source, and the verb `fetch` that reads it.

    A subclass adds its own keys as fields. It is built with `model_validate(data,
    context={"base": folder})` and does no I/O then. Raises pydantic's ValidationError
    if the configuration is invalid.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True
    )

    compares_daily: ClassVar[bool] = False
    """Whether `fetch` itself compares a full listing with its checkpoint once a day.

    Other connectors are called without a checkpoint once a day.
    """

    timeout: Duration = 30.0
    """Seconds that one network operation may take."""

    @abstractmethod
    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Return everything in the source, or what changed since the checkpoint.

        Runs in a worker thread, one call at a time per source. Raises SourceUnavailable
        or SourceRefused. Any other exception is a bug of the connector.
        """

    def sign_in(self, *, echo: Callable[[str], None], port: int | None = None) -> None:
        """Sign a person in to the source; `echo` is called with lines for that person.

        `port` is the local port to which the browser returns, or None for the
        connector's own. Raises SourceRefused if this kind has no sign-in or the person
        must change something. Raises SourceUnavailable if the source does not answer.
        """
        raise SourceRefused(
            "There is nothing to sign in to: this kind of source takes its credentials from its own"
            " keys."
        )

    def locations(self) -> dict[str, str]:
        """Return the location of each contact ("contacts.csv line 12") by id.

        For connectors whose ids mean nothing to a person. Others return an empty dict.
        Reads the source again and raises as `fetch` does.
        """
        return {}

    def watched_folders(self) -> tuple[Path, ...]:
        """Return the folders whose changes justify a fetch before the next interval."""
        return ()

    def file_state(self) -> str:
        """Return a text that changes when a watched file does (names, sizes, times).

        It is cheap to compute. Other files in the same folders do not count.
        """
        return ""

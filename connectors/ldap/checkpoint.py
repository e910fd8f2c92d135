"""Store the state of all entries in a checkpoint, and compare later entries with it.

Nothing in LDAP reports what was deleted, no longer matches a filter, or was renamed
with its parent. memberOf changes without a change of the entry (memberOf overlay,
Active Directory). A listing of all ids, each with attributes that change with its
entry, shows all of it.
"""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from connectors.base import Skipped
from connectors.contact import Contact
from connectors.ldap.ber import Entry

_VERSION = 1
_DIGEST = 8
# modifyTimestamp has whole seconds: an entry read in the second of its change may change again and
# look the same. It is settled once it was surely read two seconds after that second. The server's
# clock cannot have been before the newest date seen, less the time that the fetch took. Else our
# own clock between two fetches of the same entry decides.
_SETTLED_SECONDS = 2.0
_MAX_SIZE = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class EntryState:
    """State of one entry.

    `stamp` changes with the entry, `content` with its contact. `content` is empty if
    the entry gave no contact.
    """

    stamp: bytes
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """State of a fetch, for the next fetch.

    `question` is a digest of the configuration that decides what is read. `unsettled`
    are ids that may have changed since without showing it. `read_at` is in seconds
    since 1970 by our clock.
    """

    question: str
    states: Mapping[str, EntryState]
    unsettled: frozenset[str]
    skipped: tuple[Skipped, ...]
    read_at: float


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    version: int
    question: str
    ids: list[str]
    stamps: bytes
    contents: bytes
    unsettled: list[str]
    skipped: list[tuple[str, str]]
    read_at: float


@dataclass(frozen=True, slots=True)
class ChangeAttributes:
    """Attributes that show a change, in lower case.

    `exact` change with every change, and `dated` shows its time to the second.
    `besides` are compared too.
    """

    # entryCSN (OpenLDAP), uSNChanged (Active Directory) and entryusn (389, FreeIPA) change with
    # every change. The latter two are counters of one server: after a change of servers all entries
    # look changed, and everything is read. The date of the change is compared too, so that two
    # servers' counters are not confused.
    exact: tuple[str, ...]
    dated: str
    besides: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return all attributes that a search must request."""
        return (*self.exact, self.dated, *self.besides)

    def of(self, entry: Entry) -> bytes:
        """Return the stamp of an entry.

        It differs when the entry was changed, moved, or put into another group.
        """
        parts = [entry.dn.encode(errors="replace")]
        for name in self.names:
            values = entry.values.get(name, ())
            parts.append(b"\0%d" % len(values))
            parts.extend(values if len(values) < 2 else sorted(values))
        return hashlib.blake2b(b"\0".join(parts), digest_size=_DIGEST).digest()

    def shows_changes(self, entry: Entry) -> bool:
        """Return whether an entry shows at all that it was changed."""
        return self.is_exact(entry) or self.dated in entry.values

    def is_exact(self, entry: Entry) -> bool:
        """Return whether an entry shows every change."""
        return any(name in entry.values for name in self.exact)

    def date(self, entry: Entry) -> float | None:
        """Return when an entry was changed, or None if that is not readable.

        The time is in seconds since 1970 by the server's clock.
        """
        for value in entry.values.get(self.dated, ()):
            try:
                return (
                    datetime.strptime(value[:14].decode(), "%Y%m%d%H%M%S")
                    .replace(tzinfo=UTC)
                    .timestamp()
                )
            except ValueError:
                return None
        return None


def content_of(contact: Contact | None) -> bytes:
    """Return a digest of a contact; empty for None."""
    if contact is None:
        return b""
    return hashlib.blake2b(msgspec.msgpack.encode(contact), digest_size=_DIGEST).digest()


def recheck_ids(
    dates: Mapping[str, float | None],
    newest: float | None,
    took: float,
    again: frozenset[str],
    waited: float,
) -> frozenset[str]:
    """Return the ids without an exact stamp that must be read once more.

    `dates` are their dates of change, `newest` is the newest date of any entry, both by
    the server's clock. `took` are the seconds between the reading of the first entry
    and the sight of the newest. `again` are the ids that were read before with the same
    stamp, `waited` seconds ago.
    """
    old_enough = _SETTLED_SECONDS + took
    long_enough = waited >= _SETTLED_SECONDS
    return frozenset(
        key
        for key, date in dates.items()
        if (date is None or newest is None or newest - date < old_enough)
        and not (long_enough and key in again)
    )


def digest_of(*parts: str) -> str:
    """Return a short digest of a configuration."""
    return hashlib.blake2b("\0".join(parts).encode(errors="replace"), digest_size=12).hexdigest()


def write_checkpoint(checkpoint: Checkpoint) -> str:
    """Return a checkpoint as text."""
    states = checkpoint.states
    blank = bytes(_DIGEST)
    stored = _Stored(
        _VERSION,
        checkpoint.question,
        list(states),
        b"".join(state.stamp for state in states.values()),
        b"".join(state.content or blank for state in states.values()),
        sorted(checkpoint.unsettled),
        [(item.reason, item.where) for item in checkpoint.skipped],
        checkpoint.read_at,
    )
    return base64.b64encode(zlib.compress(msgspec.msgpack.encode(stored), 1)).decode()


def read_checkpoint(since: str | None, question: str) -> Checkpoint | None:
    """Return the checkpoint in a text.

    Returns None if the text is not a checkpoint of ours, or one of another
    configuration.
    """
    if not since:
        return None
    try:
        packed = base64.b64decode(since, validate=True)
        stored = msgspec.msgpack.decode(
            zlib.decompressobj().decompress(packed, _MAX_SIZE), type=_Stored
        )
    except (ValueError, binascii.Error, zlib.error, msgspec.MsgspecError):
        return None
    size = len(stored.ids) * _DIGEST
    if (
        stored.version != _VERSION
        or stored.question != question
        or not len(stored.stamps) == len(stored.contents) == size
    ):
        return None
    states = dict(zip(stored.ids, _states(stored), strict=True))
    if not states.keys() >= set(stored.unsettled):
        return None
    skipped = tuple(Skipped(reason, where) for reason, where in stored.skipped)
    return Checkpoint(question, states, frozenset(stored.unsettled), skipped, stored.read_at)


def _states(stored: _Stored) -> Iterable[EntryState]:
    blank = bytes(_DIGEST)
    for at in range(0, len(stored.stamps), _DIGEST):
        content = stored.contents[at : at + _DIGEST]
        yield EntryState(stored.stamps[at : at + _DIGEST], b"" if content == blank else content)

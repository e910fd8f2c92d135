"""Results that the brake holds back, with whom each would cost: rows of the store's file.

The functions take an open connection and leave transactions to the caller. A held result's contacts are not kept, only its digest
and the ids and names of those who would go: names stand in the store for `accept` to show, and nowhere else.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace

import msgspec

from connectors.base import Delta, Full
from connectors.contact import Contact

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Held:
    """A held result of a source. Times are seconds since 1970.

    `fingerprint` is that of the configuration it was read by. `since` is the first held reading, `seen` the last one.
    `losing_since` is the first of the readings without a break that lost too much but not everything; None if this one leaves nobody
    with a number.
    `silent` of those lost are still there, without a number. `accepted`: a person said that it may pass.
    """

    source: str
    digest: str
    fingerprint: str
    since: float
    losing_since: float | None
    seen: float
    before: int
    after: int
    lost: int
    silent: int = 0
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """A contact that a result costs; `is_silent`: it is still there, without any of its numbers. `had_number`: before."""

    id: str
    name: str
    is_silent: bool
    had_number: bool


def find(file: sqlite3.Connection, source: str) -> Held | None:
    """Return what is held of a source, None if nothing is."""
    row = file.execute("SELECT * FROM held WHERE source = ?", (source,)).fetchone()
    return None if row is None else Held(*row)


def put(file: sqlite3.Connection, held: Held, result: Full | Delta) -> None:
    """Write a held result, and who would go unless that is written already."""
    before = find(file, held.source)
    if before is None or before.digest != held.digest:
        file.execute("DELETE FROM going WHERE source = ?", (held.source,))
        rows = ((held.source, loss.id, loss.name) for loss in losses(file, held.source, result))
        file.executemany("INSERT INTO going VALUES (?, ?, ?)", rows)
    elif before.accepted:
        # It was accepted while this reading of the same was judged.
        held = replace(held, accepted=True)
    file.execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(held))


def remove(file: sqlite3.Connection, source: str) -> None:
    """Forget what is held of a source."""
    file.execute("DELETE FROM held WHERE source = ?", (source,))
    file.execute("DELETE FROM going WHERE source = ?", (source,))


def accept(file: sqlite3.Connection, source: str, digest: str) -> bool:
    """Let exactly this held result pass; return False if another one, or none, is held by now."""
    return file.execute("UPDATE held SET accepted = 1 WHERE source = ? AND digest = ?", (source, digest)).rowcount == 1


def going(file: sqlite3.Connection, source: str) -> Iterator[str]:
    """Yield the names of those whom the held result would cost, in order."""
    for (name,) in file.execute("SELECT name FROM going WHERE source = ? ORDER BY name, id", (source,)):
        yield name


def loses_others(file: sqlite3.Connection, source: str, result: Full | Delta) -> bool:
    """Return whether a result loses anybody whom the held result would not."""
    known = {key for (key,) in file.execute("SELECT id FROM going WHERE source = ?", (source,))}
    return any(loss.id not in known for loss in losses(file, source, result))


def losses(file: sqlite3.Connection, source: str, result: Full | Delta) -> Iterator[Loss]:
    """Yield each stored contact that a result does not hold any more, or holds without a number though it had one."""
    decode = msgspec.msgpack.Decoder(Contact).decode
    named = result.contacts if isinstance(result, Full) else result.changed
    silent = {contact.id for contact in named if not contact.numbers}
    heard = {contact.id for contact in named} - silent
    for key, data in _stored(file, source) if isinstance(result, Full) else _touched(file, source, (*result.removed, *silent)):
        if key in heard:
            continue
        contact = decode(data)
        if key not in silent or contact.numbers:
            yield Loss(key, _name(contact), key in silent, bool(contact.numbers))


def _stored(file: sqlite3.Connection, source: str) -> Iterator[tuple[str, bytes]]:
    found = file.execute("SELECT id, data FROM contact WHERE source = ?", (source,))
    while batch := found.fetchmany(_BATCH):
        yield from batch


def _touched(file: sqlite3.Connection, source: str, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for key in dict.fromkeys(keys):
        yield from file.execute("SELECT id, data FROM contact WHERE source = ? AND id = ?", (source, key))


def _name(contact: Contact) -> str:
    return contact.name or f"{contact.given_name} {contact.family_name}".strip() or contact.organization or contact.id

"""Store the results that the brake holds back, and the contacts each would lose.

The functions take an open connection and leave transactions to the caller. Of a held
result only the digest and the ids and names of the lost contacts are kept. Names are
stored for `accept` to show, and nowhere else.
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

    `fingerprint` belongs to the configuration it was fetched with. `since` is the time
    of the first held fetch, `seen` of the last one. `losing_since` is the first fetch
    of an unbroken series that lost too much but not everything. It is None if this
    result leaves no contact with a number. `silent` of the lost contacts are still
    there, without a number. `accepted` means that a person accepted the result.
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
    """A contact that a result loses.

    `is_silent` means that the result still holds it, without any of its numbers.
    `had_number` means that the stored contact has one.
    """

    id: str
    name: str
    is_silent: bool
    had_number: bool


def find(file: sqlite3.Connection, source: str) -> Held | None:
    """Return the held result of a source, or None."""
    row = file.execute("SELECT * FROM held WHERE source = ?", (source,)).fetchone()
    # SQLite has no booleans.
    return None if row is None else replace(Held(*row), accepted=bool(row[-1]))


def put(file: sqlite3.Connection, held: Held, result: Full | Delta) -> None:
    """Write a held result, and its lost contacts unless they are written already."""
    before = find(file, held.source)
    if before is None or before.digest != held.digest:
        file.execute("DELETE FROM going WHERE source = ?", (held.source,))
        rows = ((held.source, loss.id, loss.name) for loss in losses(file, held.source, result))
        file.executemany("INSERT INTO going VALUES (?, ?, ?)", rows)
    elif before.accepted:
        # It was accepted while this fetch of the same result was judged.
        held = replace(held, accepted=True)
    _write(file, held)


def _write(file: sqlite3.Connection, held: Held) -> None:
    file.execute(
        "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(held)
    )


def restore(file: sqlite3.Connection, held: Held, lost: Iterable[tuple[str, str]]) -> None:
    """Write a held result and its lost contacts, (id, name) each, as `lost` returned."""
    file.executemany("INSERT INTO going VALUES (?, ?, ?)", ((held.source, *row) for row in lost))
    _write(file, held)


def lost(file: sqlite3.Connection, source: str) -> tuple[tuple[str, str], ...]:
    """Return (id, name) of each contact that the held result would lose."""
    rows = file.execute("SELECT id, name FROM going WHERE source = ?", (source,))
    return tuple(rows.fetchall())


def remove(file: sqlite3.Connection, source: str) -> None:
    """Delete the held result of a source."""
    file.execute("DELETE FROM held WHERE source = ?", (source,))
    file.execute("DELETE FROM going WHERE source = ?", (source,))


def accept(file: sqlite3.Connection, source: str, digest: str) -> bool:
    """Mark the held result with this digest as accepted.

    Return False if another one, or none, is held by now.
    """
    updated = file.execute(
        "UPDATE held SET accepted = 1 WHERE source = ? AND digest = ?", (source, digest)
    )
    return updated.rowcount == 1


def lost_names(file: sqlite3.Connection, source: str) -> Iterator[str]:
    """Yield the names of the contacts that the held result would lose, in order."""
    rows = file.execute("SELECT name FROM going WHERE source = ? ORDER BY name, id", (source,))
    return (name for (name,) in rows)


def loses_others(file: sqlite3.Connection, source: str, result: Full | Delta) -> bool:
    """Return whether a result loses a contact that the held result does not lose."""
    rows = file.execute("SELECT id FROM going WHERE source = ?", (source,))
    held = {key for (key,) in rows}
    return any(loss.id not in held for loss in losses(file, source, result))


def losses(file: sqlite3.Connection, source: str, result: Full | Delta) -> Iterator[Loss]:
    """Yield each stored contact that a result loses.

    Lost is a contact that the result does not hold, or holds without a number although
    it had one.
    """
    decode = msgspec.msgpack.Decoder(Contact).decode
    contacts = result.contacts if isinstance(result, Full) else result.changed
    without_number = {contact.id for contact in contacts if not contact.numbers}
    with_number = {contact.id for contact in contacts} - without_number
    if isinstance(result, Full):
        stored = _all_stored(file, source)
    else:
        stored = _stored(file, source, (*result.removed, *without_number))
    for key, data in stored:
        if key in with_number:
            continue
        contact = decode(data)
        if key not in without_number or contact.numbers:
            yield Loss(key, _name(contact), key in without_number, bool(contact.numbers))


def _all_stored(file: sqlite3.Connection, source: str) -> Iterator[tuple[str, bytes]]:
    rows = file.execute("SELECT id, data FROM contact WHERE source = ?", (source,))
    while batch := rows.fetchmany(_BATCH):
        yield from batch


def _stored(
    file: sqlite3.Connection, source: str, keys: Iterable[str]
) -> Iterator[tuple[str, bytes]]:
    for key in dict.fromkeys(keys):
        yield from file.execute(
            "SELECT id, data FROM contact WHERE source = ? AND id = ?", (source, key)
        )


def _name(contact: Contact) -> str:
    return (
        contact.name
        or f"{contact.given_name} {contact.family_name}".strip()
        or contact.organization
        or contact.id
    )

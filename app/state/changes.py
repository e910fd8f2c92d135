"""Compare a fetch result with the stored contacts of its source, without writing."""

import sqlite3
from dataclasses import dataclass
from hashlib import blake2b

import msgspec

from app.state import held_results
from app.state.source_records import SourceRecord
from connectors.base import Delta, Full

_MODULUS = 1 << 128
_BATCH = 2000
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Change:
    """What a result would change in a source.

    `before` and `after` count its contacts. `lost` counts the stored contacts that
    would go, or would lose all their numbers. `silent` counts only the latter.
    `empty` means that no contact would be left, or none with a number although some had
    one. `digest` identifies the contacts after the change. `delta` has the effect of
    the result, and holds only the contacts that differ.
    """

    before: int
    after: int
    lost: int
    silent: int
    empty: bool
    digest: str
    altered: bool
    delta: Delta


def _weight(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=16).digest(), "big")


def compare(file: sqlite3.Connection, record: SourceRecord, result: Full | Delta) -> Change:
    """Return what a result would change in the source of `record`."""
    if isinstance(result, Full):
        delta, weight = _difference(file, record.name, result)
        after = len({contact.id for contact in result.contacts})
    else:
        delta = as_delta(file, record.name, result)
        weight, more = _effect(file, record.name, delta)
        after = record.contacts + more
    digest = f"{(int(record.digest or '0', 16) + weight) % _MODULUS:032x}"
    lost, silent, numbers = _count_lost(file, record, delta)
    loses_all = numbers > 0 and (isinstance(result, Full) or lost == record.contacts)
    left = result.contacts if isinstance(result, Full) else result.changed
    empty = not after or (loses_all and not any(contact.numbers for contact in left))
    altered = digest != record.digest
    return Change(record.contacts, after, lost, silent, empty, digest, altered, delta)


def as_delta(file: sqlite3.Connection, source: str, result: Full | Delta) -> Delta:
    """Return a result as a Delta; of a Full one, only the contacts that differ.

    Of contacts with the same id the last one counts.
    """
    if isinstance(result, Full):
        return _difference(file, source, result)[0]
    changed = {contact.id: contact for contact in result.changed}
    removed = tuple(key for key in dict.fromkeys(result.removed) if key not in changed)
    return Delta(tuple(changed.values()), removed, result.checkpoint, result.skipped)


def _difference(file: sqlite3.Connection, source: str, result: Full) -> tuple[Delta, int]:
    """Return what differs from the stored contacts, and the change of their weight."""
    left = {contact.id: contact for contact in result.contacts}
    weight, differing, gone = 0, [], []
    take, encode = left.pop, _encode
    stored = file.execute("SELECT id, data FROM contact WHERE source = ?", (source,))
    while batch := stored.fetchmany(_BATCH):
        for key, data in batch:
            contact = take(key, None)
            if contact is None:
                gone.append(key)
                weight -= _weight(data)
            elif (fresh := encode(contact)) != data:
                differing.append(contact)
                weight += _weight(fresh) - _weight(data)
    # In the order of their ids, a first result is written without searching.
    new = sorted(left.values(), key=lambda contact: contact.id)
    weight += sum(_weight(encode(contact)) for contact in new)
    return Delta((*differing, *new), tuple(gone), result.checkpoint, result.skipped), weight


def _effect(file: sqlite3.Connection, source: str, delta: Delta) -> tuple[int, int]:
    """Return how a Delta changes the weight and the number of the stored contacts."""
    weight = more = 0
    find = "SELECT data FROM contact WHERE source = ? AND id = ?"
    for key in delta.removed:
        row = file.execute(find, (source, key)).fetchone()
        if row is not None:
            weight, more = weight - _weight(row[0]), more - 1
    for contact in delta.changed:
        row = file.execute(find, (source, contact.id)).fetchone()
        weight += _weight(_encode(contact)) - (_weight(row[0]) if row is not None else 0)
        more += row is None
    return weight, more


def _count_lost(
    file: sqlite3.Connection, record: SourceRecord, result: Delta
) -> tuple[int, int, int]:
    """Return three counts of the contacts that a result loses.

    The first is of all, the second of those that stay without a number. The third
    is of those that had a number.
    """
    lost = silent = numbers = 0
    for loss in held_results.losses(file, record.name, result):
        lost, silent, numbers = lost + 1, silent + loss.is_silent, numbers + loss.had_number
    return lost, silent, numbers

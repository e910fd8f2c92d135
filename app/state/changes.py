"""Compare a fetch result with the stored contacts of its source, without writing."""

import sqlite3
from dataclasses import dataclass
from hashlib import blake2b

import msgspec

from app.state import held_results
from app.state.source_records import SourceRecord
from connectors.base import Delta, Full

_MODULUS = 1 << 128
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Change:
    """What a result would change in a source.

    `before` and `after` count its contacts. `lost` counts the stored contacts that
    would go, or would lose all their numbers. `silent` counts only the latter.
    `empty` means that no contact would be left, or none with a number although some had
    one. `digest` identifies the contacts after the change.
    """

    before: int
    after: int
    lost: int
    silent: int
    empty: bool
    digest: str
    altered: bool


def _weight(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=16).digest(), "big")


def compare(file: sqlite3.Connection, record: SourceRecord, result: Full | Delta) -> Change:
    """Return what a result would change in the source of `record`."""
    if isinstance(result, Full):
        return _compare_full(file, record, result)
    return _compare_delta(file, record, result)


def _compare_full(file: sqlite3.Connection, record: SourceRecord, result: Full) -> Change:
    total = sum(_weight(_encode(contact)) for contact in result.contacts) % _MODULUS
    after, digest = len({contact.id for contact in result.contacts}), f"{total:032x}"
    lost, silent, numbers = (
        _count_lost(file, record, result) if digest != record.digest else (0, 0, 0)
    )
    empty = not after or (numbers > 0 and not any(contact.numbers for contact in result.contacts))
    return Change(record.contacts, after, lost, silent, empty, digest, digest != record.digest)


def _compare_delta(file: sqlite3.Connection, record: SourceRecord, result: Delta) -> Change:
    total, gone, new = int(record.digest or "0", 16), 0, 0
    find = "SELECT data FROM contact WHERE source = ? AND id = ?"
    changed = {contact.id: contact for contact in result.changed}
    for key in dict.fromkeys(result.removed):
        row = file.execute(find, (record.name, key)).fetchone()
        if row is not None and key not in changed:
            total, gone = total - _weight(row[0]), gone + 1
    for key, contact in changed.items():
        row = file.execute(find, (record.name, key)).fetchone()
        total += _weight(_encode(contact)) - (_weight(row[0]) if row is not None else 0)
        new += row is None
    after, digest = record.contacts - gone + new, f"{total % _MODULUS:032x}"
    lost, silent, numbers = _count_lost(file, record, result)
    empty = not after or (
        numbers > 0
        and lost == record.contacts
        and not any(contact.numbers for contact in result.changed)
    )
    return Change(record.contacts, after, lost, silent, empty, digest, digest != record.digest)


def _count_lost(
    file: sqlite3.Connection, record: SourceRecord, result: Full | Delta
) -> tuple[int, int, int]:
    """Return three counts of the contacts that a result loses.

    The first is of all, the second of those that stay without a number. The third
    is of those that had a number.
    """
    lost = silent = numbers = 0
    for loss in held_results.losses(file, record.name, result):
        lost, silent, numbers = lost + 1, silent + loss.is_silent, numbers + loss.had_number
    return lost, silent, numbers

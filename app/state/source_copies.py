"""Copy what is stored of a source from one store to another, through bytes.

Where contacts stand in their source is left out: the next complete fetch tells it anew.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from app.state import held_results, steps
from app.state.held_results import Held
from app.state.source_records import SourceRecord, read_record, write_record
from app.state.store import Store, StoreError
from app.state.store_schema import FORM

PART_BYTES = 1 << 20
_Row = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class SourceCopy:
    """What is stored of a source at one moment.

    `facts` is everything but the contacts. `digest` identifies the contacts, "" for
    none. `parts` are the contacts, about PART_BYTES each; they are read while it is
    iterated.
    """

    facts: bytes
    digest: str
    parts: Iterator[bytes]


class _Facts(msgspec.Struct, frozen=True, array_like=True):
    """The store's form, a source's record, what is held back and whom that would lose."""

    form: int
    record: SourceRecord
    held: Held | None
    going: tuple[tuple[str, str], ...]


class SourceCopies:
    """The sources' data in a store, as bytes that another store can take."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def copy(self, source: str) -> Iterator[SourceCopy]:
        """Yield what is stored of a source, all of one moment.

        Raises StoreError if the store cannot be read.
        """
        with self._store.connection() as file:
            file.execute("BEGIN")
            record = read_record(file, source)
            going = held_results.lost(file, source)
            facts = _Facts(FORM, record, held_results.find(file, source), going)
            yield SourceCopy(msgspec.msgpack.encode(facts), record.digest, _parts(file, source))

    def restore(self, source: str, facts: bytes, parts: Iterable[bytes]) -> None:
        """Replace what is stored of a source by the copy of another store.

        All of it is replaced or, if an exception is raised, nothing. Raises StoreError
        if the store cannot be written, or if the copy cannot be used.
        """
        try:
            found = msgspec.msgpack.decode(facts, type=_Facts)
        except msgspec.MsgspecError as error:
            raise StoreError(_unusable(source, "it cannot be read")) from error
        if found.form != FORM:
            raise StoreError(
                _unusable(source, f"it has store format {found.form}, this program knows {FORM}")
            )
        if found.record.name != source or (found.held and found.held.source != source):
            raise StoreError(_unusable(source, "it is of another source"))
        with self._store.transaction() as file:
            file.execute("DELETE FROM contact WHERE source = ?", (source,))
            held_results.remove(file, source)
            steps.remove_steps(file, source)
            file.executemany("INSERT INTO contact VALUES (?, ?, ?)", _rows(source, parts))
            write_record(file, found.record)
            if found.held is not None:
                held_results.restore(file, found.held, found.going)


def _parts(file: sqlite3.Connection, source: str) -> Iterator[bytes]:
    encode = msgspec.msgpack.Encoder().encode
    part: list[_Row] = []
    size = 0
    for key, data in file.execute("SELECT id, data FROM contact WHERE source = ?", (source,)):
        part.append((key, data))
        size += len(data)
        if size >= PART_BYTES:
            yield encode(part)
            part, size = [], 0
    if part:
        yield encode(part)


def _rows(source: str, parts: Iterable[bytes]) -> Iterator[tuple[str, str, bytes]]:
    decode = msgspec.msgpack.Decoder(list[_Row]).decode
    for part in parts:
        try:
            rows = decode(part)
        except msgspec.MsgspecError as error:
            # Not the store's own error: that would set the store aside as damaged.
            raise StoreError(_unusable(source, "its contacts cannot be read")) from error
        for key, data in rows:
            yield source, key, data


def _unusable(source: str, reason: str) -> str:
    return f"the copy of source {source} from another host cannot be used: {reason}"

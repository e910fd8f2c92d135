"""Store the last good data of each source in one SQLite file that only its owner reads.

The data of a source are its contacts, its checkpoint and its record. Each decision of
the refresher is one transaction. WAL lets a build read while a fetch is saved. A
damaged file is set aside under a dated name and begun anew; a newer version's file is
left alone.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from app.state import changes, held_results, places, steps
from app.state.bulk import insert_rows
from app.state.changes import Change
from app.state.held_results import Held
from app.state.source_records import SourceRecord, read_record, write_record
from app.state.store_schema import FORM, NewerFormError, form_of, prepare_tables
from connectors.base import Delta, Full

FILE = "sources.sqlite"


class StoreError(Exception):
    """The store cannot be written or read, for want of space or permission.

    The text is a sentence with the file and the remedy.
    """


def _is_damage(error: Exception) -> bool:
    """Return whether an error means that the file is damaged."""
    # A file that cannot be reached, is locked or finds no space raises OperationalError too.
    if isinstance(error, sqlite3.OperationalError):
        return "malformed" in str(error)
    return isinstance(error, sqlite3.DatabaseError | msgspec.MsgspecError)


class Store:
    """A state directory's store; `open` it first.

    Any thread may call any method. `damaged` becomes True when a method finds the file
    unreadable; the store must then be opened anew.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / FILE
        self.damaged = False
        self._encoder = msgspec.msgpack.Encoder()

    def open(self, moment: str, *, distrust: bool = False) -> str:
        """Create or check the file, and bring that of an earlier version up to date.

        Return a sentence if a damaged file was set aside, else "". `moment` becomes
        part of that file's name. `distrust` sets the file aside even if it looks sound,
        because reading it failed before. Raises StoreError if the folder cannot be
        written, or if a newer version wrote the file.
        """
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            self._path.chmod(0o600)
            try:
                self._prepare(distrust=distrust)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                aside = self._path.with_name(f"{FILE}.damaged-{moment}")
                self._path.replace(aside)
                for tail in ("-wal", "-shm"):
                    self._path.with_name(FILE + tail).unlink(missing_ok=True)
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
                self._prepare()
                return (
                    f"{self._path} was damaged ({error}); it was set aside as {aside.name}, and"
                    " every source is read anew"
                )
        except (OSError, sqlite3.Error, NewerFormError) as error:
            raise self.failure(error) from error
        return ""

    def _prepare(self, *, distrust: bool = False) -> None:
        with closing(self._connect()) as file:
            prepare_tables(file)
        if distrust:
            raise sqlite3.DatabaseError("what it held could not be read")

    def _connect(self) -> sqlite3.Connection:
        # One connection per call is SQLite's advice for threads.
        file = sqlite3.connect(self._path, timeout=60, isolation_level=None)
        try:
            file.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            # The error's traceback would keep the connection and its descriptors open for as long
            # as the error is kept.
            file.close()
            raise
        return file

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection; raise StoreError for every error of the file."""
        try:
            with closing(self._connect()) as file:
                yield file
        except (sqlite3.Error, msgspec.MsgspecError, NewerFormError) as error:
            raise self.failure(error) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in a transaction, committed at the end. As `connection`."""
        with self.connection() as file:
            file.execute("BEGIN IMMEDIATE")
            try:
                yield file
                file.execute("COMMIT")
            except BaseException:
                if file.in_transaction:
                    file.execute("ROLLBACK")
                raise

    def failure(self, error: Exception) -> StoreError:
        """Return a StoreError for an error of the file; set `damaged` if it is one."""
        if isinstance(error, NewerFormError):
            return StoreError(f"{self._path} {error}")
        if _is_damage(error):
            self.damaged = True
            return StoreError(
                f"{self._path} is damaged ({error}). It is set aside and begun anew; the phones"
                " keep what they had."
            )
        advice = "Check that the folder is writable and has space left (state_dir)"
        if isinstance(error, PermissionError):
            # As after root has put back a copy.
            owner = f"--reference={self._path.parent}"
            advice = f"Give it to the owner of its folder: chown {owner} {self._path}"
        return StoreError(f"{self._path} cannot be used ({error}). {advice}.")

    def record(self, name: str) -> SourceRecord:
        """Return the record of a source, an empty one if none is stored.

        Raises StoreError if the store cannot be read.
        """
        with self.connection() as file:
            return read_record(file, name)

    def save_record(self, record: SourceRecord) -> None:
        """Save the record of a source, and delete its held result.

        The contacts stay as they are. Raises StoreError if the store cannot be written.
        """
        with self.transaction() as file:
            self._save(file, record)

    def _save(self, file: sqlite3.Connection, record: SourceRecord) -> None:
        write_record(file, record)
        held_results.remove(file, record.name)

    def held(self, name: str) -> Held | None:
        """Return the held result of a source, or None.

        In a file of an earlier version nothing is held until `open` has brought it up
        to date. Raises StoreError if the store cannot be read.
        """
        with self.connection() as file:
            return held_results.find(file, name) if form_of(file) == FORM else None

    def hold(self, held: Held, result: Full | Delta) -> None:
        """Save a held result's digest and its lost contacts.

        The stored contacts stay as they are. Raises StoreError if the store cannot be
        written.
        """
        with self.transaction() as file:
            held_results.put(file, held, result)

    def going(self, name: str) -> tuple[str, ...]:
        """Return the names of the contacts that a source's held result would lose.

        Raises StoreError if the store cannot be read.
        """
        with self.connection() as file:
            return tuple(held_results.lost_names(file, name))

    def loses_others(self, name: str, result: Full | Delta) -> bool:
        """Return whether a result loses a contact that the held result does not lose.

        Raises StoreError if the store cannot be read.
        """
        with self.connection() as file:
            return held_results.loses_others(file, name, result)

    def accept(self, name: str, digest: str) -> bool:
        """Mark the held result with this digest as accepted.

        Return False if another one, or none, is held by now. Raises StoreError if the
        store cannot be written.
        """
        with self.transaction() as file:
            return held_results.accept(file, name, digest)

    def compare(self, record: SourceRecord, result: Full | Delta) -> Change:
        """Return what a result would change, without writing.

        Raises StoreError if the store cannot be read.
        """
        with self.connection() as file:
            return changes.compare(file, record, result)

    def apply(self, record: SourceRecord, result: Full | Delta) -> None:
        """Save a result as the source's contacts, with its record, in one transaction.

        Contacts that are stored as they are are not written. Raises StoreError if the
        store cannot be written.
        """
        with self.transaction() as file:
            before = read_record(file, record.name).digest
            delta = changes.as_delta(file, record.name, result)
            file.executemany(
                "DELETE FROM contact WHERE source = ? AND id = ?",
                ((record.name, key) for key in delta.removed),
            )
            rows = (
                (record.name, contact.id, self._encoder.encode(contact))
                for contact in delta.changed
            )
            insert_rows(file, "contact", 3, rows, "INSERT OR REPLACE")
            ids = (*delta.removed, *(contact.id for contact in delta.changed))
            steps.add_step(file, record.name, before, record.digest, ids)
            self._save(file, record)

    def save_places(self, name: str, result: Full) -> None:
        """Save where the contacts of a complete result stand in their source.

        Raises StoreError if the store cannot be written.
        """
        ids = (contact.id for contact in result.contacts)
        with self.transaction() as file:
            # A source whose ids mean enough has no places.
            places.write_places(file, name, zip(ids, result.places, strict=False))

    def place(self, name: str, key: str) -> str:
        """Return where a contact stands in its source, "" if that is not known.

        Raises StoreError if the store cannot be read.
        """
        with self.connection() as file:
            return places.find_place(file, name, key)

    def copy(self, folder: Path, names: Iterable[str]) -> None:
        """Create a store in another folder with the data of these sources.

        Raises StoreError if either store cannot be used.
        """
        with self.connection() as file, closing(sqlite3.connect(folder / FILE)) as other:
            file.backup(other)
        there = Store(folder)
        there.open("copy")
        there.forget_all_but(names)

    def forget_all_but(self, names: Iterable[str]) -> tuple[str, ...]:
        """Delete the data of all sources but these; return the deleted names.

        Raises StoreError if the store cannot be written.
        """
        kept = set(names)
        with self.transaction() as file:
            names = file.execute("SELECT name FROM source UNION SELECT source FROM held").fetchall()
            gone = tuple(name for (name,) in names if name not in kept)
            for name in gone:
                file.execute("DELETE FROM contact WHERE source = ?", (name,))
                file.execute("DELETE FROM source WHERE name = ?", (name,))
                held_results.remove(file, name)
                steps.remove_steps(file, name)
                places.remove_places(file, name)
        return gone

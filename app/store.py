"""The last good data of each source: contacts, checkpoint and what is known of the source, in one SQLite file that only its owner reads.

Law of this file: it keeps what the refresher decided to keep, each decision in one transaction. It judges nothing, asks no source and
knows no book. Every method may be called from any thread: each opens its own connection (SQLite's own advice for threads), and WAL lets
a build read while a fetch is being saved.

A store that SQLite calls damaged is set aside under a dated name and begun anew; phones go on with the last generation meanwhile.
"""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec

from connectors.base import Delta, Full, Skipped
from connectors.contact import Contact

FILE = "sources.sqlite"
_FORM = 1
_MODULUS = 1 << 128
_BATCH = 2000

_TABLES = """
CREATE TABLE IF NOT EXISTS source (
  name TEXT PRIMARY KEY, fingerprint TEXT, checkpoint TEXT, digest TEXT, contacts INTEGER, skipped BLOB,
  last_success REAL, last_full REAL, held TEXT, held_since REAL, accepted INTEGER
);
CREATE TABLE IF NOT EXISTS contact (source TEXT, id TEXT, data BLOB, PRIMARY KEY (source, id)) WITHOUT ROWID;
"""


class StoreError(Exception):
    """The store cannot be written or read: no space, no permission. The text is a sentence with the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a source. Times in seconds since 1970; `digest` names its set of contacts, whatever their order.

    `held` is the digest of a result that the brake holds back ("" for none) since `held_since`; `accepted`: a person has said that
    the next result may pass.
    """

    name: str
    fingerprint: str = ""
    checkpoint: str | None = None
    digest: str = ""
    contacts: int = 0
    skipped: tuple[Skipped, ...] = ()
    last_success: float | None = None
    last_full: float | None = None
    held: str = ""
    held_since: float | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What a result would make of a source: how many contacts it would hold, how many of today's it would lose, and its digest."""

    before: int
    after: int
    lost: int
    digest: str
    altered: bool


def _weight(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=16).digest(), "big")


def _is_damage(error: Exception) -> bool:
    """Tell an unreadable file from one that cannot be reached, is locked or finds no space (sqlite3.OperationalError)."""
    if isinstance(error, sqlite3.OperationalError):
        return "malformed" in str(error)
    return isinstance(error, sqlite3.DatabaseError | msgspec.MsgspecError)


class Store:
    """A state directory's store. Building one opens nothing; `open` does.

    `damaged` is set once a method has found the file unreadable: it is to be opened anew.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / FILE
        self.damaged = False
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Contact)

    def open(self, moment: str, *, distrust: bool = False) -> str:
        """Create or check the file. Returns "" or, where a damaged one was set aside under `moment`, a sentence about it.

        `distrust`: set it aside even if it looks well, since reading it has failed before. Raises StoreError where the folder
        cannot be written.
        """
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            self._path.chmod(0o600)
            try:
                if distrust:
                    raise sqlite3.DatabaseError("what it held could not be read")
                self._prepare()
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                aside = self._path.with_name(f"{FILE}.damaged-{moment}")
                self._path.replace(aside)
                for tail in ("-wal", "-shm"):
                    self._path.with_name(FILE + tail).unlink(missing_ok=True)
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
                self._prepare()
                return f"{self._path} was damaged ({error}); it was set aside as {aside.name}, and every source is read anew"
        except (OSError, sqlite3.Error) as error:
            raise self.failure(error) from error
        return ""

    def _prepare(self) -> None:
        with closing(self._connect()) as file:
            file.execute("PRAGMA journal_mode = WAL")
            if file.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("malformed: quick_check failed")
            (form,) = file.execute("PRAGMA user_version").fetchone()
            if form not in (0, _FORM):
                raise sqlite3.DatabaseError(f"form {form} is not {_FORM}")
            # What is there already is left alone: a full disk can still be read.
            if form != _FORM:
                file.executescript(_TABLES)
                file.execute(f"PRAGMA user_version = {_FORM}")

    def _connect(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._path, timeout=60, isolation_level=None)
        file.execute("PRAGMA synchronous = NORMAL")
        return file

    def failure(self, error: Exception) -> StoreError:
        """Return the sentence for an error of the file's, and remember where it means that the file is damaged."""
        if _is_damage(error):
            self.damaged = True
            return StoreError(f"{self._path} is damaged ({error}). It is set aside and begun anew; the phones keep what they had.")
        return StoreError(f"{self._path} cannot be used ({error}). Check that the folder is writable and has space left (state_dir).")

    def record(self, name: str) -> Record:
        """Return what is known of a source; an empty record where nothing is. Raises StoreError."""
        try:
            with closing(self._connect()) as file:
                row = file.execute(
                    "SELECT fingerprint, checkpoint, digest, contacts, skipped, last_success, last_full, held, held_since, accepted "
                    "FROM source WHERE name = ?",
                    (name,),
                ).fetchone()
            if row is None:
                return Record(name)
            skipped = msgspec.msgpack.decode(row[4], type=tuple[Skipped, ...])
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            raise self.failure(error) from error
        fingerprint, checkpoint, digest, contacts, _, last_success, last_full, held, held_since, accepted = row
        return Record(name, fingerprint, checkpoint, digest, contacts, skipped, last_success, last_full, held, held_since, bool(accepted))

    def keep(self, record: Record) -> None:
        """Save what is known of a source, its contacts left as they are. Raises StoreError."""
        try:
            with closing(self._connect()) as file:
                self._keep(file, record)
        except sqlite3.Error as error:
            raise self.failure(error) from error

    def _keep(self, file: sqlite3.Connection, record: Record) -> None:
        file.execute(
            "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record.name,
                record.fingerprint,
                record.checkpoint,
                record.digest,
                record.contacts,
                self._encoder.encode(record.skipped),
                record.last_success,
                record.last_full,
                record.held,
                record.held_since,
                int(record.accepted),
            ),
        )

    def judge(self, record: Record, result: Full | Delta) -> Change:
        """Return what a result would change, writing nothing. Raises StoreError."""
        try:
            with closing(self._connect()) as file:
                if isinstance(result, Full):
                    return self._judge_full(file, record, result)
                return self._judge_delta(file, record, result)
        except sqlite3.Error as error:
            raise self.failure(error) from error

    def _judge_full(self, file: sqlite3.Connection, record: Record, result: Full) -> Change:
        total = sum(_weight(self._encoder.encode(contact)) for contact in result.contacts) % _MODULUS
        ids = {contact.id for contact in result.contacts}
        kept = sum(key in ids for (key,) in file.execute("SELECT id FROM contact WHERE source = ?", (record.name,)))
        digest = f"{total:032x}"
        return Change(record.contacts, len(ids), record.contacts - kept, digest, digest != record.digest)

    def _judge_delta(self, file: sqlite3.Connection, record: Record, result: Delta) -> Change:
        total, lost, new = int(record.digest or "0", 16), 0, 0
        find = "SELECT data FROM contact WHERE source = ? AND id = ?"
        changed = {contact.id: contact for contact in result.changed}
        for key in dict.fromkeys(result.removed):
            row = file.execute(find, (record.name, key)).fetchone()
            if row is not None and key not in changed:
                total, lost = total - _weight(row[0]), lost + 1
        for key, contact in changed.items():
            row = file.execute(find, (record.name, key)).fetchone()
            total += _weight(self._encoder.encode(contact)) - (_weight(row[0]) if row is not None else 0)
            new += row is None
        digest = f"{total % _MODULUS:032x}"
        return Change(record.contacts, record.contacts - lost + new, lost, digest, digest != record.digest)

    def apply(self, record: Record, result: Full | Delta) -> None:
        """Make a result the source's contacts, and `record` what is known of it, in one transaction. Raises StoreError."""
        try:
            with closing(self._connect()) as file:
                file.execute("BEGIN IMMEDIATE")
                try:
                    if isinstance(result, Full):
                        file.execute("DELETE FROM contact WHERE source = ?", (record.name,))
                        put = sorted(result.contacts, key=lambda contact: contact.id)
                    else:
                        file.executemany("DELETE FROM contact WHERE source = ? AND id = ?", ((record.name, key) for key in result.removed))
                        put = list(result.changed)
                    file.executemany(
                        "INSERT OR REPLACE INTO contact VALUES (?, ?, ?)",
                        ((record.name, contact.id, self._encoder.encode(contact)) for contact in put),
                    )
                    self._keep(file, record)
                    file.execute("COMMIT")
                except BaseException:
                    if file.in_transaction:
                        file.execute("ROLLBACK")
                    raise
        except sqlite3.Error as error:
            raise self.failure(error) from error

    def copy(self, folder: Path, names: Iterable[str]) -> None:
        """Put what is stored of these sources into another folder's store, which is made. Raises StoreError."""
        try:
            with closing(self._connect()) as file, closing(sqlite3.connect(folder / FILE)) as other:
                file.backup(other)
        except sqlite3.Error as error:
            raise self.failure(error) from error
        Store(folder).forget_all_but(names)

    def forget_all_but(self, names: Iterable[str]) -> tuple[str, ...]:
        """Delete the data of sources that are no longer configured; returns their names. Raises StoreError."""
        kept = set(names)
        try:
            with closing(self._connect()) as file:
                gone = tuple(name for (name,) in file.execute("SELECT name FROM source") if name not in kept)
                for name in gone:
                    file.execute("BEGIN IMMEDIATE")
                    file.execute("DELETE FROM contact WHERE source = ?", (name,))
                    file.execute("DELETE FROM source WHERE name = ?", (name,))
                    file.execute("COMMIT")
        except sqlite3.Error as error:
            raise self.failure(error) from error
        return gone

"""Read the store's contents as of one moment, while fetches go on being saved.

A build reads the contacts more than once. All reads are in one transaction, so they do
not see what is saved after the first one.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import msgspec

from app.state import steps
from app.state.source_records import SourceRecord, read_record
from app.state.store import FILE, StoreError
from app.state.store_schema import NewerFormError, form_of
from connectors.contact import Contact

_BATCH = 2000


class StoreSnapshot:
    """The contacts of all sources at the moment of the first read, for one thread."""

    def __init__(
        self, folder: Path, failure: Callable[[Exception], StoreError] | None = None
    ) -> None:
        """`failure` makes a StoreError of an error, as `Store.failure` does."""
        self._path = folder / FILE
        self._failure = failure or self._unreadable
        self._decoder = msgspec.msgpack.Decoder(Contact)

    def __enter__(self) -> "StoreSnapshot":
        # rw: a missing store is not created.
        address = f"file:{quote(str(self._path.absolute()))}?mode=rw"
        with self._reading():
            self._file = sqlite3.connect(address, uri=True, timeout=60, isolation_level=None)
            try:
                form_of(self._file)
                self._file.execute("BEGIN")
            except BaseException:
                self._file.close()
                raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def _unreadable(self, error: Exception) -> StoreError:
        if isinstance(error, NewerFormError):
            return StoreError(f"{self._path} {error}")
        return StoreError(
            f"{self._path} cannot be read ({error}). Check its permissions (state_dir)."
        )

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Raise StoreError for every error of the file."""
        try:
            yield
        except (sqlite3.Error, msgspec.MsgspecError, NewerFormError) as error:
            raise self._failure(error) from error

    def contacts(self, source: str) -> Iterator[Contact]:
        """Yield a source's contacts in the order of their ids, read in batches.

        Raises StoreError if the store cannot be read.
        """
        with self._reading():
            found = self._file.execute(
                "SELECT data FROM contact WHERE source = ? ORDER BY id", (source,)
            )
            while batch := found.fetchmany(_BATCH):
                for (data,) in batch:
                    yield self._decoder.decode(data)

    def contact(self, source: str, key: str) -> Contact | None:
        """Return one contact by its id, or None.

        Raises StoreError if the store cannot be read.
        """
        with self._reading():
            row = self._file.execute(
                "SELECT data FROM contact WHERE source = ? AND id = ?", (source, key)
            ).fetchone()
            return None if row is None else self._decoder.decode(row[0])

    def record(self, source: str) -> SourceRecord:
        """Return the record of a source, an empty one if none is stored.

        Raises StoreError if the store cannot be read.
        """
        with self._reading():
            return read_record(self._file, source)

    def changed_since(self, source: str, digest: str) -> set[str] | None:
        """Return the ids of a source that may have changed since it had this digest.

        Return None if that is unknown. Raises StoreError if the store cannot be read.
        """
        with self._reading():
            now = read_record(self._file, source).digest
            return steps.changed_between(self._file, source, digest, now)

    def fingerprint(self, source: str) -> str | None:
        """Return the configuration's fingerprint of a source's last successful fetch.

        Return None if it was never fetched. Raises StoreError if the store cannot be
        read.
        """
        with self._reading():
            row = self._file.execute(
                "SELECT fingerprint FROM source WHERE name = ? AND last_success IS NOT NULL",
                (source,),
            ).fetchone()
        return None if row is None else str(row[0])

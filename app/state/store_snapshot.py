"""Read the store's contents as of one moment, while fetches go on being saved.

A build reads the contacts more than once. All reads are in one transaction, so they do
not see what is saved after the first one.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import msgspec

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
        try:
            # rw: a missing store is not created.
            self._file = sqlite3.connect(
                f"file:{quote(str(self._path.absolute()))}?mode=rw",
                uri=True,
                timeout=60,
                isolation_level=None,
            )
            try:
                form_of(self._file)
                self._file.execute("BEGIN")
            except BaseException:
                self._file.close()
                raise
        except (sqlite3.Error, NewerFormError) as error:
            raise self._failure(error) from error
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def _unreadable(self, error: Exception) -> StoreError:
        if isinstance(error, NewerFormError):
            return StoreError(f"{self._path} {error}")
        return StoreError(
            f"{self._path} cannot be read ({error}). Check its permissions (state_dir)."
        )

    def contacts(self, source: str) -> Iterator[Contact]:
        """Yield a source's contacts in the order of their ids, read in batches.

        Raises StoreError if the store cannot be read.
        """
        try:
            found = self._file.execute(
                "SELECT data FROM contact WHERE source = ? ORDER BY id", (source,)
            )
            while batch := found.fetchmany(_BATCH):
                for (data,) in batch:
                    yield self._decoder.decode(data)
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            raise self._failure(error) from error

    def contact(self, source: str, key: str) -> Contact | None:
        """Return one contact by its id, or None.

        Raises StoreError if the store cannot be read.
        """
        try:
            row = self._file.execute(
                "SELECT data FROM contact WHERE source = ? AND id = ?", (source, key)
            ).fetchone()
            return None if row is None else self._decoder.decode(row[0])
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            raise self._failure(error) from error

    def fingerprint(self, source: str) -> str | None:
        """Return the configuration's fingerprint of a source's last successful fetch.

        Return None if it was never fetched. Raises StoreError if the store cannot be
        read.
        """
        try:
            row = self._file.execute(
                "SELECT fingerprint FROM source WHERE name = ? AND last_success IS NOT NULL",
                (source,),
            ).fetchone()
        except sqlite3.Error as error:
            raise self._failure(error) from error
        return None if row is None else str(row[0])

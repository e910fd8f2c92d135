"""Write a generation file from rows that come in any order.

Rows are collected in a scratch file beside the draft, so that a million of them need no
memory. `disambiguation` then makes names unique, and SQLite sorts the rows by their
keys. `schema` describes the result.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count, islice
from pathlib import Path

import msgspec

from app.generation.disambiguation import Sets, make_names_unique
from app.generation.drafts import BookPlan, DraftRow, FoundRow
from app.generation.files import file_name, free_version, new_version
from app.generation.schema import BLOCK, ID_STEP, SCHEMA, Unlisted
from app.generation.search_index import (
    RowIndex,
    add_callers,
    create_caller_tables,
    write_callers,
)

_BATCH = 2000


class BuildError(Exception):
    """A generation cannot be written.

    The reason may be space, permissions, or a screen that exceeds a limit. The text is
    a complete sentence.
    """


class GenerationWriter:
    """A draft; use it as a context manager, which deletes an uncommitted draft."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Links hold the version, so drafts of the same rows have the same screens.
        self.path = folder / f".draft-{file_name(new_version(0))}"
        self._scratch = folder / f".scratch-{new_version(0)}.sqlite"
        self._books = 0

    def __enter__(self) -> "GenerationWriter":
        with self._writing():
            try:
                for path in (self.path, self._scratch):
                    path.unlink(missing_ok=True)
                    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
                self._file = sqlite3.connect(self.path, isolation_level=None)
                try:
                    self._begin()
                except sqlite3.Error:
                    # The error's traceback would keep the connection open.
                    self._file.close()
                    raise
            except (OSError, sqlite3.Error):
                # Python does not call `__exit__` if `__enter__` fails.
                self._unlink()
                raise
        return self

    def _begin(self) -> None:
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute("PRAGMA cache_size = -32768")
        self._file.execute("ATTACH ? AS scratch", (str(self._scratch),))
        self._file.execute("PRAGMA scratch.journal_mode = OFF")
        self._file.execute("PRAGMA scratch.synchronous = OFF")
        self._file.executescript(
            """
            BEGIN;
            CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
            CREATE TABLE book (
              profile TEXT, book TEXT, rows_table TEXT, subset TEXT, rows INTEGER, known INTEGER,
              sources TEXT
            );
            CREATE TABLE list (name TEXT PRIMARY KEY, rows INTEGER, starts BLOB);
            CREATE TABLE dial (profile TEXT, name TEXT, number TEXT);
            CREATE TABLE unlisted (profile TEXT, book TEXT, reason TEXT, count INTEGER);
            """
        )
        create_caller_tables(self._file)

    def __exit__(self, *exception: object) -> None:
        self._file.close()
        self._unlink()

    def _unlink(self) -> None:
        with suppress(OSError):
            self._scratch.unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Raise BuildError for every error of the files."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise BuildError(
                f"{self._folder} cannot hold a new generation ({error}). Check its permissions and"
                " free space (state_dir)."
            ) from error

    def add_rows(self, rows: Iterable[FoundRow]) -> None:
        """Collect a profile's rows in any order, each with its keys for caller lookup.

        Raises BuildError. Exceptions of the iterator `rows` pass through.
        """
        columns = ", ".join(DraftRow._fields)
        values = ", ".join("?" * len(DraftRow._fields))
        with self._writing():
            self._file.execute("DROP TABLE IF EXISTS scratch.raw")
            self._file.execute(f"CREATE TABLE scratch.raw ({columns})")
            for batch in _batches(rows):
                self._file.executemany(
                    f"INSERT INTO scratch.raw VALUES ({values})",
                    [row for row, _ in batch],
                )
                add_callers(self._file, [caller for _, callers in batch for caller in callers])

    def disambiguate(self, sets: Sets, limit: int) -> tuple[Sets, Sets]:
        """Make names unique within each book; see `disambiguation.make_names_unique`.

        Raises BuildError.
        """
        with self._writing():
            return make_names_unique(self._file, sets, limit)

    def write_books(self, profile: int, plans: tuple[BookPlan, ...]) -> None:
        """Write a profile's rows in reading order, and the tables of its books.

        Raises BuildError.
        """
        table = f"rows_{profile}"
        with self._writing():
            counts: dict[int, int] = dict(
                self._file.execute("SELECT book_set, count(*) FROM scratch.raw GROUP BY book_set")
            )
            subsets = {plan.book: self._subset(plan, counts) for plan in plans}
            self._fill(
                table,
                {
                    number: tuple(
                        subsets[plan.book]
                        for plan in plans
                        if subsets[plan.book] and number in plan.sets
                    )
                    for number in counts
                },
            )
            for plan in plans:
                self._write_book(plan, table, subsets[plan.book], counts)

    def _write_book(
        self, plan: BookPlan, table: str, subset: str, counts: Mapping[int, int]
    ) -> None:
        inside = [number for number in plan.sets if number in counts]
        if subset:
            self._file.execute(f"CREATE TABLE {subset} (id INTEGER PRIMARY KEY)")
            self._file.execute(
                f"INSERT INTO {subset} (id) SELECT id FROM {table}"
                f" WHERE book_set IN ({','.join(map(str, inside))}) ORDER BY id"
            )
            self._write_list(subset)
        rows = sum(counts[number] for number in inside)
        sources = ",".join(plan.sources)
        self._file.execute(
            "INSERT INTO book VALUES (?, ?, ?, ?, ?, ?, ?)",
            (plan.profile, plan.book, table, subset, rows, plan.known, sources),
        )

    def _write_list(self, table: str) -> None:
        """Write the number of a table's rows, and where its blocks start."""
        ids = [row for (row,) in self._file.execute(f"SELECT id FROM {table} ORDER BY id")]
        starts = msgspec.msgpack.encode(ids[::BLOCK])
        self._file.execute("INSERT INTO list VALUES (?, ?, ?)", (table, len(ids), starts))

    def _subset(self, plan: BookPlan, counts: dict[int, int]) -> str:
        """Return the name of a book's table of ids.

        Returns "" if the book is empty or holds all rows.
        """
        inside = sum(number in counts for number in plan.sets)
        if not 0 < inside < len(counts):
            return ""
        self._books += 1
        return f"book_{self._books}"

    def _fill(self, table: str, subsets: dict[int, tuple[str, ...]]) -> None:
        """Write the collected rows and their index, in reading order.

        `subsets` gives, for each set of books, the tables of ids of those books.
        """
        self._file.execute(
            f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, name TEXT, number TEXT, heading TEXT,"
            " digits TEXT, book_set INTEGER)"
        )
        index = RowIndex(self._file, f"found_{table}")
        ordered = self._file.execute(
            "SELECT name, number, nullif(heading, name), nullif(digits, number), book_set, words,"
            " digits FROM scratch.raw ORDER BY key, rowid"
        )
        ids = count(ID_STEP, ID_STEP)
        while batch := ordered.fetchmany(_BATCH):
            numbered = list(zip(batch, ids, strict=False))
            self._file.executemany(
                f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)",
                [(number, *row[:5]) for row, number in numbered],
            )
            index.add((number, row[5], row[6], subsets[row[4]]) for row, number in numbered)
        index.finish()
        self._write_list(table)

    def write_extras(
        self, dials: Iterable[tuple[str, str, str]], unlisted: Iterable[Unlisted]
    ) -> None:
        """Write what dial-now items dial, and the counts of unlisted contacts.

        `dials` are (profile, name, number). Raises BuildError.
        """
        with self._writing():
            self._file.executemany("INSERT INTO dial VALUES (?, ?, ?)", dials)
            self._file.executemany(
                "INSERT INTO unlisted VALUES (?, ?, ?, ?)",
                ((item.profile, item.book, item.reason, item.count) for item in unlisted),
            )

    def finish(self, fingerprint: str, digests: Mapping[str, str]) -> None:
        """Write the metadata and close the file, which a `Generation` can then open.

        `digests` maps each source to the digest of the contacts that this was made
        from. Raises BuildError.
        """
        meta = {"schema": SCHEMA, "fingerprint": fingerprint}
        meta |= {f"digest of {name}": digest for name, digest in digests.items()}
        with self._writing():
            write_callers(self._file)
            self._file.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            self._file.execute("COMMIT")
            self._file.close()
            descriptor = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def commit(self) -> str:
        """Give the finished draft its final name, and return its version.

        Raises BuildError.
        """
        version = free_version(self._folder)
        with self._writing():
            self.path.replace(self._folder / file_name(version))
        return version


def _batches(rows: Iterable[FoundRow]) -> Iterator[list[FoundRow]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch

"""Writing a generation's file: rows come in any order, and stand in reading order when it is finished.

Law of this file: SQL and order. It knows the form of `generation.py` and nothing of contacts, sources or phones.

Rows are gathered in a scratch file beside the draft, so that a million of them need no memory; SQLite sorts them by their keys. Then names
that would look the same are told apart: rows that are alike in name and number become one; of others of the same name each gets a note, its
department or organisation where that tells them apart, else the end of its number.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.generation import SCHEMA, Unlisted, file_name
from app.screens import noted

_BATCH = 2000
_FEWEST_DIGITS = 4
_DETAIL_LETTERS = 14


class BuildError(Exception):
    """A generation cannot be written: no space, no permission, or a screen of it breaks a limit. The text is a sentence."""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row on its way: `key` is its place in reading order, `shelves` the number of the set of books that hold it."""

    key: bytes
    name: str
    number: str
    heading: str
    detail: str
    shelves: int


@dataclass(frozen=True, slots=True)
class ShelfPlan:
    """A book to be: the profile's number, names, which sets of books it is in, whether any source of it ever answered."""

    profile: str
    book: str
    sets: tuple[int, ...]
    known: bool
    sources: tuple[str, ...]


class GenerationWriter:
    """A draft. Use it as a context manager: what is not finished is deleted."""

    def __init__(self, folder: Path, version: str) -> None:
        self._folder = folder
        self.version = version
        self.path = folder / f".draft-{file_name(version)}"
        self._scratch = folder / f".scratch-{version}.sqlite"
        self._books = 0

    def __enter__(self) -> "GenerationWriter":
        try:
            for path in (self.path, self._scratch):
                path.unlink(missing_ok=True)
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            self._file = sqlite3.connect(self.path, isolation_level=None)
            self._file.execute("PRAGMA journal_mode = OFF")
            self._file.execute("PRAGMA synchronous = OFF")
            self._file.execute("PRAGMA cache_size = -65536")
            self._file.execute("ATTACH ? AS scratch", (str(self._scratch),))
            self._file.execute("PRAGMA scratch.journal_mode = OFF")
            self._file.execute("PRAGMA scratch.synchronous = OFF")
            self._file.executescript(
                "BEGIN;"
                "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);"
                "CREATE TABLE book (profile TEXT, book TEXT, rows_table TEXT, subset TEXT, rows INTEGER, known INTEGER, sources TEXT);"
                "CREATE TABLE dial (profile TEXT, name TEXT, number TEXT);"
                "CREATE TABLE unlisted (profile TEXT, book TEXT, reason TEXT, count INTEGER);"
            )
        except (OSError, sqlite3.Error) as error:
            raise self._failure(error) from error
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()
        self._scratch.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def _failure(self, error: Exception) -> BuildError:
        return BuildError(f"{self._folder} cannot hold a new generation ({error}). Check its permissions and free space (state_dir).")

    def gather(self, rows: Iterable[DraftRow]) -> None:
        """Take a profile's rows, in any order. Raises BuildError; what the rows' own iterator raises passes through."""
        try:
            self._file.execute("DROP TABLE IF EXISTS scratch.raw")
            self._file.execute("CREATE TABLE scratch.raw (key BLOB, name TEXT, number TEXT, heading TEXT, detail TEXT, shelves INTEGER)")
            for batch in _batches(rows):
                self._file.executemany("INSERT INTO scratch.raw VALUES (?, ?, ?, ?, ?, ?)", batch)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def alike(self) -> Iterator[tuple[tuple[int, str, str, str, int], ...]]:
        """Give the groups of gathered rows that share a name: (rowid, name, number, detail, shelves) of each."""
        self._file.execute("CREATE INDEX scratch.by_name ON raw (name)")
        repeated = self._file.execute("SELECT name FROM scratch.raw GROUP BY name HAVING count(*) > 1").fetchall()
        for (name,) in repeated:
            yield tuple(
                self._file.execute("SELECT rowid, name, number, detail, shelves FROM scratch.raw WHERE name = ? ORDER BY key", (name,))
            )

    def tell_apart(self, sets: tuple[frozenset[str], ...], limit: int) -> tuple[int, tuple[frozenset[str], ...]]:
        """Make names unique within each book; `sets[n]` are the books of set number n, `limit` the longest name.

        Returns how many rows were doubles of another, and the sets with those that became needed. Raises BuildError.
        """
        known = list(sets)
        doubles = 0
        try:
            for group in self.alike():
                first: dict[str, int] = {}
                shelves: dict[int, frozenset[str]] = {}
                for row, _, number, _, place in group:
                    if number in first:
                        shelves[first[number]] |= known[place]
                        self._file.execute("DELETE FROM scratch.raw WHERE rowid = ?", (row,))
                        doubles += 1
                    else:
                        first[number] = row
                        shelves[row] = known[place]
                for row, _, _, _, place in group:
                    if row in shelves and shelves[row] != known[place]:
                        if shelves[row] not in known:
                            known.append(shelves[row])
                        self._file.execute("UPDATE scratch.raw SET shelves = ? WHERE rowid = ?", (known.index(shelves[row]), row))
                left = [(row, name, number, detail) for row, name, number, detail, _ in group if row in shelves]
                if len(left) > 1 and _overlap([shelves[row] for row, *_ in left]):
                    self._note(left, limit)
        except sqlite3.Error as error:
            raise self._failure(error) from error
        return doubles, tuple(known)

    def _note(self, rows: list[tuple[int, str, str, str]], limit: int) -> None:
        details = [detail[:_DETAIL_LETTERS].strip() for *_, detail in rows]
        telling = all(details) and len(set(details)) == len(details)
        for place, (row, name, number, _) in enumerate(rows):
            tries = [details[place]] if telling else []
            tries += [number[-digits:] for digits in range(_FEWEST_DIGITS, len(number) + 1)]
            tries += [str(count) for count in range(2, 2 * len(rows) + 100)]
            for note in tries:
                shown = noted(name, note, limit)
                if self._file.execute("SELECT 1 FROM scratch.raw WHERE name = ?", (shown,)).fetchone() is None:
                    self._file.execute("UPDATE scratch.raw SET name = ? WHERE rowid = ?", (shown, row))
                    break

    def shelve(self, profile: int, plans: tuple[ShelfPlan, ...]) -> None:
        """Put a profile's gathered rows into reading order and its books on their shelves. Raises BuildError."""
        table = f"rows_{profile}"
        try:
            self._file.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, name TEXT, number TEXT, heading TEXT, shelves INTEGER)")
            self._file.execute(
                f"INSERT INTO {table} (name, number, heading, shelves) "  # noqa: S608
                "SELECT name, number, nullif(heading, name), shelves FROM scratch.raw ORDER BY key"
            )
            counts = dict(self._file.execute(f"SELECT shelves, count(*) FROM {table} GROUP BY shelves"))  # noqa: S608
            for plan in plans:
                inside = [number for number in plan.sets if number in counts]
                rows, subset = sum(counts[number] for number in inside), ""
                if rows and len(inside) < len(counts):
                    self._books += 1
                    subset = f"book_{self._books}"
                    self._file.execute(f"CREATE TABLE {subset} (place INTEGER PRIMARY KEY, id INTEGER)")
                    self._file.execute(
                        f"INSERT INTO {subset} (id) SELECT id FROM {table} WHERE shelves IN ({','.join(map(str, inside))}) ORDER BY id"  # noqa: S608
                    )
                self._file.execute(
                    "INSERT INTO book VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (plan.profile, plan.book, table, subset, rows, plan.known, ",".join(plan.sources)),
                )
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def note(self, dials: Iterable[tuple[str, str, str]], unlisted: Iterable[Unlisted]) -> None:
        """Add what dial-now items dial, as (profile, name, number), and who has no place. Raises BuildError."""
        try:
            self._file.executemany("INSERT INTO dial VALUES (?, ?, ?)", dials)
            self._file.executemany(
                "INSERT INTO unlisted VALUES (?, ?, ?, ?)", ((item.profile, item.book, item.reason, item.count) for item in unlisted)
            )
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def finish(self, fingerprint: str, built_at: float, build_seconds: float, digests: Mapping[str, str] | None = None) -> None:
        """Write what the file says of itself and close it for writing; it can be opened as a `Generation` now. Raises BuildError.

        `digests`: by source, which set of its contacts this was made from.
        """
        said = {
            "schema": SCHEMA,
            "version": self.version,
            "fingerprint": fingerprint,
            "built_at": repr(built_at),
            "build_seconds": repr(build_seconds),
        }
        said |= {f"digest of {name}": digest for name, digest in (digests or {}).items()}
        try:
            self._file.executemany("INSERT INTO meta VALUES (?, ?)", said.items())
            self._file.execute("COMMIT")
            self._file.close()
            descriptor = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except (OSError, sqlite3.Error) as error:
            raise self._failure(error) from error

    def keep(self) -> Path:
        """Give the finished draft its name, by rename; returns its path. Raises BuildError."""
        final = self._folder / file_name(self.version)
        try:
            self.path.replace(final)
        except OSError as error:
            raise self._failure(error) from error
        return final


def _overlap(shelves: list[frozenset[str]]) -> bool:
    seen: set[str] = set()
    for books in shelves:
        if not seen.isdisjoint(books):
            return True
        seen |= books
    return False


def _batches(rows: Iterable[DraftRow]) -> Iterator[list[tuple[bytes, str, str, str, str, int]]]:
    batch = []
    for row in rows:
        batch.append((row.key, row.name, row.number, row.heading, row.detail, row.shelves))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch

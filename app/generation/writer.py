"""Write a generation file from contacts whose rows come in any order.

Rows are collected in a scratch file beside the draft, so that a million of them need no
memory. `disambiguation` then makes names unique, and SQLite sorts the rows by their
keys. `schema` describes the result. The scratch file becomes the memo of the generation
(`memo`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, islice
from pathlib import Path

from app.generation.book_lists import write_list
from app.generation.disambiguation import Namesakes
from app.generation.draft_file import DraftFile
from app.generation.drafts import BookPlan, BookSets, ContactRows
from app.generation.files import file_digest, file_name, free_version, new_version
from app.generation.memo import ProfileMemo, final_rows, memo_name, prepare_memo
from app.generation.schema import ID_STEP, SCHEMA, Unlisted
from app.generation.search_index import RowIndex, create_caller_table, write_callers
from app.state.bulk import insert_rows

_BATCH = 2000


class GenerationWriter(DraftFile):
    """A draft; use it as a context manager, which deletes an uncommitted draft."""

    def __init__(self, folder: Path) -> None:
        # Links hold the version, so drafts of the same rows have the same screens.
        path = folder / f".draft-{file_name(new_version(0))}"
        self._scratch = folder / f".scratch-{new_version(0)}.sqlite"
        super().__init__(folder, "generation", path, self._scratch)
        self._books = 0

    def _begin(self) -> None:
        super()._begin()
        self._file.execute("PRAGMA cache_size = -32768")
        self._file.execute("ATTACH ? AS scratch", (str(self._scratch),))
        self._file.execute("PRAGMA scratch.journal_mode = OFF")
        self._file.execute("PRAGMA scratch.synchronous = OFF")
        self._file.execute("BEGIN")
        self._prepare()

    def _prepare(self) -> None:
        self._file.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)")
        self._file.execute(
            "CREATE TABLE book (profile TEXT, book TEXT, rows_table TEXT, subset TEXT,"
            " rows INTEGER, known INTEGER, sources TEXT)"
        )
        self._file.execute("CREATE TABLE list (name TEXT PRIMARY KEY, rows INTEGER, starts BLOB)")
        self._file.execute("CREATE TABLE dial (profile TEXT, name TEXT, number TEXT)")
        self._file.execute(
            "CREATE TABLE unlisted (profile TEXT, book TEXT, reason TEXT, count INTEGER)"
        )
        create_caller_table(self._file)
        prepare_memo(self._file)

    def add_contacts(self, profile: int, contacts: Iterable[ContactRows]) -> None:
        """Collect a profile's contacts with their rows, in any order.

        Raises BuildError. Exceptions of the iterator `contacts` pass through.
        """
        memo = ProfileMemo(self._file, profile)
        with self._writing():
            memo.create()
            for batch in _batches(contacts):
                memo.add(batch)
            memo.create_indexes()

    def disambiguate(self, profile: int, sets: BookSets, limit: int) -> None:
        """Make names unique within each book; see `disambiguation`.

        `limit` is the maximum length of a name. Raises BuildError.
        """
        with self._writing():
            Namesakes(self._file, profile, sets, limit).settle_all()

    def merged_books(self, profile: int, sets: BookSets) -> list[tuple[frozenset[str], int]]:
        """Return the books that held two rows which are one now, and how often.

        Raises BuildError.
        """
        with self._writing():
            return ProfileMemo(self._file, profile).merged_books(sets)

    def write_books(self, profile: int, plans: tuple[BookPlan, ...], sets: BookSets) -> int:
        """Write a profile's rows in reading order, and the tables of its books.

        Returns the number of rows. Raises BuildError.
        """
        table = f"rows_{profile}"
        with self._writing():
            counted = final_rows(profile, ("book_set",))
            rows: Counter[int] = Counter(
                dict(self._file.execute(f"SELECT book_set, count(*) FROM ({counted}) GROUP BY 1"))
            )
            ProfileMemo(self._file, profile).write_sets(sets, rows)
            subsets = self._subsets(plans, sets, rows)
            self._fill(profile, subsets, sets, rows)
            for plan in plans:
                subset = subsets[plan.book]
                if subset:
                    write_list(self._file, subset)
                inside = sum(found for held, found in rows.items() if plan.book in sets.books(held))
                self._file.execute(
                    "INSERT INTO book VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        plan.profile,
                        plan.book,
                        table,
                        subset,
                        inside,
                        plan.known,
                        ",".join(plan.sources),
                    ),
                )
            return rows.total()

    def _subsets(
        self, plans: tuple[BookPlan, ...], sets: BookSets, rows: Counter[int]
    ) -> dict[str, str]:
        """Return the name of the table of ids for each book that needs one, else ""."""
        subsets = dict.fromkeys((plan.book for plan in plans), "")
        for book in subsets:
            if is_subset(book, sets, rows):
                self._books += 1
                subsets[book] = f"book_{self._books}"
        return subsets

    def _fill(
        self, profile: int, subsets: Mapping[str, str], sets: BookSets, rows: Counter[int]
    ) -> None:
        """Write the collected rows, their index and their ids, in reading order."""
        table = f"rows_{profile}"
        self._file.execute(
            f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, name TEXT, number TEXT, heading TEXT,"
            " digits TEXT)"
        )
        for subset in filter(None, subsets.values()):
            self._file.execute(f"CREATE TABLE {subset} (id INTEGER PRIMARY KEY)")
        tables = {
            number: tuple(
                subset for book, subset in subsets.items() if subset and book in sets.books(number)
            )
            for number in rows
        }
        index = RowIndex(self._file, f"found_{table}")
        index.create()
        columns = ("rowid", "name", "number", "heading", "book_set", "words", "digits")
        ordered = self._file.execute(f"{final_rows(profile, columns)} ORDER BY r.key, r.rowid")
        ids = count(ID_STEP, ID_STEP)
        while batch := ordered.fetchmany(_BATCH):
            numbered = list(zip(batch, ids, strict=False))
            self._file.executemany(
                f"INSERT INTO {table} VALUES (?1, ?2, ?3, nullif(?4, ?2), nullif(?5, ?3))",
                [(number, row[1], row[2], row[3], row[6]) for row, number in numbered],
            )
            places = [(number, row[0]) for row, number in numbered]
            insert_rows(self._file, f"scratch.place_{profile}", 2, places)
            index.add((number, row[5], row[6], tables[row[4]]) for row, number in numbered)
            for subset in filter(None, subsets.values()):
                held = [(number,) for row, number in numbered if subset in tables[row[4]]]
                insert_rows(self._file, subset, 1, held)
        index.finish()
        write_list(self._file, table)

    def write_callers(self) -> None:
        """Write the names for all caller keys. Raises BuildError."""
        with self._writing():
            write_callers(self._file)

    def write_extras(
        self, dials: Iterable[tuple[str, str, str]], unlisted: Iterable[Unlisted]
    ) -> None:
        """Write what dial-now items dial, and the counts of unlisted contacts.

        `dials` are (profile, name, number). Raises BuildError.
        """
        with self._writing():
            self._file.execute("DELETE FROM dial")
            self._file.executemany("INSERT INTO dial VALUES (?, ?, ?)", dials)
            self._file.execute("DELETE FROM unlisted")
            self._file.executemany(
                "INSERT INTO unlisted VALUES (?, ?, ?, ?)",
                ((item.profile, item.book, item.reason, item.count) for item in unlisted),
            )

    def write_meta(
        self, fingerprint: str, digests: Mapping[str, str], memo: Mapping[str, str]
    ) -> None:
        """Write the metadata of the generation and of its memo.

        `digests` maps each source to the digest of the contacts that this was made
        from. `memo` is the metadata of the memo. Raises BuildError.
        """
        meta = {"schema": str(SCHEMA), "fingerprint": fingerprint}
        meta |= {f"digest of {name}": digest for name, digest in digests.items()}
        with self._writing():
            for table, values in (("main.meta", meta), ("scratch.meta", memo)):
                self._file.execute(f"DELETE FROM {table}")
                self._file.executemany(f"INSERT INTO {table} VALUES (?, ?)", values.items())

    def finish(self) -> None:
        """Close the file, which a `Generation` can then open. Raises BuildError."""
        with self._writing():
            self._close()

    def commit(self) -> tuple[str, Path]:
        """Give the finished draft and its memo their final names.

        Returns the version and the path of the memo. Raises BuildError.
        """
        version = free_version(self._folder)
        with self._writing():
            memo = self._folder / memo_name(version, file_digest(self._scratch))
            self.path.replace(self._folder / file_name(version))
            self._scratch.replace(memo)
        return version, memo


def is_subset(book: str, sets: BookSets, rows: Counter[int]) -> bool:
    """Return whether a book holds some of a profile's rows, but not all of them.

    `rows` are the numbers of rows of each set of books.
    """
    held = {book in sets.books(number) for number, found in rows.items() if found}
    return held == {True, False}


def _batches(contacts: Iterable[ContactRows]) -> Iterator[list[ContactRows]]:
    remaining = iter(contacts)
    while batch := list(islice(remaining, _BATCH)):
        yield batch

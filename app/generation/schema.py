"""The schema of a generation, and the values that its tables are read as."""

from dataclasses import dataclass

# The version of this schema. Nothing in the file tells when it was built: the same contacts and
# configuration give the same bytes. The version is in the file's name, the rest in `current`.
# - `meta`: key, value: the schema, the configuration's fingerprint, and each source's digest.
# - `book`: one row for each profile and book, with its rows table, its number of rows, and whether
#   any of its sources ever answered.
# - `dial`: what dial-now items dial.
# - `unlisted`: how many contacts a book does not list, by reason.
# - `rows_P` for profile number P: id (ascending in reading order, with gaps), name, number, heading
#   if it differs from the name, and digits (`app.search.terms.index_digits`) if they differ from
#   the number.
# - `book_B` for a book that holds only some of a profile's rows: their ids.
# - `list`: for each `rows_P` and `book_B`, its number of rows and the id of every BLOCK-th one,
#   from the first on (MessagePack), by which a position is found.
# - `found_rows_P`: full-text index of the rows (rowid = id, terms from `app.search.terms`).
# - `found_rows_P_words`: the longer words of that index, and how often each is used.
# - `caller`: key of a number (from `app.numbers.lookup_keys`) and the name of its owner.
SCHEMA = 6
BLOCK = 64
# Ids leave room for rows that are inserted later. A larger step would make the search index larger:
# it stores the differences of ids (16: by a fifth, 64: by two fifths).
ID_STEP = 16


@dataclass(frozen=True, slots=True)
class BookTable:
    """The location of a book's rows in a generation.

    `table` holds the rows. `subset` is the table of the ids of the book's rows, "" if
    the book is the complete table. `known` is whether any of its sources ever answered.
    """

    table: str
    subset: str
    rows: int
    known: bool
    sources: tuple[str, ...]

    @property
    def ids(self) -> str:
        """The table that holds the ids of the book's rows, in reading order."""
        return self.subset or self.table


@dataclass(frozen=True, slots=True)
class Unlisted:
    """How many contacts or numbers a book does not list, for one reason."""

    profile: str
    book: str
    reason: str
    count: int

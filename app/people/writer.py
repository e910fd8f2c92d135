"""Write the people file of a generation, from nothing or from the last one.

`reader` describes the tables. Each contact is put or removed by its source and id, so a
copy of the last file needs only what changed.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.generation.draft_file import DraftFile
from app.generation.files import new_version, people_file_name
from app.people.reader import FORM
from app.people.records import ProfileRecord
from app.people.search_text import search_digits, search_text
from app.state.bulk import insert_rows
from connectors.contact import Contact

_BATCH = 2000
_TABLES = f"""
PRAGMA page_size = 16384;
PRAGMA user_version = {FORM};
CREATE TABLE person (
  source TEXT, id TEXT, sort BLOB, text TEXT, digits TEXT, contact BLOB, PRIMARY KEY (source, id)
) WITHOUT ROWID;
CREATE TABLE outcome (
  source TEXT, id TEXT, profile TEXT, unlisted TEXT, odd TEXT, record BLOB,
  PRIMARY KEY (source, id, profile)
) WITHOUT ROWID;
CREATE INDEX outcome_odd ON outcome (profile, odd) WHERE odd != '';
"""


class PeopleWriter(DraftFile):
    """A draft; use it as a context manager, which deletes an uncommitted draft."""

    def __init__(self, folder: Path, base: Path | None = None) -> None:
        """`base` is the people file to begin with; None begins with nothing."""
        path = folder / f".draft-{people_file_name(new_version(0))}"
        super().__init__(folder, "people file", path)
        self._base = base
        self._encode = msgspec.msgpack.Encoder().encode
        self._persons: list[tuple[object, ...]] = []
        self._outcomes: list[tuple[object, ...]] = []
        self._sources: set[str] = set()

    def _copy(self) -> None:
        if self._base is not None:
            shutil.copyfile(self._base, self.path)

    def _begin(self) -> None:
        super()._begin()
        if self._base is None:
            self._file.executescript(_TABLES)
        else:
            # A copy keeps no bytes of a contact who is gone.
            self._file.execute("PRAGMA secure_delete = ON")
        self._file.execute("BEGIN")

    def recorded_sources(self) -> frozenset[str]:
        """Return the sources of the contacts that were put."""
        return frozenset(self._sources)

    def put(
        self, source: str, contact: Contact, sort: bytes, words: str, dialled: Sequence[str]
    ) -> None:
        """Put a contact in place of the one with its id.

        `sort` is its sort key, `words` what phones find it by, and `dialled` are its
        numbers as one profile dials them. Raises BuildError.
        """
        self._sources.add(source)
        self._persons.append(
            (
                source,
                contact.id,
                sort,
                search_text(words, contact),
                search_digits(contact, dialled),
                self._encode(contact),
            )
        )
        if len(self._persons) >= _BATCH:
            self._write()

    def put_outcome(
        self,
        source: str,
        key: str,
        profile: str,
        record: ProfileRecord,
        unlisted: Sequence[str],
        odd: Sequence[str],
    ) -> None:
        """Put what a profile makes of a contact, in place of what it made before.

        `key` is the contact's id. `unlisted` are book and reason, with a tab between,
        where a book does not list it. `odd` are what is odd about its numbers. Raises
        BuildError.
        """
        self._outcomes.append(
            (source, key, profile, _lines(unlisted), _lines(odd), self._encode(record))
        )
        if len(self._outcomes) >= _BATCH:
            self._write()

    def remove(self, source: str, key: str) -> None:
        """Remove a contact by its id, with all its outcomes.

        Raises BuildError.
        """
        self._write()
        with self._writing():
            for table in ("person", "outcome"):
                self._file.execute(
                    f"DELETE FROM {table} WHERE source = ? AND id = ?", (source, key)
                )

    def _write(self) -> None:
        with self._writing():
            if self._persons:
                insert_rows(self._file, "person", 6, self._persons, "INSERT OR REPLACE")
                self._persons.clear()
            if self._outcomes:
                insert_rows(self._file, "outcome", 6, self._outcomes, "INSERT OR REPLACE")
                self._outcomes.clear()

    def finish(self) -> None:
        """Write what is left, and close the file. Raises BuildError."""
        self._write()
        with self._writing():
            self._file.execute("CREATE INDEX IF NOT EXISTS person_sort ON person (sort)")
            self._close()

    def commit(self, version: str) -> None:
        """Give the finished draft its final name beside a generation.

        Raises BuildError.
        """
        with self._writing():
            self.path.replace(self._folder / people_file_name(version))


def _lines(texts: Sequence[str]) -> str:
    """Return texts as lines of one text, which is empty for none."""
    return "\n".join(("", *texts, "")) if texts else ""

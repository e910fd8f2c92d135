"""Read the people file of a generation: contacts, and what each profile makes of them.

It is for operators. Phones need none of it.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import msgspec

from app.generation.files import people_file_name
from app.people.records import ProfileRecord
from app.people.search_text import condition
from app.state.forms import other_version
from connectors.contact import Contact

# The form of these tables. Nothing refers to a position, so a contact is replaced by itself.
# - `person`: each contact by source and id, with its place in reading order (`sort`), what it is
#   found by (`text`, `digits`) and the contact.
# - `outcome`: what a profile makes of a contact whose source it uses. `unlisted` has a line "book,
#   tab, reason" for each book that does not list it, `odd` a line for each odd number. Both are ""
#   or begin and end with a line feed. `record` is a `ProfileRecord`.
FORM = 1
_BATCH = 2000
_FEW = 2000
_DAMAGE = (sqlite3.Error, msgspec.MsgspecError, UnicodeError, TypeError, ValueError)


class NoPeopleFileError(Exception):
    """A people file is missing, damaged or of another form.

    The text names the file and the reason.
    """


@dataclass(frozen=True, slots=True)
class Person:
    """A contact and its source."""

    source: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class Wanted:
    """The people to be listed; "" is no condition.

    `typed` is what somebody searches for. With a `reason` those are wanted whom `book`
    of `profile` does not list for this reason, with `odd` those of whose numbers
    `profile` says so, with `dialled` those of whose numbers `profile` dials this.
    """

    typed: str = ""
    profile: str = ""
    book: str = ""
    reason: str = ""
    odd: str = ""
    dialled: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the people who were wanted, in reading order, and the count of all."""

    people: tuple[Person, ...]
    count: int


class PeopleFile:
    """An open people file, read-only; for one thread at a time."""

    def __init__(self, folder: Path, version: str) -> None:
        """Open the people file beside a generation.

        Raises NoPeopleFileError if it is missing, damaged or of another form.
        """
        self._name = people_file_name(version)
        path = folder / self._name
        if not path.is_file():
            raise NoPeopleFileError(f"{self._name} is missing")
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        with self._reading():
            self._file = sqlite3.connect(address, uri=True, check_same_thread=False)
            try:
                (form,) = self._file.execute("PRAGMA user_version").fetchone()
                if form != FORM:
                    raise NoPeopleFileError(other_version(self._name, form, FORM))
            except BaseException:
                self._file.close()
                raise
        self._contacts = msgspec.msgpack.Decoder(Contact)
        self._records = msgspec.msgpack.Decoder(ProfileRecord)

    def close(self) -> None:
        """Close the file; the object is not used afterwards."""
        self._file.close()

    def is_sound(self) -> bool:
        """Return whether every page of the file can be read; slow for a large file."""
        try:
            return bool(self._file.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.Error:
            return False

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Raise NoPeopleFileError for every error of the file."""
        try:
            yield
        except _DAMAGE as error:
            raise NoPeopleFileError(f"{self._name} is damaged ({error})") from error

    def contacts(self, source: str) -> Iterator[Contact]:
        """Yield a source's contacts in the order of their ids.

        Raises NoPeopleFileError.
        """
        with self._reading():
            found = self._file.execute(
                "SELECT contact FROM person WHERE source = ? ORDER BY id", (source,)
            )
            while batch := found.fetchmany(_BATCH):
                for (data,) in batch:
                    yield self._contacts.decode(data)

    def contact(self, source: str, key: str) -> Contact | None:
        """Return one contact by its id, or None. Raises NoPeopleFileError."""
        with self._reading():
            row = self._file.execute(
                "SELECT contact FROM person WHERE source = ? AND id = ?", (source, key)
            ).fetchone()
            return None if row is None else self._contacts.decode(row[0])

    def record(self, profile: str, source: str, key: str) -> ProfileRecord | None:
        """Return what a profile makes of a contact, None if it does not use its source.

        Raises NoPeopleFileError.
        """
        with self._reading():
            row = self._file.execute(
                "SELECT record FROM outcome WHERE source = ? AND id = ? AND profile = ?",
                (source, key, profile),
            ).fetchone()
            return None if row is None else self._records.decode(row[0])

    def page(self, wanted: Wanted, start: int, most: int) -> Page:
        """Return at most `most` people from position `start` on, counted from 0.

        Raises NoPeopleFileError.
        """
        where, typed = condition(wanted.typed)
        outcome, values = _outcome_condition(wanted)
        if outcome:
            where = f"({where}) AND {outcome}"
        with self._reading():
            count, keys = self._keys(where, (*typed, *values), start, most)
            people = tuple(
                Person(source, self._contacts.decode(data))
                for key in keys
                for source, data in self._file.execute(
                    "SELECT source, contact FROM person WHERE source = ? AND id = ?", key
                )
            )
        return Page(people, count)

    def _keys(
        self, where: str, values: tuple[str | bytes, ...], start: int, most: int
    ) -> tuple[int, list[tuple[str, str]]]:
        """Return the count of those who match, and source and id of some of them."""
        if where == "1":
            table, order = "person", "sort"
        else:
            # Every row is looked at, in the order of the table (20 ms for 100,000). By the index of
            # the reading order SQLite would look up each one elsewhere. Few people are sorted here.
            table, order = "person NOT INDEXED", "+sort"
            few = self._file.execute(
                f"SELECT sort, source, id FROM {table} WHERE {where} LIMIT ?", (*values, _FEW + 1)
            ).fetchall()
            if len(few) <= _FEW:
                return len(few), [row[1:] for row in sorted(few)[start : start + most]]
        (count,) = self._file.execute(
            f"SELECT count(*) FROM {table} WHERE {where}", values
        ).fetchone()
        keys = self._file.execute(
            f"SELECT source, id FROM {table} WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, most, start),
        ).fetchall()
        return int(count), keys

    def odd_reasons(self, profile: str) -> tuple[tuple[int, str], ...]:
        """Return what is odd about numbers of a profile, with counts, most first.

        Raises NoPeopleFileError.
        """
        counts: Counter[str] = Counter()
        with self._reading():
            for lines, count in self._file.execute(
                "SELECT odd, count(*) FROM outcome WHERE profile = ? AND odd != '' GROUP BY odd",
                (profile,),
            ):
                for reason in lines.strip("\n").split("\n"):
                    counts[reason] += count
        return tuple(sorted(((count, reason) for reason, count in counts.items()), reverse=True))


def _outcome_condition(wanted: Wanted) -> tuple[str, tuple[str | bytes, ...]]:
    """Return the SQL condition on what a profile makes of a contact, "" for none."""
    value: str | bytes
    if wanted.reason:
        column, value = "unlisted", f"\n{wanted.book}\t{wanted.reason}\n"
    elif wanted.odd:
        column, value = "odd", f"\n{wanted.odd}\n"
    elif wanted.dialled:
        # MessagePack puts the length of a text before it, so this finds complete texts alone.
        column, value = "record", msgspec.msgpack.encode(wanted.dialled)
    else:
        return "", ()
    outcomes = f"SELECT source, id FROM outcome WHERE profile = ? AND {column} != ''"
    return (
        f"(source, id) IN ({outcomes} AND instr({column}, ?))",
        (wanted.profile, value),
    )

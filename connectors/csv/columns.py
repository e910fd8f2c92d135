"""Which column of a CSV file holds what: the `columns` key of the configuration, and the layout that comes of it.

Law of this file: it knows our fields and the positions of columns. It knows no exporter's words (`csv_layouts`), no
encoding, no file and no row.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator

from connectors.contact import NumberKind
from connectors.fields import raise_problems

_NO_WORD = re.compile(r"[^a-z0-9]+")
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters that Unicode does not take apart, as people write them without these keys."""

_TYPED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class ColumnMissing(LookupError):
    """The configuration names a column that the file does not have: `key` is ours ("columns.work"), `header` the file's."""

    def __init__(self, key: str, header: str) -> None:
        super().__init__(f"{key} names a column that is not there")
        self.key = key
        self.header = header


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column of phone numbers. `label_index` is the column that says what each number is for, or -1: then `kind` holds."""

    index: int
    kind: NumberKind
    header: str
    label_index: int = -1
    flags_index: int = -1


@dataclass(frozen=True, slots=True)
class Merged:
    """A second column of one field, as recognised. Its cell goes into the first column's: behind it (`joined`), or where that is blank."""

    into: int
    column: int
    joined: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The positions of the columns that are read; several columns of one text are joined by a blank."""

    name: tuple[int, ...] = ()
    given_name: tuple[int, ...] = ()
    middle_name: tuple[int, ...] = ()
    family_name: tuple[int, ...] = ()
    suffix: tuple[int, ...] = ()
    phonetic_given_name: tuple[int, ...] = ()
    phonetic_family_name: tuple[int, ...] = ()
    sort_name: tuple[int, ...] = ()
    organization: tuple[int, ...] = ()
    department: tuple[int, ...] = ()
    title: tuple[int, ...] = ()
    email: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    id: tuple[int, ...] = ()
    private: tuple[int, ...] = ()
    numbers: tuple[NumberColumn, ...] = ()
    merged: tuple[Merged, ...] = ()

    @property
    def names_somebody(self) -> bool:
        """Whether a column holds names of people, whole or in part."""
        return bool(self.name or self.given_name or self.family_name)

    @property
    def used(self) -> frozenset[int]:
        """The positions of all columns that are read for anything."""
        texts = (self.name, self.given_name, self.middle_name, self.family_name, self.suffix, self.organization, self.title, self.id)
        more = (self.phonetic_given_name, self.phonetic_family_name, self.sort_name, self.department, self.email, self.groups, self.private)
        numbers = (at for column in self.numbers for at in (column.index, column.label_index, column.flags_index))
        return frozenset((*(at for columns in (*texts, *more) for at in columns), *numbers, *(item.column for item in self.merged))) - {-1}

    @property
    def usable(self) -> bool:
        """Whether it says who can be called: a column that names somebody, and a column of numbers."""
        return bool(self.numbers and (self.names_somebody or self.organization))

    @property
    def size(self) -> int:
        """The number of columns that are read."""
        return len(self.used)


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Headers = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_list)]
"""A header of the file, or a list of them."""


class Columns(BaseModel):
    """The configuration's `columns`: our field on the left, the file's header (or a list of headers) on the right.

    `recognise` lets the columns that it does not name be recognised by their headers as well; `ignore` names columns that are left
    out on purpose. Raises pydantic's ValidationError when no field names a contact, or none holds a number, and none is recognised.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    recognise: Annotated[bool, Strict()] = False
    ignore: Headers = ()
    id: Headers = ()
    name: Headers = ()
    given_name: Headers = ()
    family_name: Headers = ()
    phonetic_given_name: Headers = ()
    phonetic_family_name: Headers = ()
    sort_name: Headers = ()
    organization: Headers = ()
    department: Headers = ()
    title: Headers = ()
    email: Headers = ()
    groups: Headers = ()
    private: Headers = ()
    work: Headers = ()
    mobile: Headers = ()
    home: Headers = ()
    main: Headers = ()
    fax: Headers = ()
    pager: Headers = ()
    internal: Headers = ()
    other: Headers = ()

    @model_validator(mode="after")
    def _require_name_and_number(self) -> "Columns":
        if self.recognise:
            return self
        wrong: list[str] = []
        if not (self.name or self.given_name or self.family_name or self.organization):
            wrong.append("no column names anybody: add name, given_name and family_name, or organization")
        if not any(headers for _, headers in self.numbers()):
            wrong.append(f"no column holds a number: add one of {', '.join(NumberKind)}")
        raise_problems(wrong)
        return self

    def numbers(self) -> Iterator[tuple[NumberKind, tuple[str, ...]]]:
        """The headers of each kind of number, in the order of `NumberKind`."""
        for kind in NumberKind:
            headers: tuple[str, ...] = getattr(self, kind.value)
            yield kind, headers


@lru_cache(maxsize=8192)
def fold_header(header: str) -> str:
    """Return a header for comparing: without case, accents and punctuation ("Téléphone (bureau)" -> "telephone bureau")."""
    if header.isascii():
        return _NO_WORD.sub(" ", header.lower()).strip()
    plain = "".join(char for char in unicodedata.normalize("NFKD", header) if not unicodedata.combining(char))
    # Vowel signs of Indian scripts and Thai are no letters to Python, and no punctuation either.
    kept = (char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in plain.casefold().translate(_PLAIN))
    return " ".join("".join(kept).split())


def typed(words: str) -> str:
    """Return words with ä, ö and ü as ae, oe and ue, as people write them who do not have these keys."""
    return words.casefold().translate(_TYPED)


def positions(headers: Sequence[str], wanted: str) -> tuple[int, ...]:
    """Return where a header of the configuration stands: as it is written, else folded; nowhere is empty."""
    exact = tuple(index for index, header in enumerate(headers) if header.strip() == wanted)
    return exact or tuple(index for index, header in enumerate(headers) if fold_header(header) == fold_header(wanted))


def resolve_columns(headers: Sequence[str], columns: Columns, absent: list[ColumnMissing] | None = None) -> Layout:
    """Return the layout that the configuration asks for.

    Raises ColumnMissing for a header that the file does not have; where a list `absent` is given, it is added to that instead.
    """

    def find(key: str, wanted: tuple[str, ...]) -> tuple[int, ...]:
        found: list[int] = []
        for header in wanted:
            same = positions(headers, header)
            if not same and absent is None:
                raise ColumnMissing(f"columns.{key}", header)
            if not same and absent is not None:
                absent.append(ColumnMissing(f"columns.{key}", header))
            found.extend(same)
        return tuple(found)

    named = ((kind, at) for kind, wanted in columns.numbers() for at in find(kind.value, wanted))
    numbers = tuple(NumberColumn(at, kind, headers[at].strip()) for kind, at in named)
    return Layout(
        name=find("name", columns.name),
        given_name=find("given_name", columns.given_name),
        family_name=find("family_name", columns.family_name),
        phonetic_given_name=find("phonetic_given_name", columns.phonetic_given_name),
        phonetic_family_name=find("phonetic_family_name", columns.phonetic_family_name),
        sort_name=find("sort_name", columns.sort_name),
        organization=find("organization", columns.organization),
        department=find("department", columns.department),
        title=find("title", columns.title),
        email=find("email", columns.email),
        groups=find("groups", columns.groups),
        id=find("id", columns.id),
        private=find("private", columns.private),
        numbers=numbers,
    )

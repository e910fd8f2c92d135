"""The `columns` key of the configuration and the resulting column layout."""

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
"""Letters that Unicode does not decompose, as people write them without these keys."""

_TYPED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class ColumnMissing(LookupError):
    """The configuration names a column that the file does not have.

    `key` is the key of the configuration ("columns.work"), `header` the file's header.
    """

    def __init__(self, key: str, header: str) -> None:
        super().__init__(f"{key} names a column that is not there")
        self.key = key
        self.header = header


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column of phone numbers.

    `label_index` is the column that holds each number's label. If it is -1, `kind`
    applies.
    """

    index: int
    kind: NumberKind
    header: str
    label_index: int = -1
    flags_index: int = -1


@dataclass(frozen=True, slots=True)
class Merged:
    """A second column of a field, as recognised.

    Its cell is appended to the first column's cell (`joined`), or else fills it if it
    is blank.
    """

    into: int
    column: int
    joined: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions of the columns that are read.

    Several columns of one text are joined by a blank. `name_may_be_part` means that
    the names may be the given or family names only ("Name" beside "Last Name").
    """

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
    name_may_be_part: bool = False

    @property
    def names_somebody(self) -> bool:
        """Return whether a column holds names of people, complete or in part."""
        return bool(self.name or self.given_name or self.family_name)

    @property
    def used(self) -> frozenset[int]:
        """Return the positions of all columns that are read."""
        texts = (
            self.name,
            self.given_name,
            self.middle_name,
            self.family_name,
            self.suffix,
            self.organization,
            self.title,
            self.id,
        )
        more = (
            self.phonetic_given_name,
            self.phonetic_family_name,
            self.sort_name,
            self.department,
            self.email,
            self.groups,
            self.private,
        )
        numbers = (
            at
            for column in self.numbers
            for at in (column.index, column.label_index, column.flags_index)
        )
        return frozenset(
            (
                *(at for columns in (*texts, *more) for at in columns),
                *numbers,
                *(item.column for item in self.merged),
            )
        ) - {-1}

    @property
    def usable(self) -> bool:
        """Return whether a column holds names and another holds numbers."""
        return bool(self.numbers and (self.names_somebody or self.organization))

    @property
    def size(self) -> int:
        """Return the number of columns that are read."""
        return len(self.used)


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Headers = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_list)]
"""A header of the file, or a list of them."""


class Columns(BaseModel):
    """The `columns` of the configuration: our fields and the file's headers of each.

    With `recognise`, the columns that it does not name are recognised by their headers
    as well. `ignore` names columns that are omitted on purpose. Raises pydantic's
    ValidationError if no field names a contact or none holds a number, and none is
    recognised.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True
    )

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
            wrong.append(
                "no column names anybody: add name, given_name and family_name, or organization"
            )
        if not any(headers for _, headers in self.numbers()):
            wrong.append(f"no column holds a number: add one of {', '.join(NumberKind)}")
        raise_problems(wrong)
        return self

    def numbers(self) -> Iterator[tuple[NumberKind, tuple[str, ...]]]:
        """Yield the headers of each kind of number, in the order of `NumberKind`."""
        for kind in NumberKind:
            headers: tuple[str, ...] = getattr(self, kind.value)
            yield kind, headers


@lru_cache(maxsize=8192)
def fold_header(header: str) -> str:
    """Return a header for comparison, without case, accents and punctuation.

    "Téléphone (bureau)" becomes "telephone bureau".
    """
    if header.isascii():
        return _NO_WORD.sub(" ", header.lower()).strip()
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", header) if not unicodedata.combining(char)
    )
    # Python counts vowel signs of Indian scripts and Thai as neither letters nor punctuation.
    kept = (
        char if char.isalnum() or unicodedata.category(char)[0] == "M" else " "
        for char in plain.casefold().translate(_PLAIN)
    )
    return " ".join("".join(kept).split())


def spell_umlauts(words: str) -> str:
    """Return words with ä, ö and ü typed as ae, oe and ue.

    People type them so if they do not have these keys.
    """
    return words.casefold().translate(_TYPED)


def positions(headers: Sequence[str], name: str) -> tuple[int, ...]:
    """Return where a header of the configuration stands: as written, or else folded."""
    exact = tuple(index for index, header in enumerate(headers) if header.strip() == name)
    return exact or tuple(
        index for index, header in enumerate(headers) if fold_header(header) == fold_header(name)
    )


def resolve_columns(
    headers: Sequence[str], columns: Columns, absent: list[ColumnMissing] | None = None
) -> Layout:
    """Return the layout that the configuration requests.

    Raises ColumnMissing for a header that the file does not have. If a list `absent` is
    given, the error is appended to it instead.
    """

    def find(key: str, names: tuple[str, ...]) -> tuple[int, ...]:
        found: list[int] = []
        for header in names:
            same = positions(headers, header)
            if not same and absent is None:
                raise ColumnMissing(f"columns.{key}", header)
            if not same and absent is not None:
                absent.append(ColumnMissing(f"columns.{key}", header))
            found.extend(same)
        return tuple(found)

    named = ((kind, at) for kind, names in columns.numbers() for at in find(kind.value, names))
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

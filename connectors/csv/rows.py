"""Convert rows of a CSV file into contacts.

An id is the file's own if a column holds one. Otherwise it is a digest of what names
the row: name, given and family name, organisation, or else the numbers. A counter is
added for rows of equal names. So an id stays when rows move or numbers change.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

from connectors.base import Skipped
from connectors.contact import Contact, NumberKind, PhoneNumber, without_placeholders
from connectors.csv.columns import NumberColumn, fold_header
from connectors.csv.header import Header, SecondHeader
from connectors.csv.header_words import NO, YES
from connectors.csv.layouts import kind_of_label
from connectors.csv.unused_columns import is_number

# Spreadsheets turn long numbers into 4.9123E+11, keep a typed apostrophe ('0123) and write #VALUE!.
# Data tools append ".0". None of these may be dialled: the contact comes without that number, and
# the cell is reported. ="0123" is how a careful export keeps a leading zero, and is read as 0123.
_SOUND = re.compile(r"[+(*#0-9][0-9 ()/\-]*\Z")
_KEPT = re.compile(r'="([^"]*)"\Z')
_DAMAGES = (
    (
        re.compile(r"[+\-]?[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+\Z"),
        "a number rounded by a spreadsheet (like 4.9E+11)",
    ),
    (re.compile(r"[+\-]?[0-9]{3,}[.,]0\Z"), "a number with a decimal point added by a spreadsheet"),
    (re.compile(r"['’`]"), "a number with a leading apostrophe from a spreadsheet"),
    (re.compile(r"#(?:[^\W\d]|#)"), "an error of a spreadsheet (like #VALUE!) instead of a number"),
)
_NO_DIGITS = "text instead of a number"
# Google puts several values of one label into one cell, divided by " ::: ". It marks its own groups
# and a preferred number with "* ".
_BREAKS = re.compile(r" ::: |[\r\n]+")
_GROUP_BREAKS = re.compile(r":::|;|[\r\n]+")
_CJK = re.compile(r"[\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+\Z")
_BLANKS = " \t\r\n"
_DELIMITERS = ",;\t|"
_FEWEST_DIGITS = 3
_TYPE = ("#TYPE ", "\ufeff#TYPE ")
_TICKS = YES | NO
_WORDS = frozenset(word for word in _TICKS if word.isalpha())
_SHARED = 50_000
NOTHING = "no name, no organisation and no number"
AGAIN = "a second line of headers"
OTHER_DELIMITER = "a row with another delimiter than the headers"
# Outlook exports contacts that are ticked as private as well, with the tick in a column. They are
# not meant for office phones, so they are omitted and reported, unless the configuration includes
# them. A home number may stand below the same word ("Privat"), so the cell tells which it is.
PRIVATE = "marked as private (include_private = true takes them too)"


def damage(value: str) -> str | None:
    """Return the reason why a number must not be dialled, or None if it is sound."""
    for pattern, reason in _DAMAGES:
        if pattern.match(value):
            return reason
    return None if any(char.isdigit() or char in "*#" for char in value) else _NO_DIGITS


class RowReader:
    """Converts the rows of one file.

    All files of a source share `ids` (how often each id was given) and `skipped`.
    `name` is the file's, for reports. It is part of no id, because an export with
    tomorrow's date in its name holds the same people.
    """

    def __init__(
        self,
        header: Header,
        again: SecondHeader,
        name: str,
        ids: dict[str, int],
        skipped: list[Skipped],
        *,
        include_private: bool = False,
    ) -> None:
        layout = header.layout
        self._layout = layout
        self._other_delimiters = re.compile(
            f"[{re.escape(_DELIMITERS.replace(header.delimiter, ''))}]"
        )
        self._again = again
        self._ticked = () if include_private else layout.private
        self._name = name
        self._ids = ids
        self._skipped = skipped
        self._labels: dict[str, tuple[NumberKind, str]] = {}
        self.conflicts: set[int] = set()
        # A million rows share a few thousand of these, by cell. Keeping each once saves a third of
        # the memory.
        self._shared: dict[str, str] = {}
        self._groups: dict[str, tuple[str, ...]] = {}

    def contact(self, row: list[str], line: int) -> Contact | None:
        """Return the contact of a row, or None if it is blank or has nothing to show.

        The row begins at `line` and has as many cells as the layout has columns. What
        could not be read is added to `skipped`. If a column of the layout's `merged`
        differs from the first column of its field in some row, it is added to
        `conflicts`.
        """
        layout = self._layout
        if layout.merged:
            self._merge(row)
        if self._ticked:
            for at in self._ticked:
                if row[at] and _tick(row[at]) in YES:
                    self._skipped.append(Skipped(PRIVATE, f"{self._name} line {line}"))
                    return None
        given = self._shared_name(row, layout.given_name)
        family = self._shared_name(row, layout.family_name)
        organization = self._shared_name(row, layout.organization) if layout.organization else ""
        shown = _name(row, layout.name) if layout.name else ""
        naming = (shown, given, family, organization)
        if layout.name_may_be_part and not _holds(shown, given or family):
            given, family, shown = given or shown, family or shown, ""
        name = shown or _composed(
            given, _name(row, layout.middle_name), family, _name(row, layout.suffix)
        )
        numbers = self._numbers(row, line)
        if not numbers and self._is_no_row(row, line, name or organization):
            return None
        return Contact(
            id=self._id(row, naming, numbers),
            name=name,
            given_name=given,
            family_name=family,
            phonetic_given_name=(
                _name(row, layout.phonetic_given_name) if layout.phonetic_given_name else ""
            ),
            phonetic_family_name=(
                _name(row, layout.phonetic_family_name) if layout.phonetic_family_name else ""
            ),
            sort_name=_name(row, layout.sort_name) if layout.sort_name else "",
            organization=organization,
            department=self._shared_name(row, layout.department) if layout.department else "",
            title=self._shared_name(row, layout.title) if layout.title else "",
            emails=(
                tuple(value for at in layout.email if row[at] for value in _values(row[at]))
                if layout.email
                else ()
            ),
            groups=self._groups_of(row) if layout.groups else (),
            numbers=numbers,
        )

    def _is_no_row(self, row: Sequence[str], line: int, shown: str) -> bool:
        """Return whether a row without a number is no contact, and report it.

        Blank rows are not reported. Raises SourceUnavailable for a line of other
        headers.
        """
        if row[0].startswith(_TYPE):
            self._skipped.append(Skipped(AGAIN, f"{self._name} line {line}"))
            return True
        if not any(row[1:]) and any(
            is_number(part.strip(), _FEWEST_DIGITS)
            for part in self._other_delimiters.split(row[0])[1:]
        ):
            self._skipped.append(Skipped(OTHER_DELIMITER, f"{self._name} line {line}"))
            return True
        if shown:
            if not (self._again.is_likely(row) and self._again.is_met(row, line)):
                return False
            self._skipped.append(Skipped(AGAIN, f"{self._name} line {line}"))
            return True
        if any(cell.strip(_BLANKS) for cell in row):
            self._skipped.append(Skipped(NOTHING, f"{self._name} line {line}"))
        return True

    def _merge(self, row: list[str]) -> None:
        for item in self._layout.merged:
            cell, first = row[item.column].strip(_BLANKS), row[item.into].strip(_BLANKS)
            if not cell or cell.casefold() == first.casefold():
                continue
            if not first or item.joined:
                row[item.into] = f"{first} {cell}".strip()
            else:
                self.conflicts.add(item.column)

    def _shared_name(self, row: Sequence[str], columns: tuple[int, ...]) -> str:
        """Return a text that many rows share, without placeholders."""
        if len(columns) != 1:
            return _name(row, columns)
        cell = row[columns[0]]
        found = self._shared.get(cell)
        if found is None:
            if len(self._shared) > _SHARED:
                self._shared.clear()
            found = self._shared[cell] = without_placeholders(cell.strip(_BLANKS))
        return found

    def _groups_of(self, row: Sequence[str]) -> tuple[str, ...]:
        cell = ";".join(row[at] for at in self._layout.groups)
        groups = self._groups.get(cell)
        if groups is None:
            if len(self._groups) > _SHARED:
                self._groups.clear()
            parts = (part.strip(_BLANKS).removeprefix("* ") for part in _GROUP_BREAKS.split(cell))
            groups = self._groups[cell] = tuple(
                group for part in parts if (group := part.strip(_BLANKS)) and group != "*"
            )
        return groups

    def _numbers(self, row: Sequence[str], line: int) -> tuple[PhoneNumber, ...]:
        numbers: list[PhoneNumber] = []
        for column in self._layout.numbers:
            cell = row[column.index]
            if not cell or (column.index in self._layout.private and _tick(cell) in _TICKS):
                continue
            for written in _values(cell):
                value = written
                if not _SOUND.match(value):
                    kept = _KEPT.match(value)
                    value = kept[1].strip(_BLANKS) if kept is not None else value
                    if (
                        not any(char.isalnum() or char in "*#" for char in value)
                        or _plain(value) in _WORDS
                    ):
                        continue
                    reason = damage(value)
                    if reason is not None:
                        self._skipped.append(
                            Skipped(reason, f"{self._name} line {line} column {column.header}")
                        )
                        continue
                kind, label = self._kind(row, column)
                numbers.append(PhoneNumber(value, kind, label))
        return tuple(numbers)

    def _kind(self, row: Sequence[str], column: NumberColumn) -> tuple[NumberKind, str]:
        if column.flags_index >= 0 and "fax" in row[column.flags_index].casefold():
            return NumberKind.FAX, (
                row[column.label_index].strip(_BLANKS) if column.label_index >= 0 else column.header
            )
        if column.label_index < 0:
            return column.kind, column.header
        cell = row[column.label_index]
        known = self._labels.get(cell)
        if known is None:
            label = cell.strip(_BLANKS).removeprefix("*").strip(_BLANKS)
            known = self._labels[cell] = (kind_of_label(label), label)
        return known

    def _id(
        self, row: Sequence[str], naming: tuple[str, ...], numbers: tuple[PhoneNumber, ...]
    ) -> str:
        own = _text(row, self._layout.id)
        if own:
            return self._unique_id(own)
        text = "\x1f".join(naming if any(naming) else (number.value for number in numbers))
        return self._unique_id(blake2b(text.encode("utf-8"), digest_size=8).hexdigest())

    def _unique_id(self, key: str) -> str:
        count = self._ids.get(key, 0) + 1
        self._ids[key] = count
        if count == 1:
            return key
        while (numbered := f"{key}#{count}") in self._ids:
            count += 1
        self._ids[key] = count
        self._ids[numbered] = 1
        return numbered


def _plain(cell: str) -> str:
    return cell.strip(_BLANKS).casefold()


# Cached, because an export of Outlook has the same few words in every row.
_tick = lru_cache(maxsize=256)(_plain)


def _text(row: Sequence[str], columns: tuple[int, ...]) -> str:
    if not columns:
        return ""
    if len(columns) == 1:
        return row[columns[0]].strip(_BLANKS)
    return " ".join(cell for at in columns if (cell := row[at].strip(_BLANKS)))


def _name(row: Sequence[str], columns: tuple[int, ...]) -> str:
    if not columns:
        return ""
    if len(columns) == 1:
        return without_placeholders(row[columns[0]].strip(_BLANKS))
    return " ".join(
        cell for at in columns if (cell := without_placeholders(row[at].strip(_BLANKS)))
    )


def _holds(name: str, part: str) -> bool:
    """Return whether a name holds its given or family name, and thus is complete."""
    return set(fold_header(part).split()) <= set(fold_header(name).split())


def _composed(given: str, middle: str, family: str, suffix: str) -> str:
    """Return the full name if the file has none.

    In East Asian scripts the family name comes first, without a blank.
    """
    if given and family and _CJK.match(given) and _CJK.match(family):
        return family + given
    return " ".join(part for part in (given, middle, family, suffix) if part)


def _values(cell: str) -> tuple[str, ...]:
    if ":::" not in cell and "\n" not in cell and "\r" not in cell:
        value = cell.strip(_BLANKS)
        return (value,) if value else ()
    return tuple(value for part in _BREAKS.split(cell) if (value := part.strip(_BLANKS)))

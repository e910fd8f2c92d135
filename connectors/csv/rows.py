"""Convert rows of a CSV file into contacts."""

import re
from collections.abc import Sequence

from connectors.base import Skipped
from connectors.contact import Contact, without_placeholders
from connectors.csv.cells import BLANKS, is_yes, name_of, split_groups, split_values, text_of
from connectors.csv.columns import fold_header
from connectors.csv.contact_ids import ContactIds
from connectors.csv.header import Header
from connectors.csv.number_cells import NumberReader
from connectors.csv.second_header import SecondHeader
from connectors.csv.unused_columns import is_number

NOTHING = "no name, no organisation and no number"
SECOND_HEADER = "a second line of headers"
OTHER_DELIMITER = "a row with another delimiter than the headers"
# Outlook exports contacts that are ticked as private as well, with the tick in a column. They are
# not meant for office phones, so they are omitted and reported, unless the configuration includes
# them. A home number may stand below the same word ("Privat"), so the cell tells which it is.
PRIVATE = "marked as private (include_private = true takes them too)"

_CJK = re.compile(r"[\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+\Z")
_DELIMITERS = ",;\t|"
_MIN_DIGITS = 3
_TYPE = ("#TYPE ", "\ufeff#TYPE ")
_MAX_CACHED = 50_000


class RowReader:
    """Converts the rows of one file.

    All files of a source share `ids` and `skipped`. `name` is the file's, for reports.
    It is part of no id, because an export with tomorrow's date in its name holds the
    same people.
    """

    def __init__(
        self,
        header: Header,
        second_header: SecondHeader,
        name: str,
        ids: ContactIds,
        skipped: list[Skipped],
        *,
        include_private: bool = False,
    ) -> None:
        layout = header.layout
        self._layout = layout
        self._other_delimiters = re.compile(
            f"[{re.escape(_DELIMITERS.replace(header.delimiter, ''))}]"
        )
        self._second_header = second_header
        self._ticked = () if include_private else layout.private
        self._name = name
        self._ids = ids
        self._skipped = skipped
        self._number_reader = NumberReader(layout, name, skipped)
        self.conflicts: set[int] = set()
        # A million rows share a few thousand of these, by cell. Keeping each once saves a third of
        # the memory.
        self._shared = _Names()
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
                if row[at] and is_yes(row[at]):
                    self._skipped.append(Skipped(PRIVATE, f"{self._name} line {line}"))
                    return None
        given = self._cached_name(row, layout.given_name)
        family = self._cached_name(row, layout.family_name)
        organization = self._cached_name(row, layout.organization) if layout.organization else ""
        shown = name_of(row, layout.name) if layout.name else ""
        names = (shown, given, family, organization)
        if layout.name_may_be_part and not _holds(shown, given or family):
            given, family, shown = given or shown, family or shown, ""
        middle = name_of(row, layout.middle_name) if layout.middle_name else ""
        suffix = name_of(row, layout.suffix) if layout.suffix else ""
        name = shown or _compose(given, middle, family, suffix)
        numbers = self._number_reader.numbers(row, line)
        if not numbers and self._is_no_row(row, line, name or organization):
            return None
        return Contact(
            id=self._ids.add(text_of(row, layout.id), names, numbers),
            name=name,
            given_name=given,
            family_name=family,
            phonetic_given_name=(
                name_of(row, layout.phonetic_given_name) if layout.phonetic_given_name else ""
            ),
            phonetic_family_name=(
                name_of(row, layout.phonetic_family_name) if layout.phonetic_family_name else ""
            ),
            sort_name=name_of(row, layout.sort_name) if layout.sort_name else "",
            organization=organization,
            department=self._cached_name(row, layout.department) if layout.department else "",
            title=self._cached_name(row, layout.title) if layout.title else "",
            emails=(
                tuple(value for at in layout.email if row[at] for value in split_values(row[at]))
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
        reason = ""
        if row[0].startswith(_TYPE):
            reason = SECOND_HEADER
        elif not any(row[1:]) and self._has_other_delimiter(row[0]):
            reason = OTHER_DELIMITER
        elif shown:
            second = self._second_header
            if not (second.is_likely(row) and second.is_repeated(row, line)):
                return False
            reason = SECOND_HEADER
        elif any(cell.strip(BLANKS) for cell in row):
            reason = NOTHING
        if reason:
            self._skipped.append(Skipped(reason, f"{self._name} line {line}"))
        return True

    def _has_other_delimiter(self, cell: str) -> bool:
        """Return whether a cell is a row of its own, with a number behind a delimiter."""
        parts = self._other_delimiters.split(cell)
        return any(is_number(part.strip(), _MIN_DIGITS) for part in parts[1:])

    def _merge(self, row: list[str]) -> None:
        for item in self._layout.merged:
            cell, first = row[item.column].strip(BLANKS), row[item.into].strip(BLANKS)
            if not cell or cell.casefold() == first.casefold():
                continue
            if not first or item.joined:
                row[item.into] = f"{first} {cell}".strip()
            else:
                self.conflicts.add(item.column)

    def _cached_name(self, row: Sequence[str], columns: tuple[int, ...]) -> str:
        """Return a text that many rows share, without placeholders."""
        if len(columns) != 1:
            return name_of(row, columns)
        return self._shared[row[columns[0]]]

    def _groups_of(self, row: Sequence[str]) -> tuple[str, ...]:
        cell = ";".join(row[at] for at in self._layout.groups)
        groups = self._groups.get(cell)
        if groups is None:
            if len(self._groups) > _MAX_CACHED:
                self._groups.clear()
            groups = self._groups[cell] = split_groups(cell)
        return groups


class _Names(dict[str, str]):
    """The texts of cells without placeholders, computed when one is first asked for."""

    def __missing__(self, cell: str) -> str:
        if len(self) > _MAX_CACHED:
            self.clear()
        found = self[cell] = without_placeholders(cell.strip(BLANKS))
        return found


def _holds(name: str, part: str) -> bool:
    """Return whether a name holds its given or family name, and thus is complete."""
    return set(fold_header(part).split()) <= set(fold_header(name).split())


def _compose(given: str, middle: str, family: str, suffix: str) -> str:
    """Return the full name if the file has none.

    In East Asian scripts the family name comes first, without a blank.
    """
    if given and family:
        if not family.isascii() and _CJK.match(given) and _CJK.match(family):
            return family + given
        if not (middle or suffix):
            return f"{given} {family}"
    return " ".join(part for part in (given, middle, family, suffix) if part)

"""Read the phone numbers of a row, and report cells that must not be dialled."""

import re
from collections.abc import Sequence

from connectors.base import Skipped
from connectors.contact import NumberKind, PhoneNumber
from connectors.csv.cells import BLANKS, is_yes_or_no, split_values
from connectors.csv.columns import Layout, NumberColumn
from connectors.csv.layouts import kind_of_label

# Spreadsheets turn long numbers into 4.9123E+11, keep a typed apostrophe ('0123) and write #VALUE!.
# Data tools append ".0". None of these may be dialled: the contact comes without that number, and
# the cell is reported.
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
_SOUND = re.compile(r"[+(*#0-9][0-9 ()/\-]*\Z")
# ="0123" is how a careful export keeps a leading zero. It is read as 0123.
_TEXT_FORMULA = re.compile(r'="([^"]*)"\Z')


def damage_reason(value: str) -> str | None:
    """Return the reason why a number must not be dialled, or None if it is sound."""
    for pattern, reason in _DAMAGES:
        if pattern.match(value):
            return reason
    return None if any(char.isdigit() or char in "*#" for char in value) else _NO_DIGITS


class NumberReader:
    """Reads the number columns of one file.

    `name` is the file's, for reports, which are added to `skipped`.
    """

    def __init__(self, layout: Layout, name: str, skipped: list[Skipped]) -> None:
        self._columns = layout.numbers
        self._private = layout.private
        self._name = name
        self._skipped = skipped
        self._labels: dict[str, tuple[NumberKind, str]] = {}

    def numbers(self, row: Sequence[str], line: int) -> tuple[PhoneNumber, ...]:
        """Return the numbers of the row that begins at `line`."""
        numbers: list[PhoneNumber] = []
        for column in self._columns:
            cell = row[column.index]
            if not cell or (column.index in self._private and is_yes_or_no(cell)):
                continue
            # Nearly all cells: one number, and nothing around it.
            if _SOUND.match(cell) and cell[-1] != " ":
                numbers.append(PhoneNumber(cell, *self._kind(row, column)))
                continue
            for value in split_values(cell):
                number = value if _SOUND.match(value) else self._repair(value, column, line)
                if number:
                    kind, label = self._kind(row, column)
                    numbers.append(PhoneNumber(number, kind, label))
        return tuple(numbers)

    def _repair(self, value: str, column: NumberColumn, line: int) -> str:
        """Return an unusual number as it must be dialled, or "" if it holds none."""
        formula = _TEXT_FORMULA.match(value)
        value = formula[1].strip(BLANKS) if formula is not None else value
        is_blank = not any(char.isalnum() or char in "*#" for char in value)
        if is_blank or (value.isalpha() and is_yes_or_no(value)):
            return ""
        reason = damage_reason(value)
        if reason is None:
            return value
        where = f"{self._name} line {line} column {column.header}"
        self._skipped.append(Skipped(reason, where))
        return ""

    def _kind(self, row: Sequence[str], column: NumberColumn) -> tuple[NumberKind, str]:
        if column.flags_index >= 0 and "fax" in row[column.flags_index].casefold():
            return NumberKind.FAX, (
                row[column.label_index].strip(BLANKS) if column.label_index >= 0 else column.header
            )
        if column.label_index < 0:
            return column.kind, column.header
        cell = row[column.label_index]
        labelled = self._labels.get(cell)
        if labelled is None:
            label = cell.strip(BLANKS).removeprefix("*").strip(BLANKS)
            labelled = self._labels[cell] = (kind_of_label(label), label)
        return labelled

"""Walks the records of a CSV text: where each begins, whether it is whole, and whether the file was cut.

Law of this file: it knows quotation marks, line ends and the number of cells. It knows no column's meaning and no
contact.

1. A record that reaches the end of the file within quotation marks, and a last line without an end that has too few
   cells, are signs of a cut file. A record with too many cells that runs over several lines has swallowed others: a
   quotation mark is missing. Either way people are lost, so the file is refused as a whole, with the line where the
   record begins.
2. A record with too few cells is whole all the same: Excel sometimes leaves the delimiters of empty cells at the
   end of a row out (StataCorp, FAQ "How Excel writes empty cells"). It is filled up.
3. Lines are counted as they stand in the file, those within quotation marks and blank ones included.
"""

import csv
from collections.abc import Iterator
from itertools import islice

from connectors.base import SourceUnavailable
from connectors.csv.header import Header

_FIELD_LIMIT = 1 << 20

_END_OF_FILE = "\x1a"
"""What DOS programs write behind the last line (Ctrl-Z)."""


def records(lines: Iterator[str], header: Header, name: str) -> Iterator[tuple[list[str], int]]:
    """Yield each record behind the headers, with the number of the line where it begins; blank lines are left out.

    A record has `header.width` cells, or more where columns are shifted; `name` is the file's, for errors. Raises
    SourceUnavailable where the file is cut or damaged.
    """
    # The limit is the whole process's; a note of a million characters is still a note, a cell of more is a lost quotation mark.
    csv.field_size_limit(_FIELD_LIMIT)
    source = _Lines(islice(lines, header.skip, None))
    reader = csv.reader(source, delimiter=header.delimiter)
    line = header.skip + 1
    try:
        for row in reader:
            last = header.skip + reader.line_num
            if source.ended:
                raise SourceUnavailable(
                    f"{name} line {line}: a quotation mark opens there and none closes it. The file is cut or damaged: export it again."
                )
            if len(row) < header.width:
                if not source.last.endswith(("\n", "\r")) and any(cell.strip() for cell in row):
                    raise SourceUnavailable(
                        f"{name} line {line}: the file ends within a row: it is cut. Export it again, or end its last line."
                    )
                if row:
                    row.extend([""] * (header.width - len(row)))
            elif len(row) > header.width:
                if not any(row[header.width :]):
                    del row[header.width :]
                elif last > line:
                    raise SourceUnavailable(
                        f"{name} line {line}: this row runs on to line {last} and has too many cells. "
                        "A quotation mark is missing or one too many: mend that line, or export the file again."
                    )
            if row:
                yield row, line
            line = last + 1
    except csv.Error as error:
        raise SourceUnavailable(
            f"{name} line {line}: a cell has no end ({_FIELD_LIMIT:,} characters were read). A quotation mark is missing: "
            "mend that line, or export the file again."
        ) from error


class _Lines:
    """The lines of a file, and whether its end was reached: a record that comes only then was open within quotation marks."""

    __slots__ = ("_lines", "ended", "last")

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.ended = False
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            if line == _END_OF_FILE:
                break
            self.last = line
            yield line
        self.ended = True

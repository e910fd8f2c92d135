"""Read the records of a CSV text and detect a cut or damaged file.

A cut or damaged file loses people, so it is refused as a whole, with the line where the
record begins. Lines are counted as they stand in the file, including blank ones and
those within quotation marks.
"""

import csv
from collections.abc import Iterator
from itertools import islice

from connectors.base import SourceUnavailable
from connectors.csv.header import Header

_FIELD_LIMIT = 1 << 20

_END_OF_FILE = "\x1a"
"""What DOS programs write after the last line (Ctrl-Z)."""


def records(lines: Iterator[str], header: Header, name: str) -> Iterator[tuple[list[str], int]]:
    """Yield each record below the headers with the number of its first line.

    Blank lines are omitted. A record has `header.width` cells, or more if its columns
    are shifted. `name` is the file's, for errors. Raises SourceUnavailable if the file
    is cut or damaged.
    """
    # The limit applies to the whole process. A note of a million characters is still a note, but a
    # longer cell is a lost quotation mark.
    csv.field_size_limit(_FIELD_LIMIT)
    source = _Lines(islice(lines, header.skip, None))
    reader = csv.reader(source, delimiter=header.delimiter, skipinitialspace=True)
    line = header.skip + 1
    try:
        for row in reader:
            last = header.skip + reader.line_num
            if source.ended:
                raise SourceUnavailable(
                    f"{name} line {line}: a quotation mark opens there and none closes it. The file"
                    " is cut or damaged: export it again."
                )
            if len(row) < header.width:
                # A last line without an end that has too few cells is a sign of a cut file.
                if not source.last.endswith(("\n", "\r")) and any(cell.strip() for cell in row):
                    raise SourceUnavailable(
                        f"{name} line {line}: the file ends within a row: it is cut. Export it"
                        " again, or end its last line."
                    )
                # A record with too few cells is complete all the same. Excel sometimes omits the
                # delimiters of empty cells at the end of a row (StataCorp, FAQ "How Excel writes
                # empty cells"). It is filled up.
                if row:
                    row.extend([""] * (header.width - len(row)))
            elif len(row) > header.width:
                if not any(row[header.width :]):
                    del row[header.width :]
                elif last > line:
                    # It has swallowed other records, because a quotation mark is missing.
                    raise SourceUnavailable(
                        f"{name} line {line}: this row runs on to line {last} and has too many"
                        " cells. A quotation mark is missing or one too many: mend that line, or"
                        " export the file again."
                    )
            if row:
                yield row, line
            line = last + 1
    except csv.Error as error:
        raise SourceUnavailable(
            f"{name} line {line}: a cell has no end ({_FIELD_LIMIT:,} characters were read). A"
            " quotation mark is missing: mend that line, or export the file again."
        ) from error


class _Lines:
    """The lines of a file, and whether its end was reached.

    A record that is complete only at the end of the file was open within quotation
    marks.
    """

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

"""Read the contacts of one CSV file."""

from collections.abc import Iterator

from connectors.base import Skipped
from connectors.contact import Contact
from connectors.csv.columns import positions
from connectors.csv.contact_ids import ContactIds
from connectors.csv.decoding import choose_encoding, decode_lines, head_of
from connectors.csv.header import find_header
from connectors.csv.options import ReadOptions
from connectors.csv.records import records
from connectors.csv.report import Report
from connectors.csv.rows import SECOND_HEADER, RowReader
from connectors.csv.second_header import SecondHeader
from connectors.csv.unused_columns import UnusedColumns

# Such a row has shifted columns, so its numbers may be somebody else's. It is only reported.
TOO_WIDE = "more cells than there are headers"

_MAX_WATCHED, _MAX_LINES, _EVERY = 12, 2000, 10
"""Limits on examining unused columns, which could otherwise cost as much as the fetch.

More than `_MAX_WATCHED` columns are examined in the first `_MAX_LINES` lines, then in
every tenth.
"""


class FileReader:
    """Reads one file, with the ids and the report of its source."""

    def __init__(
        self, name: str, data: bytes, options: ReadOptions, ids: ContactIds, report: Report
    ) -> None:
        """Detect how the file is laid out; `name` is the file's, for reports.

        Raises SourceUnavailable if the file is no text or a required column is missing.
        """
        self._name = name
        self._data = data
        self._report = report
        self._encoding = choose_encoding(data, options.encoding, name)
        report.add_encoding(name, data, self._encoding, guessed=options.encoding is None)
        lines = head_of(data, self._encoding, name)
        header = find_header(lines, options.delimiter, options.columns, name)
        report.add_titles(name, header.titles)
        self._header = header
        self._second_header = SecondHeader(header, name)
        self._rows = RowReader(
            header,
            self._second_header,
            name,
            ids,
            report.skipped,
            include_private=options.include_private,
        )
        ignored = options.columns.ignore if options.columns is not None else ()
        self._unused = UnusedColumns(
            header.names,
            header.layout,
            [at for word in ignored for at in positions(header.names, word)],
        )

    def contacts(self) -> Iterator[tuple[Contact | None, int]]:
        """Yield a contact or None for every row that is not blank.

        Each comes with the number of the row's first line. Raises SourceUnavailable if
        the file is cut or damaged.
        """
        header, second_header, unused = self._header, self._second_header, self._unused
        words, column = second_header.words, second_header.column
        watched = len(unused.watched)
        for row, line in records(decode_lines(self._data, self._encoding), header, self._name):
            if len(row) > header.width:
                self._skip(TOO_WIDE, line)
                yield None, line
            elif row[column] in words and second_header.is_repeated(row, line):
                self._skip(SECOND_HEADER, line)
                yield None, line
            else:
                if watched and (watched <= _MAX_WATCHED or line < _MAX_LINES or not line % _EVERY):
                    unused.see(row)
                    watched = len(unused.watched)
                yield self._rows.contact(row, line), line

    def report_columns(self, *, named: bool) -> None:
        """Report the columns that were not read, after all rows.

        `named` means that some contact of the file has a name.
        """
        layout, conflicts = self._header.layout, self._rows.conflicts
        self._report.add_columns(self._name, layout, self._unused, conflicts, named=named)
        self._report.add_missing(self._header.absent)

    def _skip(self, reason: str, line: int) -> None:
        self._report.skipped.append(Skipped(reason, f"{self._name} line {line}"))

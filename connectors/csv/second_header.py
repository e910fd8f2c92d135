"""Detect a second header line within the rows, where two files were joined."""

from collections.abc import Sequence

from connectors.base import SourceUnavailable
from connectors.csv.columns import fold_header
from connectors.csv.header import Header, is_header
from connectors.csv.header_meaning import field_of, phrases
from connectors.csv.header_words import beside, fields, numbers


class SecondHeader:
    """Detects a second header line within the rows, where two files were joined.

    A row is checked only if its cell in the column `column` is among the `words`,
    which costs next to nothing.
    """

    def __init__(self, header: Header, name: str) -> None:
        self._name = name
        self._folded = [fold_header(word) for word in header.names]
        layout = header.layout
        named = layout.name or layout.given_name or layout.family_name or layout.organization
        self.column = (*named, 0)[0]
        words = {
            word for cell in header.names if fold_header(cell) for word in (cell, cell.strip())
        }
        styles = {
            spelling
            for word in words
            for spelling in (word, word.lower(), word.upper(), word.title())
        }
        # The second file may begin with a byte order mark too.
        self.words = frozenset(
            (
                *styles,
                *(
                    f"{start}{word}{end}"
                    for start, end in (("\ufeff", ""), ('\ufeff"', '"'))
                    for word in styles
                ),
            )
        )

    def is_likely(self, row: Sequence[str]) -> bool:
        """Return whether a row without a number may be a header line."""
        word = fold_header(row[self.column])
        return word in fields() or word in numbers() or word in beside()

    def is_repeated(self, row: Sequence[str], line: int) -> bool:
        """Return whether a row repeats the file's header line.

        Raises SourceUnavailable if it is a line of other headers.
        """
        cells = [cell for cell in row if cell.strip()]
        present = frozenset(phrase for cell in cells for phrase in phrases(cell))
        if (
            len(cells) < 2
            or not is_header(cells)
            or not all(
                fold_header(cell) in self._folded or field_of(cell, present) for cell in cells
            )
        ):
            return False
        if [fold_header(cell) for cell in row] == self._folded:
            return True
        raise SourceUnavailable(
            f"{self._name} line {line} holds other headers than the first: two files were joined"
            " that have different columns. Keep them apart: path takes a list of files."
        )

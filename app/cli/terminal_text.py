"""Make lines easier to read on a terminal: columns one below the other, and colour.

The words stay the same, and a line that is piped is never changed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import typer

SAMPLE = 200
"""The widths of columns are those of so many first lines."""
MAX_WIDTH = 40
_COLOURS = (
    (re.compile(r"(?:Error|fault|problem|  gone):|.*\bFAILED\b"), typer.colors.RED),
    (re.compile(r"source \S+: (?:refused|never)\b"), typer.colors.RED),
    (re.compile(r"  warning:|source \S+: (?:held|failing|would be held)\b"), typer.colors.YELLOW),
    (re.compile(r"  added:|source \S+: ok\b"), typer.colors.GREEN),
)
"""How lines begin that have a colour."""


def in_colour(line: str) -> str:
    """Return a line with the colour of how it begins."""
    for pattern, colour in _COLOURS:
        found = pattern.match(line)
        if found is not None:
            return typer.style(found[0], fg=colour) + line[found.end() :]
    return line


def in_columns(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines whose columns, separated by tabs, stand one below the other.

    If the first line has no columns, each line is yielded when it is there.
    """
    rest = iter(lines)
    begin = next(rest, None)
    if begin is None:
        return
    if "\t" not in begin:
        yield from chain([begin], rest)
        return
    first = [line.split("\t") for line in chain([begin], islice(rest, SAMPLE))]
    widths: list[int] = []
    for cells in first:
        widths += [0] * (len(cells) - len(widths))
        for column, cell in enumerate(cells[:-1]):
            widths[column] = max(widths[column], min(_width(cell), MAX_WIDTH))
    for cells in chain(first, (line.split("\t") for line in rest)):
        padded = (
            cell + " " * (width - _width(cell))
            for cell, width in zip(cells[:-1], [*widths, *[0] * len(cells)], strict=False)
        )
        yield "  ".join((*padded, cells[-1]))


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes (Unicode Annex 11)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )

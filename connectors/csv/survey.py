"""Survey a CSV file for a person who sets up a source: what is known, and what is not.

The file is read exactly as the connector reads it, with nothing configured.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from connectors.base import MEGABYTE
from connectors.csv.columns import Layout
from connectors.csv.decoding import choose_encoding, decode_lines, head_of
from connectors.csv.files import read_stable
from connectors.csv.header import Header, UnknownColumns, find_header
from connectors.csv.layouts import looks_like_number
from connectors.csv.records import records
from connectors.csv.unused_columns import Unused, UnusedColumns, column_name

_MAX_SIZE = 64 * MEGABYTE
_MAX_ROWS = 2000
_NO_TEXT = frozenset({"numbers", "merged", "name_may_be_part", "private"})


@dataclass(frozen=True, slots=True)
class Survey:
    """How a file is laid out.

    `headers` are empty for a plain list without any. `known` holds each column that is
    read, as its name for a report and our field. `is_usable` means that they are
    enough. `unknown` are columns that look like names or numbers and are not read;
    without enough known ones it is every other column.
    """

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    known: tuple[tuple[str, str], ...]
    unknown: tuple[Unused, ...]
    is_usable: bool


def survey(path: Path) -> Survey:
    """Return how a file is laid out.

    Raises SourceUnavailable or SourceRefused if it cannot be read, or has no headers
    and is no plain list of names and numbers.
    """
    data = read_stable(path, _MAX_SIZE)
    encoding = choose_encoding(data, None, path.name)
    try:
        header = find_header(head_of(data, encoding, path.name), None, None, path.name)
        is_usable = True
    except UnknownColumns as error:
        header, is_usable = error.header, False
    layout = header.layout
    unused = UnusedColumns(header.names, layout)
    is_named = False
    for number, (row, _) in enumerate(records(decode_lines(data, encoding), header, path.name)):
        if number == _MAX_ROWS:
            break
        if len(row) == header.width:
            if header.names:
                unused.see(row)
            is_named = is_named or _is_named(row, layout)
    # A column without a header cannot be configured: `columns` names headers.
    columns = unused.worth_reading(named=is_named, every=not is_usable)
    found = (item for item in columns if item.header)
    return Survey(
        encoding, header.delimiter, header.names, tuple(_known(header)), tuple(found), is_usable
    )


def _is_named(row: list[str], layout: Layout) -> bool:
    columns = (*layout.name, *layout.given_name, *layout.family_name)
    return any(row[at].strip() and not looks_like_number(row[at]) for at in columns)


def _known(header: Header) -> Iterator[tuple[str, str]]:
    """Yield each column that is read and its field, in the file's order."""
    layout = header.layout
    meanings = {
        at: item.name
        for item in fields(layout)
        if item.name not in _NO_TEXT
        for at in getattr(layout, item.name)
    }
    meanings |= {item.column: meanings.get(item.into, "") for item in layout.merged}
    meanings |= {column.index: column.kind.value for column in layout.numbers}
    for at in sorted(meanings):
        name = column_name(header.names[at], at) if header.names else f"column {at + 1}"
        yield name, meanings[at]

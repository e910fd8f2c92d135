"""Read text, names and several values from the cells of a row."""

import re
from collections.abc import Sequence
from functools import lru_cache

from connectors.contact import without_placeholders
from connectors.csv.header_words import NO, YES

BLANKS = " \t\r\n"

# Google puts several values of one label into one cell, divided by " ::: ". It marks its own groups
# and a preferred number with "* ".
_BREAKS = re.compile(r" ::: |[\r\n]+")
_GROUP_BREAKS = re.compile(r":::|;|[\r\n]+")
_ANSWERS = YES | NO


def text_of(row: Sequence[str], columns: tuple[int, ...]) -> str:
    """Return the text of some columns, joined by a blank."""
    if not columns:
        return ""
    if len(columns) == 1:
        return row[columns[0]].strip(BLANKS)
    return " ".join(cell for at in columns if (cell := row[at].strip(BLANKS)))


def name_of(row: Sequence[str], columns: tuple[int, ...]) -> str:
    """Return the text of some columns without placeholders, joined by a blank."""
    if not columns:
        return ""
    if len(columns) == 1:
        return without_placeholders(row[columns[0]].strip(BLANKS))
    return " ".join(cell for at in columns if (cell := without_placeholders(row[at].strip(BLANKS))))


def split_values(cell: str) -> tuple[str, ...]:
    """Return the values in a cell of numbers or e-mail addresses."""
    if ":::" not in cell and "\n" not in cell and "\r" not in cell:
        value = cell.strip(BLANKS)
        return (value,) if value else ()
    return tuple(value for part in _BREAKS.split(cell) if (value := part.strip(BLANKS)))


def split_groups(cell: str) -> tuple[str, ...]:
    """Return the names of groups in a cell."""
    parts = (part.strip(BLANKS).removeprefix("* ") for part in _GROUP_BREAKS.split(cell))
    return tuple(group for part in parts if (group := part.strip(BLANKS)) and group != "*")


# Cached, because an export of Outlook has the same few words in every row.
@lru_cache(maxsize=256)
def is_yes(cell: str) -> bool:
    """Return whether a cell is ticked."""
    return cell.strip(BLANKS).casefold() in YES


@lru_cache(maxsize=256)
def is_yes_or_no(cell: str) -> bool:
    """Return whether a cell is an answer to a question, ticked or not."""
    return cell.strip(BLANKS).casefold() in _ANSWERS

"""Types of the connector's keys, and the options that reading a file depends on."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainValidator

from connectors.csv.columns import Columns

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}


def _check_encoding(value: object) -> str:
    try:
        if not isinstance(value, str):
            raise LookupError
        "".encode(value)
    except (LookupError, UnicodeError):
        raise ValueError(
            'not a known encoding: write "utf-8", "cp1252", "utf-16" or another name that Python'
            " knows"
        ) from None
    return value


def _check_delimiter(value: object) -> str:
    char = _DELIMITERS.get(value, value) if isinstance(value, str) else ""
    if len(char) != 1 or char in '"\r\n\0 ':
        raise ValueError(
            'not a delimiter: write one character, such as ",", ";" or "\\t", or leave it out'
        )
    return char


Encoding = Annotated[str, PlainValidator(_check_encoding)]
"""The name of a codec of Python."""

Delimiter = Annotated[str, PlainValidator(_check_delimiter)]
"""One character, or its name."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read the files of a source; what is None is detected for each file."""

    encoding: str | None
    delimiter: str | None
    columns: Columns | None
    include_private: bool

"""Field types that the configurations of connectors share."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_MAX_SECONDS = 366 * 86400.0
_DURATION = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h|d)\s*\Z")


def parse_duration(value: object) -> object:
    """Return seconds from "15m", "90s", "1.5h", "7d" or a number of seconds.

    Raises ValueError for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError('not a duration: write "15m", "30s", "2h", "1d" or a number of seconds')
    if isinstance(value, str):
        match = _DURATION.match(value)
        if match is None:
            raise ValueError(
                'not a duration: write "15m", "30s", "2h", "1d" or a number of seconds'
            )
        seconds = float(match[1]) * _UNITS[match[2]]
    else:
        seconds = float(value) if abs(value) < _MAX_SECONDS * 2 else _MAX_SECONDS * 2
    if not seconds <= _MAX_SECONDS:
        raise ValueError("too long: a year at most")
    return seconds


def resolve_path(value: object, info: ValidationInfo) -> object:
    """Return a path, relative to the configuration file's folder if it is not absolute.

    That folder arrives as `context["base"]` (a Path).
    """
    if not isinstance(value, str | Path) or str(value) == "" or "\0" in str(value):
        raise ValueError("not a path: write it in quotes")
    base = info.context.get("base") if isinstance(info.context, dict) else None
    try:
        path = Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError("there is no such user's home folder") from error
    return path if base is None or path.is_absolute() else Path(base) / path


def raise_problems(problems: Sequence[str]) -> None:
    """Raise one ValueError of all problems that keys have with each other, if any."""
    if problems:
        raise ValueError("; ".join(problems))


Duration = Annotated[float, BeforeValidator(parse_duration), Field(gt=0)]
"""Seconds, configured as "15m" or a number."""


LocalPath = Annotated[Path, BeforeValidator(resolve_path)]
"""A path relative to the configuration file's folder.

A glob is a path too. Nothing is opened.
"""


def _as_tuple(value: object) -> object:
    if not isinstance(value, str | Path | list | tuple):
        raise ValueError('must be text or a list: write "FILE" or ["FILE", "FILE"]')
    return (value,) if isinstance(value, str | Path) else value


LocalPaths = Annotated[tuple[LocalPath, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
"""A path or a list of them."""

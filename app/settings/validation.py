"""Validate a table of the configuration and report all its problems at once.

pydantic runs the validators of a whole table only if every part is valid. So each
invalid value is reported and replaced by a harmless one. Then the table is validated
again, until it passes or no replacement is left.
"""

import copy
import itertools
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.settings.errors import describe

PLACEHOLDER = "(wrong)"
"""Replaces an invalid text.

A problem that names it is a problem of the replacement, not of the file.
"""

_REPLACEMENTS: tuple[object, ...] = (PLACEHOLDER, [PLACEHOLDER], {}, 1, False)

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[str | int, ...]


def validate(
    model: type[Model],
    table: dict[str, Any],
    base: Path,
    prefix: str = "",
    root: type[BaseModel] | None = None,
    more_keys: tuple[str, ...] = (),
) -> tuple[Model | None, list[str]]:
    """Return the model of a table's valid parts, and a sentence for each problem.

    The model is None if too little is valid. `prefix` is the table's own key
    ("sources.staff"). `root` is the model of the whole file. `more_keys` are further
    keys that the table may hold.
    """
    rest = copy.deepcopy(table)
    problems: list[str] = []
    tried: dict[Location, int] = {}
    removed: set[Location] = set()
    while True:
        try:
            return model.model_validate(rest, context={"base": base}), problems
        except ValidationError as error:
            items: list[dict[str, Any]] = [dict(item) for item in error.errors(include_url=False)]
        for item in items:
            item["loc"] = _as_written(rest, item["loc"])
        found = [(_location(rest, item["loc"]), item) for item in items]
        problems += [
            describe(prefix, item, model, root, more_keys)
            for location, item in found
            if not _is_reported(location, tried, removed)
        ]
        if any(location == () for location, _ in found):
            return None, problems
        for location, item in dict(found).items():
            step = tried[location] = tried.get(location, -1) + 1
            if item["type"] == "extra_forbidden":
                _remove(rest, location)
            elif step < len(_REPLACEMENTS):
                _put(rest, location, copy.deepcopy(_REPLACEMENTS[step]))
            elif step == len(_REPLACEMENTS):
                removed.add(_remove(rest, location))
            else:
                return None, problems


def _is_reported(location: Location, tried: dict[Location, int], removed: set[Location]) -> bool:
    """Return whether a problem at this location was reported already.

    That is so if a value there or above it was invalid, or one below it was removed.
    """
    above = any(location[:length] in tried for length in range(len(location) + 1))
    return above or any(key[: len(location)] == location for key in removed)


def _as_written(table: dict[str, Any], keys: Location) -> Location:
    """Return a location without the index 0 if the list is written as a single value."""
    location: Location = ()
    value: Any = table
    for key in keys:
        if isinstance(value, list):
            if isinstance(key, int):
                value = value[key] if key < len(value) else None
        elif isinstance(key, int):
            continue
        elif isinstance(value, dict):
            value = value.get(key)
        location += (key,)
    return location


def _location(table: dict[str, Any], keys: Location) -> Location:
    """Return the keys that lead to an invalid value, as far as the table has them."""
    location: Location = ()
    value: Any = table
    for key in keys:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            break
        location += (key,)
    return location


def _put(table: dict[str, Any], location: Location, value: object) -> None:
    """Set the value at a location, if the table still has that location."""
    if _location(table, location) != location:
        return
    parent: Any = table
    for key in location[:-1]:
        parent = parent[key]
    parent[location[-1]] = value


def _remove(table: dict[str, Any], location: Location) -> Location:
    """Delete a key, or the whole list of a list's item; return the deleted key."""
    key = tuple(itertools.takewhile(lambda part: isinstance(part, str), location))
    parent: Any = table
    for part in key[:-1]:
        parent = parent.get(part) if isinstance(parent, dict) else None
    if isinstance(parent, dict):
        parent.pop(key[-1], None)
    return key

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

_STAND_INS: tuple[object, ...] = (PLACEHOLDER, [PLACEHOLDER], {}, 1, False)

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]


def validate(
    model: type[Model],
    table: dict[str, Any],
    base: Path,
    prefix: str = "",
    root: type[BaseModel] | None = None,
    beside: tuple[str, ...] = (),
) -> tuple[Model | None, list[str]]:
    """Return the model of a table's valid parts, and a sentence for each problem.

    The model is None if too little is valid. `prefix` is the table's own key
    ("sources.staff"). `root` is the model of the whole file. `beside` are further keys
    that the table may hold.
    """
    rest = copy.deepcopy(table)
    problems: list[str] = []
    tried: dict[Place, int] = {}
    removed: set[Place] = set()
    while True:
        try:
            return model.model_validate(rest, context={"base": base}), problems
        except ValidationError as error:
            items: list[dict[str, Any]] = [dict(item) for item in error.errors(include_url=False)]
        found = [(_place(rest, item["loc"]), item) for item in items]
        problems += [
            describe(prefix, item, model, root, beside)
            for place, item in found
            if not _is_told(place, tried, removed)
        ]
        if any(place == () for place, _ in found):
            return None, problems
        for place, item in dict(found).items():
            step = tried[place] = tried.get(place, -1) + 1
            if item["type"] == "extra_forbidden":
                _remove(rest, place)
            elif step < len(_STAND_INS):
                _put(rest, place, copy.deepcopy(_STAND_INS[step]))
            elif step == len(_STAND_INS):
                removed.add(_remove(rest, place))
            else:
                return None, problems


def _is_told(place: Place, tried: dict[Place, int], removed: set[Place]) -> bool:
    """Return whether a problem at this location was reported already.

    That is so if a value there or above it was invalid, or one below it was removed.
    """
    above = any(place[:length] in tried for length in range(len(place) + 1))
    return above or any(key[: len(place)] == place for key in removed)


def _place(table: dict[str, Any], keys: tuple[str | int, ...]) -> Place:
    """Return the keys that lead to an invalid value, as far as the table has them."""
    place: Place = ()
    at: Any = table
    for key in keys:
        if isinstance(at, dict) and isinstance(key, str):
            at = at.get(key)
        elif isinstance(at, list) and isinstance(key, int) and key < len(at):
            at = at[key]
        else:
            break
        place += (key,)
    return place


def _put(table: dict[str, Any], place: Place, value: object) -> None:
    """Set the value at a location, if the table still has that location."""
    if _place(table, place) != place:
        return
    at: Any = table
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value


def _remove(table: dict[str, Any], place: Place) -> Place:
    """Delete a key, or the whole list of a list's item; return the deleted key."""
    key = tuple(itertools.takewhile(lambda part: isinstance(part, str), place))
    at: Any = table
    for part in key[:-1]:
        at = at.get(part) if isinstance(at, dict) else None
    if isinstance(at, dict):
        at.pop(key[-1], None)
    return key

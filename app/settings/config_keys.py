"""Short hashes of the keys that all hosts of several must have alike.

They tell which key differs between two hosts, and nothing else. Secrets are left out.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from app.settings.errors import is_secret
from app.settings.sources import Source

Keys = tuple[tuple[str, str], ...]
_MAY_DIFFER = ("listen", "access", "exchange", "base_url", "state_dir", "cache_size")


def hash_keys(data: dict[str, Any], sources: tuple[Source, ...]) -> Keys:
    """Return each key of a parsed file that hosts must have alike, with its hash.

    A key is written with the tables above it: `sources.staff.path`.
    """
    secret = {
        f"sources.{source.name}.{name}{tail}"
        for source in sources
        for name in type(source.connector).model_fields
        if is_secret(type(source.connector), name)
        for tail in ("", "_file", "_env")
    }
    found = {name: value for name, value in data.items() if name not in _MAY_DIFFER}
    return tuple((key, _hash(value)) for key, value in _leaves(found, "") if key not in secret)


def _leaves(table: dict[str, Any], above: str) -> Iterator[tuple[str, object]]:
    for name, value in sorted(table.items()):
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _hash(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def differing(one: Keys, other: Keys) -> tuple[str, ...]:
    """Return the keys that are not alike, also those that only one of them has."""
    return tuple(sorted({key for key, _ in set(one) ^ set(other)}))

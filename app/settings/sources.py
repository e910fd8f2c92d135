"""Turn the `[sources.NAME]` tables into sources with their connectors and secrets.

Secrets come from the table, from files or from the environment.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from app.settings.errors import is_secret
from app.settings.schema import GatewayFile, SourceSection
from app.settings.validation import PLACEHOLDER, validate
from app.state.file_state import FileState, file_state
from connectors.base import Connector
from connectors.registry import BrokenConnector, UnknownConnector, load

_MAX_SECRET = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Source:
    """A connector configured under a name, with its refresh rules.

    Times are in seconds, `max_loss` is a fraction. `fingerprint` changes with every
    setting that may change the contacts. `secrets` are the files that held its secrets,
    with their state when they were read. `has_inline_secret` means that a secret stands
    in the configuration file itself. `read_again` returns the source with the present
    secrets, or None if one is invalid.
    """

    name: str
    word: str
    connector: Connector
    refresh: float
    max_time: float
    max_loss: float
    allow_empty: bool
    hold: float
    fingerprint: str
    secrets: tuple[tuple[Path, FileState], ...] = ()
    has_inline_secret: bool = False
    read_again: "Callable[[], Source | None]" = field(
        default=lambda: None, compare=False, repr=False
    )

    def has_new_secret(self) -> bool:
        """Return whether a secret's file was changed since it was read."""
        return any(file_state(path) != state for path, state in self.secrets)


def make_sources(tables: dict[str, Any], base: Path, problems: list[str]) -> tuple[Source, ...]:
    """Return the sources of all valid tables; add problems to `problems`."""
    return tuple(
        source
        for name, table in tables.items()
        if isinstance(table, dict) and (source := _source(name, table, base, problems)) is not None
    )


def _source(name: str, table: dict[str, Any], base: Path, problems: list[str]) -> Source | None:
    key, before = f"sources.{name}", len(problems)
    common = {word: value for word, value in table.items() if word in SourceSection.model_fields}
    asked, found = validate(SourceSection, common, base, key)
    problems += found
    word = table.get("connector")
    if not isinstance(word, str):
        return None
    try:
        kind = load(word)
    except UnknownConnector as error:
        problems.append(
            f'{key}.connector = "{word}": there is no such connector. There are:'
            f" {', '.join(error.known)}."
        )
        return None
    except BrokenConnector as error:
        problems.append(f"{key}: {error}")
        return None
    secrets: dict[Path, FileState] = {}
    own = _with_secrets(
        {word: value for word, value in table.items() if word not in common},
        kind,
        key,
        base,
        problems,
        secrets,
    )
    connector, found = validate(kind, own, base, key, GatewayFile, _allowed_keys(kind))
    problems += found
    if asked is None or connector is None or len(problems) > before:
        return None
    return Source(
        name=name,
        word=word,
        connector=connector,
        refresh=asked.refresh,
        max_time=asked.max_time,
        max_loss=asked.max_loss,
        allow_empty=asked.allow_empty,
        hold=asked.hold,
        fingerprint=_source_fingerprint(word, connector),
        secrets=tuple(secrets.items()),
        has_inline_secret=any(
            is_secret(kind, name) and name in table for name in kind.model_fields
        ),
        read_again=lambda: _source(name, table, base, []),
    )


def _allowed_keys(kind: type[Connector]) -> tuple[str, ...]:
    """Return the keys that a source's table may hold beside its connector's fields."""
    secrets = (
        f"{name}_{where}"
        for name in kind.model_fields
        if is_secret(kind, name)
        for where in ("file", "env")
    )
    return (*SourceSection.model_fields, *secrets)


def _source_fingerprint(word: str, connector: Connector) -> str:
    # Secrets and timeouts do not change which contacts a source holds.
    said = connector.model_dump(mode="json", exclude={"timeout"})
    return hashlib.blake2b(
        json.dumps([word, said], sort_keys=True).encode(), digest_size=12
    ).hexdigest()


def _with_secrets(
    table: dict[str, Any],
    kind: type[BaseModel],
    key: str,
    base: Path,
    problems: list[str],
    files: dict[Path, FileState],
) -> dict[str, Any]:
    """Return the table with every `X_file` and `X_env` replaced by the secret `X`.

    The files that are read are added to `files`, problems to `problems`.
    """
    told = dict(table)
    for name in [name for name in kind.model_fields if is_secret(kind, name)]:
        given = [word for word in (name, f"{name}_file", f"{name}_env") if word in told]
        if len(given) > 1:
            problems.append(f"{key}: {' and '.join(given)} say the same. Keep one.")
        for word in given:
            value = told.pop(word)
            if word == name:
                told[name] = SecretStr(value) if isinstance(value, str) else value
            elif not isinstance(value, str):
                problems.append(f"{key}.{word}: must be text. Put it in quotes.")
            elif (
                secret := _secret(word, value, base, f"{key}.{word}", problems, files)
            ) is not None:
                told[name] = secret
            else:
                # Reported above; this keeps the connector from reporting a missing key.
                told[name] = SecretStr(PLACEHOLDER)
    return told


def _secret(
    word: str, value: str, base: Path, key: str, problems: list[str], files: dict[Path, FileState]
) -> SecretStr | None:
    if word.endswith("_env"):
        found = os.environ.get(value, "")
        if not found:
            problems.append(
                f'{key} = "{value}": the environment has no such variable, or it is empty.'
            )
        return SecretStr(found) if found else None
    try:
        path = base / Path(value).expanduser()
        # The state is taken before the file is read, so a write in between is noticed later.
        files[path] = file_state(path)
        with path.open("rb") as file:
            data = file.read(_MAX_SECRET + 1)
        if len(data) > _MAX_SECRET:
            problems.append(
                f'{key} = "{value}": holds more than {_MAX_SECRET // 1024} kB, which is no secret.'
                " Check the path."
            )
            return None
        text = data.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        problems.append(f'{key} = "{value}": cannot be read (not UTF-8).')
        return None
    except (OSError, ValueError, RuntimeError) as error:
        problems.append(
            f'{key} = "{value}": cannot be read ({getattr(error, "strerror", None) or error}).'
        )
        return None
    if not text:
        problems.append(f'{key} = "{value}": the file is empty.')
    return SecretStr(text) if text else None

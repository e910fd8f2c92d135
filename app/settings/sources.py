"""Turn the `[sources.NAME]` tables into sources with their connectors."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.settings.schema import GatewayFile, SourceSection
from app.settings.secret_reader import SecretReader
from app.settings.validation import validate
from app.state.file_state import FileState, file_state
from connectors.base import Connector
from connectors.registry import BrokenConnector, UnknownConnector, load


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
    section, found = validate(SourceSection, common, base, key)
    problems += found
    kind = _connector_class(key, table.get("connector"), problems)
    if kind is None:
        return None
    own = {word: value for word, value in table.items() if word not in common}
    secrets = SecretReader(key, kind, base, problems)
    # The keys of all sources are known too, for the message about a typo.
    more_keys = (*SourceSection.model_fields, *secrets.keys())
    connector, found = validate(kind, secrets.resolve(own), base, key, GatewayFile, more_keys)
    problems += found
    if section is None or connector is None or len(problems) > before:
        return None
    return Source(
        name=name,
        word=section.connector,
        connector=connector,
        refresh=section.refresh,
        max_time=section.max_time,
        max_loss=section.max_loss,
        allow_empty=section.allow_empty,
        hold=section.hold,
        fingerprint=_source_fingerprint(section.connector, connector, own),
        secrets=tuple(secrets.files.items()),
        has_inline_secret=secrets.is_inline(own),
        read_again=lambda: _source(name, table, base, []),
    )


def _connector_class(key: str, word: object, problems: list[str]) -> type[Connector] | None:
    """Return the connector that a word names, or None; add problems to `problems`."""
    if not isinstance(word, str):
        return None  # `SourceSection` reports it
    try:
        return load(word)
    except UnknownConnector as error:
        known = ", ".join(error.known)
        problems.append(
            f'{key}.connector = "{word}": there is no such connector. There are: {known}.'
        )
    except BrokenConnector as error:
        problems.append(f"{key}: {error}")
    return None


def _source_fingerprint(word: str, connector: Connector, table: dict[str, Any]) -> str:
    # Secrets and timeouts do not change which contacts a source holds.
    values = connector.model_dump(mode="json", exclude={"timeout"})
    # Paths count as they are written in `table`. A symbolic link, another folder or another host
    # with the same text means the same configuration.
    for name in values.keys() & table.keys():
        value, written = getattr(connector, name), table[name]
        if isinstance(value, Path):
            values[name] = written
        elif isinstance(value, tuple) and any(isinstance(item, Path) for item in value):
            values[name] = [written] if isinstance(written, str) else written
    text = json.dumps([word, values], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()

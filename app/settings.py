"""The configuration: finding it, reading it, and turning it into the values that the program works with.

Law of this file: the only one that reads the environment, the configuration file and the registry of connectors. It opens no source and
no socket: the start fails for one reason only, a wrong `gateway.toml`, and then all its problems are told at once.
"""

import hashlib
import json
import os
import re
import tempfile
import tomllib
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, SecretStr, ValidationError

from app.access import Access
from app.phones import FORMATS
from app.problems import SettingsError, from_validation, is_secret
from app.profile import Profile
from app.settings_file import NAME, GatewayFile, SourceSection
from app.settings_profiles import make_profiles
from connectors.base import Connector
from connectors.registry import BrokenConnector, UnknownConnector, load

VARIABLE = "GATEWAY_CONFIG"
SYSTEM_WIDE = Path("/etc/directory-gateway/gateway.toml")
DEMO = Path(__file__).parent / "demo" / "gateway.toml"

_NAME = re.compile(NAME + r"\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """A connector configured under a name, and how it is asked. Times in seconds, `max_loss` a fraction.

    `fingerprint` changes when anything of its configuration changes that may change its contacts.
    """

    name: str
    word: str
    connector: Connector
    refresh: float
    max_time: float
    max_loss: float
    allow_empty: bool
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration, valid. `origin` is its file; `demo` tells that nothing was configured."""

    origin: Path
    demo: bool
    title: str
    base_url: str
    state_dir: Path
    timezone: ZoneInfo | None
    cache_bytes: int
    host: str
    port: int
    access: Access
    sources: tuple[Source, ...]
    profiles: tuple[Profile, ...]
    fingerprint: str

    def source(self, name: str) -> Source | None:
        """Return the source of this name, or None."""
        return next((source for source in self.sources if source.name == name), None)

    def profile(self, name: str) -> Profile | None:
        """Return the profile of this name, or None."""
        return next((profile for profile in self.profiles if profile.name == name), None)


def find(option: Path | None) -> tuple[Path, bool]:
    """Return the configuration file to read, and whether it is the demo's.

    Order: the option, `$GATEWAY_CONFIG`, `./gateway.toml`, the system's; none of them: the demo. Raises SettingsError where a file that was
    named does not exist.
    """
    named = os.environ.get(VARIABLE, "")
    for path, told_by in ((option, "--config"), (Path(named) if named else None, f"${VARIABLE}")):
        if path is not None:
            if not path.is_file():
                raise SettingsError(str(path), (f"there is no such file. Check {told_by}.",))
            return path.absolute(), path.absolute() == DEMO
    for path in (Path("gateway.toml"), SYSTEM_WIDE):
        if path.is_file():
            return path.absolute(), False
    return DEMO, True


def read(option: Path | None = None, given: bytes | None = None) -> Settings:
    """Return the settings. Raises SettingsError, which lists every problem of the file.

    `given`: what the file held when it was good, handed over by whoever read it then; the file itself is not opened.
    """
    if given is not None and option is not None:
        return parse(_toml(option, given), option, option == DEMO)
    path, demo = find(option)
    return parse(_toml(path, file_bytes(path)), path, demo)


def file_bytes(path: Path) -> bytes:
    """Return what a configuration file holds. Raises SettingsError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(str(path), (f"cannot be read ({error.strerror}). Check its permissions.",)) from error


def _toml(path: Path, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(str(path), (f"is not UTF-8 (byte {error.start}). Save it as UTF-8.",)) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(path), (f"is not valid TOML: {error}. Numbers of telephones belong in quotes.",)) from error


def parse(data: dict[str, Any], path: Path, demo: bool = False) -> Settings:
    """Return the settings that a parsed file means. Raises SettingsError with every problem."""
    base, problems = path.parent, list[str]()
    try:
        file = GatewayFile.model_validate(data, context={"base": base})
    except ValidationError as error:
        problems += from_validation(error, GatewayFile)
        file = None
    tables = data.get("sources", {})
    sources = _sources(tables if isinstance(tables, dict) else {}, base, problems)
    for kind in ("sources", "books", "dial", "profiles"):
        names = data.get(kind, {})
        for name in names if isinstance(names, dict) else ():
            if not _NAME.match(name):
                problems.append(f"[{kind}.{name}]: a name holds a-z, 0-9, _ and -, begins with a letter or digit, and has 32 at most.")
    if not tables and not problems:
        problems.append('no [sources.NAME] section. Add one, such as [sources.staff] with connector = "csv" and path = "contacts.csv".')
    profiles = make_profiles(file, tuple(tables), problems) if file is not None else ()
    if file is None or problems:
        raise SettingsError(str(path), tuple(dict.fromkeys(problems)))
    state_dir = file.state_dir or (_demo_state() if demo else base / "state")
    return Settings(
        origin=path,
        demo=demo,
        title=file.title,
        base_url=file.base_url or "",
        state_dir=state_dir,
        timezone=ZoneInfo(file.timezone) if file.timezone else None,
        cache_bytes=file.cache_size,
        host=file.listen.host,
        port=file.listen.port,
        access=Access(
            networks=tuple(map(ip_network, file.access.networks)),
            trusted_proxies=tuple(map(ip_network, file.access.trusted_proxies)),
            operators=tuple(map(ip_network, file.access.operators)),
        ),
        sources=sources,
        profiles=profiles,
        fingerprint=_fingerprint(sources, profiles),
    )


def _demo_state() -> Path:
    return Path(tempfile.gettempdir()) / f"directory-gateway-demo-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


def _fingerprint(sources: tuple[Source, ...], profiles: tuple[Profile, ...]) -> str:
    limits = [repr(FORMATS[profile.format].LIMITS) for profile in profiles]
    parts = [*(f"{source.name}={source.fingerprint}" for source in sources), *map(repr, profiles), *limits]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()


def _sources(tables: dict[str, Any], base: Path, problems: list[str]) -> tuple[Source, ...]:
    return tuple(
        source for name, table in tables.items() if isinstance(table, dict) and (source := _source(name, table, base, problems)) is not None
    )


def _source(name: str, table: dict[str, Any], base: Path, problems: list[str]) -> Source | None:
    key, before = f"sources.{name}", len(problems)
    common = {word: value for word, value in table.items() if word in SourceSection.model_fields}
    try:
        asked = SourceSection.model_validate(common)
    except ValidationError as error:
        problems += from_validation(error, SourceSection, key)
        asked = None
    word = table.get("connector")
    if not isinstance(word, str):
        return None
    try:
        kind = load(word)
    except UnknownConnector as error:
        problems.append(f'{key}.connector = "{word}": there is no such connector. There are: {", ".join(error.known)}.')
        return None
    except BrokenConnector as error:
        problems.append(f"{key}: {error}")
        return None
    own = _with_secrets({word: value for word, value in table.items() if word not in common}, kind, key, base, problems)
    try:
        connector = kind.model_validate(own, context={"base": base})
    except ValidationError as error:
        problems += from_validation(error, kind, key)
        return None
    if asked is None or len(problems) > before:
        return None
    return Source(
        name=name,
        word=word,
        connector=connector,
        refresh=asked.refresh,
        max_time=asked.max_time,
        max_loss=asked.max_loss,
        allow_empty=asked.allow_empty,
        fingerprint=_source_fingerprint(word, connector),
    )


def _source_fingerprint(word: str, connector: Connector) -> str:
    # Secrets and timeouts change nothing about which contacts a source holds.
    said = connector.model_dump(mode="json", exclude={"timeout"})
    return hashlib.blake2b(json.dumps([word, said], sort_keys=True).encode(), digest_size=12).hexdigest()


def _with_secrets(table: dict[str, Any], kind: type[BaseModel], key: str, base: Path, problems: list[str]) -> dict[str, Any]:
    """Return the table with every `X_file` and `X_env` of a secret `X` replaced by what they point to."""
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
            elif (secret := _secret(word, value, base, f"{key}.{word}", problems)) is not None:
                told[name] = secret
            else:
                told[name] = SecretStr("?")  # told already: let the connector not complain of a missing key as well
    return told


def _secret(word: str, value: str, base: Path, key: str, problems: list[str]) -> SecretStr | None:
    if word.endswith("_env"):
        found = os.environ.get(value, "")
        if not found:
            problems.append(f'{key} = "{value}": the environment has no such variable, or it is empty.')
        return SecretStr(found) if found else None
    path = base / Path(value).expanduser()
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f'{key} = "{value}": cannot be read ({getattr(error, "strerror", None) or "not UTF-8"}).')
        return None
    if not text:
        problems.append(f'{key} = "{value}": the file is empty.')
    return SecretStr(text) if text else None

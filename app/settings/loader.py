"""Find and read the configuration, and turn it into a Settings value.

It opens no source and no socket. So the start fails for one reason only, an invalid
`gateway.toml`, and SettingsError then lists all problems at once.
"""

import hashlib
import os
import re
import tomllib
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.model.networks import AccessRules
from app.model.profile import Profile
from app.phones.registry import FORMATS
from app.settings.config_file import DEMO, file_bytes, find_config
from app.settings.config_keys import Keys, hash_keys
from app.settings.errors import SettingsError, toml_hint
from app.settings.exchange import ExchangeSettings, host_name
from app.settings.key_lines import with_lines
from app.settings.profiles import make_profiles
from app.settings.schema import NAME, ExchangeSection, GatewayFile, ListenSection
from app.settings.sources import Source, make_sources
from app.settings.state_folder import WrongVariable, find_state_dir
from app.settings.validation import PLACEHOLDER, validate
from app.tls.pair import TlsSettings

_STATE_DIR = re.compile(r"(?m)^[ \t]*state_dir[ \t]*=[ \t]*([\"'])(.*?)\1")
_NAME = re.compile(NAME + r"\Z")


@dataclass(frozen=True, slots=True)
class Settings:
    """The complete and valid configuration.

    `origin` is its file. `state_dir_origin` says in a few words what decided
    `state_dir`. With `tls` either `https_port` speaks https and `port` does not, or
    `port` does. `exchange` is None where one host serves all phones. `keys` are hashes
    of what the hosts of an exchange must have alike, nothing without one.
    """

    origin: Path
    title: str
    base_url: str
    state_dir: Path
    state_dir_origin: str
    timezone: ZoneInfo | None
    cache_bytes: int
    host: str
    port: int
    https_port: int | None
    tls: TlsSettings | None
    connections_per_address: int
    access: AccessRules
    exchange: ExchangeSettings | None
    sources: tuple[Source, ...]
    profiles: tuple[Profile, ...]
    fingerprint: str
    keys: Keys = ()

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo directory of invented people."""
        return self.origin == DEMO

    @property
    def scheme(self) -> str:
        """What `port` speaks: "http" or "https"."""
        return "http" if self.tls is None or self.https_port is not None else "https"

    def source(self, name: str) -> Source | None:
        """Return the source of this name, or None."""
        return next((source for source in self.sources if source.name == name), None)

    def profile(self, name: str) -> Profile | None:
        """Return the profile of this name, or None."""
        return next((profile for profile in self.profiles if profile.name == name), None)


def load(option: Path | None = None, content: bytes | None = None) -> Settings:
    """Return the settings.

    `content` is what the file held when it was valid. With it the file itself is not
    opened. Raises SettingsError with every problem of the file.
    """
    if content is not None and option is not None:
        return _parse_text(option, content)
    path = find_config(option)
    return _parse_text(path, file_bytes(path))


def state_dir_of(option: Path | None) -> tuple[Path, str] | None:
    """Return the state directory of a configuration that may be invalid.

    With it comes what decided it. Return None if there is no readable file, or a
    variable names no usable folder.
    """
    try:
        path = find_config(option)
        text = file_bytes(path).decode("utf-8", "replace")
    except SettingsError:
        return None
    try:
        value = tomllib.loads(text).get("state_dir")
    except tomllib.TOMLDecodeError:
        match = _STATE_DIR.search(text.partition("\n[")[0])
        value = match[2] if match is not None else None
    written = None
    if isinstance(value, str) and "\0" not in value:
        # pathlib raises for an unknown user.
        written = Path(os.path.expanduser(value))  # noqa: PTH111
    try:
        return find_state_dir(written, path, demo=path == DEMO)
    except WrongVariable:
        return None


def _parse_text(path: Path, content: bytes) -> Settings:
    text = _text(path, content)
    data = _toml(path, text)
    try:
        return parse(data, path)
    except SettingsError as error:
        raise SettingsError(error.where, with_lines(error.problems, text, by_line=True)) from error


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = f"is not UTF-8 (line {line}). Save it as UTF-8."
        raise SettingsError(str(path), (problem,)) from error


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = f"is not valid TOML: {error}.{toml_hint(str(error), text)}"
        raise SettingsError(str(path), (problem,)) from error


def parse(data: dict[str, Any], path: Path) -> Settings:
    """Return the settings of a parsed file.

    Raises SettingsError with every problem of the file.
    """
    file, problems = validate(GatewayFile, data, path.parent, root=GatewayFile)
    tables = _table(data, "sources")
    sources = make_sources(tables, path.parent, problems)
    problems += _invalid_names(data)
    if data.get("sources", {}) == {}:
        problems.append(
            'no [sources.NAME] section. Add one, such as [sources.staff] with connector = "csv" and'
            ' path = "contacts.csv".'
        )
    profiles = make_profiles(file, tuple(tables), problems) if file is not None else ()
    try:
        written = file.state_dir if file is not None else None
        state_dir, state_dir_origin = find_state_dir(written, path, demo=path == DEMO)
    except WrongVariable as error:
        problems.append(str(error))
    if file is None or problems:
        of_the_file = [problem for problem in problems if PLACEHOLDER not in problem]
        raise SettingsError(str(path), tuple(dict.fromkeys(of_the_file or problems)))
    return Settings(
        origin=path,
        title=file.title,
        base_url=file.base_url or "",
        state_dir=state_dir,
        state_dir_origin=state_dir_origin,
        timezone=ZoneInfo(file.timezone) if file.timezone else None,
        cache_bytes=file.cache_size,
        host=file.listen.host,
        port=file.listen.port,
        https_port=file.listen.https_port,
        tls=_tls(file.listen),
        connections_per_address=file.listen.connections_per_address,
        access=AccessRules(
            networks=tuple(map(ip_network, file.access.networks)),
            trusted_proxies=tuple(map(ip_network, file.access.trusted_proxies)),
            operators=tuple(map(ip_network, file.access.operators)),
            hosts=file.access.hosts,
            operator_password_file=file.access.operator_password_file,
        ),
        exchange=_exchange(file.exchange),
        sources=sources,
        profiles=profiles,
        fingerprint=_fingerprint(sources, profiles),
        keys=hash_keys(data, sources) if file.exchange is not None else (),
    )


def _tls(listen: ListenSection) -> TlsSettings | None:
    if listen.certificate is None or listen.key is None:
        return None
    return TlsSettings(listen.certificate, listen.key, listen.tls_minimum)


def _exchange(section: ExchangeSection | None) -> ExchangeSettings | None:
    if section is None:
        return None
    return ExchangeSettings(section.url, section.password_file, host_name(section.name))


def _table(data: dict[str, Any], key: str) -> dict[str, Any]:
    table = data.get(key)
    return table if isinstance(table, dict) else {}


def _invalid_names(data: dict[str, Any]) -> list[str]:
    return [
        f"[{kind}.{name}]: a name holds a-z, 0-9, _ and -, begins with a letter or digit, and has"
        " 32 characters at most."
        for kind in ("sources", "books", "dial", "profiles")
        for name in _table(data, kind)
        if not _NAME.match(name)
    ]


def _fingerprint(sources: tuple[Source, ...], profiles: tuple[Profile, ...]) -> str:
    parts = [
        *(f"{source.name}={source.fingerprint}" for source in sources),
        *map(repr, profiles),
        *(repr(FORMATS[profile.format].LIMITS) for profile in profiles),
    ]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()

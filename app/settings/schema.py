"""Pydantic models of `gateway.toml`, one for each section.

Unknown keys are refused everywhere. Numbers in quotes stay text. `app.settings.loader`
turns a valid file into the values that the program works with.
"""

import re
from ipaddress import ip_network
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    model_validator,
)

from app.languages.catalogue import LANGUAGES
from app.model.hosts import MAX_BASE_PATH, is_authority, is_base_path, is_host
from app.model.names import NameOrder, SortBy
from app.model.networks import DEFAULT_NETWORKS, DEFAULT_OPERATORS, device_name
from app.model.text import clean
from app.numbers.patterns import problem
from app.phones import cisco
from app.phones.registry import FORMATS
from app.settings.exchange import MAX_NAME, check_url, resolve_url_files
from connectors.base import Size
from connectors.contact import NumberKind
from connectors.fields import Duration, LocalPath, parse_duration, raise_problems

_BASE_URL = re.compile(r"https?://([^/?#]+)(/[A-Za-z0-9._~/-]*)?\Z")


def _network(value: str) -> str:
    try:
        return str(ip_network(value.strip(), strict=False))
    except ValueError as error:
        raise ValueError('not a network: write "192.168.1.0/24" or one address') from error


def _host(value: str) -> str:
    host = value.strip().lower().removesuffix(".")
    if not is_host(host):
        raise ValueError(
            'not a host name: write "phonebook.example.com", without http:// and without a port'
        )
    return host


def _device(value: str) -> str:
    name = device_name(value.strip())
    if not name:
        raise ValueError(
            "not a device name: write SEP and the twelve digits of the phone's MAC address,"
            " SEP001122AABBCC"
        )
    return name


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(
            'not a time zone: write "Europe/Berlin" or another name of the IANA list'
        ) from error
    return value


def check_base_url(value: str) -> str:
    """Return an address that phones can use, without a slash at its end.

    Raises ValueError if phones cannot use it.
    """
    url = value.strip().rstrip("/")
    match = _BASE_URL.match(url)
    if match is None or not is_authority(match[1]):
        raise ValueError('not an address that phones can use: write "http://192.168.1.10:8080"')
    if len(url) > cisco.LIMITS.base_url:
        raise ValueError(f"too long for a phone: {cisco.LIMITS.base_url} characters at most")
    if len(match[2] or "") > MAX_BASE_PATH:
        raise ValueError(f"its path is too long for a phone: {MAX_BASE_PATH} characters at most")
    if not is_base_path(match[2] or ""):
        raise ValueError('its path holds "." or "..": write the path that is meant')
    return url


def _clean_text(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _pattern(value: str) -> str:
    if found := problem(value):
        raise ValueError(found)
    return value


def _format(value: str) -> str:
    if value not in FORMATS:
        raise ValueError(f"there is no such format; there are: {', '.join(FORMATS)}")
    return value


def _language(value: str) -> str:
    if value and value not in LANGUAGES:
        known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise ValueError(f"there is no such language; there are: {known}")
    return value


NAME = r"[a-z0-9][a-z0-9_-]{0,31}"
Flag = Annotated[bool, Strict()]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=cisco.LIMITS.title),
    BeforeValidator(_clean_text),
]
NetworkText = Annotated[str, AfterValidator(_network)]
Integer = Annotated[int, Strict()]
"""An integer: neither "80" nor true."""


class Section(BaseModel):
    """A table of the file: immutable and without unknown keys.

    Error texts never contain the input, because it may be a secret.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ListenSection(Section):
    """[listen]

    With `certificate` and `key` the port speaks https. With `https_port` that one does,
    and `port` stays plain.
    """

    host: str = "0.0.0.0"  # noqa: S104 - phones must reach it; [access] decides who is answered
    port: Integer = Field(default=8080, ge=0, le=65535)
    https_port: Integer | None = Field(default=None, ge=0, le=65535)
    certificate: LocalPath | None = None
    key: LocalPath | None = None
    tls_minimum: Literal["1.0", "1.1", "1.2", "1.3"] = "1.2"
    connections_per_address: Integer = Field(default=64, ge=4, le=4096)

    @model_validator(mode="after")
    def _check_https(self) -> Self:
        problems = []
        if (self.certificate is None) != (self.key is None):
            there, missing = ("key", "certificate") if self.key else ("certificate", "key")
            problems.append(f"{there} needs {missing} too, the file that belongs to it")
        elif self.certificate is None:
            problems += [
                f"{name} needs certificate and key"
                for name in ("https_port", "tls_minimum")
                if name in self.model_fields_set
            ]
        if self.https_port == self.port != 0:
            problems.append(
                "port and https_port are the same: without https_port the port speaks https alone"
            )
        raise_problems(problems)
        return self


class AccessSection(Section):
    """[access]"""

    networks: tuple[NetworkText, ...] = DEFAULT_NETWORKS
    trusted_proxies: tuple[NetworkText, ...] = ()
    operators: tuple[NetworkText, ...] = DEFAULT_OPERATORS
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    operator_password_file: LocalPath | None = None


class SourceSection(Section):
    """The keys of [sources.NAME] that are not the connector's own."""

    connector: str
    refresh: Annotated[float, BeforeValidator(parse_duration), Field(ge=1)] = 900.0
    max_time: Duration = 600.0
    max_loss: Annotated[float, Strict()] = Field(default=0.5, ge=0, le=1)
    allow_empty: Flag = False
    hold: Duration = 3 * 86_400.0


class BookSection(Section):
    """[books.NAME]"""

    title: Title | None = None
    sources: tuple[str, ...] = Field(min_length=1)
    groups: tuple[str, ...] = ()
    exclude_groups: tuple[str, ...] = ()
    kinds: tuple[NumberKind, ...] = ()
    exclude: tuple[Annotated[str, AfterValidator(_pattern)], ...] = ()
    private_label: str = ""
    merge: Flag = True


class DialSection(Section):
    """[dial.NAME]"""

    title: Title
    number: str = Field(min_length=1)


class NumbersSection(Section):
    """[numbers], also below a profile; None means that a key is not set."""

    region: str | None = None
    outside_line: str | None = None
    international: str | None = None
    allow_plus: Flag | None = None
    allow_pause: Flag | None = None
    rewrite: tuple[tuple[str, str], ...] | None = None
    own_prefixes: tuple[str, ...] | None = None
    extension_digits: Integer | None = None


class ProfileSection(Section):
    """[profiles.NAME]"""

    title: Title | None = None
    menu: tuple[str, ...] | None = None
    name_order: NameOrder = NameOrder.FIRST_LAST
    sort_by: SortBy = SortBy.LAST
    softkeys: Flag = True
    comfort: Integer = Field(default=30, ge=2)
    language: Annotated[str, AfterValidator(_language)] = ""
    format: Annotated[str, AfterValidator(_format)] = "cisco"
    devices: tuple[Annotated[str, AfterValidator(_device)], ...] = ()
    networks: tuple[NetworkText, ...] = ()
    restricted: Flag = False
    numbers: NumbersSection = NumbersSection()


class ExchangeSection(Section):
    """[exchange]"""

    url: Annotated[str, AfterValidator(check_url), AfterValidator(resolve_url_files)]
    password_file: LocalPath | None = None
    name: Annotated[str, BeforeValidator(_clean_text), Field(max_length=MAX_NAME)] = ""


class GatewayFile(Section):
    """The whole file.

    `sources` stay plain tables: each connector validates its own keys.
    """

    title: Title = "Directory"
    base_url: Annotated[str, AfterValidator(check_base_url)] | None = None
    state_dir: LocalPath | None = None
    timezone: Annotated[str, AfterValidator(_timezone)] | None = None
    cache_size: Size = 64 * 1024**2
    listen: ListenSection = ListenSection()
    access: AccessSection = AccessSection()
    exchange: ExchangeSection | None = None
    sources: dict[str, dict[str, Any]] = {}
    books: dict[str, BookSection] = {}
    dial: dict[str, DialSection] = {}
    numbers: NumbersSection = NumbersSection()
    profiles: dict[str, ProfileSection] = {}

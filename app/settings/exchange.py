"""[exchange]: where several hosts agree on who builds (docs/several-machines.md)."""

import re
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from pydantic import ValidationInfo

from connectors.fields import resolve_path

_URL = re.compile(r"postgres(ql)?://", re.IGNORECASE)
_MAX_PASSWORD = 1024
# libpq 18 knows oauth_client_secret and scram_client_key too.
_SECRETS = ("password", "secret", "_key")
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "sslcrldir", "passfile")
MAX_NAME = 64


@dataclass(frozen=True, slots=True)
class ExchangeSettings:
    """Where the hosts meet, and how this one is called.

    `url` is an address of libpq without a password.
    """

    url: str
    password_file: Path | None
    name: str


def check_url(value: str) -> str:
    """Return the address of a PostgreSQL database.

    Raises ValueError if it is none, or if it holds a password.
    """
    url = value.strip()
    if _URL.match(url) is None:
        raise ValueError('not an address of PostgreSQL: write "postgresql://ROLE@HOST/DATABASE"')
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, keep_blank_values=True)
    except ValueError as error:
        raise ValueError("not an address: its host cannot be read") from error
    hosts = parts.netloc.rpartition("@")[2]
    # libpq, other than urlsplit, reads a login up to "@" also over "#", "?" and "/".
    has_password = ":" in url.partition("://")[2].rpartition("@")[0]
    if has_password or any(name.casefold().endswith(_SECRETS) for name in query):
        raise ValueError(
            "it holds a password. Write it into a file that only the gateway can read, and name"
            " that file: password_file. Write a : in a name before the last @ as %3A"
        )
    if "#" in url:
        raise ValueError("it holds a #: write %23")
    if not hosts and "host" not in query and "service" not in query:
        raise ValueError('it names no host: write "postgresql://ROLE@HOST/DATABASE"')
    return url


def resolve_url_files(url: str, info: ValidationInfo) -> str:
    """Return an address whose files, such as sslrootcert, have their whole paths.

    As all paths they are relative to the configuration file's folder.
    """
    address, mark, query = url.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&"))
    return (
        address
        + mark
        + "&".join(
            f"{name}={quote(str(resolve_path(unquote(value), info)))}"
            if name in _FILES and value not in ("", "system")
            else name + equals + value
            for name, equals, value in pairs
        )
    )


def host_name(written: str) -> str:
    """Return the name of this host: what is written, or else what the system says."""
    return written or socket.gethostname()[:MAX_NAME] or "host"


def read_password(path: Path) -> str:
    """Return the password in a file.

    Raises ValueError with the reason, without what the file holds, if there is none.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_PASSWORD + 1)
        password = data.decode("utf-8").rstrip("\r\n")
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} cannot be read: it is not UTF-8") from error
    if len(data) > _MAX_PASSWORD:
        raise ValueError(f"{path} is too long for a password: {_MAX_PASSWORD} bytes at most")
    if not password or "\n" in password or "\0" in password:
        raise ValueError(f"{path} does not hold one line with a password")
    return password

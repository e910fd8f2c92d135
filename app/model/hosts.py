"""Check hosts of URLs and Host headers, and list the names of this machine."""

import re
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

HOSTS_FILE = Path("/etc/hosts")
RESOLVER_FILE = Path("/etc/resolv.conf")
# RFC 1123, section 2.1, and the underscore, which names in local networks contain.
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\Z")
_PORT = re.compile(r":([0-9]{1,5})\Z")
_MAX_LENGTH = 253
# The segments "." and ".." name other paths (RFC 3986, section 5.2.4).
_BASE_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)*\Z")
MAX_BASE_PATH = 24
"""Maximum length of the path in a base URL, so that links fit into a phone's limit."""
_LAST_PORT = 65_535


def _is_address(host: str) -> bool:
    kind, text = (
        (IPv6Address, host[1:-1])
        if host.startswith("[") and host.endswith("]")
        else (IPv4Address, host)
    )
    try:
        kind(text)
    except ValueError:
        return False
    return "%" not in text


def is_host(host: str) -> bool:
    """Return True if `host` can be the host of a URL.

    That is a name, an IPv4 address, or an IPv6 address in brackets.
    """
    labels = host.split(".")
    if _is_address(host):
        return True
    # Browsers take a name whose last label is a number for an IPv4 address (WHATWG URL
    # Standard, section 3.5).
    return len(host) <= _MAX_LENGTH and all(map(_LABEL.match, labels)) and not labels[-1].isdigit()


def split_port(authority: str) -> tuple[str, bool]:
    """Return the host of "host" or "host:port", and whether the port is valid.

    A missing port counts as valid.
    """
    match = _PORT.search(authority)
    if match is None:
        return authority, True
    return authority[: match.start()], 0 < int(match[1]) <= _LAST_PORT


def is_authority(authority: str) -> bool:
    """Return True for a valid "host" or "host:port"."""
    host, is_port = split_port(authority)
    return is_port and is_host(host)


def is_base_path(path: str) -> bool:
    """Return True if links can begin with a path, such as "/phonebook" or ""."""
    return len(path) <= MAX_BASE_PATH and _BASE_PATH.match(path) is not None


def is_ours(authority: str, names: frozenset[str]) -> bool:
    """Return True if a Host header names this gateway.

    It may hold any IP address, or one of `names` (in lower case).
    """
    # After DNS rebinding a browser sends the attacker's name, and can send no other.
    host = split_port(authority.strip())[0].lower()
    return _is_address(host) or host.removesuffix(".") in names


def machine_names() -> frozenset[str]:
    """Return the names of this machine without asking a name server.

    They are its host name, its aliases in /etc/hosts, and its names in the search
    domains.
    """
    own = socket.gethostname().lower().removesuffix(".")
    short = own.partition(".")[0]
    names = {"localhost", own, short, f"{short}.local"}
    for line in _lines(HOSTS_FILE):
        _, *aliases = line.lower().split() or [""]
        if not names.isdisjoint(aliases):
            names.update(aliases)
    for line in _lines(RESOLVER_FILE):
        word, *domains = line.lower().split() or [""]
        if word in ("search", "domain"):
            names.update(f"{short}.{domain.strip('.')}" for domain in domains if domain.strip("."))
    return frozenset(names - {""})


def _lines(path: Path) -> list[str]:
    with suppress(OSError):
        return [
            line.partition("#")[0]
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        ]
    return []

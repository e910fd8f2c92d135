"""Find the servers of a domain by DNS service records (RFC 2782)."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any

_SECONDS = 4.0
_MAX_SERVERS = 4
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServiceHost:
    """A server of a domain, and its port."""

    host: str
    port: int


def is_domain(text: str) -> bool:
    """Return whether a text may be a domain: neither an address nor a single word."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return _DOMAIN.fullmatch(text) is not None
    return False


def find_servers(service: str, domain: str) -> tuple[ServiceHost, ...]:
    """Return the servers of a service ("ldap", "carddavs"), the preferred first.

    There are none if the domain does not say, or its name servers do not answer within
    some seconds.
    """
    records = sorted(_look_up(service, domain, "SRV"), key=lambda one: (one.priority, -one.weight))
    # The target "." means that the domain does not offer the service.
    found = (
        ServiceHost(str(record.target).rstrip("."), int(record.port))
        for record in records
        if str(record.target) != "."
    )
    return tuple(dict.fromkeys(found))[:_MAX_SERVERS]


def find_path(service: str, domain: str) -> str:
    """Return the path that a TXT record beside the service names (RFC 6764, section 4).

    Returns "/" if there is none.
    """
    for record in _look_up(service, domain, "TXT"):
        text = b"".join(record.strings).decode("utf-8", "replace")
        if text.startswith("path=/"):
            return text.removeprefix("path=")
    return "/"


def _look_up(service: str, domain: str, kind: str) -> tuple[Any, ...]:
    import dns.exception
    import dns.resolver

    try:
        name = f"_{service}._tcp.{domain}"
        return tuple(dns.resolver.resolve(name, kind, lifetime=_SECONDS, search=False))
    except (dns.exception.DNSException, OSError):
        return ()

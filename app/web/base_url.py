"""Find the gateway's base URL for the lines that go into phone configurations.

A browser on this machine uses a loopback address, which no phone can reach. The address
found here may differ from the one that phones use, for example in a container. So a
note explains its origin.
"""

import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.model.networks import Network, parse_address, within
from app.settings.loader import Settings

UNKNOWN = "ADDRESS-OF-THIS-MACHINE"
_ALL_ADDRESSES = ("", "0.0.0.0", "::")  # noqa: S104
_HTTPS_PORT = 443
_DISCARD = 9


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """The base of a phone's URLs, such as "http://192.168.1.10:8080".

    `note` tells operators what to know or do about it; it may be "".
    """

    base: str
    note: str = ""


def own_address(networks: Iterable[Network], host: str = "") -> str | None:
    """Return the address of this machine that routes to the phones' networks, or None.

    An address within these networks is preferred. `host` is the address that the
    gateway listens on; for "0.0.0.0" IPv6 networks are skipped.
    """
    phones = tuple(networks)
    addresses = []
    for network in sorted(phones, key=lambda network: network.version):
        if network.is_loopback or network.is_link_local:
            continue
        if network.version == 6 and host == "0.0.0.0":  # noqa: S104
            continue
        family = socket.AF_INET if network.version == 4 else socket.AF_INET6
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            # This sends nothing. Connecting a datagram socket only selects the local address.
            probe.connect((str(network[min(1, network.num_addresses - 1)]), _DISCARD))
            address = ip_address(probe.getsockname()[0])
            if not (address.is_loopback or address.is_link_local or address.is_unspecified):
                addresses.append(address)
    preferred = [address for address in addresses if within(address, phones)]
    return next((str(address) for address in preferred + addresses), None)


def _is_local(host: str) -> bool:
    address = parse_address(host)
    if address is None:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _url(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def find_base_url(settings: Settings, port: int, requested: str = "") -> BaseUrl:
    """Return the base URL by which phones reach the gateway.

    `port` is the port that the gateway listens on. `requested` is the base URL of the
    current request, "" if there is none. If it names the port for https and there is
    one for http, the latter is for phones.
    """
    current = urlsplit(requested)
    if current.scheme == "https" and (current.port or _HTTPS_PORT) == settings.https_port:
        port, requested = settings.port, _url("http", current.hostname or "", settings.port)
    scheme = settings.scheme
    base = settings.base_url or requested or _url(scheme, settings.host or _ALL_ADDRESSES[1], port)
    host = urlsplit(base).hostname or ""
    if not _is_local(host):
        return BaseUrl(base)
    if settings.base_url:
        return BaseUrl(
            base,
            f"base_url is {host}: no phone can reach it. Set it to an address of this machine in"
            " the phones' network.",
        )
    if settings.host not in _ALL_ADDRESSES and _is_local(settings.host):
        return BaseUrl(
            base,
            f'No phone can reach {host}, and listen.host = "{settings.host}" lets nobody else in. '
            'Set listen.host = "0.0.0.0", or base_url where a proxy stands before the gateway.',
        )
    own = (
        own_address(settings.access.networks, settings.host)
        if settings.host in _ALL_ADDRESSES
        else settings.host
    )
    if own is None:
        return BaseUrl(
            _url(scheme, UNKNOWN, port),
            f"Put this machine's address in the phones' network in place of {UNKNOWN}, or set"
            " base_url.",
        )
    why = "" if host in _ALL_ADDRESSES else f", since no phone can reach {host}"
    return BaseUrl(
        _url(scheme, own, port),
        f"This machine's own address stands here{why}. If phones use another (a container, a"
        " proxy), set base_url.",
    )

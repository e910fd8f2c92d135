"""What phones reach this gateway by, for the lines that people paste into a phone's configuration.

Law of this file: addresses of this machine. It sends nothing: a datagram socket that is connected only asks the system which address of
ours leads there.

Facts: a browser on this machine asks by a loopback address, which no phone can reach. The address found here need not be the one that
phones use either: in a container it is the container's. So whoever is shown it is told where it comes from.
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
_EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104
_DISCARD = 9


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """`base` is what a phone's URLs begin with ("http://192.168.1.10:8080"); `note` what to know or do about it, "" for nothing."""

    base: str
    note: str = ""


def own_address(networks: Iterable[Network], host: str = "") -> str | None:
    """Return the address of this machine that leads to the phones' networks, best one that lies in them; None where there is none.

    `host` is what the gateway listens on: "0.0.0.0" has no IPv6.
    """
    phones = tuple(networks)
    found = []
    for network in sorted(phones, key=lambda network: network.version):
        if network.is_loopback or network.is_link_local or (network.version == 6 and host == "0.0.0.0"):  # noqa: S104
            continue
        family = socket.AF_INET if network.version == 4 else socket.AF_INET6
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(network[min(1, network.num_addresses - 1)]), _DISCARD))
            address = ip_address(probe.getsockname()[0])
            if not (address.is_loopback or address.is_link_local or address.is_unspecified):
                found.append(address)
    best = next((address for address in found if within(address, phones)), found[0] if found else None)
    return str(best) if best is not None else None


def _is_here_alone(host: str) -> bool:
    address = parse_address(host)
    if address is None:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _base(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def find_base_url(settings: Settings, port: int, asked: str = "") -> BaseUrl:
    """Return what phones reach the gateway by.

    `port` is the one that is listened on; `asked` the base address that somebody has just used ("" where nobody has).
    """
    base = settings.base_url or asked or _base(settings.host or _EVERYWHERE[1], port)
    host = urlsplit(base).hostname or ""
    if not _is_here_alone(host):
        return BaseUrl(base)
    if settings.base_url:
        return BaseUrl(base, f"No phone can reach {host}. Set base_url to an address of this machine in the phones' network.")
    if settings.host not in _EVERYWHERE and _is_here_alone(settings.host):
        return BaseUrl(
            base,
            f'No phone can reach {host}, and listen.host = "{settings.host}" lets nobody else in. '
            'Set listen.host = "0.0.0.0", or base_url where a proxy stands before the gateway.',
        )
    own = own_address(settings.access.networks, settings.host) if settings.host in _EVERYWHERE else settings.host
    if own is None:
        return BaseUrl(_base(UNKNOWN, port), f"Put this machine's address in the phones' network in place of {UNKNOWN}, or set base_url.")
    why = "" if host in _EVERYWHERE else f", since no phone can reach {host}"
    return BaseUrl(
        _base(own, port), f"This machine's own address stands here{why}. If phones use another (a container, a proxy), set base_url."
    )

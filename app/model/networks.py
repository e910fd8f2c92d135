"""Parse IP addresses and device names, and hold the access rules."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

Address = IPv4Address | IPv6Address


Network = IPv4Network | IPv6Network


DEFAULT_NETWORKS = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "::1/128",
    "fe80::/10",
    "fc00::/7",
)


DEFAULT_OPERATORS = ("127.0.0.0/8", "::1/128")


_DEVICE = re.compile(r"SEP[0-9A-F]{12}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The rules of `[access]`.

    `hosts` are further names of this gateway, in lower case. With
    `operator_password_file` operators must log in.
    """

    networks: tuple[Network, ...] = tuple(map(ip_network, DEFAULT_NETWORKS))
    trusted_proxies: tuple[Network, ...] = ()
    operators: tuple[Network, ...] = tuple(map(ip_network, DEFAULT_OPERATORS))
    hosts: tuple[str, ...] = ()
    operator_password_file: Path | None = None


def parse_address(text: str) -> Address | None:
    """Return the address in a text, or None if there is none.

    An IPv4-mapped address is returned as IPv4. A zone is cut off.
    """
    try:
        address = ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def within(address: Address | None, networks: Iterable[Network]) -> bool:
    """Return whether an address lies in one of the networks; None lies in none."""
    return address is not None and any(
        address.version == network.version and address in network for network in networks
    )


def device_name(value: str) -> str:
    """Return a SEP name in upper case, or "" if `value` is not one."""
    return value.upper() if _DEVICE.match(value) else ""

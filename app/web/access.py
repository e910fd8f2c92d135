"""Decide who may use the directory, who is an operator, and which profile a phone gets.

All decisions are pure functions of addresses and names.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_network

from app.model.networks import AccessRules, Address, parse_address, within
from app.model.profile import Profile

FORWARDED_PREFIX = b"x-forwarded"
FORWARDED = frozenset(
    name.lower().encode("ascii")
    for name in (
        *(
            "Via",
            "Forwarded",
            "Forwarded-For",
            "X-Forwarded",
            "X-Forwarder-For",
            "X-Original-Forwarded-For",
            "X-Original-Host",
        ),
        *(
            f"X-Forwarded-{what}"
            for what in (
                "For",
                "Host",
                "Proto",
                "Protocol",
                "Scheme",
                "Port",
                "Server",
                "Prefix",
                "Path",
                "Uri",
                "Ssl",
            )
        ),
        *(
            "X-Real-IP",
            "X-Client-IP",
            "Client-IP",
            "X-Cluster-Client-IP",
            "X-Remote-IP",
            "X-Remote-Addr",
            "X-Originating-IP",
        ),
        *(
            "Proxy-Client-IP",
            "WL-Proxy-Client-IP",
            "X-ProxyUser-IP",
            "True-Client-IP",
            "CF-Connecting-IP",
            "CF-Connecting-IPv6",
        ),
        *(
            "CF-Ray",
            "CF-Visitor",
            "CDN-Loop",
            "Fastly-Client-IP",
            "Fastly-FF",
            "Fly-Client-IP",
            "X-Azure-ClientIP",
            "X-Azure-SocketIP",
        ),
        *(
            "X-Appengine-User-IP",
            "X-Nf-Client-Connection-IP",
            "DO-Connecting-IP",
            "Ali-CDN-Real-IP",
            "X-Envoy-External-Address",
        ),
        *(
            "X-Envoy-Original-Path",
            "X-Amzn-Trace-Id",
            "X-Amz-Cf-Id",
            "X-ARR-LOG-ID",
            "X-ARR-SSL",
            "X-Varnish",
            "X-BlueCoat-Via",
        ),
    )
)
"""Headers, in lower case, that only a proxy adds.

They are those of nginx, HAProxy, Caddy, Apache, IIS and Envoy, and of the large
networks.
"""

_PORT = re.compile(r"(\[.*\]|[^:]*):[0-9]{1,5}\Z")


@dataclass(frozen=True, slots=True)
class Visitor:
    """The client of a request and its rights.

    `address`: None if it cannot be known `allowed`: may open the pages for phones
    `operator`: may open the operators' pages, but not the directory itself (decision
    10) `proxied`: the request came through a trusted proxy `local`: the request comes
    from this machine on its own behalf (a health check)
    """

    address: Address | None
    allowed: bool
    operator: bool
    proxied: bool = False
    local: bool = False


def is_forwarded(names: Collection[bytes]) -> bool:
    """Return True if header names, in lower case, show a proxy in between.

    Unknown names with the prefix x-forwarded count too.
    """
    return not FORWARDED.isdisjoint(names) or any(
        name.startswith(FORWARDED_PREFIX) for name in names
    )


def _hop(text: str) -> Address | None:
    """Return the address in an element of X-Forwarded-For, None if it is none.

    The element may contain a port: "a.b.c.d:port", "[v6]:port", "v6".
    """
    hop = text.strip()
    return parse_address(match[1] if (match := _PORT.match(hop)) else hop)


def visitor(rules: AccessRules, peer: str, forwarded_for: str, forwarded: bool) -> Visitor:
    """Return the client of a request, from its peer address and its X-Forwarded-For.

    `forwarded` is True if the request has any forwarding header. From an untrusted peer
    such a request is never an operator's, because a proxy on this host may send it for
    somebody else.
    """
    # An IPv4 address may arrive as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2).
    # It counts as a.b.c.d.
    address = parse_address(peer)
    if not (forwarded and within(address, rules.trusted_proxies)):
        operator = not forwarded and within(address, rules.operators)
        local = not forwarded and address is not None and address.is_loopback
        return Visitor(address, within(address, rules.networks), operator, local=local)
    # Any client can send X-Forwarded-For. So it is believed only from `trusted_proxies`, and read
    # from its right end up to the first address that is none of them.
    # If a trusted proxy names no client, the address stays unknown and has no rights.
    address = None
    for hop in reversed(forwarded_for.split(",")):
        if not hop.strip():
            continue
        address = _hop(hop)
        if not within(address, rules.trusted_proxies):
            break
    return Visitor(
        address, within(address, rules.networks), within(address, rules.operators), proxied=True
    )


@dataclass(frozen=True, slots=True)
class SelectedProfile:
    """The profile of a request.

    `prefix` is put before the paths of its links, so that the next request gets the
    same profile. `known` is False if the path names a profile that does not exist. Then
    `profile` is the one that shows the error message.
    """

    profile: Profile
    prefix: str
    known: bool = True


class ProfileSelector:
    """Selects the profile of a request.

    The order is: the path's `/p/NAME/`, the device's `name=SEP...`, the network,
    `default`.
    """

    # The phone itself adds `name=SEP<mac>` to the first request, and anybody can forge it. So the
    # name selects a profile and never protects one (design, section 8).

    def __init__(self, profiles: tuple[Profile, ...]) -> None:
        self._named = {profile.name: profile for profile in profiles}
        self._devices = {
            device.upper(): profile for profile in profiles for device in profile.devices
        }
        self._networks = tuple(
            (ip_network(text), profile) for profile in profiles for text in profile.networks
        )
        self._default = self._named.get("default", profiles[0])
        self._usual = (
            SelectedProfile(self._default, "")
            if not (self._networks or self._default.restricted)
            else None
        )

    def select(
        self, named: str | None, device: str, address: Address | None
    ) -> SelectedProfile | None:
        """Return the selection, or None if its profile excludes this address."""
        if named is None and self._usual is not None and not (device and device in self._devices):
            return self._usual
        by_network = next(
            (profile for network, profile in self._networks if within(address, (network,))),
            self._default,
        )
        if named is not None:
            # An unknown name is checked as the profile that would show the error message. A
            # restricted profile shows strangers nothing, not even its title.
            chosen, prefix = self._named.get(named, by_network), f"p/{named}/"
        else:
            chosen = self._devices.get(device, by_network) if device else by_network
            prefix = "" if chosen is by_network else f"p/{chosen.name}/"
        if chosen.restricted and not within(
            address, (network for network, profile in self._networks if profile is chosen)
        ):
            return None
        return (
            SelectedProfile(chosen, prefix)
            if named is None or named in self._named
            else SelectedProfile(chosen, "", known=False)
        )

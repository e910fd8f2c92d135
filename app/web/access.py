"""Decide who may use the directory, who is an operator, and which profile a phone gets.

All decisions are pure functions of addresses and names.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_network

from app.model.networks import AccessRules, Address, parse_address, within
from app.model.profile import Profile

_FORWARDED_PREFIX = b"x-forwarded"
# The headers of nginx, HAProxy, Caddy, Apache, IIS and Envoy, and of the large networks.
_PROXY_HEADERS = b"""
via forwarded forwarded-for x-forwarded x-forwarder-for x-original-forwarded-for x-original-host
x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-protocol x-forwarded-scheme
x-forwarded-port x-forwarded-server x-forwarded-prefix x-forwarded-path x-forwarded-uri
x-forwarded-ssl
x-real-ip x-client-ip client-ip x-cluster-client-ip x-remote-ip x-remote-addr x-originating-ip
proxy-client-ip wl-proxy-client-ip x-proxyuser-ip true-client-ip
cf-connecting-ip cf-connecting-ipv6 cf-ray cf-visitor cdn-loop fastly-client-ip fastly-ff
fly-client-ip x-azure-clientip x-azure-socketip x-appengine-user-ip x-nf-client-connection-ip
do-connecting-ip ali-cdn-real-ip
x-envoy-external-address x-envoy-original-path x-amzn-trace-id x-amz-cf-id
x-arr-log-id x-arr-ssl x-varnish x-bluecoat-via
"""
FORWARDED = frozenset(_PROXY_HEADERS.split())
"""Headers, in lower case, that only a proxy adds."""

_PORT = re.compile(r"(\[.*\]|[^:]*):[0-9]{1,5}\Z")


@dataclass(frozen=True, slots=True)
class Visitor:
    """The client of a request and its rights.

    `address` is None if it cannot be known. `allowed` clients may open the pages for
    phones. An `operator` may open the operators' pages, but not the directory itself
    (decision 10). `proxied` means that the request came through a trusted proxy.
    `local` means that it comes from this machine on its own behalf (a health check).
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
        name.startswith(_FORWARDED_PREFIX) for name in names
    )


def _hop_address(text: str) -> Address | None:
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
        address = _hop_address(hop)
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
    # name selects a profile and never protects one.

    def __init__(self, profiles: tuple[Profile, ...]) -> None:
        self._by_name = {profile.name: profile for profile in profiles}
        self._by_device = {
            device.upper(): profile for profile in profiles for device in profile.devices
        }
        self._networks = tuple(
            (ip_network(text), profile) for profile in profiles for text in profile.networks
        )
        self._default = self._by_name.get("default", profiles[0])
        # The selection of most requests, if neither address nor restriction decides.
        self._usual: SelectedProfile | None = None
        if not (self._networks or self._default.restricted):
            self._usual = SelectedProfile(self._default, "")

    def networks_with(self, address: Address | None) -> tuple[bool, ...]:
        """Return for each network of a profile whether it contains the address."""
        return tuple(within(address, (network,)) for network, _ in self._networks)

    def select(
        self, name: str | None, device: str, address: Address | None
    ) -> SelectedProfile | None:
        """Return the selection, or None if its profile excludes this address.

        `name` is the one in the path, None if there is none. `device` may be "".
        """
        if name is None and self._usual is not None and device not in self._by_device:
            return self._usual
        by_network = next(
            (profile for network, profile in self._networks if within(address, (network,))),
            self._default,
        )
        if name is not None:
            # An unknown name is checked as the profile that would show the error message. A
            # restricted profile shows strangers nothing, not even its title.
            selected = self._by_path(name, by_network)
        else:
            profile = self._by_device.get(device, by_network)
            prefix = "" if profile is by_network else f"p/{profile.name}/"
            selected = SelectedProfile(profile, prefix)
        own = (network for network, profile in self._networks if profile is selected.profile)
        if selected.profile.restricted and not within(address, own):
            return None
        return selected

    def select_any(self, name: str | None) -> SelectedProfile:
        """Return the selection for an operator, who may look at every profile."""
        if name is None:
            return SelectedProfile(self._default, "")
        return self._by_path(name, self._default)

    def _by_path(self, name: str, fallback: Profile) -> SelectedProfile:
        if name in self._by_name:
            return SelectedProfile(self._by_name[name], f"p/{name}/")
        return SelectedProfile(fallback, "", known=False)

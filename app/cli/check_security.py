"""Warnings of `check` about wide networks and secrets that others can read."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.model.networks import AccessRules, Network, parse_address
from app.model.profile import Profile
from app.settings.loader import Settings
from app.settings.sources import Source

# A shorter prefix than these includes addresses of many owners. IPv4 was given out in blocks of /8
# at most (RFC 7249), and IPv6 in blocks of /12 (IANA, "IPv6 Global Unicast Address Assignments").
_MIN_PREFIX = {4: 8, 6: 12}
_SECRET_FILES = (
    "token_file",
    "service_account_file",
    "key",
)  # fields of connectors that name a file with a secret in it


def security_warnings(settings: Settings) -> Iterator[str]:
    """Yield a sentence with the key for each valid setting that is usually unintended.

    Such a setting gives access to too many clients, or reveals too much.
    """
    yield from _wide_networks(settings.access, settings.profiles)
    yield from _proxies_among_phones(settings.access, settings.profiles)
    for source in settings.sources:
        yield from _plain_connections(source)
        yield from _readable_secrets(source)
    if any(source.has_inline_secret for source in settings.sources) and (
        mode := _rights_of_others(settings.origin)
    ):
        yield (
            f"{settings.origin} holds a password and others may read it (mode {mode:04o}). Type:"
            f" chmod 600 {settings.origin}"
        )


def _wide_networks(access: AccessRules, profiles: tuple[Profile, ...]) -> Iterator[str]:
    for network in filter(_is_wide, access.trusted_proxies):
        yield (
            f"access.trusted_proxies: {network} believes X-Forwarded-For of everybody, so that"
            " anybody may bear any address. Name the proxy's own address."
        )
    for network in filter(_is_wide, access.operators):
        yield (
            f"access.operators: {network} shows status and names to everybody. Name the"
            " administrators' addresses."
        )
    for profile in profiles:
        if profile.restricted:
            for network in filter(_is_wide, map(ip_network, profile.networks)):
                yield (
                    f"profiles.{profile.name}.networks: {network} lets everybody in, though the"
                    " profile is restricted."
                )


def _is_wide(network: Network) -> bool:
    return network.prefixlen < _MIN_PREFIX[network.version]


def _proxies_among_phones(access: AccessRules, profiles: tuple[Profile, ...]) -> Iterator[str]:
    phones = [
        *access.networks,
        *(ip_network(text) for profile in profiles for text in profile.networks),
    ]
    for proxy in access.trusted_proxies:
        if (
            proxy.num_addresses > 1
            and not proxy.is_loopback
            and not _is_wide(proxy)
            and _overlaps(proxy, phones)
        ):
            yield (
                f"access.trusted_proxies: {proxy} holds {proxy.num_addresses} addresses, and phones"
                " may have one of them: such a phone may bear any address. Name the proxy's own"
                " address."
            )


def _overlaps(network: Network, others: Iterable[Network]) -> bool:
    return any(other.version == network.version and network.overlaps(other) for other in others)


def _plain_connections(source: Source) -> Iterator[str]:
    connector = source.connector
    fields = type(connector).model_fields
    if not any(
        isinstance(value := getattr(connector, key), SecretStr) and value.get_secret_value()
        for key in fields
    ):
        return
    if getattr(connector, "starttls", False):
        return
    for key in fields:
        value = getattr(connector, key)
        for text in value if isinstance(value, tuple) else (value,):
            if (
                isinstance(text, str)
                and text.startswith(("http://", "ldap://"))
                and not _is_loopback(text)
            ):
                remedy = (
                    "https://" if text.startswith("http") else "ldaps://, or set starttls = true"
                )
                yield (
                    f"sources.{source.name}.{key}: the password travels unencrypted to"
                    f" {urlsplit(text).hostname}. Use {remedy}."
                )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    address = parse_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _readable_secrets(source: Source) -> Iterator[str]:
    files = [path for path, _ in source.secrets]
    files += [
        path
        for key in _SECRET_FILES
        if isinstance(path := getattr(source.connector, key, None), Path)
    ]
    for path in files:
        if mode := _rights_of_others(path):
            yield (
                f"sources.{source.name}: others may read the secret in {path} (mode {mode:04o})."
                f" Type: chmod 600 {path}"
            )


def _rights_of_others(path: Path) -> int:
    """Return a file's mode if others than owner and group have rights, else 0."""
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:
        return 0
    return mode if mode & 0o007 else 0

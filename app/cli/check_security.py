"""Warnings of `check` about wide networks and secrets that others can read."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.model.networks import AccessRules, Network, parse_address
from app.model.profile import Profile
from app.settings.loader import Settings
from app.settings.operator_password import read_operator_password
from app.settings.sources import Source

# A shorter prefix than these includes addresses of many owners. IPv4 was given out in blocks of /8
# at most (RFC 7249), and IPv6 in blocks of /12 (IANA, "IPv6 Global Unicast Address Assignments").
_MIN_PREFIX = {4: 8, 6: 12}
# Fields of connectors that name a file with a secret in it.
_SECRET_FILES = ("token_file", "service_account_file", "key")


def security_warnings(settings: Settings) -> Iterator[str]:
    """Yield a sentence with the key for each valid setting that is usually unintended.

    Such a setting gives access to too many clients, or reveals too much.
    """
    yield from _wide_networks(settings.access, settings.profiles)
    yield from _proxies_among_phones(settings.access, settings.profiles)
    if settings.tls is not None and (mode := _mode_open_to_others(settings.tls.key)):
        path = settings.tls.key
        yield f"listen.key: others may read {path} (mode {mode:04o}). Type: chmod 640 {path}"
    if settings.access.operator_password_file is not None:
        yield from _operator_password(settings.access.operator_password_file)
    for source in settings.sources:
        yield from _plain_connections(source)
        yield from _readable_secrets(source)
    has_secret = any(source.has_inline_secret for source in settings.sources)
    if has_secret and (mode := _mode_open_to_others(settings.origin)):
        yield (
            f"{settings.origin} holds a password and others may read it (mode {mode:04o}). Type:"
            f" chmod o= {settings.origin}"
        )


def _wide_networks(access: AccessRules, profiles: tuple[Profile, ...]) -> Iterator[str]:
    for network in filter(_is_wide, access.trusted_proxies):
        yield (
            f"access.trusted_proxies: {network} trusts X-Forwarded-For from any client, so any"
            " client can claim any address. Enter the proxy's own address."
        )
    for network in filter(_is_wide, access.operators):
        effect = (
            "shows status and names to any client"
            if access.operator_password_file is None
            else "lets any client guess the operators' password"
        )
        yield (f"access.operators: {network} {effect}. Enter the addresses of the administrators.")
    for profile in profiles:
        if profile.restricted:
            for network in filter(_is_wide, map(ip_network, profile.networks)):
                yield (
                    f"profiles.{profile.name}.networks: {network} lets any client in, although the"
                    " profile is restricted."
                )


def _is_wide(network: Network) -> bool:
    return network.prefixlen < _MIN_PREFIX[network.version]


def _proxies_among_phones(access: AccessRules, profiles: tuple[Profile, ...]) -> Iterator[str]:
    phones = [*access.networks]
    for profile in profiles:
        phones += map(ip_network, profile.networks)
    for proxy in access.trusted_proxies:
        if proxy.num_addresses == 1 or proxy.is_loopback or _is_wide(proxy):
            continue
        if any(proxy.version == other.version and proxy.overlaps(other) for other in phones):
            yield (
                f"access.trusted_proxies: {proxy} includes {proxy.num_addresses} addresses, and"
                " phones may have one of them: such a phone can claim any address. Enter the"
                " proxy's own address."
            )


def _operator_password(path: Path) -> Iterator[str]:
    key = "access.operator_password_file"
    try:
        found = read_operator_password(path)
    except ValueError as error:
        yield (
            f"{key}: {path} cannot be used ({error}), so nobody can open the operators' pages."
            " Write the line of directory-gateway hash-password there."
        )
    else:
        if found.is_weak:
            yield (
                f"{key}: the password in {path} can be guessed fast from its line. Make a new line"
                " with directory-gateway hash-password."
            )
    if mode := _mode_open_to_others(path):
        yield f"{key}: others may read {path} (mode {mode:04o}). Type: chmod o= {path}"


def _plain_connections(source: Source) -> Iterator[str]:
    """Yield a warning for each URL over which a password would travel unencrypted."""
    connector = source.connector
    values = {key: getattr(connector, key) for key in type(connector).model_fields}
    if getattr(connector, "starttls", False) or not any(map(_is_set_secret, values.values())):
        return
    for key, value in values.items():
        for url in value if isinstance(value, tuple) else (value,):
            if not isinstance(url, str) or _is_loopback(url):
                continue
            if url.startswith("http://"):
                remedy = "https://"
            elif url.startswith("ldap://"):
                remedy = "ldaps://, or set starttls = true"
            else:
                continue
            yield (
                f"sources.{source.name}.{key}: the password travels unencrypted to"
                f" {urlsplit(url).hostname}. Use {remedy}."
            )


def _is_set_secret(value: object) -> bool:
    return isinstance(value, SecretStr) and bool(value.get_secret_value())


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    address = parse_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _readable_secrets(source: Source) -> Iterator[str]:
    named = (getattr(source.connector, key, None) for key in _SECRET_FILES)
    files = [path for path, _ in source.secrets]
    files += [path for path in named if isinstance(path, Path)]
    for path in files:
        if mode := _mode_open_to_others(path):
            yield (
                f"sources.{source.name}: others may read the secret in {path} (mode {mode:04o})."
                f" Type: chmod o= {path}"
            )


def _mode_open_to_others(path: Path) -> int:
    """Return a file's mode if others than owner and group have rights, else 0."""
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:
        return 0
    return mode if mode & 0o007 else 0

"""Read from a request who sent it, the dialect of the phone, and the base URL of links.

Most requests repeat what earlier ones said, so the latest results are cached.
"""

from functools import lru_cache, partial
from urllib.parse import urlsplit

from app.logs import Log
from app.model.hosts import MAX_BASE_PATH, is_authority, is_base_path, is_ours, machine_names
from app.model.networks import parse_address, within
from app.model.profile import Profile
from app.model.screens import Dialect
from app.phones.registry import FORMATS
from app.settings.loader import Settings
from app.web.access import FORWARDED, ProfileSelector, Visitor, is_forwarded, visitor
from app.web.asgi import Scope
from app.web.dialects import dialect_headers, phone_dialect
from app.web.phone_application import DirectClient

_MAX_CACHED = 10_000
_MAX_KEY_BYTES = 1_000
"""Maximum size of the header values in a key of a cache."""
_PERSONAL = frozenset((b"authorization", b"proxy-authorization", b"cookie"))
_MAX_SHOWN = 40
_log = Log("web")
_PORTS = {"http": 80, "https": 443}


class RequestReader:
    """Reads requests by the rules of a configuration."""

    def __init__(self, settings: Settings, selector: ProfileSelector) -> None:
        self._settings = settings
        self._selector = selector
        self._visitor = lru_cache(_MAX_CACHED)(partial(visitor, settings.access))
        self._dialect = lru_cache(_MAX_CACHED)(self._read_dialect)
        self._host_base = lru_cache(_MAX_CACHED)(self._base_of_host)
        self.direct_client = lru_cache(_MAX_CACHED)(self._find_direct_client)
        self._profiles = {profile.name: profile for profile in settings.profiles}
        self._dialect_headers = {
            profile.name: tuple(header.encode("ascii") for header in dialect_headers(profile))
            for profile in settings.profiles
        }
        self._names = machine_names() | {
            *settings.access.hosts,
            (urlsplit(settings.base_url).hostname or "").lower(),
        } - {""}
        self._has_reported_prefix = False
        self._max_base = min(
            FORMATS[profile.format].LIMITS.base_url for profile in settings.profiles
        )

    def visitor(
        self, scope: Scope, headers: dict[bytes, bytes], *, thorough: bool = False
    ) -> Visitor:
        """Return the client of a request and its rights.

        With `thorough`, unknown headers with the prefix x-forwarded show a proxy too.
        """
        client = scope.get("client")
        peer = client[0] if client else ""
        forwarded = is_forwarded(headers) if thorough else not FORWARDED.isdisjoint(headers)
        if not forwarded:
            return self._visitor(peer, "", False)
        claims = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        find = self._visitor if len(claims) <= _MAX_KEY_BYTES else self._visitor.__wrapped__
        return find(peer, claims.decode("latin-1"), True)

    def _find_direct_client(self, peer: str) -> DirectClient | None:
        """Return the client at an address, None for proxies and refused clients."""
        who = visitor(self._settings.access, peer, "", False)
        if (
            who.address is None
            or not who.allowed
            or within(who.address, self._settings.access.trusted_proxies)
        ):
            return None
        return DirectClient(who.address, self._selector.networks_with(who.address))

    def dialect(self, profile: Profile, headers: dict[bytes, bytes], requested: str) -> Dialect:
        """Return the dialect of a phone within its family.

        `requested` is the language that the parameters of the request name.
        """
        values = tuple(map(headers.get, self._dialect_headers[profile.name]))
        is_short = sum(len(value) for value in values if value) <= _MAX_KEY_BYTES
        find = self._dialect if is_short else self._read_dialect
        return find(profile.name, values, "" if profile.language else requested)

    def _read_dialect(self, name: str, values: tuple[bytes | None, ...], requested: str) -> Dialect:
        headers = {
            header.decode("ascii"): (value or b"")[:_MAX_KEY_BYTES].decode("latin-1")
            for header, value in zip(self._dialect_headers[name], values, strict=True)
        }
        return phone_dialect(self._profiles[name], headers, requested)

    def base_url(self, scope: Scope, headers: dict[bytes, bytes], who: Visitor) -> str:
        """Return the base URL of links.

        It is the configured one, else from the host that the request names, and from
        the path below which a trusted proxy serves the gateway. If that host cannot be
        used, it is the address that the request arrived at.
        """
        if self._settings.base_url:
            return self._settings.base_url
        scheme = self.scheme(scope, headers, who)
        host, path = headers.get(b"host", b""), b""
        if who.proxied:
            host = _first(headers, b"x-forwarded-host") or host
            path = _first(headers, b"x-forwarded-prefix").rstrip(b"/")
        base = self._base_of(scheme, host, path)
        if not base and path:
            base = self._base_of(scheme, host)
            self._report_prefix(path, is_wrong=base != "")
        if base:
            return base
        server = scope.get("server") or ("127.0.0.1", self._settings.port)
        # A listener on :: sees IPv4 as ::ffff:a.b.c.d, and link-local addresses with a zone.
        # Phones can use neither in a URL.
        address = str(parse_address(str(server[0])) or server[0])
        address = f"[{address}]" if ":" in address else address
        port = "" if server[1] == _PORTS.get(scheme) else f":{server[1]}"
        return f"{scheme}://{address}{port}"

    def _report_prefix(self, path: bytes, *, is_wrong: bool) -> None:
        """Log once that links lead past the path below which the gateway is served."""
        if is_wrong and not self._has_reported_prefix:
            self._has_reported_prefix = True
            shown = path[:_MAX_SHOWN].decode("latin-1")
            _log.warning(
                "proxy_prefix_not_used",
                prefix="".join(char if char.isprintable() else "?" for char in shown),
                effect="links begin without it",
                error=(
                    "X-Forwarded-Prefix must be a path of letters, digits and . _ ~ - such as"
                    f" /phonebook, of {MAX_BASE_PATH} characters at most."
                ),
            )

    def scheme(self, scope: Scope, headers: dict[bytes, bytes], who: Visitor) -> str:
        """Return "https" if the client's request came over TLS, else "http"."""
        claimed = _first(headers, b"x-forwarded-proto") if who.proxied else b""
        proto = claimed.decode("latin-1").lower()
        return proto if proto in _PORTS else str(scope.get("scheme", "http"))

    def _base_of(self, scheme: str, host: bytes, path: bytes = b"") -> str:
        # No longer host can be used, so it needs no place in the cache.
        is_short = len(host) + len(path) <= self._max_base
        return self._host_base(scheme, host, path) if is_short else ""

    def _base_of_host(self, scheme: str, host: bytes, path: bytes) -> str:
        """Return the base URL with a host and a path, "" if it cannot be used."""
        name, below = host.decode("latin-1"), path.decode("latin-1")
        base = f"{scheme}://{name}{below}"
        is_usable = len(base) <= self._max_base and is_authority(name) and is_base_path(below)
        return base if is_usable else ""

    def is_repeatable(self, headers: dict[bytes, bytes], scheme: str) -> bool:
        """Return True if the headers let the response to an equal request be the same.

        They have a usable Host, and neither a login nor a sign of a proxy.
        """
        return (
            not is_forwarded(headers)
            and _PERSONAL.isdisjoint(headers)
            and self._base_of(scheme, headers.get(b"host", b"")) != ""
        )

    def foreign_host(self, headers: dict[bytes, bytes], who: Visitor) -> str | None:
        """Return the name that a request uses for this gateway, if not one of its own.

        Returns None if there is no such name.
        """
        # These are the Host and, from a trusted proxy, the values of X-Forwarded-Host. A script in
        # a browser cannot set Host. It can set X-Forwarded-Host, which many proxies pass on. Every
        # browser sends a Host.
        outer = headers.get(b"x-forwarded-host", b"").split(b",") if who.proxied else []
        hosts = (
            host.decode("latin-1").strip()
            for host in (headers.get(b"host", b""), *outer)
            if host.strip()
        )
        return next((host for host in hosts if not is_ours(host, self._names)), None)


def _first(headers: dict[bytes, bytes], name: bytes) -> bytes:
    # If there are several values, the first is the one that the client itself requested.
    return headers.get(name, b"").split(b",")[0].strip()

"""Read from a request who sent it, the dialect of the phone, and the base URL of links.

Most requests repeat what earlier ones said, so the latest results are cached.
"""

from urllib.parse import urlsplit

from cachetools import LRUCache

from app.model.hosts import is_authority, is_ours, machine_names
from app.model.networks import parse_address
from app.model.screens import Dialect
from app.phones.registry import FORMATS
from app.settings.loader import Settings
from app.web.access import FORWARDED, Visitor, is_forwarded, visitor
from app.web.asgi import Scope

_MAX_CACHED = 10_000
_MAX_CACHED_BYTES = 1_000
"""Maximum size of the header values in a key of a cache."""
_PORTS = {"http": 80, "https": 443}


class RequestReader:
    """Reads requests by the rules of a configuration."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._visitors: LRUCache[tuple[str, bytes, bool], Visitor] = LRUCache(_MAX_CACHED)
        self._dialects: LRUCache[tuple[str, tuple[bytes | None, ...]], Dialect] = LRUCache(
            _MAX_CACHED
        )
        self._bases: LRUCache[tuple[str, bytes | None], str] = LRUCache(_MAX_CACHED)
        self._dialect_headers = {
            name: tuple(header.encode("ascii") for header in family.HEADERS)
            for name, family in FORMATS.items()
        }
        self._names = machine_names() | {
            *settings.access.hosts,
            (urlsplit(settings.base_url).hostname or "").lower(),
        } - {""}
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
        claims = (
            b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
            if forwarded
            else b""
        )
        key = (peer, claims, forwarded)
        try:
            return self._visitors[key]
        except KeyError:
            found = visitor(self._settings.access, peer, claims.decode("latin-1"), forwarded)
        if len(claims) <= _MAX_CACHED_BYTES:
            self._visitors[key] = found
        return found

    def dialect(self, format_name: str, headers: dict[bytes, bytes]) -> Dialect:
        """Return the dialect of a phone within its family."""
        names = self._dialect_headers[format_name]
        values = tuple(map(headers.get, names))
        key = (format_name, values)
        try:
            return self._dialects[key]
        except KeyError:
            found = FORMATS[format_name].dialect(
                {
                    name.decode("ascii"): (value or b"")[:_MAX_CACHED_BYTES].decode("latin-1")
                    for name, value in zip(names, values, strict=True)
                }
            )
        if sum(len(value) for value in values if value) <= _MAX_CACHED_BYTES:
            self._dialects[key] = found
        return found

    def base_url(self, scope: Scope, headers: dict[bytes, bytes], who: Visitor) -> str:
        """Return the base URL of links.

        It is the configured one, else from the host that the request names. If that host
        cannot be used, it is the address that the request arrived at.
        """
        if self._settings.base_url:
            return self._settings.base_url
        scheme: str = scope.get("scheme", "http")
        key = (scheme, headers.get(b"host"))
        if not who.proxied and key in self._bases:
            return self._bases[key]
        host = headers.get(b"host", b"").decode("latin-1")
        if who.proxied:
            # If there are several values, the first is the one that the phone itself requested.
            claimed, outer = (
                headers.get(name, b"").decode("latin-1").split(",")[0].strip()
                for name in (b"x-forwarded-proto", b"x-forwarded-host")
            )
            scheme = claimed.lower() if claimed.lower() in _PORTS else scheme
            host = outer or host
        if len(scheme) + 3 + len(host) <= self._max_base and is_authority(host):
            base = f"{scheme}://{host}"
            if not who.proxied:
                self._bases[key] = base
            return base
        server = scope.get("server") or ("127.0.0.1", self._settings.port)
        # A listener on :: sees IPv4 as ::ffff:a.b.c.d, and link-local addresses with a zone.
        # Phones can use neither in a URL.
        address = str(parse_address(str(server[0])) or server[0])
        address = f"[{address}]" if ":" in address else address
        port = "" if server[1] == _PORTS.get(scheme) else f":{server[1]}"
        return f"{scheme}://{address}{port}"

    def foreign_host(self, headers: dict[bytes, bytes], who: Visitor) -> str | None:
        """Return a name that a request uses for this gateway and that is none of its own.

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

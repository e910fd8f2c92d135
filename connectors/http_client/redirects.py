"""Web addresses: whose they are, and where a redirect leads.

A login belongs to an origin: scheme, host and port (RFC 6454). A redirect may be relative, lead in a circle, from TLS to plain
text, or to something that is no web address at all.
"""

from urllib.parse import urldefrag, urljoin, urlsplit

from connectors.base import SourceRefused
from connectors.http_client.responses import redacted_url

_MAX_REDIRECTS = 8
PORTS = {"http": 80, "https": 443}
"""The schemes that we speak, with their own ports."""

Origin = tuple[str, str, int]
"""Scheme, host and port."""


class BadRedirect(SourceRefused):
    """A redirect that nobody should follow."""


class LeadsAway(BadRedirect):
    """A request that was to stay on its server was redirected to another one."""


def origin(url: str) -> Origin:
    """Return the origin of an absolute URL."""
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme.lower(), 0)


def resolve_redirect(seen: list[str], location: str) -> str:
    """Return where a redirect leads from the last of the addresses seen so far. Raises BadRedirect where nobody should go."""
    here = redacted_url(seen[-1])
    try:
        # A login in it would be somebody else's, and sent to whom the server likes.
        parts = urlsplit(urldefrag(urljoin(seen[-1], location)).url)
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        scheme, host, _ = origin(url)
    except ValueError:
        url = scheme = host = ""
    if scheme not in PORTS or not host:
        raise BadRedirect(f"{here} redirects to something that is no web address. Check url.")
    if url in seen or len(seen) > _MAX_REDIRECTS:
        raise BadRedirect(f"{redacted_url(seen[0])} redirects in a circle. Check url, and the redirects on the server.")
    if urlsplit(seen[-1]).scheme == "https" and scheme == "http":
        raise BadRedirect(f"{here} redirects from TLS to plain {redacted_url(url)}, which is refused. Check url and the server.")
    return url

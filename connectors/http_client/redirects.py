"""Origins of web addresses, and targets of redirects.

A login belongs to an origin: scheme, host and port (RFC 6454). A redirect may be
relative, circular, lead from TLS to plain text, or to something that is no web address.
"""

from urllib.parse import urldefrag, urljoin, urlsplit

from connectors.base import SourceRefused
from connectors.http_client.responses import redacted_url

_MAX_REDIRECTS = 8
PORTS = {"http": 80, "https": 443}
"""Supported schemes and their default ports."""

Origin = tuple[str, str, int]
"""Scheme, host and port."""


class BadRedirect(SourceRefused):
    """A redirect that must not be followed."""


class LeadsAway(BadRedirect):
    """A request that had to stay on its server was redirected to another one."""


def origin(url: str) -> Origin:
    """Return the origin of an absolute URL."""
    parts = urlsplit(url)
    return (
        parts.scheme.lower(),
        (parts.hostname or "").lower(),
        parts.port or PORTS.get(parts.scheme.lower(), 0),
    )


def resolve_redirect(seen: list[str], location: str) -> str:
    """Return the target of a redirect from the last of the addresses in `seen`.

    Raises BadRedirect if it must not be followed.
    """
    here = redacted_url(seen[-1])
    try:
        # A login in it would be somebody else's, and sent wherever the server likes.
        parts = urlsplit(urldefrag(urljoin(seen[-1], location)).url)
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        scheme, host, _ = origin(url)
    except ValueError:
        url = scheme = host = ""
    if scheme not in PORTS or not host:
        raise BadRedirect(f"{here} redirects to something that is no web address. Check url.")
    if url in seen or len(seen) > _MAX_REDIRECTS:
        raise BadRedirect(
            f"{redacted_url(seen[0])} redirects in a circle. Check url, and the redirects on the"
            " server."
        )
    if urlsplit(seen[-1]).scheme == "https" and scheme == "http":
        raise BadRedirect(
            f"{here} redirects from TLS to plain {redacted_url(url)}, which is refused. Check url"
            " and the server."
        )
    return url

"""Addresses of resources as DAV servers write them: escape, resolve and compare them.

hrefs are paths or whole URLs (RFC 4918 section 8.3), percent-encoded in whatever way, not at all, or twice.
"""

import re
from collections.abc import Set
from urllib.parse import quote, unquote, urljoin, urlsplit

from connectors.base import SourceRefused
from connectors.http_client.redirects import PORTS, origin
from connectors.http_client.responses import redacted_url

_START = re.compile(r"(?:https?:)?//[^/]*", re.IGNORECASE)
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "/:@!$&'()*+,;=~%[]"


def escaped(href: str) -> str:
    """Return an href whose path is a valid URL's (RFC 3986 section 3.3).

    A "?", a "#" and a "%" without two hexadecimal digits behind it belong to the name: no DAV resource has a query. What is
    valid stays as the server wrote it.
    """
    start = _START.match(href)
    origin_part = start[0] if start else ""
    return origin_part + quote(_NO_ESCAPE.sub("%25", href[len(origin_part) :]), safe=_SAFE)


def spellings(href: str) -> tuple[str, ...]:
    """Return the addresses to ask for one after the other: as listed, as a name that was not encoded, and one that was encoded twice."""
    plain = escaped(href)
    return tuple(dict.fromkeys((plain, plain.replace("%", "%25"), escaped(plain.replace("%25", "%")))))


def absolute(base: str, href: str) -> str:
    """Return an href of an answer from `base` as a whole URL. Two slashes in front mean a path, as servers write it.

    Raises SourceRefused when the href can be no address.
    """
    href = href.strip()
    try:
        url = urljoin(base, "/" + href.lstrip("/") if href.startswith("//") else href)
        sound = urlsplit(url).port != 0
    except ValueError:
        sound = False
    if not sound:
        raise SourceRefused(f"{redacted_url(base)} names a resource by something that is no address. Check the server.")
    return url


def key_of(url: str) -> str:
    """Return a URL's or href's decoded path, by which resources are compared. Bytes that are no UTF-8 stay apart.

    Servers write names into hrefs as they are, "?" and "#" too: what stands behind them is part of the name.
    """
    _, _, path, query, fragment = urlsplit(url)
    name = path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return _decoded(name).rstrip("/")


def paired(theirs: Set[str], ours: Set[str]) -> dict[str, str]:
    """Return which of their keys is which of ours, where both are equal after one of them is decoded once more.

    Some servers encode an address twice in one kind of answer, and once in another. A key that both sides have as it is stands
    for itself.
    """
    free = set(ours - theirs)
    again = {_decoded(key): key for key in free if "%" in key}
    found: dict[str, str] = {}
    for key in theirs - ours:
        other = again.get(key) or (_decoded(key) if _decoded(key) in free else "")
        if other:
            free.discard(other)
            again.pop(key, None)
            found[key] = other
    return found


def _decoded(text: str) -> str:
    return unquote(text, errors="backslashreplace")


def is_elsewhere(url: str, book: str) -> bool:
    """Return whether a card's URL is on another server than its book's.

    A server behind a proxy may not know that it is reached over TLS: the other scheme at its own port is the same server.
    """
    ours, theirs = origin(book), origin(url)
    if ours == theirs:
        return False
    return ours[1] != theirs[1] or theirs[2] != PORTS.get(theirs[0]) or ours[2] != PORTS.get(ours[0])

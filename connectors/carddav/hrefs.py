"""Escape, resolve and compare addresses of resources as DAV servers write them.

hrefs are paths or complete URLs (RFC 4918 section 8.3). They are percent-encoded in any
way, not at all, or twice.
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


def escape_href(href: str) -> str:
    """Return an href whose path is valid in a URL (RFC 3986 section 3.3).

    A "?", a "#" and a "%" without two hexadecimal digits are part of the name, because
    no DAV resource has a query. Valid parts stay as the server wrote them.
    """
    start = _START.match(href)
    origin_part = start[0] if start else ""
    return origin_part + quote(_NO_ESCAPE.sub("%25", href[len(origin_part) :]), safe=_SAFE)


def spellings(href: str) -> tuple[str, ...]:
    """Return the addresses to try in order.

    They are the address as listed, as a name that was not encoded, and as one encoded
    twice.
    """
    plain = escape_href(href)
    return tuple(
        dict.fromkeys((plain, plain.replace("%", "%25"), escape_href(plain.replace("%25", "%"))))
    )


def resolve_href(base: str, href: str) -> str:
    """Return an href of an answer from `base` as a complete URL.

    Two leading slashes mean a path, as servers write it. Raises SourceRefused if the
    href can be no address.
    """
    href = href.strip()
    try:
        url = urljoin(base, "/" + href.lstrip("/") if href.startswith("//") else href)
        sound = urlsplit(url).port != 0
    except ValueError:
        sound = False
    if not sound:
        raise SourceRefused(
            f"{redacted_url(base)} names a resource by something that is no address. Check the"
            " server."
        )
    return url


def path_key(url: str) -> str:
    """Return the decoded path of a URL or href, by which resources are compared.

    Bytes that are not UTF-8 stay distinct. Servers write names into hrefs as they are,
    with "?" and "#". What follows these is part of the name.
    """
    _, _, path, query, fragment = urlsplit(url)
    name = path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return _decode(name).rstrip("/")


def pair_keys(theirs: Set[str], ours: Set[str]) -> dict[str, str]:
    """Return their keys and ours that are equal after decoding one of them once more.

    Some servers encode an address twice in one kind of answer, and once in another. A
    key that both sides share as it is needs no pair.
    """
    free = set(ours - theirs)
    again = {_decode(key): key for key in free if "%" in key}
    found: dict[str, str] = {}
    for key in theirs - ours:
        other = again.get(key) or (_decode(key) if _decode(key) in free else "")
        if other:
            free.discard(other)
            again.pop(key, None)
            found[key] = other
    return found


def _decode(text: str) -> str:
    return unquote(text, errors="backslashreplace")


def is_elsewhere(url: str, book: str) -> bool:
    """Return whether a card's URL is on another server than its book's.

    A server behind a proxy may not know that it is reached over TLS. So the other
    scheme at its own port is the same server.
    """
    ours, theirs = origin(book), origin(url)
    if ours == theirs:
        return False
    return (
        ours[1] != theirs[1] or theirs[2] != PORTS.get(theirs[0]) or ours[2] != PORTS.get(ours[0])
    )

"""Check the URIs and the numbers of a page."""

import re
from urllib.parse import parse_qsl, urlsplit

from app.phones.cisco_rules import DIALLED, NUMBER_LIMIT, PATH_LIMIT, URL_LIMIT, Breaches

# RFC 3986 section 2: the characters of a URI.
_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
# Rule 23: `&` is escaped exactly once.
_TWICE_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos);")
# Rule 41: not known to 78xx or MPP phones.
_VOID = ("QueryStringParam:", "Notify:", "App:")
# URIs that some models act on themselves (XSI, "Internal URI Features").
_INTERNAL = ("Key:", "Init:", "EditDial:", "Dial:", "Application:")
# Rule 16: the phone adds these parameters to its first request.
_RESERVED = frozenset({"name", "locale"})


def is_http(uri: str) -> bool:
    """Return whether `uri` is a page to fetch."""
    return uri.lower().startswith(("http://", "https://"))


def is_fetchable(uri: str) -> bool:
    """Return whether `uri` is a page that can be requested as it is written."""
    if not is_http(uri) or _URI.fullmatch(uri) is None:
        return False
    try:
        parts = urlsplit(uri)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def check_url(address: str, where: str, breaches: Breaches) -> None:
    """Note what keeps a phone from fetching `address` (rules 9, 16, 23 and 41).

    `where` names the element for the message.
    """
    if address.startswith(_VOID):
        breaches.add(41, f"{where} has a URI that 78xx or MPP phones do not know", address)
        return
    if address.startswith(_INTERNAL):
        breaches.remark(9, f"{where} has a URI that not every model knows", address)
        return
    if _TWICE_ESCAPED.search(address):
        breaches.add(23, f"{where} is escaped twice", address)
    if len(address) > URL_LIMIT:
        breaches.add(9, f"{where} has a URL of {len(address)} characters, more than {URL_LIMIT}")
    if not address.startswith(("http://", "https://")) or _URI.fullmatch(address) is None:
        breaches.add(9, f"{where} has no absolute http URL", address)
        return
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        breaches.add(9, f"{where} has no valid URL", address)
        return
    if not host or port == 0 or parts.username is not None:
        breaches.add(9, f"{where} has a URL without a plain host", address)
    if len(parts.path) > PATH_LIMIT:
        breaches.add(
            9, f"{where} has a path of {len(parts.path)} characters, more than {PATH_LIMIT}"
        )
    used = _RESERVED & {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if used:
        breaches.remark(
            16, f"{where} uses a parameter of the phone itself: {', '.join(sorted(used))}", address
        )


def check_number(number: str, extra: str, where: str, breaches: Breaches) -> None:
    """Note what keeps a phone from dialling `number` (rules 25, 45 and 46).

    `extra` holds the characters that the operator allows beyond 0-9 * #.
    """
    if not number:
        breaches.remark(46, f"{where} has no number")
    elif len(number) > NUMBER_LIMIT:
        breaches.add(
            25, f"{where} has a number of {len(number)} characters, more than {NUMBER_LIMIT}"
        )
    unknown = set(number) - DIALLED - set(extra)
    if not unknown:
        return
    # A `,` is a pause on current phones; of `+` nothing is known (XSI, "Internal URI Features").
    if unknown <= {",", "+"}:
        breaches.remark(45, f"{where} has a number with + or a pause", number)
    else:
        breaches.add(45, f"{where} has a number with what is not dialled", number)

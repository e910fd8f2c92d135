"""Check the URIs and the numbers of a page.

Rule numbers are those of `rules.md`.
"""

import re
from urllib.parse import parse_qsl, urlsplit

from tests.support.phone.refusal import PhoneRefuses

# RFC 3986 section 2: the characters of a URI.
_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
# Rule 23: `&` is escaped exactly once.
_TWICE_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos);")
# Rule 41: no QueryStringParam, Notify, App.
_VOID = ("QueryStringParam:", "Notify:", "App:")
# Rule 9: absolute http URLs, 255 characters, path 127.
_URL_LENGTH = 255
_PATH_LENGTH = 127
_NUMBER_LENGTH = 32


def is_http(uri: str) -> bool:
    """Return whether `uri` is a page to fetch."""
    return uri.lower().startswith(("http://", "https://"))


def check_url(address: str, where: str, url: str) -> str:
    """Return `address` if a phone can fetch it.

    `where` names the element for the message. Raises PhoneRefuses (9, 16, 23, 41) if it
    cannot.
    """
    if address.startswith(_VOID):
        raise PhoneRefuses(41, url, f"{where} is {address!r}, which 78xx or MPP phones do not know")
    if _TWICE_ESCAPED.search(address):
        raise PhoneRefuses(23, url, f"{where} is escaped twice: {address!r}")
    if len(address) > _URL_LENGTH:
        raise PhoneRefuses(
            9, url, f"{where} has {len(address)} characters, more than {_URL_LENGTH}"
        )
    if not address.startswith(("http://", "https://")) or _URI.fullmatch(address) is None:
        raise PhoneRefuses(9, url, f"{where} is not an absolute http URL: {address!r}")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise PhoneRefuses(9, url, f"{where} is not a URL: {address!r}") from error
    if not host or port == 0 or parts.username is not None:
        raise PhoneRefuses(9, url, f"{where} names no plain host: {address!r}")
    if len(parts.path) > _PATH_LENGTH:
        raise PhoneRefuses(
            9, url, f"{where} has a path of {len(parts.path)} characters, more than {_PATH_LENGTH}"
        )
    # Rule 16: `name` and `locale` belong to the phone.
    if {"name", "locale"} & {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}:
        raise PhoneRefuses(16, url, f"{where} uses the phone's own parameters: {address!r}")
    return address


def check_number(number: str, extra: str, where: str, url: str) -> str:
    """Return `number` if a phone dials it.

    `extra` holds what is allowed beyond 0-9 * #. Raises PhoneRefuses (45, 46) if it
    does not.
    """
    if not number:
        raise PhoneRefuses(46, url, f"{where} is empty")
    if len(number) > _NUMBER_LENGTH:
        raise PhoneRefuses(
            46, url, f"{where} has {len(number)} characters, more than {_NUMBER_LENGTH}"
        )
    # Rule 45: what is dialled.
    if not set(number) <= set("0123456789*#" + extra):
        raise PhoneRefuses(45, url, f"{where} holds what is not dialled: {number!r}")
    return number

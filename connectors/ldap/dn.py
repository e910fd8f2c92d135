"""Parse distinguished names."""

import re
from collections.abc import Iterator
from functools import lru_cache

# A backslash stands before a special character, or before two hexadecimal digits that are one byte
# of UTF-8 (RFC 4514, sections 2 and 3). A value that begins with "#" is the hexadecimal form of a
# BER value. Old servers (RFC 1779, 2253) put values in quotes and separate parts by semicolons:
# both are read.
_TOKEN = re.compile(r'\\[0-9A-Fa-f]{2}|\\.|"(?:[^"\\]|\\.)*"|.', re.DOTALL)


@lru_cache(maxsize=8192)
def parse_dn(dn: str) -> tuple[tuple[str, str], ...]:
    """Return the attributes of a name as (type in lower case, value), entry to root.

    Raises ValueError if a part has no "=".
    """
    found = []
    # Unescaped commas separate the parts. A part may hold several attributes, joined by unescaped
    # plus signs.
    for part in _split(dn, ",;+"):
        kind, sign, value = part.partition("=")
        if not sign or not kind.strip():
            raise ValueError("not a distinguished name: it looks like ou=people,dc=example,dc=com")
        found.append((kind.strip().lower(), _unescape(_trim(value))))
    return tuple(found)


def leaf_name(dn: str) -> str:
    """Return the value that names the entry itself, or "" if `dn` is not a name.

    It is "Sales" for "CN=Sales,OU=Groups,DC=x".
    """
    try:
        parts = parse_dn(dn)
    except ValueError:
        return ""
    return parts[0][1]


def units(dn: str) -> tuple[str, ...]:
    """Return the organizational units that contain an entry, the nearest first.

    Returns () if `dn` is not a name.
    """
    try:
        return tuple(dict.fromkeys(value for kind, value in parse_dn(dn) if kind == "ou" and value))
    except ValueError:
        return ()


def parent_of(dn: str) -> str:
    """Return the name of the entry above, as written; "" for the root."""
    parts = list(_split(dn, ",;"))
    return ",".join(parts[1:])


def _split(text: str, separators: str) -> Iterator[str]:
    part: list[str] = []
    for token in _TOKEN.findall(text):
        if token in separators:
            yield "".join(part)
            part = []
        else:
            part.append(token)
    yield "".join(part)


def _trim(value: str) -> str:
    """Strip spaces, but not a space after a backslash."""
    value = value.lstrip(" ")
    bare = value.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 and len(bare) < len(value) else bare


def _unescape(value: str) -> str:
    out = bytearray()
    for token in _TOKEN.findall(value):
        if len(token) == 3 and token[0] == "\\":
            out += bytes.fromhex(token[1:])
        elif len(token) == 2 and token[0] == "\\":
            out += token[1].encode(errors="replace")
        elif len(token) > 1:
            out += _unescape(token[1:-1]).encode()
        else:
            out += token.encode(errors="replace")
    return out.decode(errors="replace")

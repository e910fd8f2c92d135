"""Server side of HTTP logins: offered schemes and the check of a login header.

It is written from the RFCs (7616 section 3.4.1, 7617, 6750) and shares no code with
what is tested.
"""

import hashlib
import re
from base64 import b64encode

REALM = "the fake"
NONCE = "a+nonce/of=the server"
USER, PASSWORD, TOKEN = "ann", "pässword: kept", "token-of-the-test"
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def offered(challenges: tuple[str, ...], digest: tuple[str, str]) -> list[str]:
    """Return the WWW-Authenticate lines.

    They are the given ones, and a Digest of this algorithm and qop if one is named.
    """
    algorithm, qop = digest
    if not algorithm:
        return list(challenges)
    word = f', qop="{qop}"' if qop else ""
    return [
        *challenges,
        f'Digest realm="{REALM}", nonce="{NONCE}", opaque="o,p", algorithm={algorithm}{word}',
    ]


def is_bearer(authorization: str) -> bool:
    """Return whether the header holds the token."""
    return authorization == f"Bearer {TOKEN}"


def is_basic(authorization: str) -> bool:
    """Return whether the header holds the password."""
    return authorization == "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def is_digest(authorization: str, method: str, path: str, algorithm: str, qop: str) -> bool:
    """Return whether the header proves the password for this request."""
    given = {
        key: quoted or plain
        for key, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', authorization)
    }
    if (
        not authorization.startswith("Digest ")
        or given.get("nonce") != NONCE
        or given.get("uri") != path
    ):
        return False
    h = _HASHES[algorithm.removesuffix("-sess")]
    a1 = h(f"{USER}:{REALM}:{PASSWORD}".encode()).hexdigest()
    if algorithm.endswith("-sess"):
        a1 = h(f"{a1}:{NONCE}:{given['cnonce']}".encode()).hexdigest()
    a2 = h(f"{method}:{path}".encode()).hexdigest()
    middle = f"{NONCE}:{given['nc']}:{given['cnonce']}:{given['qop']}" if qop else NONCE
    return (
        given["response"] == h(f"{a1}:{middle}:{a2}".encode()).hexdigest()
        and given.get("opaque") == "o,p"
    )

"""Choose an HTTP login scheme that the server offers, and compute its header.

Basic is RFC 7617. Digest is RFC 7616: MD5 and SHA-256, each with `-sess`, with
`qop=auth`, `qop=auth-int` or, from before 1999, none. A bearer token (RFC 6750) is sent
without a challenge, because a configured token is meant to be sent.
"""

import hashlib
import re
import secrets
from base64 import b64encode
from dataclasses import dataclass, field

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"?|,|[^",]+', re.DOTALL)
_START = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,40})(?:[ \t]+(.*))?\Z", re.DOTALL)
_HASHES = {"md5": hashlib.md5, "sha-256": hashlib.sha256}
MAX_CHALLENGE = 8_000

_SHARDS = {"contacts.icloud.com": re.compile(r"p[0-9]{1,4}-contacts\.icloud\.com(\.cn)?\Z")}
"""Services whose one entrance assigns each account to a numbered server.

Only these share a login between servers.
"""


@dataclass(frozen=True, slots=True)
class Challenge:
    """One scheme that a server offers, with the parameters of Digest.

    The scheme is in lower case.
    """

    scheme: str
    realm: str = ""
    nonce: str = ""
    opaque: str = ""
    algorithm: str = "MD5"
    qop: tuple[str, ...] = ()
    stale: bool = False

    @property
    def is_supported(self) -> bool:
        """Return whether we can answer it."""
        if self.scheme == "digest":
            known = self.algorithm.lower().removesuffix("-sess") in _HASHES
            return (
                known
                and bool(self.nonce)
                and (not self.qop or "auth" in self.qop or "auth-int" in self.qop)
            )
        return self.scheme == "basic"

    @property
    def description(self) -> str:
        """Return the name of the scheme for an administrator."""
        return f"Digest {self.algorithm}" if self.scheme == "digest" else self.scheme.capitalize()


def parse_challenges(lines: list[str]) -> tuple[Challenge, ...]:
    """Return all challenges in the WWW-Authenticate lines, in order.

    A server may offer several schemes in one line or in several, in any case of
    letters. The first may be one that we do not support (RFC 9110 section 11.6.1).
    """
    found: list[tuple[str, dict[str, str]]] = []
    for line in lines:
        for piece in _pieces(line[:MAX_CHALLENGE]):
            start = _START.match(piece.strip())
            rest = piece
            if start is not None and "=" not in start[1]:
                found.append((start[1].lower(), {}))
                rest = start[2] or ""
            key, equals, value = rest.partition("=")
            if equals and found:
                found[-1][1].setdefault(key.strip().lower(), _unquote(value.strip()))
    return tuple(_challenge(scheme, values) for scheme, values in found)


def choose_challenge(challenges: tuple[Challenge, ...], *, secure: bool) -> Challenge | None:
    """Return the challenge to answer, or None if none is supported.

    Over TLS Basic comes first, otherwise the strongest Digest.
    """
    able = [challenge for challenge in challenges if challenge.is_supported]
    if not able:
        return None
    return min(
        able,
        key=lambda one: (
            (one.scheme == "basic") != secure or (0.5 if "sha" not in one.algorithm.lower() else 0)
        ),
    )


def basic(username: str, password: str) -> str:
    """Return the Authorization header for Basic."""
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()


@dataclass(slots=True)
class Digest:
    """Answers to one Digest challenge, counting how often its nonce was used."""

    challenge: Challenge
    username: str
    password: str = field(repr=False)
    cnonce: str = field(default_factory=lambda: secrets.token_hex(16))
    count: int = 0

    def header(self, method: str, target: str, body: bytes) -> str:
        """Return the Authorization header for one request.

        `target` is the path and query as they are sent.
        """
        challenge = self.challenge
        word = challenge.algorithm.lower()
        make = _HASHES[word.removesuffix("-sess")]

        def digest(text: str) -> str:
            return make(text.encode()).hexdigest()

        self.count += 1
        count = f"{self.count:08x}"
        qop = "auth" if "auth" in challenge.qop else "auth-int" if challenge.qop else ""
        first = digest(f"{self.username}:{challenge.realm}:{self.password}")
        if word.endswith("-sess"):
            first = digest(f"{first}:{challenge.nonce}:{self.cnonce}")
        second = digest(
            f"{method}:{target}" + (f":{make(body).hexdigest()}" if qop == "auth-int" else "")
        )
        middle = f"{challenge.nonce}:{count}:{self.cnonce}:{qop}" if qop else challenge.nonce
        parts = [
            f'username="{_escape(self.username)}"',
            f'realm="{_escape(challenge.realm)}"',
            f'nonce="{_escape(challenge.nonce)}"',
            f'uri="{_escape(target)}"',
            f'response="{digest(f"{first}:{middle}:{second}")}"',
            f"algorithm={challenge.algorithm}",
        ]
        if challenge.opaque:
            parts.append(f'opaque="{_escape(challenge.opaque)}"')
        if qop:
            parts += [f"qop={qop}", f"nc={count}"]
        if qop or word.endswith("-sess"):
            parts.append(f'cnonce="{self.cnonce}"')
        return "Digest " + ", ".join(parts)


def may_send_login(configured: tuple[str, str, int], target: tuple[str, str, int]) -> bool:
    """Return whether the login of one origin may be sent to another.

    An origin is scheme, host and port. Only the origin itself and its shards get the
    login.
    """
    if configured == target:
        return True
    shard = _SHARDS.get(configured[1])
    return (
        shard is not None
        and ("https", 443) == (configured[0], configured[2]) == (target[0], target[2])
        and bool(shard.match(target[1]))
    )


def _pieces(line: str) -> list[str]:
    """Split at commas outside quotes."""
    parts: list[list[str]] = [[]]
    for word in _WORD.findall(line):
        if word == ",":
            parts.append([])
        else:
            parts[-1].append(word)
    return ["".join(part) for part in parts]


def _challenge(scheme: str, values: dict[str, str]) -> Challenge:
    return Challenge(
        scheme=scheme,
        realm=values.get("realm", ""),
        nonce=values.get("nonce", ""),
        opaque=values.get("opaque", ""),
        algorithm=values.get("algorithm", "") or "MD5",
        qop=tuple(
            word.strip().lower() for word in values.get("qop", "").split(",") if word.strip()
        ),
        stale=values.get("stale", "").lower() == "true",
    )


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')

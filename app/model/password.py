"""Hash a password with scrypt, and verify one against its line.

A line is in the PHC string format: `$scrypt$ln=15,r=8,p=3$SALT$HASH`.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass

MIN_CHARACTERS = 8  # NIST SP 800-63B, section 3.1.1.2
MAX_CHARACTERS = 1024
TOO_LONG = f"The password is too long. Use {MAX_CHARACTERS} characters at most."
_SALT_BYTES = 16
_HASH_BYTES = 32
# OWASP Password Storage Cheat Sheet: N=2^15, r=8, p=3 needs 32 MB.
_LOG_N, _BLOCK, _PARALLEL = 15, 8, 3
_MAX_MEMORY = 256 * 1024**2
_LINE = re.compile(
    r"\$scrypt\$ln=([0-9]{1,2}),r=([0-9]{1,2}),p=([0-9]{1,2})"
    r"\$([A-Za-z0-9+/]{8,88})\$([A-Za-z0-9+/]{22,88})\Z"
)


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A salted hash of a password, with the cost parameters of scrypt (RFC 7914)."""

    log_n: int
    block: int
    parallel: int
    salt: bytes
    hash: bytes

    @property
    def line(self) -> str:
        """The hash as one line of text."""
        salt, hashed = (
            base64.b64encode(part).decode("ascii").rstrip("=") for part in (self.salt, self.hash)
        )
        return f"$scrypt$ln={self.log_n},r={self.block},p={self.parallel}${salt}${hashed}"

    @property
    def is_weak(self) -> bool:
        """Whether guessing costs less than for a line that `hash_password` makes."""
        cost = self.parallel * self.block << self.log_n
        return (
            cost < _PARALLEL * _BLOCK << _LOG_N
            or len(self.salt) < _SALT_BYTES
            or len(self.hash) < _HASH_BYTES
        )

    def verify(self, password: str) -> bool:
        """Return whether this is the hash of a password. It takes a second or less."""
        is_short = len(password) <= MAX_CHARACTERS
        found = _scrypt(password if is_short else "", self)
        return hmac.compare_digest(found, self.hash) and is_short


def hash_password(password: str) -> PasswordHash:
    """Return the hash of a password with a new salt.

    Raises ValueError if it is too short or too long, or has control characters.
    """
    if len(password) < MIN_CHARACTERS:
        raise ValueError(f"The password is too short. Use {MIN_CHARACTERS} characters or more.")
    if len(password) > MAX_CHARACTERS:
        raise ValueError(TOO_LONG)
    if any(unicodedata.category(char) == "Cc" for char in password):
        raise ValueError("The password has control characters, which no form can send. Use others.")
    empty = PasswordHash(
        _LOG_N, _BLOCK, _PARALLEL, secrets.token_bytes(_SALT_BYTES), bytes(_HASH_BYTES)
    )
    return PasswordHash(_LOG_N, _BLOCK, _PARALLEL, empty.salt, _scrypt(password, empty))


def parse_password_line(line: str) -> PasswordHash:
    """Return the hash in a line.

    Raises ValueError, without the line, if it is none or costs too much to verify.
    """
    match = _LINE.match(line)
    if match is None:
        raise ValueError("it does not hold a line of directory-gateway hash-password")
    log_n, block, parallel = map(int, match.groups()[:3])
    if not (1 <= log_n <= 20 and block and 1 <= parallel <= 16):
        raise ValueError("its parameters ln, r and p are out of bounds")
    if 128 * block << log_n > _MAX_MEMORY // 2:
        raise ValueError("verifying it takes too much memory: ln or r is too large")
    try:
        salt, hashed = (
            base64.b64decode(part + "=" * (-len(part) % 4), validate=True)
            for part in match.groups()[3:]
        )
    except binascii.Error as error:
        raise ValueError("its salt or its hash is cut off") from error
    return PasswordHash(log_n, block, parallel, salt, hashed)


def _scrypt(password: str, like: PasswordHash) -> bytes:
    # Browsers and terminals may send the same letter composed or decomposed (RFC 8265, section 4).
    composed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(
        composed,
        salt=like.salt,
        n=1 << like.log_n,
        r=like.block,
        p=like.parallel,
        maxmem=_MAX_MEMORY,
        dklen=len(like.hash),
    )

"""Sign and verify the session of an operator, as the value of a cookie.

The key depends on the line of the password, so a new password ends every session.
"""

import hashlib
import hmac
import re
import secrets

SESSION_SECONDS = 12 * 3600
COOKIE = "directory_gateway_session"
_VALUE = re.compile(r"([0-9]{1,12})\.([0-9a-f]{32})\.([0-9a-f]{64})\Z")


def session_key(secret: bytes, password_line: str) -> bytes:
    """Return the key of the sessions of one password."""
    return hmac.new(secret, f"session {password_line}".encode(), hashlib.sha256).digest()


def new_session(key: bytes, now: float) -> str:
    """Return the value of the cookie of a new session."""
    return _signed(key, f"{int(now) + SESSION_SECONDS}.{secrets.token_hex(16)}")


def session_id(key: bytes, value: str, now: float) -> str | None:
    """Return the id of a session, None if its signature is wrong or it has expired."""
    match = _VALUE.match(value)
    if match is None:
        return None
    signed = _signed(key, f"{match[1]}.{match[2]}")
    return match[2] if hmac.compare_digest(signed, value) and now < int(match[1]) else None


def read_cookies(headers: list[tuple[bytes, bytes]], name: str = COOKIE) -> list[str]:
    """Return every value of a cookie in the headers of a request."""
    # RFC 6265, section 5.4: a browser may send several cookies of one name.
    pairs = (
        pair.strip().partition("=")
        for header, value in headers
        if header == b"cookie"
        for pair in value.decode("latin-1").split(";")
    )
    return [value for key, _, value in pairs if key == name]


def _signed(key: bytes, text: str) -> str:
    return f"{text}.{hmac.new(key, text.encode('ascii'), hashlib.sha256).hexdigest()}"

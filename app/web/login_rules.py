"""Decide whether a request for an operators' page needs a login, and which.

It is a pure function of the request, for clients whose address is an operator's.
"""

import enum

OPEN_TO_LOOPBACK = ("/-/status", "/-/metrics")
LOGIN = "/-/login"


class Login(enum.Enum):
    """What a request needs before it is answered."""

    NONE = "none"
    FORM = "form"
    """The browser is led to the form."""
    REFUSED = "refused"
    """A program, or a form that was sent, is told to log in."""
    VERIFY = "verify"
    """The password in its header decides (HTTP Basic)."""
    INSECURE = "insecure"
    """Its password crossed the network in the clear, so it is not read."""


def find_login(
    path: str,
    method: str,
    *,
    local: bool,
    has_session: bool,
    has_basic: bool,
    is_secure: bool,
    wants_html: bool,
) -> Login:
    """Return what a request needs.

    `local` means that it comes from this machine on its own behalf. `is_secure` means
    that it came over TLS, as far as a trusted proxy.
    """
    if has_session or path == LOGIN or (local and path in OPEN_TO_LOOPBACK):
        return Login.NONE
    if has_basic:
        return Login.VERIFY if is_secure else Login.INSECURE
    return Login.FORM if wants_html and method in ("GET", "HEAD") else Login.REFUSED


def read_target(text: str) -> str:
    """Return the page that a login leads to, below the front page; "" is that page."""
    # It is appended to "../", so it never names another server. Only characters of links are kept.
    is_plain = text.isascii() and all(char.isalnum() or char in "-/_.?=&%+~" for char in text)
    return text.lstrip("/") if is_plain and ".." not in text else ""

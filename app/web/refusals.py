"""Write the responses that refuse a request, with the key that would allow it."""

import math
from urllib.parse import quote

import msgspec

from app.model.networks import AccessRules, within
from app.web.access import Visitor

_MAX_SHOWN = 100
_MAX_TARGET = 2000


class Refusal(msgspec.Struct, frozen=True):
    """A response that refuses a request, with one line of text."""

    status: int
    line: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


NO_NUMBER = Refusal(400, "Write the caller's number behind /lookup?number=")
NO_SUCH_PROFILE = Refusal(404, "There is no such profile.")
PHONES_USE_GET = Refusal(405, "Phones ask with GET.", ((b"allow", b"GET, HEAD"),))

SEE_OTHER = 303
"""The status of a response that leads a browser to the login."""
LOG_IN_FIRST = Refusal(401, "This page needs a login at /-/login.")
WRONG_PASSWORD = Refusal(401, "The password is wrong.")
INSECURE_LOGIN = Refusal(
    403, "A password in a header is accepted over https alone, from a proxy in trusted_proxies."
)
NO_PASSWORD = Refusal(
    503,
    "The file of the operators' password cannot be used, so nobody can log in."
    " directory-gateway check says why.",
)
TOO_MANY_LOGINS = Refusal(
    503, "Too many passwords are being verified. Try again.", ((b"retry-after", b"5"),)
)


def lead_to_login(path: str, query: str) -> Refusal:
    """Return the response that leads a browser to the login, and from there back."""
    # Links are relative, because a proxy may put the gateway below a path.
    root = "../" * (path.count("/") - 1) or "./"
    target = quote(f"{quote(path)}?{query}".rstrip("?"), safe="/")
    found = f"?to={target}" if path != "/" and len(target) < _MAX_TARGET else ""
    location = f"{root}-/login{found}".encode("ascii")
    return Refusal(SEE_OTHER, "Log in.", ((b"location", location),))


def too_many_guesses(wait: float) -> Refusal:
    """Return the refusal of an address that must wait before its next guess."""
    seconds = math.ceil(wait)
    line = f"Too many wrong passwords came from your address. Try again in {seconds} s."
    return Refusal(429, line, ((b"retry-after", str(seconds).encode("ascii")),))


def outside_networks(who: Visitor) -> Refusal:
    """Return the refusal of an address that may not use the directory."""
    line = "Your address may not use this directory."
    return Refusal(403, f"{line} {_remedy(who, 'networks under [access]')}")


def outside_profile(who: Visitor) -> Refusal:
    """Return the refusal of an address that may not use a restricted profile."""
    line = "This profile is not for your address."
    return Refusal(403, f"{line} {_remedy(who, 'networks of the profile')}")


def not_an_operator(who: Visitor, rules: AccessRules) -> Refusal:
    """Return the refusal of an operators' page."""
    line = "Only operators may see this page."
    # A request with headers of a proxy is no operator's unless the proxy is trusted.
    if not who.proxied and within(who.address, rules.operators):
        remedy = (
            f"The request came through a proxy at {who.address}; if it is yours, add it to"
            " trusted_proxies under [access]."
        )
    else:
        remedy = _remedy(who, "operators under [access]")
    return Refusal(403, f"{line} {remedy}")


def foreign_host(host: str) -> Refusal:
    """Return the refusal of a name that is none of this gateway's."""
    shown = "".join(char if " " <= char <= "~" else "?" for char in host[:_MAX_SHOWN])
    return Refusal(
        403,
        f'"{shown}" is not known as a name of this gateway. Ask by its IP address, or add the name'
        " to hosts under [access] in gateway.toml.",
    )


def _remedy(who: Visitor, key: str) -> str:
    if who.address is None:
        return "Your address is not known: the proxy did not tell it."
    return f"You are {who.address}; add it to {key}."

"""Check the URLs in a phone's configuration file."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

MAX_URL = 255
"""Maximum length of a URL in a configuration file (usecallmanager.nz, "SEPMAC.cnf.xml")."""
SERVICE_URLS = (
    "directoryURL",
    "servicesURL",
    "messagesURL",
    "informationURL",
    "idleURL",
    "authenticationURL",
    "serviceURI",
    "applicationURL",
    "secureDirectoryURL",
    "secureServicesURL",
    "secureMessagesURL",
    "secureInformationURL",
    "secureIdleURL",
    "secureAuthenticationURL",
    "secureServiceURI",
)
# Paths of this program that a phone gets a list, a form or a call for.
_NO_MENU = re.compile(r"(/(?:directory|search))(?:\.xml)?\Z")
_LOCAL_NAMES = (".local", ".localhost")


def url_problems(key: str, url: str, load: str, *, is_trusted: bool) -> Iterator[tuple[str, str]]:
    """Yield a rule and a message for each problem of a URL.

    `load` is the firmware that the file names, "" if none. `is_trusted` means that the
    phone has a list of certificates (ITL).
    """
    if len(url) > MAX_URL:
        yield "url-length", f"{key} has {len(url)} characters. A phone reads {MAX_URL} at most."
    # "TFTP:" and internal addresses such as "Application:Cisco/..." need no host.
    scheme = url.partition(":")[0].lower()
    if scheme not in ("http", "https"):
        if ":" not in url or "//" in url:
            yield "url", f"{key} is no complete address. Begin it with http:// and a host."
        return
    try:
        host = urlsplit(url).hostname or ""
        _ = urlsplit(url).port
    except ValueError:
        yield "url", f"The host or port of {key} is not valid."
        return
    if re.search(r"\s", url):
        yield "url", f"{key} has a space in it. Write it as %20, or delete it."
    if not host:
        yield "url", f"{key} names no host."
    else:
        yield from _host_problems(key, host, load)
    if scheme == "https":
        yield from _https_problems(key, load, is_trusted=is_trusted)
    if key.lower().endswith("directoryurl") and _NO_MENU.search(urlsplit(url).path):
        # "XML parsing error" on a 78xx, whatever else the page has (CP-78xx guide).
        yield "no-menu", f"{key} must open a menu, and this address opens a list or a form."


def correct_menu_url(url: str) -> str:
    """Return the address of the profile's menu, "" if the URL is one already."""
    path = urlsplit(url).path
    menu = _NO_MENU.sub("/menu.xml", path)
    return url.replace(path, menu, 1) if menu != path else ""


def _host_problems(key: str, host: str, load: str) -> Iterator[tuple[str, str]]:
    if is_address(host):
        address = ip_address(host)
        if address.is_loopback or address.is_unspecified:
            yield "url-host", f"{key}: for a phone, {host} is the phone itself."
    elif host == "localhost" or host.endswith(_LOCAL_NAMES):
        yield "url-host", f"{key}: no phone can find {host}. Write the address of the machine."
    elif "." not in host:
        yield (
            "url-host",
            f"{key}: a phone finds {host} only if DHCP tells it a domain. Write an address.",
        )
    elif load.lower().startswith("sip88xx.10-2-1"):
        # Cisco's bug CSCur13256: "Host not found" for a name on a shared web server.
        yield "url-host", f"{key}: firmware {load} cannot use a name here. Write an address."


def _https_problems(key: str, load: str, *, is_trusted: bool) -> Iterator[tuple[str, str]]:
    if re.match(r"(?i)(sip|sccp|term|p0)\D*(4[125]|6[125]|7[015])\b", load):
        # CP-79xx: usecallmanager.nz, "Device Security".
        yield "https", f"{key}: a phone with {load} speaks TLS 1.0 only. Write http://."
    elif not is_trusted:
        yield (
            "https",
            f"{key}: a phone says Host Not Found, unless its ITL file lists the certificate.",
        )


def is_address(host: str) -> bool:
    """Return whether a host is an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True

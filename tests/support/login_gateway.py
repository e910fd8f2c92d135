"""A gateway whose operators must log in, and requests to it that follow no redirect."""

import http.client
import re
import urllib.parse
from pathlib import Path
from typing import NamedTuple

from tests.support import contacts
from tests.support.password import cheap_line
from tests.support.patience import PATIENCE
from tests.support.servers.client import Client
from tests.support.servers.web_side import WebSide

CONFIG = (
    contacts.CONFIG
    + """[profiles.default]
[access]
networks = ["127.0.0.0/8", "10.0.0.0/8"]
operators = ["127.0.0.0/8", "10.0.0.0/16"]
trusted_proxies = ["127.0.0.1"]
operator_password_file = "operators"
"""
)
"""Requests with a header of a proxy are from the address in it, all others from here."""


def guarded(folder: Path) -> WebSide:
    """Return a gateway, not started, with the password of `tests.support.password`."""
    (folder / "operators").write_text(cheap_line() + "\n")
    contacts.write(folder / "contacts.csv", [contacts.person(1)])
    return WebSide(folder, CONFIG)


class Reply(NamedTuple):
    """A response."""

    status: int
    headers: http.client.HTTPMessage
    body: str

    @property
    def cookie(self) -> str:
        """The cookie that it sets, as a request sends it."""
        return (self.headers["set-cookie"] or "").partition(";")[0]


def send(client: Client, path: str, fields: dict[str, str] | None = None, **headers: str) -> Reply:
    """Request a path, or send a form to it; names of headers have _ in place of -."""
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=PATIENCE)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        if fields is None:
            connection.request("GET", path, headers=named)
        else:
            named.setdefault("Content-Type", "application/x-www-form-urlencoded")
            connection.request("POST", path, urllib.parse.urlencode(fields), named)
        answer = connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()


def token_in(page: str) -> str:
    """Return the token of a page's forms."""
    return re.findall(r'name="token" value="([0-9a-f]+)"', page)[0]


def log_in(client: Client, password: str, to: str = "", **headers: str) -> Reply:
    """Open the login and send a password."""
    token = token_in(send(client, "/-/login", **headers).body)
    return send(client, "/-/login", {"token": token, "password": password, "to": to}, **headers)

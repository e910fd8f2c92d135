"""Parse bytes that are exactly one GET or HEAD without a body, as phones send them."""

from typing import Any
from urllib.parse import unquote

import httptools

MAX_REQUEST_BYTES = 4096
_BODY_HEADERS = (b"content-length", b"transfer-encoding", b"expect")
_END = b"\r\n\r\n"


class WholeRequest:
    """A request; it is also the object that the parser calls."""

    __slots__ = ("_parser", "header_list", "headers", "is_simple", "keep_alive", "method", "url")

    method: bytes
    keep_alive: bool

    def __init__(self) -> None:
        self.url = b""
        self.header_list: list[tuple[bytes, bytes]] = []
        self.headers: dict[bytes, bytes] = {}
        self.is_simple = False
        self._parser = httptools.HttpRequestParser(self)

    def feed(self, data: bytes) -> None:
        """Parse all of the request. Raises HttpParserError or HttpParserUpgrade."""
        self._parser.feed_data(data)
        # The parser refers to this object. Without this cycle it needs no garbage collection.
        del self._parser

    def on_url(self, url: bytes) -> None:
        """Take the target."""
        self.url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, with its name in lower case."""
        self.header_list.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Take the rest, and decide whether the request is simple."""
        parser = self._parser
        self.method = parser.get_method()
        self.keep_alive = parser.get_http_version() != "1.0" and parser.should_keep_alive()
        self.headers = dict(self.header_list)
        self.is_simple = (
            self.method in (b"GET", b"HEAD")
            and self.url.startswith(b"/")
            and not parser.should_upgrade()
            and len(self.headers) == len(self.header_list)
            and self.headers.keys().isdisjoint(_BODY_HEADERS)
        )

    def scope(
        self,
        client: tuple[str, int] | None,
        server: tuple[str, int | None] | None,
        scheme: str,
    ) -> Any:
        """Return the part of an ASGI scope that `PhoneApplication.try_answer` reads."""
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        return {
            "path": unquote(path) if "%" in path else path,
            "query_string": url.query or b"",
            "headers": self.header_list,
            "client": client,
            "server": server,
            "scheme": scheme,
        }


def parse(data: bytes) -> WholeRequest | None:
    """Return the request if `data` is exactly one simple request.

    In a simple request nothing is ambiguous: it has no body, no header twice, and a
    path as its target.
    """
    if len(data) > MAX_REQUEST_BYTES or data.find(_END) + len(_END) != len(data):
        return None
    request = WholeRequest()
    try:
        request.feed(data)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    return request if request.is_simple else None

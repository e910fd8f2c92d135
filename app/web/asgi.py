"""ASGI types, and the messages of the responses that this package sends itself."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from app.web.publisher import Answer
from app.web.query_string import FORM, MAX_BYTES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

NO_SNIFFING = (b"x-content-type-options", b"nosniff")
_POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    b" connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FOR_PEOPLE = (
    NO_SNIFFING,
    (b"content-security-policy", _POLICY),
    # No other site learns an address from here. With no-referrer a browser would send the forms of
    # these pages with "Origin: null" (Fetch Standard, section 3.2), like those of any other site.
    (b"referrer-policy", b"same-origin"),
)
"""Headers of the pages for people (CSP Level 3, Referrer Policy).

Only the gateway's own stylesheet, script and pictures are loaded. No other page shows
these pages in a frame.
"""


async def send_answer(send: Send, answer: Answer, method: str) -> None:
    """Send a response with status 200."""
    await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})


async def send_line(
    send: Send, status: int, line: str, method: str, extra: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    """Send a response of one line of text, with `extra` headers."""
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send_body(send, status, line.encode("ascii"), method, (kind, NO_SNIFFING, *extra))


async def send_page(
    send: Send, status: int, page: bytes, method: str, extra: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    """Send an HTML page, with `extra` headers."""
    kind = (b"content-type", b"text/html; charset=utf-8")
    await send_body(send, status, page, method, (kind, *FOR_PEOPLE, *extra))


async def send_body(
    send: Send, status: int, body: bytes, method: str, headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    """Send a response with its length and `headers`."""
    length = (b"content-length", str(len(body)).encode("ascii"))
    await send({"type": "http.response.start", "status": status, "headers": (length, *headers)})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


async def receive_form(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    """Return the body of a form sent by POST, b"" if it is no form or too long."""
    body = b""
    more = headers.get(b"content-type", b"").partition(b";")[0].strip().lower() in (FORM, b"")
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > MAX_BYTES:
            return b""
    return body

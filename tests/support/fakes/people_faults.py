"""Faults between the connector and Google, as functions that answer a request.

The shapes of errors are those of google.aip.dev/193. If Google documents nothing, the
comment says so.
"""

import gzip
import json
import socket
import struct
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from threading import Event

from tests.support.patience import PATIENCE

Fault = Callable[[BaseHTTPRequestHandler], None]
"""Answers the request that the handler has read."""


def error_body(
    status: int, word: str, reason: str = "", *, legacy: str = "", delay: str = ""
) -> bytes:
    """Return Google's JSON for an error.

    Its message contains a name on purpose, because none of it may be logged or shown.
    """
    details: list[dict[str, object]] = []
    if reason:
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {},
        }
        details.append(info)
    if delay:
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay})
    error: dict[str, object] = {
        "code": status,
        "message": "Refused for ann@example.com",
        "status": word,
        "details": details,
    }
    if legacy:
        error["errors"] = [
            {"message": "Refused for ann@example.com", "domain": "usageLimits", "reason": legacy}
        ]
    return json.dumps({"error": error}).encode()


def answer(
    status: int, body: bytes, media_type: str = "application/json; charset=UTF-8", **headers: str
) -> Fault:
    """Return a complete answer, compressed for clients that accept it.

    `headers` are in Python's spelling (retry_after).
    """

    def give(handler: BaseHTTPRequestHandler) -> None:
        packed = "gzip" in handler.headers.get("Accept-Encoding", "")
        content = gzip.compress(body, 1) if packed else body
        handler.send_response(status)
        handler.send_header("Content-Type", media_type)
        handler.send_header("Content-Length", str(len(content)))
        if packed:
            handler.send_header("Content-Encoding", "gzip")
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-").title(), value)
        handler.end_headers()
        handler.wfile.write(content)

    return give


UNAUTHORIZED = answer(401, error_body(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED"))
RATE_403 = answer(403, error_body(403, "PERMISSION_DENIED", "RATE_LIMIT_EXCEEDED"))
RATE_403_LEGACY = answer(403, error_body(403, "PERMISSION_DENIED", legacy="userRateLimitExceeded"))
QUOTA_403 = answer(403, error_body(403, "PERMISSION_DENIED", legacy="quotaExceeded"))
DISABLED_403 = answer(403, error_body(403, "PERMISSION_DENIED", "SERVICE_DISABLED"))
SCOPE_403 = answer(403, error_body(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"))
DENIED_403 = answer(403, error_body(403, "PERMISSION_DENIED"))
TOO_MANY = answer(429, error_body(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"))
TOO_MANY_WAIT_7 = answer(
    429, error_body(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"), retry_after="7"
)
TOO_MANY_WAIT_AN_HOUR = answer(429, error_body(429, "RESOURCE_EXHAUSTED"), retry_after="3600")
TOO_MANY_DELAY_9 = answer(429, error_body(429, "RESOURCE_EXHAUSTED", delay="9s"))
INTERNAL = answer(500, error_body(500, "INTERNAL"))
UNAVAILABLE = answer(503, error_body(503, "UNAVAILABLE"))
UNAVAILABLE_HTML = answer(503, b"<html>Service Unavailable</html>", "text/html")
HTML = answer(
    200, b"<!DOCTYPE html><html><body>Please log in to the guest network</body></html>", "text/html"
)
TRUNCATED = answer(200, b'{"connections": [{"resourceName": "people/c1", "names": [{"displ')
NO_OBJECT = answer(200, b'"maintenance"')
MOVED = answer(302, b"", location="https://example.com/")
MISSING = answer(404, b"<html>Not Found</html>", "text/html")
NO_WORKSPACE = answer(400, error_body(400, "FAILED_PRECONDITION"))
# Two shapes of one error: that of the discovery document, and that of older documents and other
# APIs of Google's.
EXPIRED_400 = answer(400, error_body(400, "FAILED_PRECONDITION", "EXPIRED_SYNC_TOKEN"))
EXPIRED_410 = answer(410, error_body(410, "GONE", "EXPIRED_SYNC_TOKEN"))
# Not documented by Google: a 410 without a reason.
EXPIRED_410_BARE = answer(410, error_body(410, "GONE", legacy="expired"))


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Reset the connection, so that the client sees ECONNRESET."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def half(handler: BaseHTTPRequestHandler) -> None:
    """Announce more bytes than are sent, and close."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json; charset=UTF-8")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"connections": [')
    handler.close_connection = True


def slow(released: Event) -> Fault:
    """Send nothing until the event, then close."""

    def give(handler: BaseHTTPRequestHandler) -> None:
        released.wait(PATIENCE)
        handler.close_connection = True

    return give

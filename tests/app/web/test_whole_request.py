"""What is one simple request, and what is left to uvicorn's parser."""

import pytest

from app.web.whole_request import MAX_REQUEST_BYTES, parse

HOST = b"Host: a\r\n"


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@pytest.mark.parametrize(
    ("version", "connection", "keep_alive"),
    [
        (b"1.1", b"", True),
        (b"1.1", b"Connection: keep-alive\r\n", True),
        (b"1.1", b"connection: CLOSE\r\n", False),
        (b"1.0", b"", False),
        (b"1.0", b"Connection: keep-alive\r\n", False),
    ],
)
def test_a_simple_request(
    method: bytes, version: bytes, connection: bytes, keep_alive: bool
) -> None:
    request = parse(
        method
        + b" /a%20b.xml?q=x&k HTTP/"
        + version
        + b"\r\nHost: a\r\nX-Y:  z \r\n"
        + connection
        + b"\r\n"
    )
    assert request is not None
    assert (method, keep_alive) == (request.method, request.keep_alive)
    assert [b"a", b"z"] == [request.headers[b"host"], request.headers[b"x-y"].strip()]
    scope = request.scope(("10.0.0.1", 5), ("10.0.0.2", 80), "https")
    assert ("/a b.xml", b"q=x&k") == (scope["path"], scope["query_string"])
    assert (("10.0.0.1", 5), ("10.0.0.2", 80), "https") == (
        scope["client"],
        scope["server"],
        scope["scheme"],
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"GET",
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\nG",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"DELETE / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET a HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nAccept: a\r\naccept: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 4\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n",
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"GET / HTTP/1.1\r\nA : b\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\x00\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"b" * MAX_REQUEST_BYTES + b"\r\n\r\n",
    ],
)
def test_all_else_is_left_to_uvicorns_protocol(data: bytes) -> None:
    assert parse(data) is None

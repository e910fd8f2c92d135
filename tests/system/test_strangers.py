"""Requests of strangers: forged hosts, unnamed proxies, ambiguity, and caches."""

import re
import socket
from pathlib import Path

import pytest

from tests.support import contacts
from tests.support.servers.gateway import Gateway
from tests.support.servers.web_side import WebSide
from tests.system.test_connections import answers

HOSTS = contacts.CONFIG + '[access]\nhosts = ["Phonebook.example", "gateway"]\n'
OPERATORS = ("/", "/docs", "/openapi.json", "/-/status", "/-/metrics", "/-/nothing")


def answer(gateway: Gateway, path: str, *headers: str, version: str = "1.1") -> bytes:
    lines = [f"GET {path} HTTP/{version}", *headers, "Connection: close"]
    return answers(gateway.port, ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))


@pytest.mark.parametrize("path", OPERATORS)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "[::1",
        "a b",
    ],
)
def test_operators_pages_are_refused_by_a_name_that_is_not_ours(
    gateway: Gateway, path: str, host: str
) -> None:
    """A foreign page whose name leads here (DNS rebinding) sends its own name as Host."""
    refused = answer(gateway, path, f"Host: {host}")
    assert refused.startswith(b"HTTP/1.1 403")
    assert host.partition(":")[0].encode() in refused.partition(b"\r\n\r\n")[2]
    assert b"hosts under [access]" in refused


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:80",
        "[::1]:8080",
        "192.0.2.7",
        "localhost",
        "LOCALHOST.:81",
        socket.gethostname(),
    ],
)
def test_operators_pages_are_shown_by_address_and_by_our_names(gateway: Gateway, host: str) -> None:
    assert answer(gateway, "/-/status", f"Host: {host}").startswith(b"HTTP/1.1 200")
    assert answer(gateway, "/-/status", version="1.0").startswith(b"HTTP/1.1 200")


def test_the_host_of_a_refusal_is_shown_safely(gateway: Gateway) -> None:
    refused = answer(gateway, "/", "Host: <script>\xfc\xe9" + "x" * 500)
    assert b"content-type: text/plain" in refused
    assert b"x-content-type-options: nosniff" in refused
    body = refused.partition(b"\r\n\r\n")[2]
    assert b'"<script>??xx' in body
    assert len(body) < 400


@pytest.mark.parametrize(
    "path",
    ["/menu.xml", "/staff.xml", "/search.xml?q=a", "/lookup?number=1", "/-/healthy", "/-/ready"],
)
def test_what_phones_and_monitors_ask_for_has_any_host(gateway: Gateway, path: str) -> None:
    assert answer(gateway, path, "Host: evil.example").startswith(b"HTTP/1.1 200")


def test_names_of_the_configuration_and_the_base_url_are_ours(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with WebSide(tmp_path, 'base_url = "http://Dir.example:8080/x"\n' + HOSTS) as gateway:
        for host in (
            "phonebook.example",
            "PHONEBOOK.EXAMPLE:99",
            "gateway",
            "dir.example",
            "dir.example.",
        ):
            assert answer(gateway, "/", f"Host: {host}").startswith(b"HTTP/1.1 200"), host
        assert answer(gateway, "/", "Host: other.example").startswith(b"HTTP/1.1 403")


def test_behind_a_proxy_both_hosts_must_be_ours(tmp_path: Path) -> None:
    """A script in a browser can set X-Forwarded-Host, but not Host."""
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with WebSide(
        tmp_path, HOSTS + 'trusted_proxies = ["127.0.0.1"]\noperators = ["192.0.2.7"]\n'
    ) as gateway:
        asker = "X-Forwarded-For: 192.0.2.7"
        assert answer(gateway, "/", asker, "Host: 127.0.0.1").startswith(b"HTTP/1.1 200")
        assert answer(
            gateway, "/", asker, "Host: 127.0.0.1", "X-Forwarded-Host: phonebook.example"
        ).startswith(b"HTTP/1.1 200")
        for hosts in (
            ("evil.example", "localhost"),
            ("localhost", "evil.example"),
            ("localhost", "localhost, evil.example"),
        ):
            refused = answer(
                gateway, "/", asker, f"Host: {hosts[0]}", f"X-Forwarded-Host: {hosts[1]}"
            )
            assert refused.startswith(b"HTTP/1.1 403"), hosts
            assert b"evil.example" in refused


MARKS = (
    "Via: 1.1 proxy",
    "Forwarded: for=192.0.2.7",
    "X-Forwarded: x",
    "X-Forwarded-For: 192.0.2.7",
    "X-Forwarded-Host: x",
    "X-Forwarded-Server: x",
    "X-Forwarded-Port: 80",
    "X-Forwarded-Proto: http",
    "X-Forwarded-Something-New: x",
    "X-Real-IP: 192.0.2.7",
    "CF-Connecting-IP: 192.0.2.7",
    "CF-Connecting-IPv6: ::1",
    "True-Client-IP: 192.0.2.7",
    "X-Client-IP: 192.0.2.7",
    "X-Cluster-Client-IP: 192.0.2.7",
    "Fastly-Client-IP: 192.0.2.7",
    "X-Original-Forwarded-For: 192.0.2.7",
    "X-Envoy-External-Address: 192.0.2.7",
    "Proxy-Client-IP: 192.0.2.7",
    "WL-Proxy-Client-IP: 192.0.2.7",
    "X-ProxyUser-Ip: 192.0.2.7",
    "Client-IP: 192.0.2.7",
    "X-Remote-Addr: 192.0.2.7",
    "Fly-Client-IP: 192.0.2.7",
    "X-Azure-ClientIP: 192.0.2.7",
    "CDN-Loop: x",
)


@pytest.mark.parametrize("mark", MARKS)
def test_who_asks_through_a_proxy_that_nobody_named_is_no_operator(
    gateway: Gateway, mark: str
) -> None:
    for path in OPERATORS:
        assert b"Only operators may see this page." in answer(
            gateway, path, "Host: 127.0.0.1", mark
        ), path
    assert answer(gateway, "/menu.xml", "Host: 127.0.0.1", mark).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "path",
    [
        "/menu.xml",
        "/none.xml",
        "/search.xml?q=ann",
        "/p/board/menu.xml",
        "/-/status",
        "/-/healthy",
        "/",
        "/nothing",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_no_answer_is_kept_by_a_cache(gateway: Gateway, path: str, method: str) -> None:
    assert "private, no-store" == gateway.get(path, method)[1]["cache-control"]


def test_no_form_or_bad_request_is_kept_by_a_cache(gateway: Gateway) -> None:
    body = "POST /search.xml HTTP/1.1\r\nContent-Length: 5\r\nConnection: close\r\n\r\nq=ann"
    for sent in (body, "GET\r\n\r\n"):
        assert b"\r\ncache-control: private, no-store\r\n" in answers(gateway.port, sent.encode())


def test_peoples_pages_are_in_nobodys_frame(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with WebSide(tmp_path, contacts.CONFIG) as gateway:
        for path in (
            "/",
            "/docs",
            "/openapi.json",
            "/-/status",
            "/-/phone",
            "/-/static/console.css",
        ):
            headers = gateway.get(path)[1]
            assert "nosniff" == headers["x-content-type-options"], path
            assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert "content-security-policy" not in gateway.get("/menu.xml")[1]


RESTRICTED = (
    contacts.CONFIG
    + """
[profiles.default]
title = "Secret title"
restricted = true
networks = ["192.0.2.0/24"]
[profiles.boss]
restricted = true
networks = ["192.0.2.0/24"]
[profiles.open]
[access]
networks = ["127.0.0.0/8", "192.0.2.0/24"]
trusted_proxies = ["127.0.0.1"]
"""
)


def test_a_restricted_default_tells_nothing(tmp_path: Path) -> None:
    """Neither its title, nor which profiles there are."""
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with WebSide(tmp_path, RESTRICTED) as gateway:
        assert b"Secret title" in gateway.get("/menu.xml", X_Forwarded_For="192.0.2.7")[2]
        paths = (
            "menu.xml",
            "directory.xml",
            "x.xml",
            "staff.xml",
            "search.xml?q=a",
            "staff/zzzzzzzz/1.xml",
            "",
            "x",
        )
        for name in ("nobody", "BOSS", "boss", "default", "", "/", "%20", "a/b"):
            for path in paths:
                found = gateway.get(f"/p/{name}/{path}")
                assert 403 == found[0], (name, path)
                assert found[2].startswith(b"This profile is not for your address. You are"), path
        for path in ("/p", "/p/", "//p", *(f"/{path}" for path in paths[:6])):
            assert 403 == gateway.get(path)[0], path
        assert b"<CiscoIPPhoneMenu>" in gateway.get("/p/open/menu.xml")[2]
        assert (
            b"There is no such page"
            in gateway.get("/p/nobody/menu.xml", X_Forwarded_For="192.0.2.7")[2]
        )


@pytest.mark.parametrize(
    "path",
    ["/p", "/p/", "/p/lobby", "/p/lobby/", "//p", "/menu.xml//", "/staff", "/staff/", "/staff//1"],
)
def test_paths_of_phones_get_screens_however_they_are_written(gateway: Gateway, path: str) -> None:
    status, headers, body = gateway.get(path)
    assert (200, "text/xml; charset=utf-8") == (status, headers["content-type"])
    assert b"<CiscoIPPhone" in body


@pytest.mark.parametrize(
    "path", ["/-/status/", "/docs/", "/-/healthy/", "/openapi.json/", "/lookup/"]
)
def test_nothing_is_redirected(gateway: Gateway, path: str) -> None:
    assert answer(gateway, path, "Host: 127.0.0.1").startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize(
    "head",
    [
        "GET /menu.xml HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n",
        "GET /menu.xml HTTP/1.1\r\nHost: a.example\r\nhost: a.example\r\n\r\n",
        "GET /menu.xml HTTP/1.0\r\nHost: a.example\r\nHost: b.example\r\n\r\n",
        "GET http://a.example/menu.xml HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n",
        (
            "POST /search.xml HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding:"
            " identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "POST /search.xml HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding:"
            " chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "POST /search.xml HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: identity,"
            " chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "POST /search.xml HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: gzip,"
            " chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "POST /search.xml HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding:"
            " xchunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "POST /search.xml HTTP/1.0\r\nHost: a.example\r\nTransfer-Encoding:"
            " chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "POST /search.xml HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding:"
            " chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
        ),
    ],
)
def test_requests_that_proxies_read_otherwise_are_refused_and_end_the_connection(
    gateway: Gateway, head: str
) -> None:
    found = answers(gateway.port, head.encode(), b"GET /menu.xml HTTP/1.1\r\n\r\n")
    assert found.startswith(b"HTTP/1.1 400")
    assert 1 == found.count(b"HTTP/1.1 ")


def test_a_chunked_form_is_still_read(gateway: Gateway) -> None:
    head = (
        b"POST /search.xml HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: Chunked\r\nConnection:"
        b" close\r\n\r\n5\r\nq=ann\r\n0\r\n\r\n"
    )
    assert b"<DirectoryEntry>" in answers(gateway.port, head)


@pytest.mark.parametrize(
    "target, base",
    [
        ("http://a.example:81/menu.xml", "http://a.example:81"),
        ("http://[fd00::1]:81/menu.xml?name=x", "http://[fd00::1]:81"),
        ("HTTP://a.example/menu.xml", "http://a.example"),
        ("http://me@a.example/menu.xml", "http://a.example"),
    ],
)
@pytest.mark.parametrize("body", [(), ("Content-Length: 0",)])
def test_the_host_of_an_absolute_address_counts(
    gateway: Gateway, target: str, base: str, body: tuple[str, ...]
) -> None:
    found = answer(gateway, target, "Host: b.example", *body).decode()
    assert [base] == sorted(set(re.findall(r"<URL>(http://[^/]+)/", found)))
    assert answer(gateway, "http://evil.example/-/status", "Host: 127.0.0.1").startswith(
        b"HTTP/1.1 403"
    )


@pytest.mark.parametrize(
    "host",
    [
        "a..b",
        ".a",
        "a.",
        "[::::]",
        "[1.2.3.4]",
        "1.2.3.4.5",
        "999.1.1.1",
        "a.-b",
        "-a.b",
        "x" * 64,
        "a,b",
        "a@b",
    ],
)
def test_a_host_that_is_none_gets_into_no_link(gateway: Gateway, host: str) -> None:
    assert f"<URL>{gateway.base}/staff.xml</URL>".encode() in answer(
        gateway, "/menu.xml", f"Host: {host}"
    )


def test_an_ipv4_phone_on_an_ipv6_listener_gets_ipv4_links(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    limited = Gateway(tmp_path, contacts.CONFIG)
    toml = tmp_path / "gateway.toml"
    toml.write_text(toml.read_text().replace('host = "127.0.0.1"', 'host = "::"'))
    with limited as gateway:
        assert f"<URL>http://127.0.0.1:{gateway.port}/staff.xml</URL>".encode() in answer(
            gateway, "/menu.xml", version="1.0"
        )
        page = answer(gateway, "/", version="1.0").decode()
        assert "::ffff" not in page


def test_ready_means_that_every_source_has_answered(tmp_path: Path) -> None:
    """The first generation is empty, and published before any source was read."""
    contacts.write(tmp_path / "contacts.csv", (contacts.person(row) for row in range(5)))
    config = contacts.CONFIG + '[sources.gone]\nconnector = "csv"\npath = "gone.csv"\n'
    with Gateway(tmp_path, config) as gateway:
        found = gateway.status()
        assert 5 == found["profiles"]["default"]["books"]["staff"]["rows"]
        assert ["ok", "failing"] == [found["sources"][name]["state"] for name in ("staff", "gone")]

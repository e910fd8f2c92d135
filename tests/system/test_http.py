"""Good and bad requests of phones, browsers and strangers to the running gateway."""

import html
import http.client
import json
import re
import socket
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import contacts
from tests.support.patience import PATIENCE
from tests.support.phone.strict import CP_7821, CP_7965G, Phone
from tests.support.servers.gateway import Gateway, eventually
from tests.support.servers.web_side import WebSide


def raw(gateway: Gateway, request: bytes) -> bytes:
    """Send bytes as they are and return all that comes back."""
    with socket.create_connection(("127.0.0.1", gateway.port), PATIENCE) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.parametrize(
    "path",
    [
        "/menu.xml",
        "/directory.xml",
        "/staff.xml",
        "/helpdesk.xml",
        "/none.xml",
        "/staff/zzzzzzzz/1.xml",
        "/p/lobby/menu.xml",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_phone_paths(gateway: Gateway, method: str, path: str) -> None:
    status, headers, body = gateway.get(path, method)
    assert (200, "text/xml; charset=utf-8") == (status, headers["content-type"])
    assert {"transfer-encoding", "content-encoding", "set-cookie", "location", "server"}.isdisjoint(
        headers
    )
    length = int(headers["content-length"])
    assert length == (len(body) if method == "GET" else len(gateway.get(path)[2]))
    assert method == "GET" or body == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/menu.xml", "/directory.xml", "/staff.xml", "/"])
def test_other_methods_are_refused(gateway: Gateway, method: str, path: str) -> None:
    assert 405 == gateway.get(path, method)[0]


@pytest.mark.parametrize(
    "path", ["/nothing", "/favicon.ico", "/menu.html", "/xml", "/-/nothing", "/%2e%2e/etc/passwd"]
)
def test_other_unknown_paths_are_404(gateway: Gateway, path: str) -> None:
    assert 404 == gateway.get(path)[0]


@pytest.mark.parametrize(
    "name", ["menu", "directory", "search", "staff", "helpdesk", "p/lobby/menu"]
)
def test_a_path_may_lack_its_ending(gateway: Gateway, name: str) -> None:
    """As in a URL that a person has typed into the exchange."""
    with Phone(CP_7821) as phone:
        assert phone.get(f"{gateway.base}/{name}.xml") == phone.get(f"{gateway.base}/{name}")
    for path in (f"/{name}", f"/{name}/", f"/{name}?name=SEP00AA00AA00AA"):
        assert gateway.get(f"/{name}.xml")[::2] == gateway.get(path)[::2]


@pytest.mark.parametrize(
    "path, text",
    [
        ("/nothing", "There is no such page"),
        ("/menu.html", "There is no such page"),
        ("/none.xml", "There is no such page"),
        ("/staff/x/y.xml", "There is no such page"),
        ("/p/nobody/menu.xml", "There is no such page"),
        ("/p/lobby/staff.xml", "There is no such page"),
        ("/nonsense.xml", "cannot be dialled"),
    ],
)
def test_what_a_person_did_wrong_is_a_message(gateway: Gateway, path: str, text: str) -> None:
    with Phone(CP_7821) as phone:
        shown = phone.get(gateway.base + path)
    assert text in shown.text


def test_every_root_by_every_spelling(gateway: Gateway) -> None:
    menu = gateway.text("/menu.xml")
    for path in (
        "/menu.xml/",
        "//menu.xml",
        "/menu.xml?locale=English_United_States&name=SEP00AA00AA00AA",
        "/menu.xml?vendor=x?locale=x&name=y",
        "/menu.xml?%FF&&=&name",
    ):
        assert menu == gateway.text(path)


def test_profiles(gateway: Gateway) -> None:
    lobby = gateway.text("/p/lobby/menu.xml")
    assert "<Title>Lobby</Title>" in lobby
    assert f"{gateway.base}/p/lobby/helpdesk.xml" in lobby
    assert lobby == gateway.text("/menu.xml?locale=English_United_States&name=SEP001122AABBCC")
    assert (403, NOT_YOURS) == gateway.get("/p/board/menu.xml")[::2]


@pytest.mark.parametrize(
    "host, base",
    [
        ("phones.example:81", "http://phones.example:81"),
        ("192.168.1.10", "http://192.168.1.10"),
        ("[fd00::1]:8080", "http://[fd00::1]:8080"),
        ('evil"><x', None),
        ("a b", None),
        ("x" * 200, None),
        ("phones.example:99999", None),
        ("phones.example:0", None),
        ("phones.example:", None),
        ("", None),
    ],
)
def test_links_are_what_the_request_called_us(
    gateway: Gateway, host: str, base: str | None
) -> None:
    line = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=PATIENCE)
    line.putrequest("GET", "/menu.xml", skip_host=True)
    line.putheader("Host", host)
    line.endheaders()
    shown = line.getresponse().read().decode()
    line.close()
    assert f"<URL>{base or gateway.base}/staff.xml</URL>" in shown


def test_requests_of_old_and_odd_clients(gateway: Gateway) -> None:
    old = raw(gateway, b"GET /menu.xml HTTP/1.0\r\n\r\n")
    assert old.startswith(b"HTTP/1.1 200 OK")
    assert b"CiscoIPPhoneMenu" in old
    assert f"http://127.0.0.1:{gateway.port}/staff.xml".encode() in old
    whole = raw(
        gateway,
        b"GET http://10.0.0.1/menu.xml HTTP/1.1\r\nHost: 10.0.0.1\r\nConnection: close\r\n\r\n",
    )
    assert b"CiscoIPPhoneMenu" in whole


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /menu.xml HTTP/1.1\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"GET /m\xc3\xbc.xml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /menu.xml HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
        + b"a" * 200_000,
        b"GET /menu.xml HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_malformed_requests_harm_nobody(gateway: Gateway, request_bytes: bytes) -> None:
    try:
        answer = raw(gateway, request_bytes)
    except OSError:
        answer = b""
    assert not answer.startswith(b"HTTP/1.1 5")
    assert 200 == gateway.get("/menu.xml")[0]
    assert "Traceback" not in gateway.logged()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.text(st.sampled_from("abz019/.%-~p_xml?&=+;:@!\\'\"<>"), max_size=60)
    | st.binary(max_size=40).map(lambda value: "".join(f"%{byte:02X}" for byte in value)),
    tail=st.sampled_from(["", ".xml", "/1.xml", "/staff.xml", ".xml?name=SEP001122AABBCC"]),
    model=st.text(
        st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30
    ),
)
def test_no_path_or_header_gives_an_error_or_a_traceback(
    gateway: Gateway, path: str, tail: str, model: str
) -> None:
    head = (
        f"GET /{path}{tail} HTTP/1.1\r\nHost: x\r\nx-CiscoIPPhoneModelName:"
        f" {model}\r\nAccept-Charset: {model}\r\nConnection: close\r\n\r\n"
    )
    answer = raw(gateway, head.encode("latin-1"))
    assert answer[:12] in (
        b"HTTP/1.1 200",
        b"HTTP/1.1 404",
        b"HTTP/1.1 400",
        b"HTTP/1.1 405",
        b"HTTP/1.1 403",
        b"HTTP/1.1 307",
    )
    assert "Traceback" not in gateway.logged()


@pytest.mark.parametrize("version", ["zzzzzzzz", "00000000", "abc123"])
@pytest.mark.parametrize(
    "rows", ["1", "0", "50", "999999999", "1-100", "100-1", "0-0", "40-999999999"]
)
def test_an_old_link_answers_with_the_nearest_page_of_today(
    gateway: Gateway, version: str, rows: str
) -> None:
    with Phone(CP_7965G) as phone:
        shown = phone.get(f"{gateway.base}/staff/{version}/{rows}.xml")
    assert "Staff" == shown.title
    current = gateway.status()["generation"]["version"]
    assert all(current in item.url for item in getattr(shown, "items", ()))


NOT_YOURS = (
    b"This profile is not for your address. You are 127.0.0.1; add it to networks of the profile.\n"
)
NOT_ALLOWED = b"Your address may not use this directory. You are 127.0.0.1; "
VIA_A_PROXY = (
    b"Only operators may see this page. The request came through a proxy at 127.0.0.1; if it is"
    b" yours, add it to trusted_proxies under [access].\n"
)


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/-/status"])
def test_operators_pages_are_for_operators(gateway: Gateway, path: str) -> None:
    assert 200 == gateway.get(path)[0]
    status, headers, body = gateway.get(path, "HEAD")
    assert (200, b"", True) == (status, body, int(headers["content-length"]) > 0)
    for header in ("X_Forwarded_For", "Forwarded", "X_Real_IP"):
        status, headers, body = gateway.get(path, **{header: "192.168.1.7"})
        assert (403, VIA_A_PROXY, "text/plain; charset=utf-8") == (
            status,
            body,
            headers["content-type"],
        )
        assert 200 == gateway.get("/menu.xml", **{header: "192.168.1.7"})[0]
        assert 200 == gateway.get("/-/healthy", **{header: "192.168.1.7"})[0]


def test_strangers_are_refused(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    config = (
        contacts.CONFIG + '[access]\nnetworks = ["192.0.2.0/24"]\ntrusted_proxies = ["127.0.0.1"]\n'
    )
    with WebSide(tmp_path, config) as gateway:
        for path in ("/menu.xml", "/", "/-/status", "/nothing", "/-/healthy"):
            status, headers, body = gateway.get(path, X_Forwarded_For="198.51.100.7")
            assert (
                403,
                (
                    b"Your address may not use this directory. You are 198.51.100.7; add it to"
                    b" networks under [access].\n"
                ),
                "text/plain; charset=utf-8",
            ) == (
                status,
                body,
                headers["content-type"],
            )
        assert 200 == gateway.get("/menu.xml", X_Forwarded_For="192.0.2.7")[0]
        shown = gateway.get(
            "/menu.xml",
            X_Forwarded_For="192.0.2.7",
            X_Forwarded_Proto="https",
            X_Forwarded_Host="phones.example",
        )[2]
        assert b"<URL>https://phones.example/staff.xml</URL>" in shown


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    """Give a gateway that trusts this machine as a proxy."""
    folder = tmp_path_factory.mktemp("proxied")
    contacts.write(folder / "contacts.csv", [contacts.person(1)])
    access = '[access]\nnetworks = ["192.0.2.0/24"]\ntrusted_proxies = ["127.0.0.1"]\n'
    with WebSide(folder, contacts.CONFIG + access) as running:
        yield running


@pytest.mark.parametrize(
    ("header", "prefix"),
    [
        ("/phonebook", "/phonebook"),
        ("/phonebook/", "/phonebook"),
        ("/a/b-c, /d", "/a/b-c"),
        ("/", ""),
        ("phonebook", ""),
        ("//evil.example", ""),
        ("/a b", ""),
        ("/a?b", ""),
        ("/%2e%2e", ""),
        ("/a/../b", ""),
        ("/.", ""),
        ("/..a/b.", "/..a/b."),
        ("/" + "x" * 24, ""),
    ],
)
def test_the_path_below_which_a_proxy_serves_the_gateway(
    behind_a_proxy: WebSide, header: str, prefix: str
) -> None:
    headers = {"X_Forwarded_For": "192.0.2.7", "X_Forwarded_Host": "pbx.example"}
    shown = behind_a_proxy.get("/menu.xml", **headers, X_Forwarded_Prefix=header)[2].decode()
    assert f"<URL>http://pbx.example{prefix}/staff.xml</URL>" in shown


def test_a_path_that_a_client_claims_changes_no_link(gateway: Gateway) -> None:
    shown = gateway.get("/menu.xml", X_Forwarded_Prefix="/phonebook")[2].decode()
    assert f"<URL>{gateway.base}/staff.xml</URL>" in shown


def test_operators_outside_of_the_networks_see_no_directory(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with WebSide(tmp_path, contacts.CONFIG + '[access]\nnetworks = ["192.0.2.0/24"]\n') as gateway:
        for path in (
            "/",
            "/docs",
            "/openapi.json",
            "/-/status",
            "/-/metrics",
            "/-/ready",
            "/-/healthy",
        ):
            assert 200 == gateway.get(path)[0], path
        for path in (
            "/menu.xml",
            "/staff.xml",
            "/search.xml?q=a",
            "/p/default/menu.xml",
            "/staff/zzzzzzzz/1.xml",
            "/lookup?number=498955",
        ):
            status, _, body = gateway.get(path)
            assert (403, True) == (status, body.startswith(NOT_ALLOWED)), path


def test_base_url_is_what_links_begin_with(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with WebSide(
        tmp_path, 'base_url = "http://phones.example:8080/dir/"\n' + contacts.CONFIG
    ) as gateway:
        assert "<URL>http://phones.example:8080/dir/staff.xml</URL>" in gateway.text("/menu.xml")


def test_status_and_front_page(gateway: Gateway) -> None:
    status = gateway.status()
    keys = {"demo", "generation", "sources", "profiles", "problem", "certificate"}
    assert keys | {"refused_requests", "phones", "exchange"} == set(status)
    assert {"version", "built_at", "age_seconds", "build_seconds"} == set(status["generation"])
    assert ("ok", 100, {}) == tuple(
        status["sources"]["staff"][key] for key in ("state", "contacts", "skipped")
    )
    page = gateway.text("/")
    assert "&lt;directoryURL&gt;" in page
    eventually(lambda: f"directoryURL: {gateway.base}/menu.xml" in gateway.logged(), "the address")
    eventually(lambda: "No phone can reach" in gateway.logged(), "the remark")
    for text in (page, gateway.logged()):
        assert "No phone can reach 127.0.0.1" in text, (
            "the gateway of the tests listens on the loopback alone"
        )
    assert f"{gateway.base}/menu.xml" in page
    info = json.loads(gateway.text("/openapi.json"))["info"]
    assert ("Directory gateway", version("directory-gateway")) == (info["title"], info["version"])


def test_the_front_page_is_to_be_pasted(gateway: Gateway) -> None:
    page = gateway.get("/", Host="192.0.2.10:81")[2].decode()
    line = html.unescape(page.partition('<pre tabindex="0">')[2].partition("</pre>")[0])
    assert "No phone can reach" not in page
    assert "<directoryURL>http://192.0.2.10:81/menu.xml</directoryURL>" == line
    links = re.findall(r'href="([^"]*)"', page)
    assert links
    assert [200] * len(links) == [gateway.get(urljoin("/", link))[0] for link in links]


def test_the_api_page_loads_nothing_from_elsewhere(gateway: Gateway) -> None:
    page = gateway.text("/docs")
    assert [] == re.findall(r"https?://|//[a-z]|@import", page)
    described = json.loads(gateway.text("/openapi.json"))["paths"]
    assert {"/-/healthy", "/-/ready", "/-/status", "/-/metrics", "/lookup"} == set(described)
    assert [] == [path for path in described if f"GET {path}<" not in page]
    assert "Warning" not in gateway.logged()
    for gone in ("/redoc", "/docs/oauth2-redirect"):
        assert 404 == gateway.get(gone)[0]


def test_one_book_is_the_directory_itself(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", (contacts.person(row) for row in range(5)))
    config = (
        '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n[profiles.default]\nmenu ='
        ' ["staff"]\n'
    )
    with Gateway(tmp_path, config) as gateway:
        eventually(lambda: "<DirectoryEntry>" in gateway.text("/directory.xml"), "the book")
        assert "<CiscoIPPhoneMenu>" in gateway.text("/menu.xml")

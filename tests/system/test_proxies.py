"""The gateway behind nginx and Caddy, with the blocks of docs/proxy.md as they stand."""

import re
import socket
import ssl
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.support import contacts
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.ca import Authority, Certificate, make_authority
from tests.support.servers.caddy import Caddy
from tests.support.servers.client import Client
from tests.support.servers.gateway import eventually, run
from tests.support.servers.nginx import Nginx
from tests.support.servers.processes import free_port
from tests.support.servers.web_side import WebSide

PAGE = (ROOT / "docs" / "proxy.md").read_text(encoding="utf-8")
WAYS = [
    (kind, path, scheme)
    for kind in ("nginx", "caddy")
    for path in ("", "/phonebook")
    for scheme in ("http", "https")
]
STRANGER = "127.77.0.1"


def blocks(language: str) -> list[str]:
    """Return the page's blocks in a language: by name, then below a path."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", PAGE)


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """Return a text with other places; each must be there."""
    for old, new in pairs:
        assert old in text, f"{old} is not in the block"
        text = text.replace(old, new)
    return text


@dataclass(frozen=True, slots=True)
class Front:
    """The ports of a proxy, and its certificate."""

    http: int
    https: int
    authority: Authority

    def client(self, scheme: str, path: str) -> Client:
        """Return a client of the site, whose paths begin where the gateway's do."""
        client = Client(self.https if scheme == "https" else self.http)
        client.base = f"{scheme}://localhost:{client.port}{path}"
        client.context = ssl.create_default_context(cafile=str(self.authority.file))
        return client


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    """Give a gateway with `[access]` as on the page, where one address is a stranger's."""
    folder = tmp_path_factory.mktemp("gateway")
    contacts.write(folder / "contacts.csv", map(contacts.person, range(40)))
    (example,) = blocks("toml")
    access = example.partition("[access]\n")[2]
    assert {"trusted_proxies", "hosts"} == tomllib.loads(access).keys()
    networks = 'networks = ["127.0.0.0/16"]\n'
    with WebSide(folder, f"{contacts.CONFIG}[access]\n{networks}{access}") as running:
        yield running


@pytest.fixture(scope="module")
def fronts(
    tmp_path_factory: pytest.TempPathFactory, gateway: WebSide
) -> Iterator[dict[tuple[str, str], Front]]:
    """Give each proxy in each way, by kind and path."""
    folder = tmp_path_factory.mktemp("proxies")
    authority = make_authority(folder / "ca")
    files = authority.issue("localhost")
    found = {}
    with ExitStack() as stack:
        for kind, start, sites in (("nginx", nginx, nginx_sites), ("caddy", caddy, caddy_sites)):
            for path, block in zip(("", "/phonebook"), blocks(kind), strict=True):
                http = free_port()
                site = sites(block, http, gateway.port, files)
                server = stack.enter_context(start(folder / f"{kind}{path.strip('/')}", site))
                front = found[kind, path] = Front(http, server.port, authority)
                client = front.client("https", path)
                eventually(partial(client.status_code, "/-/healthy"), f"{kind} answers")
        yield found


def nginx(folder: Path, site: Callable[[int], str]) -> Nginx:
    return Nginx(folder, servers=site)


def nginx_sites(block: str, http: int, gateway: int, files: Certificate) -> Callable[[int], str]:
    name = re.findall(r"server_name (.*);", block)[0]
    return lambda port: replaced(
        block,
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        (name, "localhost"),
        ("/etc/ssl/phonebook.crt", str(files.certificate)),
        ("/etc/ssl/phonebook.key", str(files.key)),
        ("127.0.0.1:8080", f"127.0.0.1:{gateway}"),
    )


def caddy(folder: Path, site: Callable[[int], str]) -> Caddy:
    return Caddy(folder, site)


def caddy_sites(block: str, http: int, gateway: int, files: Certificate) -> Callable[[int], str]:
    name = re.findall(r"https://(\S+)", block)[0]
    return lambda port: replaced(
        block,
        (f"http://{name}", f"http://localhost:{http}"),
        (f"https://{name}", f"https://localhost:{port}"),
        ("/etc/ssl/phonebook.crt", str(files.certificate)),
        ("/etc/ssl/phonebook.key", str(files.key)),
        ("127.0.0.1:8080", f"127.0.0.1:{gateway}"),
    )


@pytest.mark.parametrize(("kind", "path", "scheme"), WAYS)
def test_the_strict_phone_walks_through_and_all_links_stay_behind_the_proxy(
    fronts: dict[tuple[str, str], Front], tmp_path: Path, kind: str, path: str, scheme: str
) -> None:
    front = fronts[kind, path]
    client = front.client(scheme, path)
    menu = client.text("/menu.xml")
    links = re.findall(r"<URL>(.*?)</URL>", menu)
    assert links and all(link.startswith(f"{client.base}/") for link in links)
    url = f"{client.base}/menu.xml"
    walked = run("phone", url, "--ca-file", str(front.authority.file), cwd=tmp_path)
    assert (0, "") == (walked.returncode, walked.stderr), walked.stdout
    assert re.search(r"\d+ pages with (4\d|[5-9]\d) numbers, .*: no breach\.", walked.stdout)


@pytest.mark.parametrize(("kind", "path", "scheme"), WAYS)
def test_operators_pages_and_what_they_load_are_found(
    fronts: dict[tuple[str, str], Front], kind: str, path: str, scheme: str
) -> None:
    client = fronts[kind, path].client(scheme, path)
    for page in ("/", "/-/setup", "/-/people"):
        status, _, body = client.get(page)
        assert 200 == status
        found = set(re.findall(r'(?:href|src|action)="([^"#?]*)', body.decode()))
        local = {urljoin(client.base + page, link) for link in found if link}
        assert local and all(link.startswith(f"{client.base}/") for link in local)
        loaded = {link for link in local if link.endswith((".css", ".js"))}
        assert loaded and {200} == {client.get(link)[0] for link in loaded}


@pytest.mark.parametrize(("kind", "path", "scheme"), WAYS)
def test_the_client_is_the_one_that_asks_the_proxy_whatever_it_claims(
    fronts: dict[tuple[str, str], Front], kind: str, path: str, scheme: str
) -> None:
    front = fronts[kind, path]
    client = front.client(scheme, path)
    claims = (
        "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Prefix: /elsewhere\r\n"
        "X-Forwarded-Proto: ftp\r\nX-Forwarded-Host: elsewhere.example\r\n"
    )
    lines = f"GET {path}/menu.xml HTTP/1.0\r\nHost: localhost:{client.port}\r\n"

    def ask(source: str) -> bytes:
        with socket.create_connection(("127.0.0.1", client.port), PATIENCE, (source, 0)) as line:
            assert client.context is not None
            secure = (
                client.context.wrap_socket(line, server_hostname="localhost")
                if scheme == "https"
                else line
            )
            with secure:
                secure.sendall(f"{lines}{claims}\r\n".encode())
                return b"".join(iter(lambda: secure.recv(65536), b""))

    refused = ask(STRANGER)
    assert b" 403 " in refused and STRANGER.encode() in refused
    answer = ask("127.0.0.1")
    assert f"<URL>{client.base}/staff.xml</URL>".encode() in answer
    assert b"elsewhere" not in answer

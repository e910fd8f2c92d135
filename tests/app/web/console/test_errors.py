"""Errors as pages for people, and as before for programs."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest

from tests.support import contacts
from tests.support.servers.web_side import WebSide

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    folder = tmp_path_factory.mktemp("errors")
    contacts.write(folder / "contacts.csv", [contacts.person(1)])
    config = contacts.CONFIG.replace("Company", "Secret title") + (
        '[books.docs]\nsources = ["staff"]\n[profiles.default]\n'
        '[profiles.web]\nformat = "html"\ndevices = ["SEP00AABBCCDDEE"]\n'
        '[access]\nnetworks = ["127.0.0.0/8", "10.0.0.0/8"]\ntrusted_proxies = ["127.0.0.2"]\n'
    )
    with WebSide(folder, config) as running:
        yield running


@pytest.mark.parametrize(
    "path, method, status, message",
    [
        ("/-/nothing", "GET", 404, "There is no such page"),
        ("/nothing", "GET", 404, "There is no such page"),
        ("/-/deep/er/nothing", "GET", 404, "There is no such page"),
        ("/", "PUT", 405, "requested like this"),
        ("/-/refresh", "GET", 405, "requested like this"),
        ("/-/held?source=nobody", "GET", 404, "There is no source of this name."),
    ],
)
def test_a_browser_gets_a_page(
    gateway: WebSide, path: str, method: str, status: int, message: str
) -> None:
    found, headers, body = gateway.get(path, method, Accept=HTML)
    assert (status, "text/html; charset=utf-8") == (found, headers["content-type"])
    assert message in body.decode()
    css = re.findall(r'stylesheet" href="([^"]*)"', body.decode())[0]
    assert gateway.get(urljoin(path, css))[1]["content-type"].startswith("text/css")


@pytest.mark.parametrize("path, status", [("/-/nothing", 404), ("/-/refresh", 405)])
def test_a_program_gets_json(gateway: WebSide, path: str, status: int) -> None:
    found, headers, body = gateway.get(path)
    assert (status, "application/json") == (found, headers["content-type"])
    assert body.startswith(b'{"detail":')


@pytest.mark.parametrize("path", ["/", "/docs", "/-/status", "/-/nothing", "/-/held?source=staff"])
def test_a_refused_browser_learns_its_address_and_nothing_else(gateway: WebSide, path: str) -> None:
    status, headers, body = gateway.get(path, Accept=HTML, X_Forwarded_For="10.1.2.3")
    page = body.decode()
    assert (403, "text/html; charset=utf-8") == (status, headers["content-type"])
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "Only operators may see this page." in page
    assert "Secret title" not in page and "staff" not in page


def test_phones_get_no_pages(gateway: WebSide) -> None:
    assert gateway.get("/none.xml", Accept=HTML)[2].startswith(b"<?xml")
    assert "application/json" == gateway.get("/lookup", "PUT")[1]["content-type"]


def test_docs_go_before_a_book_of_that_name(gateway: WebSide) -> None:
    page = gateway.text("/docs")
    assert "Requests that programs may send" in page
    assert "<code>number</code>" in page and "in any spelling" in page
    assert "<CiscoIPPhoneDirectory>" in gateway.text("/docs.xml")
    assert gateway.text("/openapi.json").startswith("{")


def test_refused_requests_and_phones_are_reported(gateway: WebSide) -> None:
    gateway.get("/menu.xml?name=SEP001122334455", x_CiscoIPPhoneModelName="CP-7821")
    gateway.get("/-/status?name=SEP00112233AABB", X_Forwarded_For="10.1.2.3")
    status = gateway.status()
    refused = next(item for item in status["refused_requests"] if item["device"])
    assert ("127.0.0.1", "SEP00112233AABB", "/-/status", 1) == tuple(
        refused[key] for key in ("address", "device", "path", "count")
    )
    assert refused["reason"].startswith("Only operators may see this page.")
    phone = next(item for item in status["phones"] if item["device"])
    assert ("127.0.0.1", "SEP001122334455", "CP-7821", "default") == tuple(
        phone[key] for key in ("address", "device", "model", "profile")
    )
    page = gateway.text("/")
    assert "SEP001122334455" in page and "SEP00112233AABB" in page


@pytest.mark.parametrize(
    "path",
    [
        "/p/web/menu.xml",
        "/p/web/staff/search.xml?q=ann",
        "/p/web",
        "/p/web/",
        "/menu.xml?name=SEP00AABBCCDDEE",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_profile_for_browsers_leads_to_the_phone_in_the_console(
    gateway: WebSide, path: str, method: str
) -> None:
    status, _, body = gateway.get(path, method, Accept=HTML)
    assert 200 == status
    assert 'value="web" selected' in body.decode()


def test_nobody_else_is_let_in_by_it(gateway: WebSide) -> None:
    status, _, body = gateway.get("/p/web/menu.xml", Accept=HTML, X_Forwarded_For="10.1.2.3")
    assert (403, True) == (status, b"Only operators may see this page." in body)


def test_a_fault_of_the_gateway_is_a_page_without_its_details(
    gateway: WebSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Secret title")

    monkeypatch.setattr("app.web.console.overview.source_rows", fail)
    status, headers, body = gateway.get("/", Accept=HTML)
    assert (500, "text/html; charset=utf-8") == (status, headers["content-type"])
    assert b"The gateway made an error" in body and b"Secret title" not in body
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (500, b"Internal Server Error") == gateway.get("/")[::2]

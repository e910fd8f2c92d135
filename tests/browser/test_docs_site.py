"""The search of the documentation's site works without any other server."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.support.docs_site import build_site


class Quiet(SimpleHTTPRequestHandler):
    """A web server of files that writes no log."""

    def log_message(self, *args: object) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site: Path = build_site(tmp_path_factory.mktemp("site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_reader_searches_and_reads_what_is_found(
    address: str, open_page: Opener, width: int
) -> None:
    page = open_page(f"{address}/index.html", width=width)
    if width == 390:
        page.locator("label.nav-overlay-icon").first.click()
    page.get_by_placeholder("Search").fill("fastmail")
    page.get_by_placeholder("Search").press("Enter")
    found = page.locator("#search-results").get_by_role("link", name="Fastmail", exact=True)
    found.first.click()
    expect(page.get_by_role("heading", name="Fastmail")).to_be_visible()

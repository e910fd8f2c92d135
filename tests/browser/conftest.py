"""A browser for the tests of the console, and the pages that it opens."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.support.patience import PATIENCE

pytest.register_assert_rewrite("tests.browser.checks")

Opener = Callable[..., Page]

expect.set_options(timeout=1000 * PATIENCE)
WIDTHS = (390, 1280)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
"""Chromium's own, so that pictures are the same on every machine with the same font."""


# For this package alone: while Playwright runs, no other test of the process may use asyncio.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=ARGUMENTS,
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    """Give a function that opens a URL.

    It is called as `open_page(url, width=390, dark=True, script=False)`.

    The test fails if the page has an error, breaks its own security policy, or loads
    anything from elsewhere.
    """
    contexts, faults = [], []

    def on_message(message: ConsoleMessage) -> None:
        # A status such as 403, which a test expects, is told as an error too.
        if message.type in ("error", "warning") and "status of" not in message.text:
            faults.append(message.text)

    def opener(
        url: str,
        *,
        width: int = 1280,
        dark: bool = False,
        script: bool = True,
        headers: dict[str, str] | None = None,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="en-GB",
            extra_http_headers=headers or {},
        )
        context.set_default_timeout(1000 * PATIENCE)
        contexts.append(context)
        page = context.new_page()
        host = url.split("/")[2]

        def on_request(request: Request) -> None:
            if request.url.split("/")[2] != host and not request.url.startswith("data:"):
                faults.append(f"loads {request.url}")

        page.on("console", on_message)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", on_request)
        page.goto(url)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert [] == faults

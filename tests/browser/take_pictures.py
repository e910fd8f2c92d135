"""Take the pictures of the console in `docs/pictures/`.

Run as `python -m tests.browser.take_pictures`. They show the demo, at both widths, in
light and dark.
"""

import shutil
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, WIDTHS
from tests.support.paths import ROOT
from tests.support.servers.web_side import demo_side

FOLDER = ROOT / "docs" / "pictures"
PAGES = (
    ("overview", ""),
    ("phone", "-/phone?path=/p/default/staff.xml&press=select"),
    ("people", "-/people?q=bennett"),
    ("person", "-/person?source=contacts&id=951b35f97b83e3a6"),
)


def main() -> None:
    """Take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_side(Path(folder), "http://192.168.1.10:8080") as gateway,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        for width, dark, (name, path) in product(WIDTHS, (False, True), PAGES):
            page = browser.new_page(
                viewport={"width": width, "height": 800},
                color_scheme="dark" if dark else "light",
                locale="en-GB",
            )
            page.goto(f"{gateway.base}/{path}")
            shade = "-dark" if dark else ""
            page.screenshot(path=FOLDER / f"{name}-{width}{shade}.png", full_page=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
